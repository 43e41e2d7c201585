package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Jenkins: the latest build of a job whose checkout was the release's commit, its test report and its archived SARIF files, by the remote access API. */
@Component
@ConditionalOnProperty("countersign.evidence.jenkins.url")
class JenkinsSource implements EvidenceSource {
    static final String NAME = "jenkins";
    private static final String TESTS = "/testReport/api/json?tree="
            + segment("suites[%1$s],childReports[child[url],result[suites[%1$s]]]"
                    .formatted("name,cases[className,name,status,errorDetails]"));

    private final JenkinsProperties properties;
    private final Projects projects;
    private final SystemApi api;

    JenkinsSource(JenkinsProperties properties, Projects projects, Clock clock) {
        this.properties = properties;
        this.projects = projects;
        Secret token = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of(
                        "Accept",
                        "application/json",
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((properties.user() + ":" + token.read())
                                                .getBytes(StandardCharsets.UTF_8))),
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
        return projects.of(asked, Projects.JENKINS).isPresent() ? Set.of("junit", "sarif") : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String commit = asked.release().commit();
        String job = "/job/"
                + Arrays.stream(projects.of(asked, Projects.JENKINS)
                                .orElseThrow()
                                .split("/"))
                        .map(BaseAddress::segment)
                        .collect(Collectors.joining("/job/"));
        String tree = "builds[number,result,building,actions[lastBuiltRevision[SHA1]],artifacts[relativePath]]{0,%d}"
                .formatted(properties.builds());
        JsonNode builds = api.json(job + "/api/json?tree=" + segment(tree)).path("builds");
        if (!builds.isArray()) {
            throw new SourceUnavailable("its answer has no builds");
        }
        JsonNode latest = null;
        for (JsonNode build : builds) {
            if (isOf(build, commit)
                    && (latest == null
                            || build.path("number").asLong()
                                    > latest.path("number").asLong())) {
                latest = build;
            }
        }
        if (latest == null) {
            return Answer.nothing("none of its last %d builds is of commit %s".formatted(properties.builds(), commit));
        }
        long number = latest.path("number").asLong();
        if (latest.path("building").asBoolean(true) || !latest.path("result").isTextual()) {
            return Answer.nothing("build %d has not ended yet".formatted(number));
        }
        Reports reports = new Reports("build", commit);
        String build = job + "/" + number;
        Optional<SystemApi.Page> tests = api.page(build + TESTS);
        if (tests.isPresent()) {
            add(tests.get().body(), reports.tests());
        }
        analyses(build, latest.path("artifacts"), reports);
        String result = latest.path("result").asText();
        List<Fetched> documents =
                reports.all(result.equals("SUCCESS") ? null : "build %d ended with %s".formatted(number, result));
        return documents.isEmpty() ? Answer.nothing("build %d left no report".formatted(number)) : Answer.of(documents);
    }

    /** A build may check out several repositories, a shared library for one: it is of the commit where one of them was at it. */
    private static boolean isOf(JsonNode build, String commit) {
        for (JsonNode action : build.path("actions")) {
            if (action.path("lastBuiltRevision").path("SHA1").asText("").equalsIgnoreCase(commit)) {
                return true;
            }
        }
        return false;
    }

    private static void add(JsonNode answer, JunitReport report) throws SourceUnavailable {
        if (answer.path("suites").isArray()) {
            addSuites(answer, report);
        } else if (answer.path("childReports").isArray()) {
            // A job that builds Maven modules has a report of each of them.
            for (JsonNode child : answer.path("childReports")) {
                if (!child.path("result").path("suites").isArray()) {
                    throw new SourceUnavailable("its test report has a module without suites");
                }
                addSuites(child.path("result"), report);
            }
        } else {
            throw new SourceUnavailable("its test report has no suites");
        }
    }

    private static void addSuites(JsonNode answer, JunitReport report) throws SourceUnavailable {
        try {
            for (JsonNode suite : answer.path("suites")) {
                report.beginSuite(suite.path("name").asText("suite"));
                for (JsonNode one : suite.path("cases")) {
                    report.testCase(
                            one.path("className").asText(""),
                            one.path("name").asText("unnamed"),
                            outcome(one.path("status").asText("")),
                            one.path("errorDetails").isTextual()
                                    ? one.path("errorDetails").asText()
                                    : "");
                }
                report.endSuite();
            }
        } catch (XMLStreamException impossible) {
            throw new SourceUnavailable("no report can be written", impossible);
        }
    }

    private static String outcome(String status) {
        return switch (status) {
            case "PASSED", "FIXED" -> "passed";
            case "SKIPPED" -> "skipped";
            case "FAILED", "REGRESSION" -> "failure";
            default -> "error";
        };
    }

    private void analyses(String build, JsonNode artifacts, Reports reports)
            throws SourceUnavailable, InterruptedException {
        for (JsonNode artifact : artifacts) {
            String path = artifact.path("relativePath").asText("");
            if (Reports.isAnalysis(path)) {
                String encoded = Arrays.stream(path.split("/"))
                        .map(JenkinsSource::segment)
                        .collect(Collectors.joining("/"));
                Optional<byte[]> file = api.file(build + "/artifact/" + encoded);
                if (file.isPresent()) {
                    reports.add(path, file.get());
                }
            }
        }
    }

    private static String segment(String raw) {
        return BaseAddress.segment(raw);
    }
}
