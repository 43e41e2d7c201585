package dev.countersign.observe.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is provisioned under {@code docker/} is taken by the servers that it is for. */
@Tag("M5.3")
class MonitoringFilesTests {
    private static final Path DOCKER = Path.of("docker");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void installed() {
        assumeTrue(
                RealPrometheus.isInstalled(),
                "prometheus and promtool are not on the path: apt-get install prometheus");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @Test
    void the_rules_are_sound_and_do_what_their_tests_say() throws Exception {
        assertThat(run(
                        "promtool",
                        "check",
                        "rules",
                        DOCKER.resolve("prometheus/rules.yml").toString()))
                .contains("14 rules found");
        assertThat(run(
                        "promtool",
                        "test",
                        "rules",
                        DOCKER.resolve("prometheus/rules-test.yml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void prometheus_accepts_each_query_of_the_dashboards() throws Exception {
        List<String> queries = new ArrayList<>();
        try (Stream<Path> dashboards = Files.list(DOCKER.resolve("grafana/dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                JsonNode read = JSON.readTree(dashboard.toFile());
                assertThat(read.findValuesAsText("uid")).as("%s", dashboard).isNotEmpty();
                queries.addAll(read.findValuesAsText("expr"));
            }
        }
        assertThat(queries).hasSizeGreaterThan(20);

        try (RealPrometheus prometheus = new RealPrometheus(folder)) {
            prometheus.start();
            HttpClient http = HttpClient.newHttpClient();
            for (String query : queries) {
                String asked = query.replace("$service", "checkout").replace("$release", "checkout@1.0.0");
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(prometheus
                                        .url()
                                        .resolve("/api/v1/query?query="
                                                + URLEncoder.encode(asked, StandardCharsets.UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(JSON.readTree(answer.body()).path("status").asText())
                        .as("%s: %s", asked, answer.body())
                        .isEqualTo("success");
            }
        }
    }

    /** Most phases of a version happen once: its series has one value from the beginning, and no change to be seen. The value is when it was, which Grafana takes in milliseconds. */
    @Test
    void marks_of_series_stand_where_they_were_though_their_series_never_changes() throws Exception {
        JsonNode marks = null;
        for (JsonNode each : JSON.readTree(
                        DOCKER.resolve("grafana/dashboards/release.json").toFile())
                .at("/annotations/list")) {
            marks = each.path("expr").isTextual() ? each : marks;
        }
        assertThat(marks.path("useValueForTime").asBoolean()).isTrue();
        Path test = Files.writeString(
                folder.resolve("marks-test.yml"),
                """
                tests:
                  - interval: 15s
                    input_series:
                      - series: 'countersign_deployment_marker{service="checkout", version="2.1.0", phase="start", instance="node-1"}'
                        values: '_ _ 30x20'
                    promql_expr_test:
                      - expr: >-
                          %s
                        eval_time: 1m
                        exp_samples:
                          - labels: '{version="2.1.0", phase="start"}'
                            value: 30000
                """
                        .formatted(marks.path("expr").asText().replace("$service", "checkout")));
        assertThat(run("promtool", "test", "rules", test.toString())).contains("SUCCESS");
    }
}
