package dev.countersign.evidence.ci;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.countersign.evidence.AskedReleases;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.release.Releases;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Answers in the formats that the vendors document, over a real connection. */
@Tag("M1.5")
@Tag("M8.6")
class BuildServerTests {
    private static final String OTHER = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
    private static final String RUNS = "/repos/acme/checkout/actions/runs";
    private static final byte[] GOOD =
            "<testsuite name='CartTest' tests='1'><testcase classname='CartTest' name='adds &amp; pays'/></testsuite>"
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] BAD =
            "<?xml version='1.0'?><testsuites><testsuite name='PayTest'><testcase name='pays'><failure message='1 is not 2'/></testcase></testsuite></testsuites>"
                    .getBytes(StandardCharsets.UTF_8);
    private final VendorServer server = new VendorServer();
    private final Projects projects = new Projects(
            AskedReleases.catalog(Map.of(
                    Projects.GITHUB, "acme/checkout",
                    Projects.GITLAB, "acme/shop/checkout",
                    Projects.JENKINS, "shop/checkout",
                    Projects.BITBUCKET, "acme/checkout")),
            mock(Releases.class));

    @AfterEach
    void close() {
        server.close();
    }

    private EvidenceSource github() {
        return new GithubSource(
                new GithubProperties(
                        server.url(),
                        "token-of-github",
                        null,
                        null,
                        null,
                        Pattern.compile("(?i).*(test|sarif).*"),
                        Duration.ofSeconds(5),
                        DataSize.ofKilobytes(200)),
                projects,
                Clock.systemUTC());
    }

    private EvidenceSource gitlab() {
        return new GitlabSource(
                new GitlabProperties(
                        server.url(), "token", null, null, null, Duration.ofSeconds(5), DataSize.ofMegabytes(1)),
                projects,
                Clock.systemUTC());
    }

    private EvidenceSource jenkins() {
        return new JenkinsSource(
                new JenkinsProperties(
                        server.url(),
                        "countersign",
                        "token",
                        null,
                        null,
                        null,
                        100,
                        Duration.ofSeconds(5),
                        DataSize.ofMegabytes(1)),
                projects,
                Clock.systemUTC());
    }

    private static Answer ask(EvidenceSource source) throws Exception {
        return source.fetch(asked(null), Duration.ofSeconds(5));
    }

    private static String text(Fetched document) throws Exception {
        try (var in = document.body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void run(String runs) {
        server.json(RUNS, "{\"total_count\":1,\"workflow_runs\":[" + runs + "]}");
    }

    private static String run(long id, long number, String sha, String status, String conclusion) {
        return "{\"id\":%d,\"name\":\"build\",\"workflow_id\":7,\"run_number\":%d,\"head_sha\":\"%s\",\"status\":\"%s\",\"conclusion\":%s}"
                .formatted(id, number, sha, status, conclusion == null ? "null" : "\"" + conclusion + "\"");
    }

    private void artifacts(long run, String artifacts) {
        server.json(RUNS + "/" + run + "/artifacts", "{\"total_count\":9,\"artifacts\":[" + artifacts + "]}");
    }

    private static String artifact(long id, String name) {
        return "{\"id\":%d,\"name\":\"%s\",\"size_in_bytes\":100,\"expired\":false}".formatted(id, name);
    }

    private void archive(long artifact, Map<String, byte[]> files) {
        server.reply(
                "/repos/acme/checkout/actions/artifacts/" + artifact + "/zip",
                302,
                Map.of("Location", server.url() + "/blob/" + artifact + "?sig=1"),
                new byte[0]);
        server.reply("/blob/" + artifact, 200, Map.of(), VendorServer.zip(files));
    }

    @Test
    void test_reports_of_a_run_on_github_become_one_and_sarif_stays_as_it_is() throws Exception {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "test-results") + "," + artifact(2, "sarif") + "," + artifact(3, "jar"));
        archive(
                1,
                Map.of(
                        "a/TEST-Cart.xml",
                        GOOD,
                        "a/TEST-Pay.xml",
                        BAD,
                        "a/coverage.xml",
                        "<coverage/>".getBytes(StandardCharsets.UTF_8)));
        archive(2, Map.of("codeql.sarif", "{\"version\":\"2.1.0\",\"runs\":[]}".getBytes(StandardCharsets.UTF_8)));
        Answer answer = ask(github());
        assertThat(answer.missing()).isNull();
        assertThat(answer.documents())
                .extracting(Fetched::type, Fetched::part)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("junit", "build"),
                        org.assertj.core.groups.Tuple.tuple("sarif", "build / sarif/codeql.sarif"));
        assertThat(answer.documents()).allMatch(one -> one.about().value().equals(COMMIT));
        String report = text(answer.documents().get(1));
        assertThat(report).contains("adds &amp; pays", "1 is not 2").doesNotContain("coverage");
        assertThat(text(ask(github()).documents().get(1)))
                .as("the same bytes each time")
                .isEqualTo(report);
        assertThat(server.calls)
                .as("credentials go to the API, and not where it leads to")
                .filteredOn(call -> call.startsWith("/blob/"))
                .allMatch(call -> call.endsWith(" null"));
        assertThat(server.calls)
                .filteredOn(call -> call.startsWith("/repos/"))
                .allMatch(call -> call.endsWith(" Bearer token-of-github"));
        assertThat(server.calls).noneMatch(call -> call.contains("artifacts/3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nunit.xml | <test-run result='Failed'><test-suite name='Cart'><test-case name='adds' result='Passed'/><test-case name='pays' result='Failed'/></test-suite></test-run>",
                "vm1_10_00_00.trx | <TestRun><Results><UnitTestResult testName='adds' outcome='Passed'/><UnitTestResult testName='pays' outcome='Failed'/></Results></TestRun>",
            })
    void a_report_of_another_dialect_becomes_part_of_the_run_s_one_report(String name, String report) throws Exception {
        run(run(11, 5, COMMIT, "completed", "failure"));
        artifacts(11, artifact(1, "test-results"));
        archive(
                1,
                Map.of(
                        "TEST-Cart.xml",
                        GOOD,
                        name,
                        report.getBytes(StandardCharsets.UTF_8),
                        "empty.trx",
                        "<TestRun><ResultSummary><Counters total='0'/></ResultSummary></TestRun>"
                                .getBytes(StandardCharsets.UTF_8),
                        "assembly.xml",
                        "<assembly xmlns='http://maven.apache.org/ASSEMBLY/2.0.0'><id>dist</id></assembly>"
                                .getBytes(StandardCharsets.UTF_8),
                        "jacoco.xml",
                        "<!DOCTYPE report PUBLIC '-//JACOCO//DTD' 'report.dtd'><report/>"
                                .getBytes(StandardCharsets.UTF_8)));
        List<Fetched> documents = ask(github()).documents();
        assertThat(documents)
                .extracting(Fetched::type, Fetched::part)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("junit", "build"));
        assertThat(text(documents.get(0)))
                .contains("adds &amp; pays", "name=\"passed #1\"", "name=\"pays\"", "<failure")
                .as("the report says why the run is red")
                .doesNotContain("the run itself", "empty.trx", "assembly.xml");
    }

    @Test
    void what_testng_leaves_beside_junit_is_counted_once_and_alone_it_counts() throws Exception {
        byte[] results =
                "<testng-results><suite name='s'><test name='t'><class name='c'><test-method name='broken' status='FAIL'/></class></test></suite></testng-results>"
                        .getBytes(StandardCharsets.UTF_8);
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "test-results"));
        archive(1, Map.of("a/TEST-Cart.xml", GOOD, "a/testng-results.xml", results));
        assertThat(text(ask(github()).documents().get(0))).doesNotContain("broken");
        archive(1, Map.of("a/TEST-Cart.xml", GOOD, "b/testng-results.xml", results));
        assertThat(text(ask(github()).documents().get(0))).contains("broken", "<failure");
    }

    @Test
    void a_red_run_whose_tests_all_passed_is_an_error_of_its_own() throws Exception {
        run(run(11, 5, COMMIT, "completed", "cancelled"));
        artifacts(11, artifact(1, "test-results"));
        archive(1, Map.of("TEST-Cart.xml", GOOD));
        assertThat(text(ask(github()).documents().get(0)))
                .contains("<error", "run 5 ended with cancelled, and no test in its reports says why");
    }

    @Test
    void files_of_one_name_in_two_artifacts_hide_nothing_of_each_other() throws Exception {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "sarif-backend") + "," + artifact(2, "sarif-frontend"));
        archive(1, Map.of("results.sarif", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
        archive(2, Map.of("results.sarif", "{\"b\":2}".getBytes(StandardCharsets.UTF_8)));
        assertThat(ask(github()).documents())
                .extracting(Fetched::part)
                .containsExactlyInAnyOrder(
                        "build / sarif-backend/results.sarif", "build / sarif-frontend/results.sarif");
    }

    @Test
    void an_artifact_that_has_expired_is_missing() throws Exception {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "test-results") + "," + artifact(2, "sarif").replace("false", "true"));
        archive(1, Map.of("TEST-Cart.xml", GOOD));
        assertThat(ask(github()).missing()).isEqualTo("the artifact sarif of build has expired");
    }

    @Test
    void a_red_run_without_a_report_is_an_error_of_its_own() throws Exception {
        run(run(11, 5, COMMIT, "completed", "failure"));
        artifacts(11, "");
        Answer answer = ask(github());
        assertThat(answer.documents()).hasSize(1);
        assertThat(text(answer.documents().get(0)))
                .contains("<error", "run 5 ended with failure, and left no test report");
    }

    @Test
    void a_green_run_without_a_report_shows_nothing() throws Exception {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, "");
        assertThat(ask(github())).isEqualTo(Answer.nothing("no run for commit " + COMMIT + " left a report"));
    }

    @Test
    void of_several_runs_of_a_workflow_the_last_one_counts_and_is_waited_for() throws Exception {
        run(run(11, 5, COMMIT, "completed", "success") + "," + run(12, 6, COMMIT, "in_progress", null));
        Answer answer = ask(github());
        assertThat(answer.documents()).isEmpty();
        assertThat(answer.missing()).isEqualTo("build has not ended yet");
    }

    @Test
    void a_run_that_says_itself_that_it_is_of_another_commit_is_none_of_ours() throws Exception {
        run(run(11, 5, OTHER, "completed", "success"));
        assertThat(ask(github())).isEqualTo(Answer.nothing("it knows no run for commit " + COMMIT));
    }

    @Test
    void all_pages_of_artifacts_are_read() throws Exception {
        run(run(11, 5, COMMIT, "completed", "success"));
        StringBuilder first = new StringBuilder(artifact(100, "other"));
        for (int id = 101; id < 200; id++) {
            first.append(',').append(artifact(id, "other"));
        }
        String list = RUNS + "/11/artifacts?per_page=100&page=";
        server.json(list + 1, "{\"total_count\":101,\"artifacts\":[" + first + "]}");
        server.json(list + 2, "{\"total_count\":101,\"artifacts\":[" + artifact(1, "tests") + "]}");
        archive(1, Map.of("TEST.xml", GOOD));
        assertThat(ask(github()).documents()).hasSize(1);
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({
        "429, Retry-After: 120, it has been asked too often (429) and wants 120 s of rest",
        "403, x-ratelimit-remaining: 0, it has been asked too often (403)",
        "403, X-Other: 1, it refuses our credentials (403)",
        "401, X-Other: 1, it refuses our credentials (401)",
        "503, X-Other: 1, it answered 503 to /repos/acme/checkout/actions/runs",
        "302, Location: http://127.0.0.1/, 'it answered with a redirect (302), which is not followed'",
        "404, X-Other: 1, it answered 404 to /repos/acme/checkout/actions/runs",
    })
    void what_is_no_answer_is_named(int status, String header, String reason) {
        server.reply(
                RUNS,
                status,
                Map.of(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2)),
                "{}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ask(github()))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessage(reason);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"no JSON", "{\"total_count\":1}", "[", "'[1] 2'"})
    void an_answer_that_cannot_be_understood_is_none(String body) {
        server.json(RUNS, body);
        assertThatThrownBy(() -> ask(github())).isInstanceOf(SourceUnavailable.class);
    }

    @Test
    void a_bomb_is_not_unpacked() {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "tests"));
        archive(1, Map.of("TEST.xml", new byte[4_000_000]));
        assertThatThrownBy(() -> ask(github()))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessage("its archive unpacks to more than 204800 bytes");
    }

    @Test
    void half_a_report_is_no_report() {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "tests"));
        archive(1, Map.of("TEST.xml", "<testsuite><testcase name='a'/>".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> ask(github()))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessage("its file tests/TEST.xml is broken XML");
    }

    @Test
    void an_archive_that_lies_in_our_own_network_is_not_fetched() {
        run(run(11, 5, COMMIT, "completed", "success"));
        artifacts(11, artifact(1, "tests"));
        server.reply(
                "/repos/acme/checkout/actions/artifacts/1/zip",
                302,
                Map.of("Location", "https://169.254.169.254/latest/meta-data"),
                new byte[0]);
        assertThatThrownBy(() -> ask(github()))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageStartingWith("it leads to an address that is not followed");
    }

    @Test
    void the_test_report_of_a_pipeline_on_gitlab_becomes_junit() throws Exception {
        String project = "/api/v4/projects/acme%2Fshop%2Fcheckout";
        server.json(
                project + "/pipelines",
                "[{\"id\":40,\"sha\":\"%s\",\"status\":\"success\"},{\"id\":41,\"sha\":\"%s\",\"status\":\"failed\"}]"
                        .formatted(COMMIT, COMMIT));
        server.json(
                project + "/pipelines/41/test_report",
                """
                {"total_count":3,"test_suites":[{"name":"unit","test_cases":[
                  {"status":"success","name":"adds","classname":"Cart"},
                  {"status":"skipped","name":"later","classname":"Cart"},
                  {"status":"failed","name":"pays","classname":"Pay","system_output":"1 is not 2"}]}]}""");
        server.json(
                project + "/pipelines/41/jobs",
                "[{\"id\":9,\"name\":\"sast\",\"artifacts_file\":{\"filename\":\"artifacts.zip\",\"size\":10}},{\"id\":8,\"name\":\"unit\",\"artifacts_file\":{\"filename\":\"a.zip\",\"size\":10}}]");
        server.reply(
                project + "/jobs/9/artifacts",
                200,
                Map.of(),
                VendorServer.zip(Map.of("out/semgrep.sarif", "{}".getBytes(StandardCharsets.UTF_8))));
        Answer answer = ask(gitlab());
        assertThat(answer.documents()).extracting(Fetched::type).containsExactly("sarif", "junit");
        assertThat(text(answer.documents().get(1)))
                .contains("<testsuite name=\"unit\">", "<skipped", "<failure message=\"1 is not 2\"")
                .doesNotContain("the run itself");
    }

    @Test
    void a_pipeline_on_gitlab_that_runs_is_waited_for() throws Exception {
        server.json(
                "/api/v4/projects/acme%2Fshop%2Fcheckout/pipelines",
                "[{\"id\":41,\"sha\":\"" + COMMIT + "\",\"status\":\"running\"}]");
        assertThat(ask(gitlab())).isEqualTo(Answer.nothing("pipeline 41 has not ended yet (running)"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"SUCCESS, false", "UNSTABLE, false", "FAILURE, true"})
    void a_build_of_jenkins_is_found_by_the_commit_that_it_checked_out(String result, boolean redWithoutReport)
            throws Exception {
        server.json(
                "/job/shop/job/checkout/api/json",
                """
                {"builds":[{"number":18,"result":null,"building":true,"actions":[{"lastBuiltRevision":{"SHA1":"%s"}}]},
                  {"number":17,"result":"%s","building":false,"actions":[{},{"lastBuiltRevision":{"SHA1":"%s"}}],
                   "artifacts":[{"relativePath":"target/spotbugs scan.sarif"},{"relativePath":"target/app.jar"}]}]}"""
                        .formatted(OTHER, result, COMMIT));
        server.reply(
                "/job/shop/job/checkout/17/artifact/target/spotbugs%20scan.sarif",
                200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
        if (!redWithoutReport) {
            server.json(
                    "/job/shop/job/checkout/17/testReport/api/json",
                    """
                    {"suites":[{"name":"unit","cases":[{"className":"Cart","name":"adds","status":"PASSED","errorDetails":null},
                      {"className":"Pay","name":"pays","status":"REGRESSION","errorDetails":"1 is not 2"}]}]}""");
        }
        Answer answer = ask(jenkins());
        assertThat(answer.documents()).extracting(Fetched::type).containsExactly("sarif", "junit");
        assertThat(text(answer.documents().get(1)))
                .contains(redWithoutReport ? "build 17 ended with FAILURE" : "<failure message=\"1 is not 2\"");
        assertThat(server.calls).allMatch(call -> call.contains(" Basic "));
    }

    @Test
    void a_job_of_maven_modules_on_jenkins_has_a_report_of_each() throws Exception {
        server.json(
                "/job/shop/job/checkout/api/json",
                """
                {"builds":[{"number":17,"result":"UNSTABLE","building":false,"actions":[{"lastBuiltRevision":{"SHA1":"%s"}}],"artifacts":[]}]}"""
                        .formatted(COMMIT));
        server.json(
                "/job/shop/job/checkout/17/testReport/api/json",
                """
                {"childReports":[
                  {"child":{"url":"http://ci/1"},"result":{"suites":[{"name":"a","cases":[{"className":"Cart","name":"adds","status":"PASSED"}]}]}},
                  {"child":{"url":"http://ci/2"},"result":{"suites":[{"name":"b","cases":[{"className":"Pay","name":"pays","status":"FAILED","errorDetails":"1 is not 2"}]}]}}]}""");
        assertThat(text(ask(jenkins()).documents().get(0))).contains("adds", "<failure message=\"1 is not 2\"");
    }

    private static String status(String key, String name, String state, String commit) {
        return "{\"key\":\"%s\",\"name\":\"%s\",\"state\":\"%s\",\"links\":{\"commit\":{\"href\":\"https://api.bitbucket.org/2.0/repositories/acme/checkout/commit/%s\"}}}"
                .formatted(key, name, state, commit);
    }

    @Test
    void statuses_of_bitbucket_say_how_builds_ended_and_pass_nothing() throws Exception {
        EvidenceSource bitbucket = new BitbucketSource(
                new BitbucketProperties(
                        server.url(), "token", null, null, null, Duration.ofSeconds(5), DataSize.ofMegabytes(1)),
                projects,
                Clock.systemUTC());
        String path = "/repositories/acme/checkout/commit/" + COMMIT + "/statuses?pagelen=100&page=";
        assertThat(bitbucket.types(asked(null))).containsExactly("junit");
        server.json(
                path + 1,
                "{\"values\":[%s,%s],\"next\":\"https://elsewhere.example/2\"}"
                        .formatted(status("a", "unit", "FAILED", COMMIT), status("b", "lint", "FAILED", OTHER)));
        server.json(
                path + 2,
                "{\"values\":[%s,%s]}"
                        .formatted(
                                status("c", "e2e", "SUCCESSFUL", COMMIT), status("d", "load", "INPROGRESS", COMMIT)));
        Answer answer = bitbucket.fetch(asked(null), Duration.ofSeconds(5));
        assertThat(answer.documents()).extracting(Fetched::part).containsExactly("unit", "e2e");
        assertThat(text(answer.documents().get(0))).contains("<error", "ended with FAILED");
        assertThat(text(answer.documents().get(1))).contains("<skipped", "no report of its tests");
        assertThat(answer.missing()).contains("load has not ended yet", "e2e ended with SUCCESSFUL");
        server.json(path + 1, "{\"values\":[]}");
        assertThat(bitbucket.fetch(asked(null), Duration.ofSeconds(5)).missing())
                .contains("no build status");
        server.json(path + 1, "{\"error\":{}}");
        assertThatThrownBy(() -> bitbucket.fetch(asked(null), Duration.ofSeconds(5)))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("no values");
    }
}
