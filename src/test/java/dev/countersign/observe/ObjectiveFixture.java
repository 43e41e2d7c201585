package dev.countersign.observe;

import static java.util.stream.Collectors.toMap;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.SloStates.SloState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Counts the objectives of one service from a source, at the times that a test says. */
public final class ObjectiveFixture {
    private static final int MOST = 50;
    private final String service;
    private final Catalog catalog = mock(Catalog.class);
    private final DataSource database = TestDatabase.with("V56__observe_slo.sql", "V190__slo_progress.sql");
    private final SloCounts counts = new SloCounts(new JdbcTemplate(database));
    private final ObserveProperties properties = new ObserveProperties(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));
    private final BiFunction<Catalog, Clock, MetricsSource> source;
    private Clock clock;

    public ObjectiveFixture(
            String service, List<Slo> slos, Instant now, BiFunction<Catalog, Clock, MetricsSource> source) {
        this.service = service;
        this.source = source;
        this.clock = Clock.fixed(now, ZoneOffset.UTC);
        Service known = new Service(
                service,
                "",
                "",
                "team",
                "team",
                "unit",
                "critical",
                "production",
                "on-call",
                false,
                List.of(),
                Map.of(),
                "");
        when(catalog.services()).thenReturn(List.of(known));
        when(catalog.service(any())).thenReturn(Optional.of(known));
        when(catalog.slosOf(service)).thenReturn(slos);
    }

    public ObjectiveFixture at(Instant now) {
        clock = Clock.fixed(now, ZoneOffset.UTC);
        return this;
    }

    private Sources sources() {
        return new Sources(
                new StaticListableBeanFactory(Map.of("source", source.apply(catalog, clock)))
                        .getBeanProvider(MetricsSource.class),
                properties);
    }

    public ObjectiveFixture count() throws InterruptedException {
        new SloCounting(counts, sources(), catalog, properties, new JdbcTransactionManager(database), clock).count();
        return this;
    }

    /** Until there is nothing older to ask for. */
    public ObjectiveFixture catchUp() throws InterruptedException {
        Map<String, Map<String, SloProgress>> before = null;
        for (int time = 0; time < MOST; time++) {
            count();
            Map<String, Map<String, SloProgress>> now = counts.progress();
            if (now.equals(before)) {
                return this;
            }
            before = now;
        }
        throw new IllegalStateException("Still counting: " + before);
    }

    public Map<String, SloState> states() {
        return new SloAccounting(counts, sources(), catalog, clock)
                .of(service).stream().collect(toMap(SloState::name, Function.identity()));
    }
}
