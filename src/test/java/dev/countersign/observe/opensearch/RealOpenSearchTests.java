package dev.countersign.observe.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.CorrelationsOfTest;
import dev.countersign.observe.LogSource.Lines;
import dev.countersign.observe.ServerOfTest;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.Question;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.observe.correlation.Signal.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against the server itself, which comes from the Maven repository and runs on a class path of its own. */
@Tag("M5.2")
@Tag("alone")
class RealOpenSearchTests {
    private static final Instant BEGAN = Instant.parse("2026-03-02T10:00:00Z");
    private static final Catalog CATALOG = CorrelationsOfTest.catalog(
            Map.of("shop", List.of("checkout"), "checkout", List.of("payments"), "payments", List.of()));

    private static ServerOfTest openSearch;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        openSearch = ServerOfTest.openSearch(folder);
        send(
                "PUT",
                "/logs-2026",
                """
                {"settings": {"number_of_shards": 1, "number_of_replicas": 0},
                 "mappings": {"properties": {"@timestamp": {"type": "date"}, "service": {"properties": {
                   "name": {"type": "keyword"}, "version": {"type": "keyword"}}},
                   "log": {"properties": {"level": {"type": "keyword"}}}, "message": {"type": "text"}}}}""");
        StringBuilder bulk = new StringBuilder();
        for (int minute = -40; minute < 10; minute++) {
            // Ten lines a minute of each; the candidate fails from its first minute on, its caller from the fifth.
            lines(bulk, "shop", "1.0.0", minute, 20, minute >= 5 ? 8 : 0);
            lines(bulk, "checkout", "registry.example/checkout@sha256:bb", minute, 20, minute % 10 == 0 ? 1 : 0);
            if (minute >= 0) {
                lines(bulk, "checkout", "sha256:cc", minute, 5, 3);
            }
        }
        for (int version = 0; version < 21; version++) {
            lines(bulk, "payments", "1.0." + version, 0, 1, 0);
        }
        send("POST", "/_bulk?refresh=true", bulk.toString());
    }

    @AfterAll
    static void stop() throws IOException {
        if (openSearch != null) {
            openSearch.close();
        }
    }

    private static void send(String method, String path, String body) throws IOException {
        var answer = openSearch.send(
                method, path, body, path.startsWith("/_bulk") ? "application/x-ndjson" : "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("\"errors\":true");
    }

    private static void lines(StringBuilder bulk, String service, String version, int minute, int all, int errors) {
        for (int line = 0; line < all; line++) {
            bulk.append("{\"index\": {\"_index\": \"logs-2026\"}}\n")
                    .append(
                            """
                            {"@timestamp": "%s", "service": {"name": "%s", "version": "%s"}, "log": {"level": "%s"}, "message": "said"}
                            """
                                    .formatted(
                                            BEGAN.plusSeconds(minute * 60L + line),
                                            service,
                                            version,
                                            line < errors ? "ERROR" : "INFO"));
        }
    }

    private static OpenSearchLogs source(String... more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource();
        configured.put("countersign.observe.opensearch.url", openSearch.url().toString());
        for (int i = 0; i < more.length; i += 2) {
            configured.put("countersign.observe.opensearch." + more[i], more[i + 1]);
        }
        return new OpenSearchLogs(
                new Binder(configured)
                        .bind("countersign.observe.opensearch", OpenSearchProperties.class)
                        .get(),
                CATALOG,
                new ObjectMapper());
    }

    private static List<Lines> counted(OpenSearchLogs source, String service, int from, int until) throws IOException {
        return source.lines(List.of(service), BEGAN.plusSeconds(from), BEGAN.plusSeconds(until));
    }

    @Test
    void lines_and_errors_are_counted_by_service_version_and_whole_minute() throws IOException {
        assertThat(counted(source(), "checkout", -90, 90))
                .extracting(Lines::at, Lines::version, Lines::all, Lines::errors)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(BEGAN.minusSeconds(60), "sha256:bb", 20L, 0L),
                        org.assertj.core.groups.Tuple.tuple(BEGAN, "sha256:bb", 20L, 1L),
                        org.assertj.core.groups.Tuple.tuple(BEGAN, "sha256:cc", 5L, 3L));
    }

    @Test
    void a_service_that_logs_nothing_is_absent_and_not_without_errors() throws IOException {
        assertThat(counted(source(), "mailer", -600, 600)).isEmpty();
        assertThat(source().lines(List.of(), BEGAN, BEGAN.plusSeconds(600))).isEmpty();
    }

    @Test
    void a_pattern_without_index_and_a_field_that_cannot_be_counted_are_errors() {
        assertThatThrownBy(() -> counted(source("index", "log-*"), "checkout", 0, 120))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("OpenSearch answered 404");
        assertThatThrownBy(() -> counted(source("version-field", "message"), "checkout", 0, 120))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("OpenSearch answered 400");
    }

    @Test
    void counts_that_were_left_out_make_the_answer_none() {
        assertThatThrownBy(() -> counted(source(), "payments", 0, 60))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there are more than 20");
    }

    @Test
    void a_candidate_that_logs_errors_is_named_and_its_caller_found_with_its_onset() throws Exception {
        Finding finding = CorrelationsOfTest.of(CATALOG, source())
                .of(new Question(
                        "checkout",
                        Set.of("sha256:cc", "2.0.0"),
                        List.of(new Step(BEGAN, 0.2)),
                        BEGAN.plusSeconds(600)));

        // Versions of payments were left out, so that its logs are none: neither are the others'.
        assertThat(finding.outcome()).isEqualTo(Finding.Outcome.UNDETERMINED);
        assertThat(finding.gaps()).anyMatch(gap -> gap.startsWith("There are no logs: "));

        Catalog without = CorrelationsOfTest.catalog(Map.of("shop", List.of("checkout"), "checkout", List.of()));
        Finding named = CorrelationsOfTest.of(without, source())
                .of(new Question(
                        "checkout",
                        Set.of("sha256:cc", "2.0.0"),
                        List.of(new Step(BEGAN, 0.2)),
                        BEGAN.plusSeconds(600)));
        assertThat(named.outcome()).as(named.sentence()).isEqualTo(Finding.Outcome.ROOT);
        assertThat(named.kind()).isEqualTo(Kind.LOG_ERRORS);
        assertThat(named.sentence()).contains("errors in the log in checkout come to 60 % of the lines");
        assertThat(named.gaps())
                .containsExactly(
                        "No source has traces of checkout",
                        "The calls between services are those that the catalog declares");
        assertThat(named.anomalies())
                .filteredOn(anomaly -> anomaly.service().equals("shop"))
                .singleElement()
                .satisfies(anomaly -> {
                    assertThat(anomaly.onset().at()).isEqualTo(BEGAN.plusSeconds(300));
                    assertThat(anomaly.path()).containsExactly("shop", "checkout");
                });
    }
}
