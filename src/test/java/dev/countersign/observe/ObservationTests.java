package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.healthy;
import static dev.countersign.observe.Series.join;
import static dev.countersign.observe.Series.of;
import static dev.countersign.observe.Series.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.TestDatabase;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judged;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.QueryCountHolder;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@Tag("database")
class ObservationTests {
    private static final String ID = "checkout@2.0.0/step-1#1";
    private final Source source = new Source();
    private final Time time = new Time();
    private final List<Judged> published = new ArrayList<>();
    private final List<FalseAlarms.Measured> measured = new ArrayList<>();
    private Consumer<Judged> listener = judged -> {};
    private ObserveProperties properties;
    private DataSource database;
    private StoredObservations observations;
    private ObservationTick tick;

    private static final List<Slo> OBJECTIVES = List.of(
            new Slo("a", "checkout", "availability", 0.995, null, Duration.ofDays(28), "d"),
            new Slo("l", "checkout", "latency", 0.95, 300.0, Duration.ofDays(28), "d"),
            new Slo("e", "checkout", "errors", 0.99, null, Duration.ofDays(28), "d"));

    @BeforeEach
    void create() {
        database = ProxyDataSourceBuilder.create(TestDatabase.with(
                        "V55__observe.sql",
                        "V170__observe_segments.sql",
                        "V171__observe_false_alarms.sql",
                        "V186__observe_readings.sql",
                        "V232__observe_points.sql",
                        "V246__observe_own_counts.sql",
                        "V252__observe_baseline_last.sql",
                        "V285__observe_canary.sql",
                        "V286__observe_rule_version.sql",
                        "V264__observe_sentence.sql"))
                .countQuery()
                .build();
        properties = new ObserveProperties(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
        observations = new StoredObservations(store(), time);
        tick = node();
    }

    private ObservationStore store() {
        return new ObservationStore(
                new JdbcTemplate(database),
                JsonMapper.builder().findAndAddModules().build());
    }

    private ObservationTick node() {
        Sources sources = new Sources(
                new StaticListableBeanFactory(Map.of("source", source)).getBeanProvider(MetricsSource.class),
                properties);
        return new ObservationTick(
                store(),
                sources,
                ObservationFixture.noSignals(),
                new OwnCounts(sources),
                properties,
                event -> {
                    assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                            .isTrue();
                    published.add((Judged) event);
                    listener.accept((Judged) event);
                },
                new JdbcTransactionManager(database),
                time);
    }

    @Test
    @Tag("M3.4")
    void a_healthy_candidate_passes_once_and_the_observation_is_over() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 10), healthy(BASELINE, 0, 60, 90));
        observations.begin(step(0.1));
        observations.begin(step(0.1));
        look(1, 12);
        assertThat(published)
                .extracting(judged -> judged.judgement().verdict())
                .containsExactly("INCONCLUSIVE", "PASS");
        assertThat(published.get(1).last()).isTrue();
        Observation observation = observations.find(ID).orElseThrow();
        assertThat(observation.ended()).isTrue();
        assertThat(observation.latest().verdict()).isEqualTo("PASS");
        assertThat(observation.latest().at()).isEqualTo(START.plusSeconds(7));
        assertThat(observations.samplesOf("checkout@2.0.0")).hasSize(12);
        assertThat(observations.ofRelease("checkout@2.0.0")).hasSize(1);
    }

    @Test
    @Tag("M1.2")
    void a_breach_is_told_at_the_next_look() throws InterruptedException {
        source.samples = join(of(CANDIDATE, 0, 60, at -> 10, at -> at < 3 ? 0 : 5, 20), healthy(BASELINE, 0, 60, 90));
        observations.begin(step(0.1));
        look(1, 4);
        assertThat(published).noneMatch(Judged::last);
        look(5, 5);
        assertThat(published).last().satisfies(judged -> {
            assertThat(judged.judgement().verdict()).isEqualTo("FAIL");
            assertThat(judged.last()).isTrue();
            assertThat(judged.releaseKey()).isEqualTo("checkout@2.0.0");
            assertThat(judged.kind()).isEqualTo("step");
        });
        look(6, 10);
        assertThat(published).filteredOn(Judged::last).hasSize(1);
    }

    @Test
    @Tag("M3.4")
    void a_listener_may_end_the_observation_that_it_is_told_of() throws InterruptedException {
        source.samples = join(of(CANDIDATE, 0, 60, at -> 10, at -> 5, 20), healthy(BASELINE, 0, 60, 90));
        listener = judged -> {
            if (judged.last()) {
                observations.end(judged.observation());
            }
        };
        observations.begin(step(0.1));
        look(1, 5);
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("FAIL");
        assertThat(published).filteredOn(Judged::last).hasSize(1);
    }

    @Test
    @Tag("M3.4")
    void a_listener_that_fails_undoes_its_verdict_and_is_told_again() throws InterruptedException {
        source.samples = join(of(CANDIDATE, 0, 60, at -> 10, at -> 5, 20), healthy(BASELINE, 0, 60, 90));
        listener = judged -> {
            throw new IllegalStateException("the router's row is locked");
        };
        observations.begin(step(0.1));
        look(1, 4);
        assertThat(observations.find(ID).orElseThrow().latest()).isNull();
        assertThat(observations.samplesOf("checkout@2.0.0")).isEmpty();
        listener = judged -> {};
        look(5, 5);
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("FAIL");
    }

    @Test
    @Tag("M3.4")
    void another_node_goes_on_where_the_first_one_died() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 10), healthy(BASELINE, 0, 60, 90));
        observations.begin(step(0.1));
        look(1, 4);
        tick = node();
        look(5, 7);
        assertThat(published).last().matches(Judged::last);
        assertThat(observations.samplesOf("checkout@2.0.0")).hasSize(12);
    }

    @Test
    @Tag("M3.4")
    void two_nodes_at_once_store_nothing_twice() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 10), healthy(BASELINE, 0, 60, 90));
        ObservationTick other = node();
        observations.begin(step(0.1));
        for (int second = 1; second <= 8; second++) {
            time.now = START.plusSeconds(second);
            tick.look();
            other.look();
        }
        assertThat(published).filteredOn(Judged::last).hasSize(1);
        assertThat(observations.samplesOf("checkout@2.0.0")).hasSize(12);
    }

    @Test
    @Tag("M3.4")
    void pause_stops_the_clock_and_resume_starts_a_full_window() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 200, 10), healthy(BASELINE, 0, 200, 90));
        observations.begin(step(0.1));
        look(1, 4);
        observations.pause(ID);
        look(5, 100);
        Observation paused = observations.find(ID).orElseThrow();
        assertThat(paused.paused()).isTrue();
        assertThat(paused.ended()).isFalse();
        observations.resume(ID);
        look(101, 106);
        assertThat(observations.find(ID).orElseThrow().ended()).isFalse();
        look(107, 107);
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("PASS");
    }

    @Test
    @Tag("M3.4")
    void a_source_that_is_down_holds_and_what_it_measured_meanwhile_counts_afterwards() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 10), healthy(BASELINE, 0, 60, 90));
        observations.begin(step(0.1));
        look(1, 3);
        source.down = true;
        look(4, 10);
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("ERROR");
        source.down = false;
        look(11, 11);
        assertThat(published)
                .extracting(judged -> judged.judgement().verdict())
                .containsExactly("INCONCLUSIVE", "ERROR", "PASS");
    }

    @Test
    @Tag("M3.4")
    void late_samples_count_and_a_changed_report_does_not() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 3, 10), healthy(BASELINE, 0, 60, 90));
        observations.begin(step(0.1));
        look(1, 6);
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("NO_DATA");
        source.samples = join(of(CANDIDATE, 0, 60, at -> 10, at -> at < 3 ? 10 : 0, 20), healthy(BASELINE, 0, 60, 90));
        look(7, 7);
        assertThat(observations.find(ID).orElseThrow().latest().verdict())
                .as("the late seconds close the hole, the first report of the others stands")
                .isEqualTo("PASS");
    }

    @Test
    @Tag("M3.4")
    void a_step_for_everybody_compares_with_the_baseline_measured_before() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 10), healthy(BASELINE, 0, 8, 90));
        observations.begin(step(0.1));
        look(1, 8);
        Order all = new Order(
                "checkout@2.0.0/step-3#1",
                "checkout@2.0.0",
                "checkout",
                "step",
                CANDIDATE,
                BASELINE,
                1,
                Duration.ofSeconds(6),
                Duration.ofSeconds(60),
                seconds());
        observations.begin(all);
        look(9, 16);
        assertThat(observations.find(all.id()).orElseThrow().latest().verdict()).isEqualTo("PASS");
    }

    @Test
    @Tag("M1.2")
    void a_step_for_everybody_is_not_held_against_what_the_baseline_took_steps_ago() throws InterruptedException {
        source.samples = join(
                join(healthy(CANDIDATE, 0, 16, 10), of(CANDIDATE, 16, 60, at -> 100, at -> 0, 700)),
                join(of(BASELINE, 0, 4, at -> 90, at -> 0, 900), healthy(BASELINE, 4, 16, 90)));
        observations.begin(step(0.1));
        look(1, 7);
        observations.end(ID);
        time.now = START.plusSeconds(8);
        observations.begin(step("checkout@2.0.0/step-2#1", 0.5));
        look(9, 16);
        observations.begin(step("checkout@2.0.0/step-3#1", 1));
        look(17, 24);
        assertThat(observations.find("checkout@2.0.0/step-3#1").orElseThrow().latest())
                .matches(latest -> latest.verdict().equals("FAIL"))
                .extracting(Judgement::sentence)
                .asString()
                .contains("of the baseline's slowest window before everybody left it, over the limit of +");
    }

    @Test
    @Tag("M3.4")
    void what_is_stored_judged_again_gives_the_same_verdict_in_the_same_words() throws InterruptedException {
        source.samples = join(
                of(CANDIDATE, 0, 40, at -> at % 3 == 0 ? 0 : 20, at -> at % 10 == 0 ? 1 : 0, 20),
                of(BASELINE, 0, 40, at -> 180, at -> at % 5 == 0 ? 2 : 0, 20));
        observations.begin(compared(ID, 0.1));
        look(1, 3);
        observations.pause(ID);
        look(4, 6);
        observations.resume(ID);
        look(7, 20);
        source.samples =
                join(of(CANDIDATE, 20, 60, at -> 20, at -> 4, 20), of(BASELINE, 20, 60, at -> 180, at -> 0, 20));
        String next = "checkout@2.0.0/step-2#1";
        observations.begin(compared(next, 0.25));
        look(21, 40);
        for (String id : List.of(ID, next)) {
            Observation observation = observations.find(id).orElseThrow();
            assertThat(observation.ended()).isTrue();
            assertThat(observations.judgeAgain(id)).contains(observation.latest());
        }
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("PASS");
        assertThat(observations.find(next).orElseThrow().latest().verdict()).isEqualTo("FAIL");
        assertThat(observations.judgeAgain("another")).isEmpty();
    }

    @Test
    @Tag("M3.4")
    void somebody_who_changes_what_is_stored_is_found_out() throws InterruptedException {
        source.samples = join(of(CANDIDATE, 0, 60, at -> 20, at -> 5, 20), healthy(BASELINE, 0, 60, 180));
        observations.begin(compared(ID, 0.1));
        look(1, 5);
        assertThat(observations.find(ID).orElseThrow().latest().verdict()).isEqualTo("FAIL");
        new JdbcTemplate(database).update("update observation_sample set errors = 0");
        assertThat(observations.judgeAgain(ID).orElseThrow().verdict()).isNotEqualTo("FAIL");
    }

    @Test
    @Tag("M3.4")
    void errors_of_one_step_are_evidence_in_the_next() throws InterruptedException {
        source.samples =
                join(of(CANDIDATE, 0, 60, at -> 20, at -> at % 5 == 0 ? 1 : 0, 20), healthy(BASELINE, 0, 60, 180));
        observations.begin(compared(ID, 0.1));
        look(1, 8);
        assertThat(observations.find(ID).orElseThrow().latest().sentence()).contains("errors 2 of ");
        String next = "checkout@2.0.0/step-1#2";
        observations.begin(compared(next, 0.1));
        look(9, 11);
        observations.end(next);
        assertThat(store().find(next).orElseThrow().segments()).singleElement().satisfies(segment -> {
            assertThat(segment.share()).isEqualTo(0.1);
            assertThat(segment.candidateErrors()).isEqualTo(2);
            assertThat(segment.baselineRequests()).isEqualTo(9 * segment.candidateRequests());
        });
        String third = "checkout@2.0.0/step-2#2";
        observations.begin(compared(third, 0.25));
        assertThat(store().find(third).orElseThrow().segments()).hasSize(2);
    }

    @Test
    @Tag("M3.5")
    void errors_of_the_wait_for_a_person_are_evidence_then_and_in_the_next_step() throws InterruptedException {
        source.samples = join(
                of(CANDIDATE, 0, 60, at -> 20, at -> at >= 8 && at % 4 == 0 ? 1 : 0, 20),
                healthy(BASELINE, 0, 60, 180));
        observations.begin(compared(ID, 0.1));
        look(1, 8);
        Order step = compared("checkout@2.0.0/promotion-1#1", 0.1);
        observations.begin(new Order(
                step.id(),
                step.releaseKey(),
                step.service(),
                "held",
                step.candidate(),
                step.baseline(),
                step.share(),
                step.window(),
                Duration.ofDays(2),
                step.triggers()));
        look(9, 20);
        Observation waiting = observations.find(step.id()).orElseThrow();
        assertThat(waiting.ended()).as("a wait does not pass").isFalse();
        assertThat(waiting.latest().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(waiting.latest().sentence()).contains("errors 3 of ");
        observations.end(step.id());
        String next = "checkout@2.0.0/step-2#1";
        observations.begin(compared(next, 0.25));
        assertThat(store().find(next).orElseThrow().segments())
                .extracting(Segment::candidateErrors)
                .containsExactly(0L, 3L);
    }

    @Test
    @Tag("M3.4")
    void metrics_are_compared_with_themselves_once_a_step_and_told() throws InterruptedException {
        source.samples = of(BASELINE, -600, 60, at -> 180, at -> 0, 20);
        observations.begin(compared(ID, 0.1));
        time.now = START.plusSeconds(2);
        falseAlarms().look();
        falseAlarms().look();
        assertThat(measured).singleElement().satisfies(step -> {
            assertThat(step.observation()).isEqualTo(ID);
            assertThat(step.releaseKey()).isEqualTo("checkout@2.0.0");
        });
        assertThat(observations.find(ID).orElseThrow().falseAlarms())
                .isEqualTo(measured.get(0).metrics())
                .singleElement()
                .satisfies(alarm -> {
                    assertThat(alarm.verdict()).as(alarm.sentence()).isEqualTo("OK");
                    assertThat(alarm.windows()).isEqualTo(100);
                });
    }

    @Test
    @Tag("M3.4")
    void a_source_that_is_down_leaves_what_is_stored_and_says_that_nobody_knows() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 60, 180));
        observations.begin(compared(ID, 0.1));
        look(1, 7);
        source.down = true;
        source.reads = 0;
        observations.begin(compared("checkout@2.0.0/step-2#1", 0.25));
        falseAlarms().look();
        assertThat(source.reads).as("not asked for the whole day").isEqualTo(2);
        assertThat(measured)
                .singleElement()
                .satisfies(step -> assertThat(step.metrics()).singleElement().satisfies(alarm -> {
                    assertThat(alarm.verdict()).isEqualTo("NO_DATA");
                    assertThat(alarm.windows()).isEqualTo(1);
                }));
    }

    private MeasuredFalseAlarms falseAlarms() {
        return new MeasuredFalseAlarms(
                store(),
                new Sources(
                        new StaticListableBeanFactory(Map.of("source", source)).getBeanProvider(MetricsSource.class),
                        properties),
                new FalseAlarmProperties(Duration.ofHours(24), Duration.ofHours(2), Duration.ofSeconds(5)),
                event -> measured.add((FalseAlarms.Measured) event),
                new JdbcTransactionManager(database),
                time);
    }

    private static Order compared(String id, double share) {
        return new Order(
                id,
                "checkout@2.0.0",
                "checkout",
                "step",
                CANDIDATE,
                BASELINE,
                share,
                Duration.ofSeconds(6),
                Duration.ofSeconds(60),
                seconds()
                        .with(List.of(new CanaryMetric(
                                "error ratio", "ratio", "more", 3, 0.01, 0, 0.01, true, "canary-metrics 1.0"))));
    }

    @Test
    @Tag("M1.1")
    void a_stabilisation_holds_the_objectives_that_it_began_with() throws InterruptedException {
        source.samples = healthy(CANDIDATE, 0, 60, 100);
        Order order = Series.stabilisation(Duration.ofSeconds(10), Duration.ofSeconds(60));
        observations.begin(order, OBJECTIVES);
        look(1, 11);
        assertThat(observations.find(order.id()).orElseThrow().latest().sentence())
                .startsWith("All 3 objectives held for 10 s over 1000 requests");
    }

    @Test
    @Tag("M1.1")
    void what_is_said_of_many_objectives_is_kept_whole() throws InterruptedException {
        source.samples = healthy(CANDIDATE, 0, 60, 100);
        Order order = Series.stabilisation(Duration.ofSeconds(10), Duration.ofSeconds(60));
        List<Slo> many = new ArrayList<>(OBJECTIVES);
        for (int i = 0; i < 120; i++) {
            many.add(new Slo(
                    "availability-of-the-way-to-pay-" + i,
                    "checkout",
                    "availability",
                    0.995,
                    null,
                    Duration.ofDays(28),
                    "d"));
        }
        observations.begin(order, many);
        look(1, 11);
        Judgement passed = observations.find(order.id()).orElseThrow().latest();
        assertThat(passed.verdict()).isEqualTo("PASS");
        assertThat(passed.sentence()).startsWith("All 123 objectives held").hasSizeGreaterThan(4000);
        assertThat(observations.judgeAgain(order.id())).contains(passed);
    }

    @Test
    @Tag("M1.2")
    void a_stabilisation_that_is_slower_than_the_baseline_was_last_is_held_and_judged_again_alike()
            throws InterruptedException {
        source.samples = join(
                join(healthy(CANDIDATE, 0, 8, 100), healthy(BASELINE, 0, 8, 100)),
                of(CANDIDATE, 8, 60, at -> 100, at -> 0, 250));
        observations.begin(step(0.5));
        look(1, 8);
        Order order = Series.stabilisation(Duration.ofSeconds(6), Duration.ofSeconds(60));
        observations.begin(order, OBJECTIVES);
        look(9, 24);
        Judgement held = observations.find(order.id()).orElseThrow().latest();
        assertThat(held.verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(held.metric()).isEqualTo("latency p95 over baseline");
        assertThat(held.sentence()).startsWith("Held back, the window began anew: p95 latency 248 ms");
        assertThat(observations.judgeAgain(order.id())).contains(held);
    }

    @Test
    @Tag("M3.4")
    void a_look_costs_the_same_few_statements_for_one_observation_and_for_two_hundred() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 10), healthy(BASELINE, 0, 60, 90));
        long idle = statements(1);
        assertThat(idle).as("nothing is observed").isEqualTo(1);
        observations.begin(step(0.1));
        look(1, 3);
        source.reads = 0;
        assertThat(statements(4)).isEqualTo(3);
        assertThat(source.reads).isEqualTo(1);
        for (int i = 0; i < 199; i++) {
            observations.begin(new Order(
                    "other-" + i,
                    "other@" + i,
                    "service-" + i % 10,
                    "step",
                    CANDIDATE,
                    BASELINE,
                    0.1,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(90),
                    seconds()));
        }
        look(5, 6);
        look(6, 9);
        source.reads = 0;
        assertThat(statements(10)).isEqualTo(3);
        assertThat(source.reads).as("once a service").isEqualTo(10);
    }

    private long statements(int second) throws InterruptedException {
        QueryCountHolder.clear();
        look(second, second);
        return QueryCountHolder.getGrandTotal().getTotal();
    }

    private void look(int from, int to) throws InterruptedException {
        for (int second = from; second <= to; second++) {
            time.now = START.plusSeconds(second);
            tick.look();
        }
    }

    private static Order step(double share) {
        return step(ID, share);
    }

    private static Order step(String id, double share) {
        return new Order(
                id,
                "checkout@2.0.0",
                "checkout",
                "step",
                CANDIDATE,
                BASELINE,
                share,
                Duration.ofSeconds(6),
                Duration.ofSeconds(60),
                seconds());
    }

    private static final class Source implements MetricsSource {
        private volatile List<Sample> samples = List.of();
        private volatile boolean down;
        private volatile int reads;

        @Override
        public synchronized List<Sample> requests(String service, Instant from, Instant to) throws IOException {
            reads++;
            if (down) {
                throw new IOException("connection refused");
            }
            return samples.stream()
                    .filter(sample ->
                            !sample.at().isBefore(from) && !sample.end().isAfter(to))
                    .toList();
        }
    }

    private static final class Time extends Clock {
        private Instant now = START;

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
}
