package dev.countersign.observe.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.OpenSloFiles;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Batch;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Valued;
import dev.countersign.observe.ObservationFixture;
import dev.countersign.observe.Observations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against the server itself; the package {@code prometheus} of Debian has it. */
@Tag("M3.4")
@Tag("M1.2")
@Tag("alone")
class RealPrometheusTests {
    private static final String STABLE = "sha256:" + "a".repeat(64);
    private static final String CANDIDATE = "sha256:" + "b".repeat(64);
    /** Some hours ago, so that the data lies in blocks that the server takes up as they are. */
    private static final Instant START =
            Instant.now().truncatedTo(ChronoUnit.HOURS).minus(5, ChronoUnit.HOURS);

    private static final int SECONDS = 1200;
    private static final Observations.Triggers TRIGGERS = new Observations.Triggers(
            0.05, Duration.ofMinutes(5), 100, 60, Duration.ofMinutes(1), 2, 3, "rollback-triggers 1.0");

    @TempDir
    static Path folder;

    private static RealPrometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                RealPrometheus.isInstalled(),
                "prometheus and promtool are not on the path: apt-get install prometheus");
        prometheus = new RealPrometheus(folder);
        prometheus.backfill(scrapes().openMetrics());
        prometheus.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @Test
    @Tag("M3.6")
    void a_query_of_a_policy_answers_with_one_series_over_days_or_says_why_not() throws IOException {
        PrometheusSeries series = new PrometheusSeries(properties(Map.of()), catalog(), Clock.systemUTC());
        Instant now = Instant.now();
        Duration step = Duration.ofMinutes(5);
        List<SortedMap<Instant, Double>> answers = series.series(
                List.of("vector(0.4)", "no_such_metric", "count(http_requests_total{service=\"checkout\"})"),
                now.minus(Duration.ofDays(7)),
                now,
                step);
        assertThat(answers.get(0)).hasSizeBetween(7 * 24 * 12 - 1, 7 * 24 * 12 + 1);
        assertThat(answers.get(0).values()).containsOnly(0.4);
        assertThat(answers.get(0).lastKey()).isAfter(now.minus(step.multipliedBy(2)));
        assertThat(answers.get(1)).isEmpty();
        assertThat(answers.get(2).lastKey())
                .as("measured hours ago and not since")
                .isBefore(now.minus(Duration.ofHours(1)));
        for (String unusable :
                List.of("http_requests_total{service=\"checkout\"}", "vector(0) / 0", "-vector(1)", "sum(")) {
            assertThatThrownBy(() -> series.series(List.of(unusable), now.minus(Duration.ofHours(6)), now, step))
                    .as(unusable)
                    .isInstanceOf(IOException.class);
        }
    }

    private static Scrapes scrapes() {
        Scrapes scrapes = new Scrapes(START, SECONDS);
        String stable = "version=\"registry.example/shop@" + STABLE + "\"";
        String candidate = "version=\"" + CANDIDATE.substring("sha256:".length()) + "\"";
        for (String service : List.of("checkout", "failing", "slow")) {
            String of = "service=\"" + service + "\",";
            for (String instance : List.of("one", "two")) {
                scrapes.requests(of + stable + ",code=\"200\",instance=\"" + instance + "\"", 9);
            }
            scrapes.requests(of + stable + ",code=\"503\"", 0.2);
            double errors = service.equals("failing") ? 0.4 : 0;
            scrapes.requests(of + candidate + ",code=\"200\"", 2 - errors);
            scrapes.requests(of + candidate + ",code=\"500\"", errors);
            buckets(scrapes, of + stable, 18.2, 0.96);
            buckets(scrapes, of + candidate, 2, service.equals("slow") ? 0.5 : 0.96);
        }
        String once = stable + ",code=\"200\"";
        scrapes.requests(
                "service=\"restarted\"," + once, second -> second < 100 ? second : second - 100, second -> true);
        scrapes.requests("service=\"gap\"," + once, second -> second, second -> second <= 60 || second >= 120);
        scrapes.requests("service=\"late\"," + once, second -> second, second -> second <= 50);
        scrapes.requests("service=\"broken\"," + once, second -> second < 30 ? second : Double.NaN, second -> true);
        scrapes.requests("service=\"unversioned\",code=\"200\"", 1);
        scrapes.requests("service=\"untold\"," + stable, 1);
        return scrapes;
    }

    /** All requests take between 0.1 and 0.25 s, but those that take up to half a second. */
    private static void buckets(Scrapes scrapes, String labels, double perSecond, double quick) {
        scrapes.bucket(labels, "0.1", 0);
        scrapes.bucket(labels, "0.25", perSecond * quick);
        scrapes.bucket(labels, "0.5", perSecond);
        scrapes.bucket(labels, "+Inf", perSecond);
    }

    private static PrometheusSource source(Clock clock, Map<String, String> more) {
        return new PrometheusSource(properties(more), catalog(), clock);
    }

    private static PrometheusProperties properties(Map<String, String> more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource(more);
        configured.put("countersign.observe.prometheus.url", prometheus.url().toString());
        return new Binder(configured)
                .bind("countersign.observe.prometheus", PrometheusProperties.class)
                .get();
    }

    /** Every service runs in production. */
    private static Catalog catalog() {
        Catalog catalog = mock(Catalog.class);
        when(catalog.service(anyString()))
                .thenAnswer(asked -> Optional.of(new Service(
                        asked.getArgument(0),
                        "",
                        "",
                        "payments",
                        "payments",
                        "retail",
                        "critical",
                        "production",
                        "on-call",
                        false,
                        List.of(),
                        Map.of(),
                        "catalog-info.yaml")));
        return catalog;
    }

    private static List<Sample> measured(String service, int from, int to) throws IOException {
        return source(Clock.systemUTC(), Map.of()).requests(service, START.plusSeconds(from), START.plusSeconds(to));
    }

    @Test
    void versions_of_a_service_are_measured_interval_by_interval() throws IOException {
        List<Sample> samples = measured("checkout", 30, 90);

        assertThat(samples)
                .filteredOn(sample -> sample.version().equals(STABLE))
                .hasSize(4)
                .allSatisfy(sample -> {
                    assertThat(sample.requests()).isEqualTo(273);
                    assertThat(sample.errors()).isEqualTo(3);
                    assertThat(sample.latencies().total()).isEqualTo(273);
                    assertThat(sample.latencies().atMost(250)).isEqualTo(262);
                    assertThat(sample.latencyP95Ms()).isCloseTo(248.5, within(2.0));
                    assertThat(sample.latencyP50Ms()).isCloseTo(178, within(2.0));
                });
        assertThat(samples)
                .filteredOn(sample -> sample.version().equals(CANDIDATE))
                .hasSize(4)
                .allSatisfy(sample -> {
                    assertThat(sample.requests()).isEqualTo(30);
                    assertThat(sample.errors()).isZero();
                });
        assertThat(samples)
                .extracting(Sample::at)
                .containsOnly(
                        START.plusSeconds(30), START.plusSeconds(45), START.plusSeconds(60), START.plusSeconds(75));
    }

    /** Whose series name their version as an image that ends in it, or by its digits alone. */
    @Test
    void values_of_a_canary_configuration_are_measured_of_each_version_and_a_broken_one_hides_nothing()
            throws IOException {
        String scope = "=~\"(.*@)?(sha256:)?%s\"";
        MetricsSource.Query stable =
                value("sum(rate(http_requests_total{${version}" + scope + ",service=\"checkout\"}[1m]))", STABLE);
        MetricsSource.Query candidate =
                value("sum(rate(http_requests_total{version" + scope + ",service=\"checkout\"}[1m]))", CANDIDATE);
        MetricsSource.Query byCode = value(
                "avg by (code) (rate(http_requests_total{${version}" + scope + ",service=\"checkout\"}[1m]))", STABLE);
        MetricsSource.Query nothing = value("avg(no_such_metric{${version}" + scope + "})", STABLE);
        MetricsSource.Query notFinite =
                value("sum(rate(http_requests_total{${version}" + scope + "}[1m])) / 0", STABLE);
        MetricsSource.Query broken = new MetricsSource.Query("avg(", null);
        Batch batch = source(Clock.systemUTC(), Map.of())
                .measure(
                        "checkout",
                        List.of(stable, candidate, byCode, nothing, notFinite, broken),
                        START.plusSeconds(90),
                        START.plusSeconds(150));
        assertThat(batch.samples()).hasSize(8);
        assertThat(of(batch, stable)).hasSize(4).allSatisfy(value -> {
            assertThat(value.value()).isCloseTo(18.2, within(0.01));
            assertThat(value.labels()).isEmpty();
        });
        assertThat(of(batch, stable))
                .extracting(Valued::at)
                .isEqualTo(batch.samples().stream().map(Sample::at).distinct().toList());
        assertThat(of(batch, candidate)).hasSize(4).allSatisfy(value -> assertThat(value.value())
                .isCloseTo(2, within(0.01)));
        assertThat(of(batch, byCode))
                .extracting(Valued::labels)
                .containsOnly(Map.of("code", "200"), Map.of("code", "503"));
        assertThat(of(batch, nothing)).isEmpty();
        assertThat(of(batch, notFinite)).isEmpty();
        assertThat(of(batch, broken)).isEmpty();
    }

    private static MetricsSource.Query value(String promql, String version) {
        return new MetricsSource.Query(promql.formatted(version.substring("sha256:".length())), null);
    }

    private static List<Valued> of(Batch batch, MetricsSource.Query query) {
        return batch.valued().stream()
                .filter(value -> value.query().equals(query))
                .toList();
    }

    @Test
    void an_interval_that_began_before_or_is_not_over_is_absent() throws IOException {
        assertThat(measured("checkout", 31, 89))
                .extracting(Sample::at)
                .containsOnly(START.plusSeconds(45), START.plusSeconds(60));
        assertThat(measured("checkout", 31, 59)).isEmpty();
    }

    @Test
    void a_counter_that_begins_anew_loses_at_most_what_fell_between_two_scrapes() throws IOException {
        assertThat(measured("restarted", 75, 150))
                .extracting(Sample::requests)
                .allSatisfy(requests -> assertThat(requests).isBetween(10L, 16L));
    }

    @Test
    void a_target_that_did_not_answer_leaves_a_gap_and_no_zero() throws IOException {
        assertThat(measured("gap", 45, 150))
                .filteredOn(sample -> sample.at().isAfter(START.plusSeconds(59)))
                .filteredOn(sample -> sample.at().isBefore(START.plusSeconds(110)))
                .isEmpty();
        assertThat(measured("gap", 0, 180)).extracting(Sample::requests).doesNotContain(0L);
    }

    @Test
    void a_series_that_has_ended_is_not_carried_on() throws IOException {
        assertThat(measured("late", 0, 600))
                .isNotEmpty()
                .extracting(Sample::at)
                .allMatch(at -> at.isBefore(START.plusSeconds(50)));
    }

    @Test
    void a_service_that_nobody_measures_has_no_samples() throws IOException {
        assertThat(measured("nobody", 0, 600)).isEmpty();
    }

    @Test
    void what_counts_nothing_is_no_measurement() {
        assertThatThrownBy(() -> measured("broken", 0, 60))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> measured("unversioned", 0, 60))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'version'");
        assertThatThrownBy(() -> measured("untold", 0, 60))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'code'");
    }

    /** Two requests a second up to 0.25 s, and one of ten up to half a second; one in ten seconds takes no time at all. */
    private static void writeNative(Instant from, int seconds) throws IOException, InterruptedException {
        Map<Instant, Double> requests = new java.util.TreeMap<>();
        Map<Instant, List<Long>> latencies = new java.util.TreeMap<>();
        for (int second = 0; second <= seconds; second += Scrapes.EVERY) {
            Instant at = from.plusSeconds(second);
            requests.put(at, 2.3 * second);
            latencies.put(at, List.of(2L * second, second / 5L, second / 10L));
        }
        Map<String, String> labels = Map.of("service", "native", "version", STABLE);
        Map<String, String> counter = new java.util.TreeMap<>(labels);
        counter.putAll(Map.of("__name__", "http_requests_total", "code", "200"));
        Map<String, String> histogram = new java.util.TreeMap<>(labels);
        histogram.put("__name__", "http_request_duration_seconds");
        new RemoteWrite()
                .counter(counter, requests)
                .histogram(histogram, -2, latencies)
                .send(prometheus.url());
    }

    @Test
    void percentiles_come_from_native_histograms_too() throws Exception {
        Instant from = START.plus(2, ChronoUnit.HOURS);
        writeNative(from, 600);
        PrometheusSource source = source(
                Clock.systemUTC(),
                Map.of(
                        "countersign.observe.prometheus.latencies",
                        "sum by (version) (increase(http_request_duration_seconds{service=\"$service\"}[$interval]))",
                        "countersign.observe.prometheus.interval",
                        "PT1M"));
        List<Sample> samples = source.requests("native", from.plusSeconds(60), from.plusSeconds(300));
        assertThat(samples).hasSize(4).allSatisfy(sample -> {
            assertThat(sample.requests()).isEqualTo(138);
            // 120 in (0.125, 0.25], 12 in (0.25, 0.5], 6 around zero
            assertThat(sample.latencies().total()).isEqualTo(138);
            assertThat(sample.latencies().atMost(1)).isEqualTo(6);
            assertThat(sample.latencies().atMost(250)).isEqualTo(126);
            assertThat(sample.latencies().atMost(500)).isEqualTo(138);
            assertThat(sample.latencyP50Ms()).isCloseTo(125 + 125 * (69 - 6) / 120.0, within(1.0));
            assertThat(sample.latencyP95Ms()).isCloseTo(250 + 250 * (131.1 - 126) / 12, within(1.0));
        });
        // Prometheus interpolates them by itself to the same.
        Query quantile = Query.instant(
                "1000 * histogram_quantile(0.95, sum(increase(http_request_duration_seconds{service=\"native\"}[1m])))",
                from.plusSeconds(300),
                Query.Kind.VALUE);
        Matrix answer = new PrometheusApi(properties(Map.of()))
                .ask(List.of(quantile))
                .get(quantile)
                .get();
        assertThat(answer.series().get(0).points().get(from.plusSeconds(300)))
                .isCloseTo(samples.get(3).latencyP95Ms(), within(2.0));
        // A native histogram is no count of requests.
        Query histogram = Query.instant(
                "http_request_duration_seconds{service=\"native\"}", from.plusSeconds(300), Query.Kind.VALUE);
        assertThat(new PrometheusApi(properties(Map.of()))
                        .ask(List.of(histogram))
                        .get(histogram)
                        .get()
                        .series())
                .singleElement()
                .satisfies(series -> {
                    assertThat(series.points()).isEmpty();
                    assertThat(series.histograms()).hasSize(1);
                });
    }

    @Test
    void a_service_with_a_hostile_name_stays_a_value() throws IOException {
        assertThat(measured("checkout\"} or vector(1) # ", 0, 60)).isEmpty();
        assertThat(measured("back\\slash\nand line", 0, 60)).isEmpty();
    }

    @Test
    void a_query_that_prometheus_refuses_is_no_empty_answer() {
        PrometheusSource source = source(
                Clock.systemUTC(),
                Map.of(
                        "countersign.observe.prometheus.requests",
                        "sum by (version, code) (increase(http_requests_total{service=\"$service\"}[$interval]))) oops"));
        assertThatThrownBy(() -> source.requests("checkout", START, START.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("400")
                .hasMessageContaining("bad_data");
    }

    @Test
    void a_healthy_candidate_passes_and_one_that_fails_or_is_slow_does_not() throws InterruptedException {
        assertThat(watch("checkout", Duration.ofMinutes(6)).verdicts()).last().isEqualTo("PASS");
        ObservationFixture failing = watch("failing", Duration.ofMinutes(8));
        assertThat(failing.judgements()).last().satisfies(judgement -> {
            assertThat(judgement.verdict()).isEqualTo("FAIL");
            assertThat(judgement.value()).isCloseTo(0.2, within(0.02));
        });
        assertThat(watch("slow", Duration.ofMinutes(8)).judgements()).last().satisfies(judgement -> {
            assertThat(judgement.verdict()).isEqualTo("FAIL");
            assertThat(judgement.metric()).contains("latency");
            assertThat(judgement.value()).isCloseTo(475 - 248.5, within(5.0));
        });
    }

    private static final String SLO =
            """
            ---
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: %1$s%2$s}
            spec:
              service: checkout
              budgetingMethod: Occurrences
              timeWindow: [{duration: 28d, isRolling: true}]
              indicator: {metadata: {name: i}, spec: {%3$s}}
              objectives: [{target: %4$s}]
            """;

    private static String asked(String promql) {
        return "{metricSource: {type: Prometheus, spec: {query: '%s'}}}".formatted(promql);
    }

    private static String slo(String name, boolean labelled, String sli, String target) {
        return SLO.formatted(name, labelled ? ", annotations: {countersign.dev/sli: " + name + "}" : "", sli, target);
    }

    private static Observations.Judgement stabilised(String rate) throws InterruptedException {
        String all = asked("http_requests_total{service=\"checkout\"}");
        List<Slo> objectives = OpenSloFiles.read(slo(
                        "availability",
                        true,
                        "ratioMetric: {counter: true, good: %s, total: %s}"
                                .formatted(asked("http_requests_total{service=\"checkout\",code!~\"5..\"}"), all),
                        "0.995")
                + slo(
                        "errors",
                        true,
                        "ratioMetric: {counter: true, bad: %s, total: %s}"
                                .formatted(asked("http_requests_total{service=\"checkout\",code=~\"5..\"}"), all),
                        "0.995")
                + slo(
                        "latency",
                        true,
                        "thresholdMetric: "
                                + asked(
                                        "histogram_quantile(0.95, sum by (version, le) (rate(http_request_duration_seconds_bucket{service=\"checkout\"}[{{window}}])))"),
                        "0.9, op: lt, value: 0.3")
                + slo(
                        "rate",
                        false,
                        "thresholdMetric: " + asked("sum(rate(http_requests_total{service=\"checkout\"}[{{window}}]))"),
                        "0.9, " + rate));
        ObservationFixture observation =
                new ObservationFixture(START.plusSeconds(30), clock -> source(clock, Map.of()));
        observation
                .observations()
                .begin(
                        new Observations.Order(
                                "checkout@2.0.0/stabilisation#1",
                                "checkout@2.0.0",
                                "checkout",
                                "stabilisation",
                                CANDIDATE,
                                null,
                                1,
                                Duration.ofMinutes(4),
                                Duration.ofMinutes(30),
                                TRIGGERS),
                        objectives);
        observation.watch(Duration.ofMinutes(8), Duration.ofSeconds(10));
        return observation.judgements().get(observation.judgements().size() - 1);
    }

    /** One in a hundred requests of the stable version fails, and none of the candidate's. */
    @Test
    @Tag("M1.1")
    void a_release_is_stable_when_the_objectives_own_queries_hold_for_it_and_not_before() throws InterruptedException {
        Observations.Judgement stable = stabilised("op: lt, value: 25");
        assertThat(stable.verdict()).as(stable.sentence()).isEqualTo("PASS");
        assertThat(stable.sentence())
                .contains("availability 100.0 % (objective 99.5 %), errors 100.0 % (objective 99.5 %)")
                .contains("latency 100.0 % (objective 90 %), rate 100.0 % (objective 90 %) of the service as a whole");
        Observations.Judgement missed = stabilised("op: gt, value: 25");
        assertThat(missed.verdict()).isEqualTo("FAIL");
        assertThat(missed.sentence())
                .startsWith("Objective rate was missed: 0 % of ")
                .contains("as a whole");
    }

    @Test
    void a_server_that_stops_in_the_middle_holds_and_the_window_begins_anew() throws Exception {
        ObservationFixture observation = begin("checkout");
        observation.watch(Duration.ofMinutes(2));
        prometheus.stop();
        try {
            observation.watch(Duration.ofMinutes(6));
            assertThat(observation.verdicts()).last().isEqualTo("ERROR");
            assertThat(observation.verdicts()).doesNotContain("PASS");
            assertThat(observation.judgements()).last().satisfies(judgement -> assertThat(judgement.sentence())
                    .contains("Prometheus does not answer"));
        } finally {
            prometheus.start();
        }
        observation.watch(Duration.ofMinutes(6));
        assertThat(observation.verdicts()).last().isEqualTo("PASS");
    }

    private static ObservationFixture watch(String service, Duration duration) throws InterruptedException {
        ObservationFixture observation = begin(service);
        observation.watch(duration);
        return observation;
    }

    private static ObservationFixture begin(String service) {
        ObservationFixture observation =
                new ObservationFixture(START.plusSeconds(30), clock -> source(clock, Map.of()));
        observation
                .observations()
                .begin(new Observations.Order(
                        service + "@2.0.0/step-1#1",
                        service + "@2.0.0",
                        service,
                        "step",
                        CANDIDATE,
                        STABLE,
                        0.1,
                        Duration.ofMinutes(4),
                        Duration.ofMinutes(30),
                        TRIGGERS));
        return observation;
    }
}
