package dev.countersign.evidence.ci;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.ci.PipelineDeployments.Deployment;
import dev.countersign.evidence.ci.PipelineDeployments.Job;
import dev.countersign.evidence.ci.PipelineDeployments.Pipeline;
import dev.countersign.evidence.ci.PipelineDeployments.Result;
import dev.countersign.release.DeploymentReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Deployments and pipelines as another tool stored them, with what is concluded of them: read through what reads the hooks and answers of GitHub and GitLab. */
public final class DeploymentSamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeploymentSamples() {}

    /** Whether it is one of these samples. */
    public static boolean covers(Path file) {
        String folder = String.valueOf(file.getParent().getFileName());
        return folder.equals("deployment_generator") || folder.equals("github_graphql_deployments");
    }

    /** @param expected as its manifest says; of an input every row is read */
    public static void check(Path file, JsonNode expected) throws IOException {
        boolean input = expected.asText("").equals("(input)");
        List<Map<String, String>> rows = rows(file);
        assertThat(rows).isNotEmpty();
        switch (String.valueOf(file.getFileName())) {
            case "cicd_pipelines.csv" -> {
                assertThat(input).isTrue();
                assertThat(pipelines(file.getParent()).stream().map(Pipeline::id))
                        .containsExactlyElementsOf(column(rows, "id"));
            }
            case "cicd_tasks.csv" -> {
                assertThat(input).isTrue();
                assertThat(pipelines(file.getParent()).stream()
                                .flatMap(pipeline -> pipeline.jobs().stream())
                                .map(Job::id))
                        .containsExactlyInAnyOrderElementsOf(column(rows, "id"));
            }
            case "cicd_pipeline_commits.csv" -> {
                assertThat(input).isTrue();
                assertThat(pipelines(file.getParent()).stream().map(Pipeline::commit))
                        .containsExactlyInAnyOrderElementsOf(column(rows, "commit_sha"));
            }
            case "project_mapping.csv" -> {
                assertThat(input).isTrue();
                // Every pipeline of the sample is one of a project: none is left out for belonging to nobody.
                assertThat(column(rows, "row_id"))
                        .doesNotContain("")
                        .containsAll(column(rows(file.resolveSibling("cicd_pipelines.csv")), "cicd_scope_id"));
            }
            case "expected_cicd_deployment_commits.csv" -> deploymentsOfPipelines(file, rows, expected);
            case "raw.csv" -> {
                assertThat(input).isTrue();
                assertThat(reports(file)).hasSameSizeAs(rows);
            }
            case "expected.csv" -> deploymentsOfGithub(file, rows, expected);
            default -> throw new AssertionError("Nothing is known of " + file.getFileName());
        }
    }

    private static void deploymentsOfPipelines(Path file, List<Map<String, String>> rows, JsonNode expected)
            throws IOException {
        List<Map<String, String>> found = pipelines(file.getParent()).stream()
                .flatMap(pipeline -> PipelineDeployments.of(pipeline).stream())
                .map(DeploymentSamples::row)
                .toList();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(DeploymentSamples::concluded).toList());
        List<Map<String, String>> manifest = new ArrayList<>();
        for (JsonNode row : expected.path("rows")) {
            Map<String, String> cells = new LinkedHashMap<>();
            row.fields()
                    .forEachRemaining(
                            cell -> cells.put(cell.getKey(), cell.getValue().asText()));
            manifest.add(concluded(cells));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(manifest);
    }

    private static Map<String, String> row(Deployment one) {
        return new TreeMap<>(Map.of(
                "cicd_deployment_id",
                one.pipeline(),
                "commit_sha",
                one.commit(),
                "result",
                one.result().name(),
                "environment",
                one.environment() == null ? "" : one.environment(),
                "started_date",
                one.started() == null ? "" : one.started().toString(),
                "finished_date",
                one.finished() == null ? "" : one.finished().toString()));
    }

    private static Map<String, String> concluded(Map<String, String> row) {
        Map<String, String> cells = new TreeMap<>();
        for (String name : List.of("cicd_deployment_id", "commit_sha", "result", "environment")) {
            cells.put(name, row.get(name));
        }
        for (String name : List.of("started_date", "finished_date")) {
            Instant time = time(row.get(name));
            cells.put(name, time == null ? "" : time.toString());
        }
        return cells;
    }

    private static List<Pipeline> pipelines(Path folder) throws IOException {
        Map<String, String> commits = rows(folder.resolve("cicd_pipeline_commits.csv")).stream()
                .collect(Collectors.toMap(row -> row.get("pipeline_id"), row -> row.get("commit_sha")));
        Map<String, List<Map<String, String>>> tasks = rows(folder.resolve("cicd_tasks.csv")).stream()
                .collect(Collectors.groupingBy(row -> row.get("pipeline_id")));
        return rows(folder.resolve("cicd_pipelines.csv")).stream()
                .map(row -> new Pipeline(
                        row.get("id"),
                        row.get("type").equals("DEPLOYMENT"),
                        empty(row.get("environment")),
                        commits.get(row.get("id")),
                        Result.valueOf(row.get("result")),
                        time(row.get("finished_date")),
                        Duration.ofSeconds(Long.parseLong(row.get("duration_sec"))),
                        tasks.getOrDefault(row.get("id"), List.of()).stream()
                                .map(DeploymentSamples::job)
                                .toList()))
                .toList();
    }

    private static Job job(Map<String, String> row) {
        return new Job(
                row.get("id"),
                row.get("type").equals("DEPLOYMENT"),
                empty(row.get("environment")),
                Result.valueOf(row.get("result")),
                time(row.get("started_date")),
                time(row.get("finished_date")));
    }

    private static void deploymentsOfGithub(Path file, List<Map<String, String>> rows, JsonNode expected)
            throws IOException {
        Map<String, DeploymentReport> byNode = reports(file.resolveSibling("raw.csv"));
        assertThat(byNode).hasSize(expected.path("raw_records").asInt());
        assertThat(rows).hasSize(expected.path("expected_rows").asInt());
        for (Map<String, String> row : rows) {
            DeploymentReport report =
                    byNode.get(row.get("id").substring(row.get("id").lastIndexOf(':') + 1));
            assertThat(report.commit()).isEqualTo(row.get("name"));
            assertThat(report.state().name()).isEqualTo(row.get("result"));
            assertThat(report.state().isEnd()).isEqualTo(row.get("status").equals("DONE"));
            assertThat(report.environment()).isEqualTo(row.get("environment"));
            // What it calls the start is when it was asked for.
            assertThat(report.createdAt())
                    .isEqualTo(time(row.get("created_date")))
                    .isEqualTo(time(row.get("started_date")));
            assertThat(report.finishedAt()).isEqualTo(time(row.get("finished_date")));
            assertThat(report.duration()).hasSeconds(Long.parseLong(row.get("duration_sec")));
            assertThat(report.address()).isEqualTo(row.get("url"));
        }
        Map<String, Long> counted = byNode.values().stream()
                .collect(Collectors.groupingBy(
                        report -> "('%s', '%s', '%s')"
                                .formatted(
                                        report.state(),
                                        report.state().isEnd() ? "DONE" : "IN_PROGRESS",
                                        report.environment()),
                        Collectors.counting()));
        Map<String, Long> stated = new TreeMap<>();
        expected.path("expected")
                .fields()
                .forEachRemaining(one -> stated.put(one.getKey(), one.getValue().asLong()));
        assertThat(counted).isEqualTo(stated);
    }

    /** By the id of the node. */
    private static Map<String, DeploymentReport> reports(Path raw) throws IOException {
        Map<String, DeploymentReport> reports = new LinkedHashMap<>();
        for (Map<String, String> row : rows(raw)) {
            JsonNode node = asTheApiWrites(JSON.readTree(row.get("data")));
            reports.put(
                    node.path("id").asText(),
                    GithubDeployments.node("facebook/OpenBIC", node).orElseThrow());
        }
        return reports;
    }

    /** Another tool stored it with capital letters. */
    private static JsonNode asTheApiWrites(JsonNode node) {
        if (node.isArray()) {
            ArrayNode all = JSON.createArrayNode();
            node.forEach(one -> all.add(asTheApiWrites(one)));
            return all;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode small = JSON.createObjectNode();
        node.fields()
                .forEachRemaining(field -> small.set(
                        field.getKey().substring(0, 1).toLowerCase(java.util.Locale.ROOT)
                                + field.getKey().substring(1),
                        asTheApiWrites(field.getValue())));
        return small;
    }

    private static List<String> column(List<Map<String, String>> rows, String name) {
        return rows.stream()
                .map((Function<Map<String, String>, String>) row -> row.get(name))
                .toList();
    }

    private static String empty(String cell) {
        return cell.isEmpty() ? null : cell;
    }

    private static Instant time(String cell) {
        return cell.isEmpty() ? null : OffsetDateTime.parse(cell).toInstant();
    }

    /** RFC 4180, with quotes; every row has as many cells as the first one. */
    private static List<Map<String, String>> rows(Path file) throws IOException {
        List<List<String>> all = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        String text = Files.readString(file);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    all.add(row);
                    row = new ArrayList<>();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        if (cell.length() > 0 || !row.isEmpty()) {
            row.add(cell.toString());
            all.add(row);
        }
        List<String> names = all.get(0);
        return all.stream()
                .skip(1)
                .filter(cells -> cells.size() > 1 || !cells.get(0).isEmpty())
                .map(cells -> {
                    assertThat(cells).as("%s", file.getFileName()).hasSameSizeAs(names);
                    Map<String, String> named = new LinkedHashMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        named.put(names.get(i), cells.get(i));
                    }
                    return named;
                })
                .toList();
    }
}
