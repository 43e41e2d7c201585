package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** GitHub Actions: the latest run of each workflow for the release's commit, and the artifacts that it left (REST API 2022-11-28). */
@Component
@ConditionalOnProperty("countersign.evidence.github.url")
class GithubSource implements EvidenceSource {
    static final String NAME = "github";
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 10;

    private final GithubProperties properties;
    private final Projects projects;
    private final SystemApi api;

    GithubSource(GithubProperties properties, Projects projects, Clock clock) {
        this.properties = properties;
        this.projects = projects;
        Secret token = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of(
                        "Accept",
                        "application/vnd.github+json",
                        "X-GitHub-Api-Version",
                        "2022-11-28",
                        "Authorization",
                        "Bearer " + token.read()),
                properties.timeout(),
                properties.maxArchive().toBytes(),
                clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> types(Asked asked) {
        return projects.of(asked, Projects.GITHUB)
                        .filter(slug -> slug.matches("[^/]+/[^/]+"))
                        .isPresent()
                ? Set.of("junit", "sarif")
                : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String slug = projects.of(asked, Projects.GITHUB).orElseThrow();
        String commit = asked.release().commit();
        String repository = "/repos/" + BaseAddress.segment(slug.substring(0, slug.indexOf('/'))) + "/"
                + BaseAddress.segment(slug.substring(slug.indexOf('/') + 1));
        List<Fetched> documents = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Map<Long, JsonNode> latest = new LinkedHashMap<>();
        for (JsonNode run :
                pages(repository + "/actions/runs?head_sha=" + BaseAddress.segment(commit), "workflow_runs")) {
            // Only what the answer itself says of its commit counts.
            if (run.path("head_sha").asText("").equalsIgnoreCase(commit)) {
                latest.merge(
                        run.path("workflow_id").asLong(),
                        run,
                        (one, other) -> number(one) >= number(other) ? one : other);
            }
        }
        for (JsonNode run : latest.values()) {
            String workflow = workflow(run, latest.values());
            if (run.path("status").asText("").equals("completed")) {
                documents.addAll(reports(repository, run, workflow, missing));
            } else {
                missing.add("%s has not ended yet".formatted(workflow));
            }
        }
        if (documents.isEmpty() && missing.isEmpty()) {
            missing.add(
                    latest.isEmpty()
                            ? "it knows no run for commit " + commit
                            : "no run for commit %s left a report".formatted(commit));
        }
        return new Answer(documents, missing.isEmpty() ? null : String.join("; ", missing));
    }

    private static long number(JsonNode run) {
        return run.path("run_number").asLong();
    }

    /** Its name, and its number where another one is called the same. */
    private static String workflow(JsonNode run, Collection<JsonNode> all) {
        String id = run.path("workflow_id").asText();
        String name = run.path("name").asText("workflow " + id);
        boolean shared = all.stream()
                        .filter(other -> other.path("name").asText("").equals(name))
                        .count()
                > 1;
        return shared ? name + " " + id : name;
    }

    private List<Fetched> reports(String repository, JsonNode run, String workflow, List<String> missing)
            throws SourceUnavailable, InterruptedException {
        Reports reports = new Reports(workflow, run.path("head_sha").asText());
        String id = String.valueOf(run.path("id").asLong());
        for (JsonNode artifact : pages(repository + "/actions/runs/" + id + "/artifacts", "artifacts")) {
            String name = artifact.path("name").asText("");
            if (!properties.artifacts().matcher(name).matches()) {
                continue;
            }
            if (artifact.path("expired").asBoolean(false)) {
                missing.add("the artifact %s of %s has expired".formatted(name, workflow));
                continue;
            }
            if (artifact.path("size_in_bytes").asLong()
                    > properties.maxArchive().toBytes()) {
                throw new SourceUnavailable("the artifact %s is larger than %d bytes"
                        .formatted(name, properties.maxArchive().toBytes()));
            }
            Optional<byte[]> zip = api.file("%s/actions/artifacts/%d/zip"
                    .formatted(repository, artifact.path("id").asLong()));
            if (zip.isPresent()) {
                reports.add(
                        name,
                        Archive.files(
                                zip.get(),
                                Reports::isReport,
                                properties.maxArchive().toBytes()));
            } else {
                missing.add("the artifact %s of %s is gone".formatted(name, workflow));
            }
        }
        String conclusion = run.path("conclusion").asText("");
        return reports.all(
                conclusion.equals("success") || conclusion.equals("skipped") || conclusion.equals("neutral")
                        ? null
                        : "run %d ended with %s".formatted(number(run), conclusion));
    }

    private List<JsonNode> pages(String path, String list) throws SourceUnavailable, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonNode answer =
                    api.json("%s%sper_page=%d&page=%d".formatted(path, path.contains("?") ? "&" : "?", PAGE, page));
            JsonNode items = answer.path(list);
            if (!items.isArray()) {
                throw new SourceUnavailable("its answer has no " + list);
            }
            items.forEach(all::add);
            if (items.size() < PAGE || all.size() >= answer.path("total_count").asInt(Integer.MAX_VALUE)) {
                return all;
            }
        }
        throw new SourceUnavailable("its list of %s is longer than %d".formatted(list, MOST_PAGES * PAGE));
    }
}
