package dev.countersign.observe.prometheus;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.OpenSloFiles;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Ask;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Every way in which an answer is none. What a real server gives is in {@link RealPrometheusTests}. */
@Tag("M3.4")
class PrometheusAnswersTests {
    private static final String QUERY = "/prom/api/v1/query_range";
    private static final Instant START = Instant.parse("2026-11-24T20:00:00Z");
    private static final long END = START.getEpochSecond() + 15;
    private static final String DIGEST = "b".repeat(64);

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private static PrometheusProperties properties(Map<String, String> more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource();
        configured.put("countersign.observe.prometheus.url", "http://127.0.0.1:" + SERVER.getPort() + "/prom");
        configured.put("countersign.observe.prometheus.timeout", "PT20S");
        configured.put("countersign.observe.prometheus.max-response", "4KB");
        more.forEach((key, value) -> configured.put("countersign.observe.prometheus." + key, value));
        return new Binder(configured)
                .bind("countersign.observe.prometheus", PrometheusProperties.class)
                .get();
    }

    private static PrometheusSource source(Map<String, String> more) {
        return new PrometheusSource(
                properties(more), mock(Catalog.class), Clock.fixed(START.plusSeconds(60), ZoneOffset.UTC));
    }

    private static List<Sample> measure(Map<String, String> more) throws IOException {
        return source(more).requests("checkout", START, START.plusSeconds(15));
    }

    private static String success(String result) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[%s]}}".formatted(result);
    }

    private static String series(String labels, String values) {
        return "{\"metric\":{%s},\"values\":[%s]}".formatted(labels, values);
    }

    private static String counted(String value) {
        return success(
                series("\"version\":\"%s\",\"code\":\"200\"".formatted(DIGEST), "[%d,%s]".formatted(END, value)));
    }

    private static void answers(String json) {
        SERVER.stubFor(any(anyUrl()).willReturn(okJson(json)));
    }

    private static void answers(ResponseDefinitionBuilder response) {
        SERVER.stubFor(any(anyUrl()).willReturn(response));
    }

    private static void bothQueries(String requests, String latencies) {
        SERVER.stubFor(post(QUERY)
                .withFormParam(
                        "query", com.github.tomakehurst.wiremock.client.WireMock.containing("http_requests_total"))
                .willReturn(okJson(requests)));
        SERVER.stubFor(post(QUERY)
                .withFormParam("query", com.github.tomakehurst.wiremock.client.WireMock.containing("le)"))
                .willReturn(okJson(latencies)));
    }

    @Test
    void a_measurement_without_a_histogram_has_requests_and_no_latency() throws IOException {
        bothQueries(counted("\"12\""), success(""));

        assertThat(measure(Map.of())).singleElement().satisfies(sample -> {
            assertThat(sample.requests()).isEqualTo(12);
            assertThat(sample.latencies()).isNull();
            assertThat(sample.latencyP95Ms()).isNull();
        });
    }

    private static final Query ORDERS = new Query(
            "sum by (version) (increase(orders_total{service=\"$service\"}[$interval]))",
            "sum by (version) (increase(visits_total{service=\"$service\"}[$interval]))");

    private static void figures(String orders, String visits) {
        SERVER.stubFor(post(QUERY)
                .withFormParam("query", com.github.tomakehurst.wiremock.client.WireMock.containing("orders_total"))
                .willReturn(okJson(orders)));
        SERVER.stubFor(post(QUERY)
                .withFormParam("query", com.github.tomakehurst.wiremock.client.WireMock.containing("visits_total"))
                .willReturn(okJson(visits)));
    }

    @Test
    @Tag("M5.6")
    void business_figures_are_counted_by_version_in_the_same_batch() throws IOException {
        bothQueries(counted("\"12\""), success(""));
        String version = "\"version\":\"%s\"".formatted(DIGEST);
        figures(
                success(series(version, "[%d,\"3.4\"]".formatted(END))),
                success(series(version, "[%d,\"10\"]".formatted(END)) + ","
                        + series("\"version\":\"other\"", "[%d,\"5\"]".formatted(END))));
        MetricsSource.Batch batch = source(Map.of()).measure("checkout", List.of(ORDERS), START, START.plusSeconds(15));
        assertThat(batch.samples()).hasSize(1);
        assertThat(batch.counted())
                .extracting(
                        MetricsSource.Counted::version,
                        MetricsSource.Counted::at,
                        MetricsSource.Counted::events,
                        MetricsSource.Counted::of)
                .containsExactlyInAnyOrder(
                        tuple("sha256:" + DIGEST, START, 3.4, 10.0), tuple("other", START, 0.0, 5.0));
        SERVER.verify(4, postRequestedFor(urlEqualTo(QUERY)));
    }

    @Test
    @Tag("M5.6")
    void a_figure_without_any_series_is_not_counted_as_zero() throws IOException {
        bothQueries(counted("\"12\""), success(""));
        figures(success(""), success(series("\"version\":\"v\"", "[%d,\"10\"]".formatted(END))));
        assertThat(source(Map.of())
                        .measure("checkout", List.of(ORDERS), START, START.plusSeconds(15))
                        .counted())
                .isEmpty();
    }

    @Test
    @Tag("M5.6")
    void the_season_is_the_same_hour_of_four_weeks_by_one_range_query_for_each_count() throws IOException {
        Instant hour = Instant.parse("2026-11-24T20:00:00Z");
        long week = 7 * 86_400;
        long end = hour.getEpochSecond() + 3600;
        figures(
                success(series("\"version\":\"a\"", "[%d,\"30\"],[%d,\"20\"]".formatted(end - 3 * week, end - week))),
                success(series(
                        "\"version\":\"a\"",
                        "[%d,\"100\"],[%d,\"50\"],[%d,\"80\"]".formatted(end - 3 * week, end - 2 * week, end - week))));
        assertThat(source(Map.of()).seasons("checkout", List.of(ORDERS), hour))
                .containsExactly(Map.entry(ORDERS, List.of(0.25, 0.3)));
        SERVER.verify(
                1,
                postRequestedFor(urlEqualTo(QUERY))
                        .withFormParam(
                                "query",
                                equalTo("sum by (version) (increase(orders_total{service=\"checkout\"}[3600000ms]))"))
                        .withFormParam("start", equalTo((end - 4 * week) + ".000"))
                        .withFormParam("end", equalTo((end - week) + ".000"))
                        .withFormParam("step", equalTo(week + ".000")));
    }

    @Test
    void two_queries_are_asked_for_an_interval_however_often_it_is_looked_at() throws IOException {
        bothQueries(counted("\"12\""), success(""));
        PrometheusSource source = source(Map.of("bearer-token", "let-me-in"));
        source.requests("checkout", START, START.plusSeconds(15));
        source.requests("checkout", START.minusMillis(400), START.plusSeconds(16));

        SERVER.verify(2, postRequestedFor(urlEqualTo(QUERY)).withHeader("Authorization", equalTo("Bearer let-me-in")));
        SERVER.verify(
                1,
                postRequestedFor(urlEqualTo(QUERY))
                        .withFormParam(
                                "query",
                                equalTo(
                                        "sum by (version, code) (increase(http_requests_total{service=\"checkout\"}[15000ms]))"))
                        .withFormParam("start", equalTo(END + ".000"))
                        .withFormParam("end", equalTo(END + ".000"))
                        .withFormParam("step", equalTo("15.000")));
    }

    private static final String INSTANT = "/prom/api/v1/query";

    private static List<Slo> objectives() {
        String each =
                """
                ---
                apiVersion: openslo/v1
                kind: SLO
                metadata: {name: %s, annotations: {countersign.dev/sli: %s}}
                spec:
                  service: checkout
                  budgetingMethod: Occurrences
                  timeWindow: [{duration: 28d, isRolling: true}]
                  indicator: {metadata: {name: i}, spec: {%s}}
                  objectives: [{target: 0.99%s}]
                """;
        String total = "total: {metricSource: {spec: {query: all_total}}}";
        return OpenSloFiles.read(each.formatted(
                        "availability",
                        "availability",
                        "ratioMetric: {counter: true, good: {metricSource: {spec: {query: good_total}}}, " + total
                                + "}",
                        "")
                + each.formatted(
                        "errors",
                        "errors",
                        "ratioMetric: {counter: true, bad: {metricSource: {spec: {query: bad_total}}}, " + total + "}",
                        "")
                + each.formatted(
                        "latency",
                        "latency",
                        "thresholdMetric: {metricSource: {spec: {query: p95}}}",
                        ", op: lt, value: 0.5"));
    }

    private static List<Tally> tallies(Instant from, Instant to) throws IOException {
        return source(Map.of())
                .objectives(
                        "checkout",
                        objectives().stream().map(slo -> new Ask(slo, from)).toList(),
                        to);
    }

    private static void vector(String value) {
        SERVER.stubFor(post(INSTANT)
                .willReturn(okJson(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[%d,\"%s\"]}]}}"
                                .formatted(START.getEpochSecond(), value))));
    }

    @Test
    @Tag("M1.1")
    void three_objectives_are_one_batch_of_four_queries_each_minute() throws IOException {
        vector("7");
        List<Tally> tallies = tallies(START.minusSeconds(60), START);

        // good, bad, the total that two share, and the percentile
        SERVER.verify(4, postRequestedFor(urlEqualTo(INSTANT)));
        SERVER.verify(0, postRequestedFor(urlEqualTo(QUERY)));
        SERVER.verify(
                1,
                postRequestedFor(urlEqualTo(INSTANT))
                        .withFormParam("query", equalTo("sum by (version) (increase(all_total[60000ms]))"))
                        .withFormParam("time", equalTo(START.getEpochSecond() + ".000")));
        assertThat(tallies).extracting(Tally::until).containsOnly(START);
        assertThat(tallies)
                .extracting(Tally::counts)
                .containsExactly(
                        List.of(new Events(START.minusSeconds(60), 7, 7)),
                        List.of(new Events(START.minusSeconds(60), 0, 7)),
                        List.of(new Events(START.minusSeconds(60), 0, 1)));
    }

    @Test
    @Tag("M1.1")
    void what_is_not_over_or_not_stored_yet_is_not_asked_for() throws IOException {
        vector("7");
        assertThat(tallies(START, START.plusSeconds(59))).allSatisfy(tally -> {
            assertThat(tally.counts()).isEmpty();
            assertThat(tally.until()).isEqualTo(START);
        });
        SERVER.verify(0, postRequestedFor(urlEqualTo(INSTANT)));
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, counts nothing, ",
        "+Inf, counts nothing, 0",
        "-1, counts nothing, 1",
    })
    @Tag("M1.1")
    void a_value_that_is_no_count_counts_nothing_and_is_told_from_a_percentile_of_no_requests(
            String value, String because, Integer quick) throws IOException {
        vector(value);
        List<Tally> tallies = tallies(START.minusSeconds(60), START);
        assertThat(tallies.subList(0, 2)).allSatisfy(tally -> {
            assertThat(tally.counts()).isEmpty();
            assertThat(tally.until()).as("it is asked for again").isNull();
            assertThat(tally.trouble()).contains(because);
        });
        // Of a percentile NaN is no measurement, and an infinite one is slow.
        assertThat(tallies.get(2).counts())
                .isEqualTo(quick == null ? List.of() : List.of(new Events(START.minusSeconds(60), quick, 1)));
    }

    @Test
    @Tag("M1.1")
    void a_partial_answer_counts_nothing() throws IOException {
        SERVER.stubFor(
                post(INSTANT)
                        .willReturn(
                                okJson(
                                        "{\"status\":\"success\",\"warnings\":[\"remote store down\"],\"data\":{\"resultType\":\"vector\",\"result\":[]}}")));
        assertThat(tallies(START.minusSeconds(60), START)).allSatisfy(tally -> {
            assertThat(tally.until()).isNull();
            assertThat(tally.trouble()).contains("not whole").contains("remote store down");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"count\":\"3\",\"sum\":\"1\",\"buckets\":[[0,\"0.1\",\"0.2\",\"2\"]]} | 3.0 with 2.0 in its buckets",
                "{\"count\":\"2\",\"sum\":\"-1\",\"buckets\":[[1,\"-0.2\",\"-0.1\",\"2\"]]} | which times no requests",
                "{\"count\":\"NaN\",\"sum\":\"1\",\"buckets\":[]} | NaN in it",
                "{\"count\":\"x\",\"sum\":\"1\"} | 'x' in it"
            })
    void a_native_histogram_that_times_no_requests_is_none(String histogram, String because) {
        bothQueries(
                counted("\"12\""),
                success("{\"metric\":{\"version\":\"%s\",\"le\":\"\"},\"histograms\":[[%d,%s]]}"
                        .formatted(DIGEST, END, histogram)));
        fails(because);
    }

    @Test
    void an_interval_that_has_not_come_yet_is_asked_for_again() throws IOException {
        answers(success(""));
        PrometheusSource source = source(Map.of());
        assertThat(source.requests("checkout", START, START.plusSeconds(15))).isEmpty();
        bothQueries(counted("\"12\""), success(""));
        assertThat(source.requests("checkout", START, START.plusSeconds(15))).hasSize(1);
    }

    @Test
    void a_token_is_read_from_its_file_each_time(@TempDir Path folder) throws IOException {
        answers(success(""));
        Path file = folder.resolve("token");
        PrometheusSource source = source(Map.of("bearer-token-file", file.toString()));
        assertThatThrownBy(() -> source.requests("checkout", START, START.plusSeconds(15)))
                .isInstanceOf(IOException.class);
        Files.writeString(file, "rotated\n");
        source.requests("checkout", START, START.plusSeconds(15));
        SERVER.verify(2, postRequestedFor(urlEqualTo(QUERY)).withHeader("Authorization", equalTo("Bearer rotated")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NaN|NaN",
                "+Inf|+Inf",
                "-1|-1",
                "twelve|twelve",
            })
    void a_value_that_counts_nothing_is_named(String value, String named) {
        answers(counted("\"" + value + "\""));
        assertThatThrownBy(() -> measure(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("counts nothing");
    }

    @Test
    void a_partial_answer_is_told_from_a_doubted_query() throws IOException {
        String partial = counted("\"12\"").replaceFirst("\\{", "{\"warnings\":[\"remote store down\"],");
        answers(partial);
        assertThatThrownBy(() -> measure(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not whole")
                .hasMessageContaining("remote store down");
        String doubted = success("").replaceFirst("\\{", "{\"infos\":[\"metric might not be a counter\"],");
        answers(doubted);
        assertThatThrownBy(() -> measure(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("doubts");
        assertThat(measure(Map.of("accept-infos", "true"))).isEmpty();
        answers(partial);
        assertThatThrownBy(() -> measure(Map.of("accept-infos", "true"))).hasMessageContaining("not whole");
    }

    @Test
    void an_answer_that_is_an_error_cut_off_late_or_elsewhere_is_none() {
        answers(aResponse()
                .withStatus(503)
                .withBody("{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"starting\"}"));
        fails("503", "unavailable", "starting");
        answers("{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"too many samples\"}");
        fails("execution", "too many samples");
        answers("<html>login</html>");
        fails("no JSON");
        answers(counted("\"12\"").substring(0, 60));
        fails("cut off");
        answers(counted("\"12\"") + "}");
        fails("no JSON");
        answers(aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1:9/"));
        fails("302");
        answers(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
        fails("does not answer");
        answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        fails("does not answer");
        answers(okJson(success("")).withFixedDelay(3000));
        isTooLate("");
        answers(okJson(success("")).withChunkedDribbleDelay(10, 3000));
        isTooLate("within 700 ms");
        answers(success(" ".repeat(5000)));
        fails("larger than 4096 bytes");
        answers("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
        fails("no matrix");
        answers("{\"status\":\"success\"}");
        fails("no matrix");
        answers(counted("\"12\"").replace(String.valueOf(END), String.valueOf(END - 7)));
        fails("was not asked for");
        answers(success("{\"metric\":{\"version\":\"a\",\"code\":\"200\"},\"histograms\":[]}"));
        fails("without labels or values");
        answers(success(series("\"version\":\"a\",\"code\":\"200\"", "")));
        fails("without labels or values");
    }

    @Test
    void a_histogram_that_lacks_its_last_bucket_or_has_no_bounds_is_none() {
        bothQueries(
                counted("\"12\""),
                success(series("\"version\":\"%s\",\"le\":\"0.1\"".formatted(DIGEST), "[%d,\"12\"]".formatted(END))));
        fails("+Inf");
        bothQueries(
                counted("\"12\""),
                success(series("\"version\":\"%s\",\"le\":\"quick\"".formatted(DIGEST), "[%d,\"12\"]".formatted(END))));
        fails("'quick'");
        bothQueries(
                counted("\"12\""),
                success(series("\"version\":\"%s\"".formatted(DIGEST), "[%d,\"12\"]".formatted(END))));
        fails("'le'");
    }

    private static final Query DEPTH = new Query("avg(depth{${version}=~\"a\"})", null);

    private static void values(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(post(QUERY)
                .withFormParam("query", com.github.tomakehurst.wiremock.client.WireMock.containing("depth"))
                .willReturn(answer));
    }

    private static MetricsSource.Batch depth() throws IOException {
        return source(Map.of("max-response", "8MB")).measure("checkout", List.of(DEPTH), START, START.plusSeconds(15));
    }

    @Test
    void a_value_that_is_not_answered_is_told_from_one_that_there_is_none_of() throws IOException {
        bothQueries(counted("\"12\""), success(""));
        values(okJson(success("")));
        assertThat(depth().answered()).containsExactly(DEPTH);
        String point = "[%d,\"1\"]".formatted(END);
        String many = java.util.stream.IntStream.range(0, 21)
                .mapToObj(zone -> series("\"zone\":\"%d\"".formatted(zone), point))
                .collect(java.util.stream.Collectors.joining(","));
        String large = series("\"zone\":\"%s\"".formatted("a".repeat(300_000)), point);
        for (ResponseDefinitionBuilder answer : List.of(
                aResponse().withStatus(422).withBody("{\"status\":\"error\",\"error\":\"no\"}"),
                okJson(success(many)),
                okJson(success(large)),
                aResponse().withFault(Fault.EMPTY_RESPONSE))) {
            values(answer);
            MetricsSource.Batch batch = depth();
            assertThat(batch.answered()).isEmpty();
            assertThat(batch.valued()).isEmpty();
            assertThat(batch.samples()).as("it hides nothing else").hasSize(1);
        }
    }

    @Test
    void what_is_infinite_is_told_and_the_label_of_the_version_tells_nothing_apart() throws IOException {
        bothQueries(counted("\"12\""), success(""));
        values(okJson(success(series("\"version\":\"a\",\"zone\":\"b\"", "[%d,\"+Inf\"]".formatted(END)))));
        assertThat(depth().valued())
                .containsExactly(new MetricsSource.Valued(DEPTH, START, Map.of("zone", "b"), Double.POSITIVE_INFINITY));
    }

    @Test
    void values_are_asked_for_only_after_counts_that_were_answered() {
        bothQueries("{}", success(""));
        values(okJson(success("")));
        assertThatThrownBy(PrometheusAnswersTests::depth).isInstanceOf(IOException.class);
        SERVER.verify(
                0,
                postRequestedFor(urlEqualTo(QUERY))
                        .withFormParam("query", com.github.tomakehurst.wiremock.client.WireMock.containing("depth")));
    }

    private static void isTooLate(String words) {
        assertThatThrownBy(() -> measure(Map.of("timeout", "PT0.7S")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(words);
    }

    private static void fails(String... words) {
        assertThatThrownBy(() -> measure(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url|file:///etc/passwd",
                "url|http://admin:secret@prometheus.example",
                "interval|PT7S",
                "interval|PT2M",
                "version-label|version) or (vector",
                "requests|sum(rate(http_requests_total[$interval]))",
                "requests|sum(increase(http_requests_total{service=~\"$service\"}[$interval]))",
                "requests|sum(increase(http_requests_total{service=\"$service\",job=\"x$service\"}[$interval]))",
                "requests|sum(increase(http_requests_total{service=\"$service\"}[5m]))",
                "latency-unit|minutes",
            })
    void a_configuration_that_could_not_measure_is_refused_at_the_start(String key, String value) {
        assertThatThrownBy(() -> properties(Map.of(key, value))).hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_token_is_not_in_what_is_logged() {
        assertThat(properties(Map.of("bearer-token", "let-me-in")).toString()).doesNotContain("let-me-in");
    }
}
