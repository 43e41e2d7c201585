package dev.countersign.evidence.scan;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.BadAnswers;
import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Answers in the format that SonarQube's Web API documents, over a real connection, read by the reader of the document that they become. */
@Tag("M4.1")
@Tag("M8.6")
class SonarQubeTests {
    private static final String OTHER = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
    private static final String ANALYSES = "/api/project_analyses/search";
    private static final String GATE = "/api/qualitygates/project_status";
    private static final String ISSUES = "/api/issues/search";
    private static final String WORK = "/api/ce/component";
    private static final String IDLE =
            "{\"queue\":[],\"current\":{\"id\":\"T2\",\"analysisId\":\"A2\",\"status\":\"SUCCESS\"}}";

    private final VendorServer server = new VendorServer();
    private final SonarQubeSource source = source("BUG", "VULNERABILITY", "CODE_SMELL");

    @AfterEach
    void close() {
        server.close();
    }

    private Answer ask() throws Exception {
        return source.fetch(asked(null), Duration.ofSeconds(5));
    }

    private static String text(Answer answer) throws Exception {
        try (var in = answer.documents().get(0).body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Reading read(Answer answer) throws Exception {
        assertThat(answer.missing()).isNull();
        assertThat(answer.documents()).hasSize(1);
        return Readers.all()
                .get(DocumentType.of(answer.documents().get(0).type()).orElseThrow())
                .read(answer.documents().get(0).body()::open);
    }

    private SonarQubeSource source(String... types) {
        return new SonarQubeSource(
                new SonarQubeProperties(
                        server.url(),
                        "token",
                        null,
                        false,
                        Map.of("checkout", "shop:checkout"),
                        "release/2",
                        Set.of(types),
                        Duration.ofSeconds(5),
                        DataSize.ofKilobytes(150)),
                Clock.systemUTC());
    }

    private static String analysis(String key, String date, String revision) {
        return "{\"key\":\"%s\",\"date\":\"%s\",\"projectVersion\":\"2.0.0\",\"revision\":\"%s\",\"events\":[]}"
                .formatted(key, date, revision);
    }

    private void analyses(String... analyses) {
        server.json(
                ANALYSES,
                "{\"paging\":{\"pageIndex\":1,\"pageSize\":100,\"total\":%d},\"analyses\":[%s]}"
                        .formatted(analyses.length, String.join(",", analyses)));
    }

    private static String status(String status, String conditions) {
        return "{\"projectStatus\":{\"status\":\"%s\",\"conditions\":[%s],\"ignoredConditions\":false}}"
                .formatted(status, conditions);
    }

    private static String issue(int key, String fields) {
        return ("{\"key\":\"AX-%05d\",\"rule\":\"java:S2095\",\"project\":\"shop:checkout\",\"component\":\"shop:checkout:src/Pay.java\",\"line\":%d,"
                        + "\"message\":\"Close it\",\"author\":\"somebody@example.com\",%s}")
                .formatted(key, key, fields);
    }

    private static String issues(long total, String... issues) {
        return "{\"paging\":{\"pageIndex\":1,\"pageSize\":500,\"total\":%d},\"issues\":[%s]}"
                .formatted(total, String.join(",", issues));
    }

    private void clean() {
        analyses(analysis("A2", "2026-11-20T09:00:00+0000", COMMIT), analysis("A1", "2026-11-19T09:00:00+0000", OTHER));
        server.json(WORK, IDLE);
        server.json(GATE, status("OK", ""));
        server.json(ISSUES, issues(0));
    }

    @Test
    void an_analysis_of_the_commit_without_issues_is_a_clean_result() throws Exception {
        clean();
        Answer answer = ask();
        Reading reading = read(answer);
        assertThat(reading.summary())
                .containsAllEntriesOf(Map.of(
                        "results",
                        0L,
                        "error",
                        0L,
                        "critical",
                        0L,
                        "high",
                        0L,
                        "warning",
                        0L,
                        "gateConditionsFailed",
                        0L));
        assertThat(reading.gap()).isNull();
        assertThat(reading.complete()).isTrue();
        assertThat(reading.commits()).containsExactly(COMMIT);
        assertThat(answer.documents().get(0).about()).isEqualTo(About.commit(COMMIT));
        assertThat(server.calls)
                .contains(ANALYSES + "?project=shop%3Acheckout&branch=release%2F2&ps=100 Bearer token")
                .contains(GATE + "?analysisId=A2 Bearer token");
        assertThat(text(ask())).isEqualTo(text(answer));
    }

    @Test
    void a_commit_that_was_not_analysed_gets_nothing_and_never_the_newest() throws Exception {
        clean();
        analyses(analysis("A1", "2026-11-19T09:00:00+0000", OTHER));
        assertThat(ask().missing())
                .isEqualTo("none of the last 100 analyses of shop:checkout on branch release/2 is of commit " + COMMIT);
        analyses();
        assertThat(ask().documents()).isEmpty();
        server.reply(
                ANALYSES, 404, Map.of(), "{\"errors\":[{\"msg\":\"not found\"}]}".getBytes(StandardCharsets.UTF_8));
        assertThat(ask().missing()).isEqualTo("it knows no project shop:checkout on branch release/2");
    }

    @Test
    void issues_are_not_taken_where_a_later_commit_was_analysed_since() throws Exception {
        clean();
        analyses(analysis("A2", "2026-11-20T09:00:00+0000", COMMIT), analysis("A3", "2026-11-20T12:30:00+0200", OTHER));
        Answer answer = ask();
        assertThat(answer.documents()).isEmpty();
        assertThat(answer.missing()).contains("a later commit was analysed since");
        assertThat(server.calls).noneMatch(call -> call.startsWith(ISSUES));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "{'status':'IN_PROGRESS'} | SUCCESS | an analysis of shop:checkout is not done yet",
                "{'status':'IN_PROGRESS','branch':'release/2'} | SUCCESS | an analysis of shop:checkout is not done yet",
                "{'status':'IN_PROGRESS','branch':'feature/1'} | SUCCESS | none",
                "{'status':'IN_PROGRESS','pullRequest':'7'} | SUCCESS | none",
                "{'status':'PENDING','branch':'release/2'} | SUCCESS | none",
                "'' | FAILED | the analysis of shop:checkout ended as FAILED",
            })
    void issues_are_not_taken_before_the_server_has_worked_all_of_the_analysis_off(
            String queue, String last, String why) throws Exception {
        clean();
        server.json(
                WORK, IDLE.replace("[]", "[" + queue.replace('\'', '"') + "]").replace("SUCCESS", last));
        if (why == null) {
            assertThat(ask().documents()).hasSize(1);
        } else {
            assertThatThrownBy(this::ask).isInstanceOf(SourceUnavailable.class).hasMessageContaining(why);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'type':'VULNERABILITY','severity':'BLOCKER','status':'OPEN' | error critical",
                "'type':'VULNERABILITY','severity':'CRITICAL','status':'OPEN' | error high",
                "'type':'VULNERABILITY','severity':'MAJOR','status':'CONFIRMED' | warning medium",
                "'type':'VULNERABILITY','severity':'MINOR','status':'REOPENED' | note low",
                "'type':'VULNERABILITY','severity':'INFO','status':'OPEN' | note low",
                "'type':'BUG','severity':'CRITICAL','status':'OPEN' | error",
                "'type':'BUG','severity':'MAJOR','status':'OPEN' | warning",
                "'type':'CODE_SMELL','severity':'BLOCKER','status':'OPEN' | warning",
                "'type':'CODE_SMELL','severity':'INFO','status':'OPEN' | note",
                "'type':'BUG','severity':'DREADFUL','status':'OPEN' | error",
                "'type':'VULNERABILITY','status':'OPEN' | error",
                "'status':'OPEN' | error",
                "'impacts':[{'softwareQuality':'SECURITY','severity':'HIGH'}],'issueStatus':'OPEN' | error high",
                "'impacts':[{'softwareQuality':'SECURITY','severity':'BLOCKER'}],'issueStatus':'OPEN' | error critical",
                "'impacts':[{'softwareQuality':'MAINTAINABILITY','severity':'HIGH'}],'issueStatus':'OPEN' | warning",
                "'type':'CODE_SMELL','severity':'INFO','impacts':[{'softwareQuality':'SECURITY','severity':'MEDIUM'}],'status':'OPEN' | warning medium",
                "'type':'BUG','severity':'BLOCKER','status':'RESOLVED','resolution':'FALSE-POSITIVE' | suppressed",
                "'type':'BUG','severity':'BLOCKER','status':'RESOLVED','resolution':'WONTFIX' | suppressed",
                "'type':'BUG','severity':'BLOCKER','status':'RESOLVED','resolution':'WONTFIX','issueStatus':'ACCEPTED' | suppressed",
                "'type':'BUG','severity':'BLOCKER','status':'RESOLVED','issueStatus':'FALSE_POSITIVE' | suppressed",
                "'type':'BUG','severity':'BLOCKER','status':'RESOLVED','resolution':'FIXED','issueStatus':'FIXED' | error",
                "'type':'BUG','severity':'BLOCKER','status':'CLOSED','resolution':'FIXED' | absent",
            })
    void an_issue_counts_as_what_it_is(String fields, String counts) throws Exception {
        clean();
        server.json(ISSUES, issues(1, issue(1, fields.replace('\'', '"'))));
        Answer answer = ask();
        Map<String, Object> summary = read(answer).summary();
        for (String count :
                new String[] {"error", "warning", "note", "suppressed", "absent", "critical", "high", "medium", "low"
                }) {
            assertThat(summary.get(count))
                    .as(count)
                    .isEqualTo(Set.of(counts.split(" ")).contains(count) ? 1L : 0L);
        }
        assertThat(text(answer)).doesNotContain("somebody@example.com");
    }

    @Test
    void an_issue_that_does_not_say_whether_it_is_open_is_unreadable() throws Exception {
        clean();
        server.json(ISSUES, issues(1, issue(1, "\"type\":\"BUG\"")));
        Answer answer = ask();
        assertThatThrownBy(() -> read(answer)).hasMessageContaining("no status");
    }

    @Test
    void a_quality_gate_that_failed_names_its_conditions() throws Exception {
        clean();
        server.json(
                GATE,
                status(
                        "ERROR",
                        "{\"status\":\"ERROR\",\"metricKey\":\"new_coverage\",\"comparator\":\"LT\",\"errorThreshold\":\"80\",\"actualValue\":\"71.2\"},"
                                + "{\"status\":\"OK\",\"metricKey\":\"new_bugs\"}"));
        Reading reading = read(ask());
        assertThat(reading.summary()).containsEntry("gateConditionsFailed", 1L);
        assertThat(reading.findings().get(0).title())
                .isEqualTo("new_coverage is 71.2, and fails the quality gate when it is below 80");
        server.json(GATE, status("ERROR", ""));
        assertThat(read(ask()).summary()).containsEntry("gateConditionsFailed", 1L);
    }

    @ParameterizedTest
    @CsvSource({"NONE", "IN_DOUBT"})
    void a_quality_gate_that_was_not_computed_shows_nothing(String status) throws Exception {
        clean();
        server.json(GATE, status(status, ""));
        assertThat(read(ask()).gap()).contains("quality gate was not computed (" + status + ")");
    }

    private static String page(int page) {
        return ISSUES + "?componentKeys=shop%3Acheckout&components=shop%3Acheckout&branch=release%2F2"
                + "&types=BUG,CODE_SMELL,VULNERABILITY&statuses=OPEN,CONFIRMED,REOPENED,RESOLVED&s=SEVERITY&asc=false&ps=500&p="
                + page;
    }

    private static String some(int from, long total) {
        String[] some = new String[500];
        for (int i = 0; i < some.length; i++) {
            some[i] = issue(from + i, "\"type\":\"CODE_SMELL\",\"severity\":\"INFO\",\"status\":\"OPEN\"");
        }
        return issues(total, some);
    }

    @Test
    void all_pages_of_issues_are_read() throws Exception {
        clean();
        server.json(page(1), some(0, 501));
        server.json(page(2), issues(501, issue(500, "\"type\":\"BUG\",\"severity\":\"BLOCKER\",\"status\":\"OPEN\"")));
        Reading reading = read(ask());
        assertThat(reading.summary())
                .containsEntry("results", 501L)
                .containsEntry("error", 1L)
                .containsEntry("note", 500L);
        assertThat(reading.complete()).isTrue();
        assertThat(reading.findings().get(0).id()).isEqualTo("java:S2095@src/Pay.java:500");
    }

    @Test
    void more_issues_than_the_server_lists_are_not_all_of_them() throws Exception {
        clean();
        for (int page = 1; page <= 20; page++) {
            server.json(page(page), some(500 * (page - 1), 10_001));
        }
        Reading reading = read(ask());
        assertThat(reading.summary()).containsEntry("results", 10_000L);
        assertThat(reading.complete()).as("it says that it did not finish").isFalse();
        assertThat(server.calls).noneMatch(call -> call.contains("&p=21"));
    }

    @Test
    void issues_of_another_project_are_no_answer() {
        clean();
        server.json(
                ISSUES,
                issues(1, issue(1, "\"status\":\"OPEN\"").replace("\"project\":\"shop:", "\"project\":\"other:")));
        assertThatThrownBy(this::ask).isInstanceOf(SourceUnavailable.class).hasMessageContaining("another project");
    }

    @Test
    void bad_answers_are_said() {
        clean();
        BadAnswers.areSaid(server, source, ISSUES, issues(0));
        clean();
        BadAnswers.areSaid(server, source, GATE, status("OK", ""));
        server.reply(GATE, 404, Map.of(), new byte[0]);
        assertThatThrownBy(this::ask).hasMessageContaining("it answered 404 to " + GATE);
        clean();
        BadAnswers.areSaid(server, source, WORK, IDLE);
        clean();
        BadAnswers.areSaid(server, source, ANALYSES, "{\"analyses\":[]}");
        analyses(analysis("A2", "yesterday", COMMIT), analysis("A1", "2026-11-19T09:00:00+0000", OTHER));
        assertThatThrownBy(this::ask).hasMessageContaining("a time that cannot be read");
    }

    @Test
    void vulnerabilities_are_always_asked_for() {
        assertThatThrownBy(() -> source("BUG")).hasMessageContaining("VULNERABILITY");
    }
}
