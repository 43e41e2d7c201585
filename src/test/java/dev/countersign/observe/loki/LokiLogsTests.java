package dev.countersign.observe.loki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.CorrelationsOfTest;
import dev.countersign.observe.LogSource.Lines;
import dev.countersign.observe.TracingOfTest;
import dev.countersign.observe.TracingOfTest.Answer;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.Question;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.observe.correlation.Signal.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against answers in the form of Loki's range queries, which does not install here. */
@Tag("M5.2")
class LokiLogsTests {
    private static final Catalog CATALOG =
            CorrelationsOfTest.catalog(Map.of("shop", List.of("checkout"), "checkout", List.of()));

    private static final Instant BEGAN = Instant.parse("2026-03-02T10:00:00Z");
    private TracingOfTest loki;

    @BeforeEach
    void start() {
        loki = new TracingOfTest(asked -> Answer.ok(matrix()));
    }

    @AfterEach
    void stop() {
        loki.close();
    }

    private LokiLogs source(String... more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource();
        configured.put("countersign.observe.loki.url", loki.url().toString());
        for (int i = 0; i < more.length; i += 2) {
            configured.put("countersign.observe.loki." + more[i], more[i + 1]);
        }
        return new LokiLogs(
                new Binder(configured)
                        .bind("countersign.observe.loki", LokiProperties.class)
                        .get(),
                CATALOG);
    }

    private static String matrix(String... series) {
        return "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [%s], \"stats\": {}}}"
                .formatted(String.join(",", series));
    }

    /** @param counts by the minute after the beginning at which the counted time ends */
    private static String series(String service, String version, String level, Map<Integer, Integer> counts) {
        List<String> values = new ArrayList<>();
        new java.util.TreeMap<>(counts)
                .forEach((minute, count) -> values.add(
                        "[%d, \"%d\"]".formatted(BEGAN.plusSeconds(minute * 60L).getEpochSecond(), count)));
        return "{\"metric\": {\"service_name\": \"%s\"%s%s}, \"values\": [%s]}"
                .formatted(
                        service,
                        version.isEmpty() ? "" : ", \"service_version\": \"" + version + "\"",
                        level.isEmpty() ? "" : ", \"detected_level\": \"" + level + "\"",
                        String.join(",", values));
    }

    private List<Lines> counted(String... more) throws IOException {
        return source(more).lines(List.of("shop", "checkout"), BEGAN.minusSeconds(90), BEGAN.plusSeconds(150));
    }

    @Test
    void lines_and_errors_are_counted_by_service_version_and_whole_minute_in_one_query() throws IOException {
        loki.answers(asked -> Answer.ok(matrix(
                series("checkout", "registry.example/checkout@sha256:bb", "info", Map.of(0, 20, 1, 18)),
                series("checkout", "registry.example/checkout@sha256:bb", "error", Map.of(1, 2)),
                series("checkout", "sha256:cc", "fatal", Map.of(2, 3)),
                series("shop", "", "warn", Map.of(1, 4)))));

        assertThat(counted())
                .extracting(Lines::service, Lines::version, Lines::at, Lines::all, Lines::errors)
                .containsExactly(
                        tuple("checkout", "sha256:bb", BEGAN.minusSeconds(60), 20L, 0L),
                        tuple("checkout", "sha256:bb", BEGAN, 20L, 2L),
                        tuple("shop", "", BEGAN, 4L, 0L),
                        tuple("checkout", "sha256:cc", BEGAN.plusSeconds(60), 3L, 3L));
        assertThat(loki.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.path()).isEqualTo("/loki/api/v1/query_range");
            assertThat(asked.query())
                    .containsEntry(
                            "query",
                            "sum by (service_name, service_version, detected_level) "
                                    + "(count_over_time({service_name=~\"checkout|shop\"}  [60s]))")
                    .containsEntry("step", "60")
                    .containsEntry("start", BEGAN.getEpochSecond() + "000000000")
                    .containsEntry("end", BEGAN.plusSeconds(121).getEpochSecond() + "000000000");
        });
    }

    @Test
    void lines_that_say_their_level_in_their_text_are_read_by_a_pipeline() throws IOException {
        counted("pipeline", "| json", "level-label", "level", "version-label", "version", "interval", "PT15S");
        assertThat(loki.asked().get(0).query().get("query"))
                .isEqualTo("sum by (service_name, version, level) "
                        + "(count_over_time({service_name=~\"checkout|shop\"} | json [15s]))");
        source().lines(List.of("a.b\"}"), BEGAN, BEGAN.plusSeconds(60));
        assertThat(loki.asked().get(1).query().get("query"))
                .contains("{service_name=~\"a\\\\x{2e}b\\\\x{22}\\\\x{7d}\"}");
    }

    @Test
    void a_service_that_logs_nothing_or_no_level_is_absent_and_not_without_errors() throws IOException {
        assertThat(counted()).isEmpty();
        assertThat(loki.asked()).hasSize(1);
        loki.answers(asked -> Answer.ok(matrix(
                series("shop", "", "unknown", Map.of(1, 9)), series("checkout", "1.0.0", "info", Map.of(1, 5)))));
        assertThat(counted()).extracting(Lines::service).containsExactly("checkout");
        assertThat(source().lines(List.of(), BEGAN, BEGAN.plusSeconds(600))).isEmpty();
        assertThat(source().lines(List.of("shop"), BEGAN, BEGAN.plusSeconds(59)))
                .isEmpty();
    }

    @Test
    void a_label_that_no_line_has_is_an_error_and_not_no_errors() {
        loki.answers(asked -> Answer.ok(matrix(series("checkout", "1.0.0", "", Map.of(1, 5)))));
        assertThatThrownBy(this::counted)
                .isInstanceOf(IOException.class)
                .hasMessage("Loki knows the level of no line: is 'detected_level' its label?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 maximum of series (500) reached for a single query",
                "429 too many outstanding requests",
                "504 ",
                "302 moved",
                "200 <html>",
                "200 {\"status\": \"success\", \"data\": {\"resultType\": \"streams\", \"result\": []}}",
                "200 {\"status\": \"error\", \"data\": {\"resultType\": \"matrix\", \"result\": []}}",
                "200 {\"status\": \"success\", \"warnings\": [\"maximum of series reached\"], \"data\": {\"resultType\": \"matrix\", \"result\": []}}",
                "200 {\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"metric\": {}, \"values\": [[1772445600, \"NaN\"]]}]}}",
                "200 {\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"metric\": {}, \"values\": [[1, \"5\"]]}]}}"
            })
    void no_whole_answer_is_never_no_errors(String answer) {
        loki.answers(asked -> new Answer(Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));
        assertThatThrownBy(this::counted).isInstanceOf(IOException.class).hasMessageContaining("Loki");
        assertThat(loki.asked()).as("no redirect is followed").hasSize(1);
    }

    @Test
    void a_candidate_that_logs_errors_is_named_where_nothing_else_shows_them() throws Exception {
        Map<Integer, Integer> always = new java.util.TreeMap<>();
        Map<Integer, Integer> since = new java.util.TreeMap<>();
        for (int minute = -39; minute <= 10; minute++) {
            always.put(minute, 20);
            if (minute > 0) {
                since.put(minute, 3);
            }
        }
        loki.answers(asked -> Answer.ok(matrix(
                series("checkout", "sha256:bb", "info", always),
                series("checkout", "sha256:cc", "info", since),
                series("checkout", "sha256:cc", "error", since))));

        Finding finding = CorrelationsOfTest.of(CATALOG, source())
                .of(new Question(
                        "checkout",
                        Set.of("sha256:cc", "2.0.0"),
                        List.of(new Step(BEGAN, 0.2)),
                        BEGAN.plusSeconds(600)));

        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Finding.Outcome.ROOT);
        assertThat(finding.kind()).isEqualTo(Kind.LOG_ERRORS);
        assertThat(finding.sentence()).contains("errors in the log in checkout come to 50 % of the lines");
    }

    @Test
    void its_tenant_and_who_asks_are_told() throws IOException {
        counted("authorization", "Bearer of-a-test", "tenant", "shops");
        assertThat(loki.asked().get(0).headers())
                .containsEntry("Authorization", "Bearer of-a-test")
                .containsEntry("X-Scope-OrgID", "shops");
        assertThatThrownBy(() -> counted("authorization", "Bearer of-a\ntest"))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("of-a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"url=file:///x", "interval=PT7S", "level-label=a-b", "pipeline=json", "error-levels="})
    void what_cannot_be_meant_is_refused_at_the_start(String setting) {
        String[] parts = setting.split("=", 2);
        assertThatThrownBy(() -> source(parts[0], parts[1]))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("countersign.observe.loki.");
    }
}
