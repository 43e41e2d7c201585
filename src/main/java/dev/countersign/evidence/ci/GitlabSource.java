package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** GitLab CI: the latest pipeline for the release's commit, its test report by the API, SARIF files out of the archives of its jobs (REST API v4). */
@Component
@ConditionalOnProperty("countersign.evidence.gitlab.url")
class GitlabSource implements EvidenceSource {
    static final String NAME = "gitlab";
    private static final int MOST_PAGES = 10;
    private static final Set<String> ENDED = Set.of("success", "failed", "canceled", "skipped");

    private final GitlabProperties properties;
    private final Projects projects;
    private final SystemApi api;

    GitlabSource(GitlabProperties properties, Projects projects, Clock clock) {
        this.properties = properties;
        this.projects = projects;
        Secret token = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of("Accept", "application/json", "PRIVATE-TOKEN", token.read()),
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
        return projects.of(asked, Projects.GITLAB).isPresent() ? Set.of("junit", "sarif") : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String slug = projects.of(asked, Projects.GITLAB).orElseThrow();
        String commit = asked.release().commit();
        String project = "/api/v4/projects/" + BaseAddress.segment(slug);
        JsonNode pipelines =
                api.json(project + "/pipelines?order_by=id&sort=desc&per_page=20&sha=" + BaseAddress.segment(commit));
        JsonNode latest = null;
        for (JsonNode pipeline : pipelines) {
            // Only what the answer itself says of its commit counts.
            if (pipeline.path("sha").asText("").equalsIgnoreCase(commit)
                    && (latest == null
                            || pipeline.path("id").asLong() > latest.path("id").asLong())) {
                latest = pipeline;
            }
        }
        if (latest == null) {
            return Answer.nothing("it knows no pipeline for commit " + commit);
        }
        long id = latest.path("id").asLong();
        String status = latest.path("status").asText("");
        if (!ENDED.contains(status)) {
            return Answer.nothing("pipeline %d has not ended yet (%s)".formatted(id, status));
        }
        Reports reports = new Reports("pipeline", latest.path("sha").asText());
        tests(api.json("%s/pipelines/%d/test_report".formatted(project, id)), reports.tests());
        analyses(project, id, reports);
        List<Fetched> documents =
                reports.all(status.equals("success") ? null : "pipeline %d ended with %s".formatted(id, status));
        return documents.isEmpty() ? Answer.nothing("pipeline %d left no report".formatted(id)) : Answer.of(documents);
    }

    private static void tests(JsonNode answer, JunitReport report) throws SourceUnavailable {
        if (!answer.path("test_suites").isArray()) {
            throw new SourceUnavailable("its answer has no test suites");
        }
        try {
            for (JsonNode suite : answer.path("test_suites")) {
                report.beginSuite(suite.path("name").asText("suite"));
                for (JsonNode one : suite.path("test_cases")) {
                    report.testCase(
                            one.path("classname").asText(""),
                            one.path("name").asText("unnamed"),
                            outcome(one.path("status").asText("")),
                            one.path("system_output").isTextual()
                                    ? one.path("system_output").asText()
                                    : "");
                }
                // A report that could not be read has a count of errors, or words, and no cases.
                if (suite.path("suite_error").isTextual()) {
                    report.testCase(
                            "suite",
                            "the report itself",
                            "error",
                            suite.path("suite_error").asText());
                }
                report.endSuite();
            }
        } catch (XMLStreamException impossible) {
            throw new SourceUnavailable("no report can be written", impossible);
        }
    }

    private static String outcome(String status) {
        return switch (status) {
            case "success" -> "passed";
            case "skipped" -> "skipped";
            case "failed" -> "failure";
            default -> "error";
        };
    }

    private void analyses(String project, long pipeline, Reports reports)
            throws SourceUnavailable, InterruptedException {
        String page = "1";
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            Optional<SystemApi.Page> answer =
                    api.page("%s/pipelines/%d/jobs?per_page=100&page=%s".formatted(project, pipeline, page));
            if (answer.isEmpty() || !answer.get().body().isArray()) {
                throw new SourceUnavailable("its answer has no jobs");
            }
            for (JsonNode job : answer.get().body()) {
                // Names of reports say enough: not every job's archive is fetched.
                if (job.path("artifacts_file").path("size").asLong(0) > 0 && mayHoldAnalysis(job)) {
                    Optional<byte[]> zip = api.file("%s/jobs/%d/artifacts"
                            .formatted(project, job.path("id").asLong()));
                    if (zip.isPresent()) {
                        reports.add(
                                job.path("name").asText("job"),
                                Archive.files(
                                        zip.get(),
                                        Reports::isAnalysis,
                                        properties.maxArchive().toBytes()));
                    }
                }
            }
            Optional<String> next = answer.get().header("x-next-page").filter(text -> text.matches("\\d{1,6}"));
            if (next.isEmpty()) {
                return;
            }
            page = next.get();
        }
        throw new SourceUnavailable("its list of jobs is too long");
    }

    private static boolean mayHoldAnalysis(JsonNode job) {
        return job.path("name").asText("").toLowerCase(Locale.ROOT).matches(".*(sast|sarif|scan|analysis|security).*");
    }
}
