package dev.countersign.observe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.TestDatabase;
import dev.countersign.observe.Observations.Judged;
import dev.countersign.observe.Observations.Judgement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Observation as the application builds it, of any source, at a time that the test sets. */
public final class ObservationFixture extends Clock {
    private final List<Judged> published = new ArrayList<>();
    private final StoredObservations observations;
    private final ObservationTick tick;
    private Instant now;

    public ObservationFixture(Instant now, java.util.function.Function<Clock, MetricsSource> source) {
        this.now = now;
        DataSource database = TestDatabase.with(
                "V55__observe.sql",
                "V170__observe_segments.sql",
                "V171__observe_false_alarms.sql",
                "V186__observe_readings.sql",
                "V232__observe_points.sql",
                "V246__observe_own_counts.sql",
                "V252__observe_baseline_last.sql",
                "V285__observe_canary.sql",
                "V286__observe_rule_version.sql");
        ObservationStore store = new ObservationStore(
                new JdbcTemplate(database),
                JsonMapper.builder().findAndAddModules().build());
        ObserveProperties properties = new ObserveProperties(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
        observations = new StoredObservations(store, this);
        Sources sources = new Sources(
                new StaticListableBeanFactory(Map.of("source", source.apply(this)))
                        .getBeanProvider(MetricsSource.class),
                properties);
        tick = new ObservationTick(
                store,
                sources,
                noSignals(),
                new OwnCounts(sources),
                properties,
                event -> published.add((Judged) event),
                new JdbcTransactionManager(database),
                this);
    }

    /** Where nothing is known beside requests. */
    static Readings noSignals() {
        return new Readings(asking -> Map.of(), new Seasons(null, Clock.systemUTC()));
    }

    public Observations observations() {
        return observations;
    }

    /** Looks every second until the duration has passed. */
    public void watch(Duration duration) throws InterruptedException {
        watch(duration, Duration.ofSeconds(1));
    }

    /** Looks as often until the duration has passed. */
    public void watch(Duration duration, Duration every) throws InterruptedException {
        for (Instant end = now.plus(duration); now.isBefore(end); ) {
            now = now.plus(every);
            tick.look();
        }
    }

    public List<Judgement> judgements() {
        return published.stream().map(Judged::judgement).toList();
    }

    public List<String> verdicts() {
        return judgements().stream().map(Judgement::verdict).toList();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
