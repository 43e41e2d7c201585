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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Bitbucket Cloud: the build statuses of the release's commit (REST API 2.0), whoever built it. They say how a build ended and hold no report of it: one that did not
 * end well is an error, one that did passes nothing.
 */
@Component
@ConditionalOnProperty("countersign.evidence.bitbucket.url")
class BitbucketSource implements EvidenceSource {
    static final String NAME = "bitbucket";
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 10;

    private final Projects projects;
    private final SystemApi api;

    BitbucketSource(BitbucketProperties properties, Projects projects, Clock clock) {
        this.projects = projects;
        Secret token = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of("Accept", "application/json", "Authorization", "Bearer " + token.read()),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> types(Asked asked) {
        return projects.of(asked, Projects.BITBUCKET)
                        .filter(slug -> slug.matches("[^/]+/[^/]+"))
                        .isPresent()
                ? Set.of("junit")
                : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String slug = projects.of(asked, Projects.BITBUCKET).orElseThrow();
        String commit = asked.release().commit();
        List<JsonNode> statuses = statuses("/repositories/%s/%s/commit/%s/statuses"
                        .formatted(
                                BaseAddress.segment(slug.substring(0, slug.indexOf('/'))),
                                BaseAddress.segment(slug.substring(slug.indexOf('/') + 1)),
                                BaseAddress.segment(commit)))
                .stream()
                .filter(status -> isOf(status, commit))
                .toList();
        List<Fetched> documents = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (JsonNode status : statuses) {
            String build = build(status, statuses);
            String state = status.path("state").asText("");
            if (state.equals("INPROGRESS")) {
                missing.add("%s has not ended yet".formatted(build));
                continue;
            }
            boolean good = state.equals("SUCCESSFUL");
            if (good) {
                missing.add("%s ended with %s, which is no report of its tests".formatted(build, state));
            }
            documents.add(Reports.ofRun(
                    build,
                    About.commit(commit),
                    good,
                    "the build ended with " + (state.isEmpty() ? "no state" : state)));
        }
        if (documents.isEmpty() && missing.isEmpty()) {
            missing.add("it knows no build status for commit " + commit);
        }
        return new Answer(documents, missing.isEmpty() ? null : String.join("; ", missing));
    }

    /** Only what the answer itself says of its commit counts. */
    private static boolean isOf(JsonNode status, String commit) {
        String whole = commit.toLowerCase(Locale.ROOT);
        return status.path("commit").path("hash").asText("").equalsIgnoreCase(commit)
                || status.path("links")
                        .path("commit")
                        .path("href")
                        .asText("")
                        .toLowerCase(Locale.ROOT)
                        .endsWith("/commit/" + whole);
    }

    /** What stays the same when it is built again: the key, by its name where no other one is called the same. */
    private static String build(JsonNode status, List<JsonNode> all) {
        String key = status.path("key").asText("build");
        String name = status.path("name").asText("");
        boolean shared = all.stream()
                        .filter(other -> other.path("name").asText("").equals(name))
                        .count()
                > 1;
        // Pipelines counts its builds in their names: the key alone stays.
        return name.isEmpty() || shared || name.matches(".*#\\d+.*") ? key : name;
    }

    private List<JsonNode> statuses(String path) throws SourceUnavailable, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonNode answer = api.json("%s?pagelen=%d&page=%d".formatted(path, PAGE, page));
            if (!answer.path("values").isArray()) {
                throw new SourceUnavailable("its answer has no values");
            }
            answer.path("values").forEach(all::add);
            // The next page is counted, not followed: an address in an answer leads anywhere.
            if (!answer.path("next").isTextual()) {
                return all;
            }
        }
        throw new SourceUnavailable("its list of statuses is longer than %d".formatted(MOST_PAGES * PAGE));
    }
}
