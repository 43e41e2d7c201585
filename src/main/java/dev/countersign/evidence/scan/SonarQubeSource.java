package dev.countersign.evidence.scan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * SonarQube (Web API): the analysis of the release's commit, its quality gate, and its issues. Issues are only told as they are after a branch's latest analysis, so that of an older one there is nothing to bring:
 * those of another commit would be something else.
 */
@Component
@ConditionalOnProperty("countersign.evidence.sonarqube.url")
class SonarQubeSource implements EvidenceSource {
    /** As the server writes it: 2026-11-20T09:00:00+0000. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ", Locale.ROOT);

    private static final int ANALYSES = 100;
    private static final int PAGE = 500;
    /** The server lists no more of one search. */
    private static final int MOST_ISSUES = 10_000;

    private final SonarQubeProperties properties;
    private final SystemApi api;

    SonarQubeSource(SonarQubeProperties properties, Clock clock) {
        this.properties = properties;
        Secret token = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of("Accept", "application/json", "Authorization", authorization(properties, token.read())),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock);
    }

    private static String authorization(SonarQubeProperties properties, String token) {
        return properties.basic()
                ? "Basic " + Base64.getEncoder().encodeToString((token + ":").getBytes(StandardCharsets.UTF_8))
                : "Bearer " + token;
    }

    @Override
    public String name() {
        return "sonarqube";
    }

    @Override
    public Set<String> types(Asked asked) {
        return Set.of(SonarQubeDocument.TYPE);
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String commit = asked.release().commit();
        String project = properties
                .projects()
                .getOrDefault(asked.release().service(), asked.release().service());
        Optional<List<JsonNode>> analyses = analyses(project);
        if (analyses.isEmpty()) {
            return Answer.nothing("it knows no project %s%s".formatted(project, ofBranch()));
        }
        JsonNode latest = latest(analyses.get());
        if (latest == null || !isOf(latest, commit)) {
            return Answer.nothing(
                    analyses.get().stream().anyMatch(one -> isOf(one, commit))
                            ? "a later commit was analysed since: the issues of commit %s cannot be told any more"
                                    .formatted(commit)
                            : "none of the last %d analyses of %s%s is of commit %s"
                                    .formatted(ANALYSES, project, ofBranch(), commit));
        }
        String key = latest.path("key").asText("");
        requireWorkedOff(project, key);
        JsonNode gate = api.json("/api/qualitygates/project_status?analysisId=" + BaseAddress.segment(key))
                .path("projectStatus");
        if (!gate.path("status").isTextual()) {
            throw new SourceUnavailable("its answer has no projectStatus");
        }
        SonarQubeDocument document = new SonarQubeDocument(project, properties, latest, gate);
        issues(project, document);
        JsonNode after = latest(analyses(project).orElse(List.of()));
        if (after == null || !after.path("key").asText("").equals(key)) {
            throw new SourceUnavailable("%s was analysed anew while it was asked".formatted(project));
        }
        return Answer.of(List.of(Fetched.report(
                SonarQubeDocument.TYPE,
                project,
                document.bytes(),
                About.commit(latest.path("revision").asText()))));
    }

    /** An analysis is listed, with its quality gate, before its issues are found by a search: until all of it is done, none would be found, or those of the one before. */
    private void requireWorkedOff(String project, String analysis) throws SourceUnavailable, InterruptedException {
        JsonNode work = api.json("/api/ce/component?component=" + BaseAddress.segment(project));
        if (!work.path("queue").isArray()) {
            throw new SourceUnavailable("its answer does not say what is being analysed");
        }
        for (JsonNode task : work.path("queue")) {
            if (task.path("status").asText("").equals("IN_PROGRESS") && mayBeOfTheBranch(task)) {
                throw new SourceUnavailable("an analysis of %s is not done yet".formatted(project));
            }
        }
        JsonNode last = work.path("current");
        String status = last.path("status").asText("");
        if (last.path("analysisId").asText("").equals(analysis) && !status.equals("SUCCESS")) {
            throw new SourceUnavailable("the analysis of %s ended as %s".formatted(project, status));
        }
    }

    /** The main branch's name is not known to whoever asks for none. */
    private boolean mayBeOfTheBranch(JsonNode task) {
        String branch = task.path("branch").asText(properties.branch());
        return !task.hasNonNull("pullRequest") && (properties.branch() == null || branch.equals(properties.branch()));
    }

    private String ofBranch() {
        return properties.branch() == null ? "" : " on branch " + properties.branch();
    }

    /** Only what the answer itself says of its commit counts. */
    private static boolean isOf(JsonNode analysis, String commit) {
        return analysis.path("revision").asText("").equalsIgnoreCase(commit);
    }

    private String branch() {
        return properties.branch() == null ? "" : "&branch=" + BaseAddress.segment(properties.branch());
    }

    private Optional<List<JsonNode>> analyses(String project) throws SourceUnavailable, InterruptedException {
        Optional<SystemApi.Page> page = api.page("/api/project_analyses/search?project=%s%s&ps=%d"
                .formatted(BaseAddress.segment(project), branch(), ANALYSES));
        if (page.isEmpty()) {
            return Optional.empty();
        }
        JsonNode list = page.get().body().path("analyses");
        if (!list.isArray()) {
            throw new SourceUnavailable("its answer has no analyses");
        }
        List<JsonNode> all = new ArrayList<>();
        list.forEach(all::add);
        return Optional.of(all);
    }

    private static JsonNode latest(List<JsonNode> analyses) throws SourceUnavailable {
        JsonNode latest = null;
        for (JsonNode one : analyses) {
            if (latest == null || time(one).isAfter(time(latest))) {
                latest = one;
            }
        }
        return latest;
    }

    private static OffsetDateTime time(JsonNode analysis) throws SourceUnavailable {
        try {
            return OffsetDateTime.parse(analysis.path("date").asText(""), TIME);
        } catch (DateTimeException unreadable) {
            throw new SourceUnavailable("it states a time that cannot be read", unreadable);
        }
    }

    private void issues(String project, SonarQubeDocument document) throws SourceUnavailable, InterruptedException {
        Set<String> seen = new HashSet<>();
        for (int page = 1; page * PAGE <= MOST_ISSUES; page++) {
            // Servers until 10.1 know the first name only, later ones both.
            JsonNode answer = api.json(
                    "/api/issues/search?componentKeys=%1$s&components=%1$s%2$s&types=%3$s&statuses=OPEN,CONFIRMED,REOPENED,RESOLVED&s=SEVERITY&asc=false&ps=%4$d&p=%5$d"
                            .formatted(
                                    BaseAddress.segment(project),
                                    branch(),
                                    String.join(",", properties.types()),
                                    PAGE,
                                    page));
            JsonNode issues = answer.path("issues");
            JsonNode total = answer.path("paging").path("total");
            if (!issues.isArray() || !total.isIntegralNumber()) {
                throw new SourceUnavailable("its answer has no issues, or does not say how many there are");
            }
            for (JsonNode issue : issues) {
                if (!issue.path("project").asText("").equals(project)) {
                    throw new SourceUnavailable("it answered with issues of another project than was asked for");
                }
                if (seen.add(issue.path("key").asText(""))) {
                    document.add(issue);
                }
            }
            document.total(total.asLong());
            if ((long) page * PAGE >= total.asLong()) {
                return;
            }
        }
    }
}
