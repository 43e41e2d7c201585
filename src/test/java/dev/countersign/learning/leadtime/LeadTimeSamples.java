package dev.countersign.learning.leadtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.learning.leadtime.Change.Commit;
import dev.countersign.learning.leadtime.Change.Remark;
import dev.countersign.learning.leadtime.LeadTime.Measured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tables of another tool: its changes and deployments, and what it computes of them. */
public final class LeadTimeSamples {
    private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern("yyyy-M-d H:mm:ss");

    private LeadTimeSamples() {}

    /** @param expected the rows that the table of results must have; for a table that only goes in, all of it must be read */
    public static void check(Path file, JsonNode expected) {
        Tables tables = new Tables(file.getParent());
        if (expected.isTextual()) {
            assertThat(expected.asText()).isEqualTo("(input)");
            tables.assertIsRead(file.getFileName().toString());
            return;
        }
        Map<String, Map<String, String>> computed = tables.compute();
        assertThat(expected.path("rows")).isNotEmpty();
        assertThat(computed.keySet())
                .containsExactlyInAnyOrderElementsOf(expected.path("rows").findValuesAsText("id"));
        for (JsonNode row : expected.path("rows")) {
            Map<String, String> ours = computed.get(row.path("id").asText());
            for (Map.Entry<String, JsonNode> cell : row.properties()) {
                assertThat(ours)
                        .as(row.path("id").asText())
                        .containsEntry(
                                cell.getKey(),
                                same(cell.getKey(), cell.getValue().asText()));
            }
        }
        // The table itself says more than its manifest: which commit and which remark were the first.
        List<Map<String, String>> table = rows(file);
        assertThat(table).hasSize(computed.size());
        for (Map<String, String> row : table) {
            row.forEach((column, value) -> assertThat(computed.get(row.get("id")))
                    .as(row.get("id"))
                    .containsEntry(column, same(column, value)));
        }
    }

    private static String same(String column, String value) {
        return column.endsWith("_date") && !value.isEmpty() ? time(value).toString() : value;
    }

    private static final class Tables {
        private final Path folder;
        private final List<Map<String, String>> pulls;
        private final List<Map<String, String>> deployments;
        private final List<Map<String, String>> diffs;
        private final List<Map<String, String>> mapping;
        private final List<Change> changes;

        Tables(Path folder) {
            this.folder = folder;
            this.pulls = rows(folder.resolve("pull_requests.csv"));
            this.deployments = rows(folder.resolve("cicd_deployment_commits.csv"));
            this.diffs = rows(folder.resolve("commits_diffs.csv"));
            this.mapping = rows(folder.resolve("project_mapping.csv"));
            Map<String, List<Map<String, String>>> commits = by("pull_request_commits.csv");
            Map<String, List<Map<String, String>>> comments = by("pull_request_comments.csv");
            this.changes = pulls.stream()
                    .map(pull -> change(
                            pull,
                            commits.getOrDefault(pull.get("id"), List.of()),
                            comments.getOrDefault(pull.get("id"), List.of())))
                    .toList();
        }

        private Map<String, List<Map<String, String>>> by(String file) {
            return rows(folder.resolve(file)).stream()
                    .collect(Collectors.groupingBy(row -> row.get("pull_request_id")));
        }

        private static Change change(
                Map<String, String> pull, List<Map<String, String>> commits, List<Map<String, String>> comments) {
            return new Change(
                    pull.get("id"),
                    pull.get("id"),
                    pull.get("base_repo_id"),
                    given(pull.get("author_id")),
                    time(pull.get("created_date")),
                    time(pull.get("merged_date")),
                    pull.get("merge_commit_sha"),
                    null,
                    commits.stream()
                            .map(row -> new Commit(row.get("commit_sha"), time(row.get("commit_authored_date"))))
                            .toList(),
                    comments.stream()
                            .map(row -> new Remark(
                                    row.get("id"), given(row.get("account_id")), time(row.get("created_date"))))
                            .toList());
        }

        private static Deployment deployment(Map<String, String> row) {
            return new Deployment(
                    row.get("id"),
                    row.get("cicd_scope_id"),
                    row.get("repo_url"),
                    row.get("environment"),
                    row.get("environment").equals("PRODUCTION"),
                    row.get("result").equals("SUCCESS"),
                    row.get("commit_sha"),
                    time(row.get("finished_date")));
        }

        private Set<String> of(String project, String table) {
            return mapping.stream()
                    .filter(row -> row.get("project_name").equals(project)
                            && row.get("table").equals(table))
                    .map(row -> row.get("row_id"))
                    .collect(Collectors.toSet());
        }

        private Set<String> between(String earlier, String later) {
            return diffs.stream()
                    .filter(row -> row.get("old_commit_sha").equals(earlier)
                            && row.get("new_commit_sha").equals(later))
                    .map(row -> row.get("commit_sha"))
                    .collect(Collectors.toSet());
        }

        Map<String, Map<String, String>> compute() {
            Map<String, Map<String, String>> computed = new TreeMap<>();
            mapping.stream().map(row -> row.get("project_name")).distinct().forEach(project -> {
                Deployments all = new Deployments(
                        deployments.stream()
                                .map(Tables::deployment)
                                .filter(one -> of(project, "cicd_scopes").contains(one.scope()))
                                .toList(),
                        this::between);
                List<Change> own = changes.stream()
                        .filter(one -> of(project, "repos").contains(one.repository()))
                        .toList();
                LeadTime.of(own, all).forEach(one -> computed.put(one.change().id(), row(project, one)));
            });
            return computed;
        }

        private static Map<String, String> row(String project, Measured one) {
            Parts parts = one.parts();
            Change change = one.change();
            Map<String, String> row = new LinkedHashMap<>();
            row.put("id", change.id());
            row.put("project_name", project);
            row.put("first_commit_sha", change.firstCommit().map(Commit::sha).orElse(""));
            row.put("pr_coding_time", minutes(parts.coding()));
            row.put("first_review_id", change.firstReview().map(Remark::id).orElse(""));
            row.put("pr_pickup_time", minutes(parts.pickup()));
            row.put("pr_review_time", minutes(parts.review()));
            row.put(
                    "deployment_commit_id",
                    one.deployment() == null ? "" : one.deployment().id());
            row.put("pr_deploy_time", minutes(parts.deploy()));
            row.put("pr_cycle_time", minutes(parts.cycle()));
            row.put("first_commit_authored_date", text(one.moments().firstCommit()));
            row.put("first_comment_date", text(one.moments().reviewed()));
            row.put("pr_created_date", text(one.moments().created()));
            row.put("pr_merged_date", text(one.moments().merged()));
            row.put("pr_deployed_date", text(one.moments().deployed()));
            return row;
        }

        /** Every row of the table is in what the computation is given. */
        void assertIsRead(String file) {
            List<Map<String, String>> rows = rows(folder.resolve(file));
            assertThat(rows).isNotEmpty();
            switch (file) {
                case "pull_requests.csv" ->
                    assertThat(changes).extracting(Change::id).isEqualTo(column(rows, "id"));
                case "pull_request_commits.csv" ->
                    assertThat(changes)
                            .flatExtracting(Change::commits)
                            .extracting(Commit::sha)
                            .containsExactlyInAnyOrderElementsOf(column(rows, "commit_sha"));
                case "pull_request_comments.csv" ->
                    assertThat(changes)
                            .flatExtracting(Change::remarks)
                            .extracting(Remark::id)
                            .containsExactlyInAnyOrderElementsOf(column(rows, "id"));
                case "cicd_deployment_commits.csv" -> assertEachFollowsTheOneThatTheTableNames(rows);
                case "commits_diffs.csv" ->
                    assertThat(rows)
                            .allSatisfy(row -> assertThat(between(row.get("old_commit_sha"), row.get("new_commit_sha")))
                                    .contains(row.get("commit_sha")));
                case "project_mapping.csv" ->
                    assertThat(rows).allSatisfy(row -> assertThat(of(row.get("project_name"), row.get("table")))
                            .contains(row.get("row_id")));
                default -> throw new AssertionError("a table that nothing reads: " + file);
            }
        }

        private static void assertEachFollowsTheOneThatTheTableNames(List<Map<String, String>> rows) {
            List<Deployment> read = rows.stream().map(Tables::deployment).toList();
            Deployments all = new Deployments(read, (earlier, later) -> Set.of());
            for (int index = 0; index < read.size(); index++) {
                if (read.get(index).isSuccess()) {
                    assertThat(all.previous(read.get(index)).map(Deployment::id).orElse(""))
                            .as(read.get(index).id())
                            .isEqualTo(rows.get(index).get("prev_success_deployment_commit_id"));
                }
            }
        }
    }

    private static List<String> column(List<Map<String, String>> rows, String name) {
        return rows.stream().map(row -> row.get(name)).toList();
    }

    private static String minutes(Duration part) {
        Long minutes = Parts.minutes(part);
        return minutes == null ? "" : minutes.toString();
    }

    private static String text(Instant time) {
        return time == null ? "" : time.toString();
    }

    private static String given(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Instant time(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return text.contains("T")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text, PLAIN).toInstant(ZoneOffset.UTC);
    }

    /** None of these tables quotes anything. */
    static List<Map<String, String>> rows(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            List<String> columns = Arrays.asList(lines.get(0).split(",", -1));
            List<Map<String, String>> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                assertThat(line).doesNotContain("\"");
                String[] cells = line.split(",", -1);
                assertThat(cells).as(line).hasSize(columns.size());
                Map<String, String> row = new LinkedHashMap<>();
                for (int index = 0; index < cells.length; index++) {
                    row.put(columns.get(index), cells[index]);
                }
                rows.add(row);
            }
            return rows;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
