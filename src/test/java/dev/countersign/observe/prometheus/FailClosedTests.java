package dev.countersign.observe.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.CanaryMetric;
import dev.countersign.observe.ObservationFixture;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * The ways in which other canary tools have let a version pass of which they knew nothing, each from the answer of the monitoring system to what is stored: the reader,
 * the observation and the judge are the application's own, and the server answers as Prometheus documents it. Gates without criteria are in
 * {@code gate.GatesFailClosedTests}.
 */
@Tag("M3.4")
@Tag("M3.1")
class FailClosedTests {
    private static final Instant START = Instant.parse("2026-11-24T20:00:00Z");
    private static final String CANDIDATE = "sha256:" + "c".repeat(64);
    private static final String BASELINE = "sha256:" + "b".repeat(64);
    private static final Duration WINDOW = Duration.ofMinutes(3);
    private static final Duration MAXIMUM = Duration.ofMinutes(6);
    private static final List<CanaryMetric> METRICS = List.of(
            new CanaryMetric("error ratio", "ratio", "more", 2, 0.001, 0, 0.01, true, "canary-metrics 1.0"),
            new CanaryMetric("latency p95", "ranks", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0"));

    /** What the server says of one version at one time; null where it has no series, or no point. */
    private interface Value {
        String of(String version, Instant at);
    }

    private HttpServer server;
    private volatile Value requests = (version, at) -> "150";
    private volatile Value slower = (version, at) -> "150";
    /** Instead of an answer; null where it answers. */
    private volatile String otherwise;

    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "prometheus-of-test");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/api/v1/query_range", exchange -> {
            Map<String, String> form =
                    form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = (otherwise == null ? answer(form) : otherwise).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Map<String, String> form(String body) {
        return Stream.of(body.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private String answer(Map<String, String> form) {
        boolean latency = form.get("query").contains("le)");
        List<String> series = new ArrayList<>();
        for (String version : List.of(CANDIDATE, BASELINE)) {
            if (latency) {
                series.add(series(version, "\"le\":\"0.1\"", form, slower));
                series.add(series(version, "\"le\":\"+Inf\"", form, requests));
            } else {
                series.add(series(version, "\"code\":\"200\"", form, requests));
            }
        }
        return success(series.stream().filter(each -> !each.isEmpty()).collect(Collectors.joining(",")));
    }

    private static String series(String version, String label, Map<String, String> form, Value value) {
        List<String> points = new ArrayList<>();
        long step = Math.round(Double.parseDouble(form.get("step")));
        long last = Math.round(Double.parseDouble(form.get("end")));
        for (long at = Math.round(Double.parseDouble(form.get("start"))); at <= last; at += step) {
            String said = value.of(version, Instant.ofEpochSecond(at));
            if (said != null) {
                points.add("[%d,\"%s\"]".formatted(at, said));
            }
        }
        return points.isEmpty()
                ? ""
                : "{\"metric\":{\"version\":\"%s\",%s},\"values\":[%s]}"
                        .formatted(version, label, String.join(",", points));
    }

    private static String success(String result) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[%s]}}".formatted(result);
    }

    private PrometheusSource source(Clock clock) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource();
        configured.put(
                "countersign.observe.prometheus.url",
                "http://127.0.0.1:" + server.getAddress().getPort());
        configured.put("countersign.observe.prometheus.targets", "production");
        PrometheusProperties properties = new Binder(configured)
                .bind("countersign.observe.prometheus", PrometheusProperties.class)
                .get();
        return new PrometheusSource(properties, catalog(), clock);
    }

    private static Catalog catalog() {
        Catalog catalog = mock(Catalog.class);
        Service service = mock(Service.class);
        when(service.target()).thenReturn("production");
        when(catalog.service("checkout")).thenReturn(Optional.of(service));
        return catalog;
    }

    private ObservationFixture begin() {
        return begin(MAXIMUM);
    }

    private ObservationFixture begin(Duration maximum) {
        ObservationFixture observation = new ObservationFixture(START, this::source);
        observation
                .observations()
                .begin(new Order(
                        "checkout@2.0.0/step-1#1",
                        "checkout@2.0.0",
                        "checkout",
                        "step",
                        CANDIDATE,
                        BASELINE,
                        0.5,
                        WINDOW,
                        maximum,
                        new Triggers(
                                        0.05,
                                        Duration.ofMinutes(2),
                                        100,
                                        60,
                                        Duration.ofMinutes(1),
                                        2,
                                        3,
                                        "rollback-triggers 1.0")
                                .with(METRICS)));
        return observation;
    }

    /** As often as there is a new measurement. */
    private static void watch(ObservationFixture observation, Duration duration) throws InterruptedException {
        observation.watch(duration, Duration.ofSeconds(15));
    }

    /** Until a person is asked, and what they are told. */
    private Judgement neverPasses(ObservationFixture observation) throws InterruptedException {
        watch(observation, MAXIMUM.plusMinutes(1));
        assertThat(observation.verdicts()).isNotEmpty().doesNotContain("PASS");
        assertThat(observation.verdicts()).last().isEqualTo("INCONCLUSIVE");
        return observation.judgements().get(observation.judgements().size() - 1);
    }

    @Test
    void with_good_answers_it_passes_so_that_the_tests_below_can_fail() throws InterruptedException {
        ObservationFixture observation = begin();
        watch(observation, Duration.ofMinutes(4));
        assertThat(observation.verdicts()).last().isEqualTo("PASS");
    }

    @Test
    void no_data_because_the_server_knows_no_series() throws InterruptedException {
        requests = (version, at) -> null;
        slower = requests;
        ObservationFixture observation = begin();
        watch(observation, Duration.ofMinutes(4));
        assertThat(observation.verdicts()).containsOnly("NO_DATA");
        neverPasses(observation);
    }

    @ParameterizedTest
    @ValueSource(strings = {CANDIDATE_NAME, BASELINE_NAME})
    void an_empty_vector_for_one_of_the_versions(String silent) throws InterruptedException {
        requests = (version, at) -> version.equals(digest(silent)) ? null : "150";
        slower = requests;
        neverPasses(begin());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "+Inf", "-1"})
    void a_value_that_is_no_count(String value) throws InterruptedException {
        requests = (version, at) -> version.equals(CANDIDATE) ? value : "150";
        neverPasses(begin());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-1"})
    void a_latency_that_is_no_number(String value) throws InterruptedException {
        slower = (version, at) -> version.equals(CANDIDATE) ? value : "150";
        neverPasses(begin());
    }

    @ParameterizedTest
    @ValueSource(ints = {422, 503})
    void a_query_error(int refused) throws InterruptedException {
        status = refused;
        otherwise = "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"too many samples\"}";
        ObservationFixture observation = begin();
        watch(observation, Duration.ofMinutes(4));
        assertThat(observation.verdicts()).containsOnly("ERROR");
        neverPasses(observation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"status\":\"success\",\"data\":null}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\"}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
                "{\"status\":\"success\",\"warnings\":[\"a store did not answer\"],\"data\":{\"resultType\":\"matrix\",\"result\":[]}}"
            })
    void an_answer_with_200_that_is_none(String body) throws InterruptedException {
        otherwise = body;
        ObservationFixture observation = begin();
        watch(observation, Duration.ofMinutes(4));
        assertThat(observation.verdicts()).containsOnly("ERROR");
        neverPasses(observation);
    }

    /** A tool that compares with its last run has none at the first, and takes that for the same. */
    @Test
    void the_previous_result_is_missing_because_the_baseline_was_never_measured_and_everybody_meets_the_candidate()
            throws InterruptedException {
        requests = (version, at) -> version.equals(BASELINE) ? null : "150";
        slower = requests;
        ObservationFixture observation = new ObservationFixture(START, this::source);
        observation
                .observations()
                .begin(new Order(
                        "checkout@2.0.0/step-9#1",
                        "checkout@2.0.0",
                        "checkout",
                        "step",
                        CANDIDATE,
                        BASELINE,
                        1,
                        WINDOW,
                        MAXIMUM,
                        new Triggers(
                                0.05,
                                Duration.ofMinutes(2),
                                100,
                                60,
                                Duration.ofMinutes(1),
                                2,
                                3,
                                "rollback-triggers 1.0")));
        neverPasses(observation);
    }

    @Test
    void an_analysis_that_is_cut_short_begins_its_window_anew() throws InterruptedException {
        ObservationFixture observation = begin(Duration.ofMinutes(30));
        watch(observation, Duration.ofMinutes(2));
        requests = (version, at) -> null;
        slower = requests;
        watch(observation, Duration.ofMinutes(2));
        assertThat(observation.verdicts()).doesNotContain("PASS");
        requests = (version, at) -> at.isBefore(START.plusSeconds(240)) ? null : "150";
        slower = requests;
        // What was good before the gap is not added up with what is good after it.
        watch(observation, Duration.ofMinutes(2));
        assertThat(observation.verdicts()).doesNotContain("PASS");
        watch(observation, Duration.ofMinutes(2));
        assertThat(observation.verdicts()).last().isEqualTo("PASS");
    }

    @Test
    void a_count_of_zero_is_no_error_rate_of_zero() throws InterruptedException {
        requests = (version, at) -> version.equals(CANDIDATE) ? "0" : "150";
        slower = requests;
        assertThat(neverPasses(begin()).sentence()).contains("0 requests of the candidate");
    }

    @Test
    void both_versions_with_a_count_of_zero_are_not_alike() throws InterruptedException {
        requests = (version, at) -> "0";
        slower = requests;
        neverPasses(begin());
    }

    /** A score over groups of metrics counts a group in which nothing was measured as good: here what was not measured is in the way of what was. */
    @Test
    void a_metric_of_which_nothing_was_measured_is_not_made_up_for_by_the_others() throws InterruptedException {
        slower = (version, at) -> null;
        neverPasses(begin());
    }

    private static final String CANDIDATE_NAME = "candidate";
    private static final String BASELINE_NAME = "baseline";

    private static String digest(String name) {
        return name.equals(CANDIDATE_NAME) ? CANDIDATE : BASELINE;
    }
}
