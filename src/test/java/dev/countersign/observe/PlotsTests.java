package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.healthy;
import static dev.countersign.observe.Series.join;
import static dev.countersign.observe.Series.of;
import static dev.countersign.observe.Series.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.TestDatabase;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Counted;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Order;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.QueryCountHolder;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What a release's page can draw of all that the judge watches: measured, stored and read back as the platform does it. */
@Tag("database")
@Tag("M5.3")
class PlotsTests {
    private static final String ID = "checkout@2.0.0/step-1#1";
    private static final String RULE = "canary-metrics 1.0";
    private static final CanaryMetric ERRORS =
            new CanaryMetric("error ratio", "ratio", "more", 3, 0.01, 0, 0.01, true, RULE);
    private static final CanaryMetric MEDIAN =
            new CanaryMetric("latency p50", "ranks", "more", 1, 0, 25, 0.01, false, RULE);
    private static final CanaryMetric CLS = new CanaryMetric("rum CLS", "p75", "more", 1, 0, 50, 0.01, false, RULE);
    private static final CanaryMetric LCP = new CanaryMetric("rum LCP", "p75", "more", 1, 0, 200, 0.01, false, RULE);
    private static final CanaryMetric ORDERS = new CanaryMetric(
            "kpi orders",
            "events",
            "less",
            1,
            0,
            0,
            0.01,
            true,
            RULE,
            new CanaryMetric.Kpi("orders", "requests", "sha256:file", 0.1, true, true));

    private final Source source = new Source();
    private final Time time = new Time();
    private List<Reading> pages = List.of();
    private DataSource database;
    private StoredObservations observations;
    private ObservationTick tick;

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
                        "V286__observe_rule_version.sql"))
                .countQuery()
                .build();
        ObserveProperties properties = new ObserveProperties(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
        ObservationStore store = new ObservationStore(
                new JdbcTemplate(database),
                JsonMapper.builder().findAndAddModules().build());
        Sources sources = new Sources(
                new StaticListableBeanFactory(Map.of("source", source)).getBeanProvider(MetricsSource.class),
                properties);
        observations = new StoredObservations(store, time);
        tick = new ObservationTick(
                store,
                sources,
                new Readings(
                        asking -> asking.isEmpty()
                                ? Map.of()
                                : Map.of(asking.get(0).number(), pages),
                        new Seasons(sources, time)),
                new OwnCounts(sources),
                properties,
                event -> {},
                new JdbcTransactionManager(database),
                time);
    }

    @Test
    void each_metric_of_the_plan_has_its_chart_with_its_own_verdict_and_what_is_tolerated()
            throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), of(BASELINE, 0, 60, at -> 180, at -> 9, 20));
        source.orders = 0.3;
        pages = List.of(page("rum CLS", 120, 100));
        observations.begin(step(ID, 0.1, ERRORS, MEDIAN, CLS, LCP, ORDERS));
        look(1, 4);

        assertThat(observations.plotted("checkout@2.0.0").metrics())
                .extracting(MetricPlot::metric)
                .containsExactlyInAnyOrder(
                        "error ratio", "latency p95", "latency p50", "rum CLS", "rum LCP", "kpi orders");
        MetricPlot errors = plot("error ratio");
        assertThat(errors.verdict()).as(errors.sentence()).isEqualTo("PASS");
        assertThat(errors.sentence()).startsWith("At 10 %: ");
        assertThat(errors.t()).hasSizeGreaterThan(1).isSorted().hasSameSizeAs(errors.candidate());
        assertThat(last(errors.candidate())).isZero();
        assertThat(last(errors.baseline())).isEqualTo(0.05);
        assertThat(last(errors.tolerated())).as("three times as often").isCloseTo(0.15, within(1e-9));
        assertThat(last(errors.limit())).isEqualTo(0.05);
        MetricPlot p95 = plot("latency p95");
        assertThat(last(p95.limit()) - last(p95.baseline())).as("the trigger's").isCloseTo(200, within(0.1));
        assertThat(p95.tolerated()).as("no rank comparison of it").isEmpty();
        MetricPlot median = plot("latency p50");
        assertThat(median.verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(median.sentence()).contains("is compared once a window of 6 s is complete");
        assertThat(last(median.tolerated()) - last(median.baseline())).isCloseTo(25, within(0.1));
        assertThat(median.limit()).isEmpty();
    }

    @Test
    @Tag("M5.6")
    void a_business_figure_is_drawn_look_by_look_beside_its_baseline_and_its_season() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 40), healthy(BASELINE, 0, 60, 360));
        source.orders = 0.1;
        source.season = List.of(0.2, 0.4, 0.3, 0.28);
        observations.begin(step(ID, 0.1, ORDERS));
        look(1, 5);

        MetricPlot orders = plot("kpi orders");
        assertThat(orders.t()).hasSizeBetween(2, 5).isSorted();
        assertThat(last(orders.candidate())).isEqualTo(0.1);
        assertThat(last(orders.baseline())).isEqualTo(0.3);
        assertThat(last(orders.median())).isEqualTo(0.29);
        assertThat(last(orders.tolerated()))
                .as("a tenth less than the higher one")
                .isEqualTo(0.27);
        assertThat(orders.verdict()).as(orders.sentence()).isEqualTo("FAIL");
        assertThat(orders.note()).contains("less is worse", "10 % tolerated", "A breach rolls back");
        assertThat(observations.plotted("checkout@2.0.0").metrics().get(0).metric())
                .as("what failed comes first")
                .isEqualTo("kpi orders");
    }

    @Test
    @Tag("M3.3")
    void pages_of_real_users_are_drawn_in_their_own_unit_and_what_told_nothing_says_what_to_do()
            throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 60, 180));
        pages = List.of(page("rum CLS", 120, 100));
        observations.begin(step(ID, 0.1, CLS, LCP));
        look(1, 4);

        MetricPlot shift = plot("rum CLS");
        assertThat(shift.unit()).isEqualTo("score");
        assertThat(last(shift.candidate()))
                .as("thousandths are told as the library tells them")
                .isBetween(0.1, 0.125);
        assertThat(last(shift.tolerated()) - last(shift.baseline())).isCloseTo(0.05, within(1e-6));
        assertThat(shift.note()).contains("does not roll back");
        MetricPlot paint = plot("rum LCP");
        assertThat(paint.t()).isEmpty();
        assertThat(paint.candidate()).isEmpty();
        assertThat(paint.verdict()).isEqualTo("NO_DATA");
        assertThat(paint.missing()).contains("No page", "web-vitals", RealUsers.ORIGINS);
        assertThat(shift.missing()).isNull();
    }

    @Test
    void before_the_first_look_nothing_is_missing_yet() {
        observations.begin(step(ID, 0.1, CLS, ORDERS));
        assertThat(observations.plotted("checkout@2.0.0").metrics()).hasSize(4).allSatisfy(each -> {
            assertThat(each.verdict()).isNull();
            assertThat(each.missing()).isEqualTo(PlotText.NOT_YET);
        });
    }

    @Test
    void a_source_that_is_down_makes_no_metric_look_well() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 60, 180));
        source.orders = 0.3;
        observations.begin(step(ID, 0.1, ERRORS, ORDERS));
        look(1, 4);
        source.down = true;
        look(5, 6);

        assertThat(observations.plotted("checkout@2.0.0").metrics())
                .extracting(MetricPlot::verdict)
                .containsOnly("ERROR");
        assertThat(plot("error ratio").sentence()).contains("metrics source does not answer");
    }

    @Test
    void counts_begin_anew_with_each_step_and_no_line_leads_across() throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 60, 180));
        source.orders = 0.3;
        observations.begin(step(ID, 0.1, ORDERS));
        look(1, 4);
        observations.end(ID);
        observations.begin(step("checkout@2.0.0/step-2#1", 0.5, ORDERS));
        look(5, 9);

        MetricPlot orders = plot("kpi orders");
        int gap = orders.candidate().indexOf(null);
        assertThat(gap).isBetween(1, orders.t().size() - 2);
        assertThat(orders.t().get(gap)).isEqualTo(START.plusSeconds(4).toEpochMilli() / 1000.0);
        assertThat(orders.t()).isSorted().doesNotHaveDuplicates();
        assertThat(orders.sentence()).startsWith("At 50 %: ");
    }

    @Test
    void a_look_with_business_figures_and_pages_takes_no_more_statements_than_one_without()
            throws InterruptedException {
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 60, 180));
        source.orders = 0.3;
        pages = List.of(page("rum CLS", 120, 100));
        observations.begin(step(ID, 0.1, ERRORS, CLS, ORDERS));
        look(1, 3);
        QueryCountHolder.clear();
        look(4, 4);
        assertThat(QueryCountHolder.getGrandTotal().getTotal()).isEqualTo(3);
        QueryCountHolder.clear();
        observations.plotted("checkout@2.0.0");
        assertThat(QueryCountHolder.getGrandTotal().getTotal()).as("all charts").isEqualTo(2);
    }

    @Test
    void in_the_stabilisation_each_objective_is_drawn_with_what_it_leaves() throws InterruptedException {
        source.samples = of(CANDIDATE, 0, 60, at -> 1000, at -> 2, 20);
        observations.begin(
                Series.stabilisation(Duration.ofSeconds(10), Duration.ofSeconds(60)),
                List.of(
                        new Slo("a", "checkout", "availability", 0.995, null, Duration.ofDays(28), "d"),
                        new Slo("l", "checkout", "latency", 0.95, 300.0, Duration.ofDays(28), "d"),
                        new Slo("e", "checkout", "errors", 0.999, null, Duration.ofDays(28), "d")));
        look(1, 4);

        MetricPlot kept = plot("objective a");
        assertThat(last(kept.candidate())).isEqualTo(0.002);
        assertThat(last(kept.limit())).isEqualTo(0.005);
        assertThat(kept.verdict()).as(kept.sentence()).isEqualTo("PASS");
        assertThat(plot("objective e").verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(plot("objective l").verdict()).isEqualTo("PASS");
    }

    private static final List<Slo> OBJECTIVES = List.of(
            new Slo("a", "checkout", "availability", 0.99, null, Duration.ofDays(28), "d"),
            new Slo("l", "checkout", "latency", 0.95, 300.0, Duration.ofDays(28), "d"),
            new Slo("e", "checkout", "errors", 0.99, null, Duration.ofDays(28), "d"));

    private static Order stabilisation(CanaryMetric... metrics) {
        Order alone = Series.stabilisation(Duration.ofSeconds(6), Duration.ofSeconds(60));
        return new Order(
                alone.id(),
                alone.releaseKey(),
                alone.service(),
                alone.kind(),
                alone.candidate(),
                null,
                1,
                alone.window(),
                alone.maximum(),
                seconds().with(List.of(metrics)));
    }

    private static CanaryMetric withoutSeason() {
        CanaryMetric.Kpi kpi = new CanaryMetric.Kpi("orders", "requests", "sha256:file", 0.1, true, false);
        return new CanaryMetric(ORDERS.name(), "events", "less", 1, 0, 0, 0.01, true, RULE, kpi);
    }

    /** A tenth of the users, then all, then as the stable version: each with what it needs of the steps before. */
    @Test
    @Tag("M5.6")
    @Tag("M1.1")
    void what_the_baseline_had_last_is_kept_drawn_as_the_limit_and_holds_who_loses_orders_once_everybody_is_on_it()
            throws InterruptedException {
        CanaryMetric orders = withoutSeason();
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 7, 180));
        source.orders = 0.3;
        pages = List.of(page("rum CLS", 100, 100));
        observations.begin(step(ID, 0.1, orders, CLS));
        look(1, 7);
        String everybody = "checkout@2.0.0/step-2#1";
        QueryCountHolder.clear();
        observations.begin(step(everybody, 1, orders, CLS));
        assertThat(QueryCountHolder.getGrandTotal().getTotal())
                .as("two that ask, one that begins")
                .isEqualTo(3);
        look(8, 14);
        Judgement passed = observations.find(everybody).orElseThrow().latest();
        assertThat(passed.verdict()).as(passed.sentence()).isEqualTo("PASS");
        assertThat(passed.sentence())
                .contains("against 0.3 that the baseline had last", "of the baseline's last (until");
        assertThat(last(plot("kpi orders").limit())).isEqualTo(0.27);

        QueryCountHolder.clear();
        observations.begin(stabilisation(orders, CLS), OBJECTIVES);
        assertThat(QueryCountHolder.getGrandTotal().getTotal())
                .as("one that asks, one that begins")
                .isEqualTo(2);
        source.orders = 0.1;
        look(15, 22);
        Observations.Observation held = observations.find(stabilisation().id()).orElseThrow();
        assertThat(held.latest().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(held.ended()).isFalse();
        assertThat(held.latest().sentence())
                .startsWith("Held back: Kpi orders of the candidate is 0.1 for each of")
                .contains("less than what the baseline had last (0.3 for each of 1080 until");
        assertThat(observations.judgeAgain(held.order().id())).contains(held.latest());
        QueryCountHolder.clear();
        look(23, 23);
        assertThat(QueryCountHolder.getGrandTotal().getTotal())
                .as("a look as ever")
                .isEqualTo(3);

        MetricPlot drawn = plot("kpi orders");
        assertThat(drawn.verdict()).isEqualTo("FAIL");
        assertThat(drawn.note()).contains("the limit is what is tolerated of what the baseline had last");
        assertThat(last(drawn.candidate())).isEqualTo(0.1);
        assertThat(last(drawn.limit())).isEqualTo(0.27);
        assertThat(last(plot("rum CLS").limit()) - 0.05).isCloseTo(0.1, within(0.03));
        MetricPlot latency = plot("latency p95");
        assertThat(last(latency.limit())).as("over what the baseline took last").isCloseTo(220, within(5.0));
        assertThat(latency.sentence()).contains("the baseline's slowest window before everybody left it");
    }

    @Test
    @Tag("M5.6")
    void another_rollouts_baseline_and_one_that_had_too_little_stand_for_nothing() throws InterruptedException {
        CanaryMetric orders = withoutSeason();
        source.samples = join(healthy(CANDIDATE, 0, 60, 20), healthy(BASELINE, 0, 8, 180));
        source.orders = 0.3;
        observations.begin(step(ID, 0.5, orders));
        look(1, 7);
        observations.begin(step("checkout@2.0.0/step-1#2", 0.1, orders));
        observations.begin(step("checkout@2.0.0/step-2#2", 1, orders));
        look(8, 15);
        Judgement latest =
                observations.find("checkout@2.0.0/step-2#2").orElseThrow().latest();
        assertThat(latest.verdict()).as(latest.sentence()).isEqualTo("NO_DATA");
        assertThat(latest.sentence()).startsWith("Kpi orders is compared with nothing: ");
    }

    @Test
    void a_long_step_is_drawn_by_a_few_hundred_points_the_last_among_them() {
        PlotColumns columns = new PlotColumns();
        IntStream.range(0, 1000).forEach(at -> columns.add(at * 1000L, (double) at));
        columns.gap(1_000_000);
        IntStream.range(1001, 2000).forEach(at -> columns.add(at * 1000L, (double) at));
        PlotColumns thinned = columns.thinned(300);
        assertThat(thinned.times()).hasSizeBetween(250, 301).isSorted();
        assertThat(thinned.of(PlotColumns.CANDIDATE)).contains((Double) null).endsWith(1999.0);
    }

    private MetricPlot plot(String metric) {
        return observations.plotted("checkout@2.0.0").metrics().stream()
                .filter(each -> each.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    private static double last(List<Double> column) {
        return column.stream()
                .filter(Objects::nonNull)
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private Reading page(String metric, double candidate, double baseline) {
        return new Reading(metric, START, Duration.ofSeconds(1), pagesOf(candidate), pagesOf(baseline), List.of());
    }

    private static Reading.Counts pagesOf(double value) {
        double[] values = Collections.nCopies(200, value).stream()
                .mapToDouble(each -> each)
                .toArray();
        return new Reading.Counts(0, 200, Latencies.of(values).toString(), START.plusSeconds(60));
    }

    private void look(int from, int to) throws InterruptedException {
        for (int second = from; second <= to; second++) {
            time.now = START.plusSeconds(second);
            tick.look();
        }
    }

    private static Order step(String id, double share, CanaryMetric... metrics) {
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
                seconds().with(List.of(metrics)));
    }

    /** Orders come with each second: three of ten requests of the baseline, and as many as are set of the candidate's. */
    private static final class Source implements MetricsSource {
        private List<Sample> samples = List.of();
        private double orders;
        private List<Double> season = List.of(0.3, 0.3, 0.3, 0.3);
        private boolean down;

        @Override
        public List<Sample> requests(String service, Instant from, Instant to) throws IOException {
            if (down) {
                throw new IOException("connection refused");
            }
            return samples.stream()
                    .filter(sample ->
                            !sample.at().isBefore(from) && !sample.end().isAfter(to))
                    .toList();
        }

        @Override
        public Batch measure(String service, List<Query> queries, Instant from, Instant to) throws IOException {
            List<Sample> known = requests(service, from, to);
            return new Batch(
                    known,
                    queries.stream()
                            .flatMap(query -> known.stream().map(sample -> counted(query, sample)))
                            .toList());
        }

        private Counted counted(Query query, Sample sample) {
            double rate = sample.version().equals(CANDIDATE) ? orders : 0.3;
            return new Counted(
                    query,
                    sample.at(),
                    sample.interval(),
                    sample.version(),
                    rate * sample.requests(),
                    sample.requests());
        }

        @Override
        public Map<Query, List<Double>> seasons(String service, List<Query> queries, Instant hour) {
            return Map.of(queries.get(0), season);
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
