package dev.countersign.evidence.change;

import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.reader.DocumentReader;
import dev.countersign.evidence.reader.Reading;
import java.net.URI;
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

/** Answers in the formats that the vendors document, over a real connection, read by the reader of the document that they become. */
@Tag("M2.4")
class ChangeSystemTests {
    private static final String CHANGE = "/api/now/table/change_request";
    private static final String APPROVERS = "/api/now/table/sysapproval_approver";
    private final VendorServer server = new VendorServer();

    @AfterEach
    void close() {
        server.close();
    }

    private EvidenceSource serviceNow() {
        return new ServiceNowSource(
                new ServiceNowProperties(
                        server.url(),
                        "countersign",
                        "password",
                        null,
                        "CHG[0-9]{5,10}",
                        "cmdb_ci",
                        "u_version",
                        Set.of("-2", "-1"),
                        Duration.ofSeconds(5),
                        DataSize.ofMegabytes(1)),
                Clock.systemUTC());
    }

    private EvidenceSource jira() {
        return new JiraSource(
                new JiraProperties(
                        server.url(),
                        null,
                        "token",
                        null,
                        "[A-Z][A-Z0-9_]{1,20}-[0-9]{1,9}",
                        "customfield_1",
                        "customfield_2",
                        "customfield_3",
                        "customfield_4",
                        Set.of("Approved"),
                        Duration.ofSeconds(5),
                        DataSize.ofMegabytes(1)),
                Clock.systemUTC());
    }

    private static Reading read(Answer answer) throws Exception {
        assertThat(answer.missing()).isNull();
        assertThat(answer.documents()).hasSize(1);
        DocumentReader reader = reader();
        return reader.read(answer.documents().get(0).body()::open);
    }

    private static DocumentReader reader() throws Exception {
        var constructor = Class.forName("dev.countersign.evidence.reader.ChangeRecordReader")
                .getDeclaredConstructor();
        constructor.setAccessible(true);
        return (DocumentReader) constructor.newInstance();
    }

    private static String field(String name, String value, String shown) {
        return "\"%s\":{\"display_value\":\"%s\",\"value\":\"%s\"}".formatted(name, shown, value);
    }

    private boolean onHold;

    private void change(String state, String version, String end) {
        server.json(
                CHANGE,
                "{\"result\":[{"
                        + String.join(
                                ",",
                                field("sys_id", "c1", "c1"),
                                field("number", "CHG0030001", "CHG0030001"),
                                field("short_description", "Pay", "Pay"),
                                field("state", state, "Scheduled"),
                                field("on_hold", String.valueOf(onHold), String.valueOf(onHold)),
                                field("start_date", "2026-12-01 19:00:00", "2026-12-01 20:00:00"),
                                field("end_date", end, end),
                                field("requested_by", "u1", "Mia Requester"),
                                field("requested_by.user_name", "requester", "requester"),
                                field("cmdb_ci", "ci1", "checkout"),
                                field("u_version", version, version))
                        + "}]}");
    }

    private static String approver(String state, String user) {
        return "{"
                + String.join(
                        ",",
                        field("state", state, state),
                        field("approver", "u-" + user, "Dr " + user),
                        field("approver.user_name", user, user),
                        field("sys_updated_on", "2026-11-20 09:00:00", "2026-11-20 10:00:00"))
                + "}";
    }

    private void approvers(String... rows) {
        server.json(APPROVERS, "{\"result\":[" + String.join(",", rows) + "]}");
    }

    @Test
    void a_scheduled_record_of_servicenow_with_all_its_approvals_covers_the_release() throws Exception {
        change("-2", "2.0.0", "2026-12-01 23:00:00");
        approvers(approver("approved", "cab1"), approver("approved", "cab2"), approver("not_required", "cab3"));
        Reading reading = read(serviceNow().fetch(asked("CHG0030001"), Duration.ofSeconds(5)));
        assertThat(reading.summary())
                .containsAllEntriesOf(Map.of(
                        "scheduled", 1L, "given", 2L, "pending", 0L, "declined", 0L, "own", 0L, "windowGaps", 0L));
        assertThat(reading.stated().versions()).hasToString("[checkout 2.0.0]");
        assertThat(server.calls).anyMatch(call -> call.contains("sysparm_query=number%3DCHG0030001"));
    }

    @Test
    void a_record_of_servicenow_that_is_on_hold_is_not_scheduled() throws Exception {
        onHold = true;
        change("-2", "2.0.0", "2026-12-01 23:00:00");
        approvers(approver("approved", "cab1"));
        assertThat(read(serviceNow().fetch(asked("CHG0030001"), Duration.ofSeconds(5)))
                        .summary())
                .containsEntry("scheduled", 0L);
    }

    @ParameterizedTest(name = "{0} as {1} until {3}: {4} is {5}")
    @CsvSource({
        "approved, cab, -4, 2026-12-01 23:00:00, scheduled, 0",
        "requested, cab, -2, 2026-12-01 23:00:00, pending, 1",
        "'not requested', cab, -2, 2026-12-01 23:00:00, pending, 1",
        "a new word, cab, -2, 2026-12-01 23:00:00, pending, 1",
        "rejected, cab, -2, 2026-12-01 23:00:00, declined, 1",
        "approved, requester, -2, 2026-12-01 23:00:00, own, 1",
        "approved, Developer, -2, 2026-12-01 23:00:00, own, 1",
        "approved, release-manager, -2, 2026-12-01 23:00:00, own, 1",
        "approved, cab, -2, 2026-12-01 21:59:59, windowGaps, 1",
        "approved, cab, -2, 2026-12-01 22:00:00, windowGaps, 0",
        "approved, cab, -2, '', windowGaps, 1",
    })
    void what_does_not_hold_is_counted(String approval, String who, String state, String end, String count, long value)
            throws Exception {
        change(state, "2.0.0", end);
        approvers(approver(approval, who));
        assertThat(read(serviceNow().fetch(asked("CHG0030001"), Duration.ofSeconds(5)))
                        .summary())
                .containsEntry(count, value);
    }

    @Test
    void approvals_of_servicenow_are_read_page_by_page() throws Exception {
        change("-2", "2.0.0", "2026-12-01 23:00:00");
        String[] first = new String[100];
        java.util.Arrays.setAll(first, index -> approver("approved", "cab" + index));
        approvers(first);
        String second = "{\"result\":[" + approver("requested", "last") + "]}";
        server.json(
                APPROVERS
                        + "?sysparm_query=sysapproval%3Dc1%5EORDERBYsys_id&sysparm_fields=state%2Csys_updated_on%2Capprover.user_name%2Capprover.email%2Capprover&sysparm_display_value=all&sysparm_exclude_reference_link=true&sysparm_limit=100&sysparm_offset=100",
                second);
        assertThat(read(serviceNow().fetch(asked("CHG0030001"), Duration.ofSeconds(5)))
                        .summary())
                .containsEntry("given", 100L)
                .containsEntry("pending", 1L);
    }

    @Test
    void a_record_that_does_not_exist_and_one_that_nobody_named_are_nothing() throws Exception {
        server.json(CHANGE, "{\"result\":[]}");
        assertThat(serviceNow().fetch(asked("CHG0030001"), Duration.ofSeconds(5)))
                .isEqualTo(Answer.nothing("it has no record CHG0030001"));
        assertThat(serviceNow().fetch(asked(null), Duration.ofSeconds(5)))
                .isEqualTo(Answer.nothing("the release names no change record (rfc)"));
    }

    @ParameterizedTest(name = "{0}: servicenow {1}, jira {2}, register {3}")
    @CsvSource({
        "CHG0030001, true, false, false",
        "OPS-17, false, true, false",
        "change-17, false, false, true",
        "CHG1^ORactive=true, false, false, false",
        "../OPS-17, false, false, false",
        ", true, true, true",
    })
    void a_number_belongs_to_one_system(String rfc, boolean serviceNow, boolean jira, boolean register) {
        assertThat(!serviceNow().types(asked(rfc)).isEmpty()).isEqualTo(serviceNow);
        assertThat(!jira().types(asked(rfc)).isEmpty()).isEqualTo(jira);
        assertThat(ChangeSystems.concerns(asked(rfc), "change-[0-9]{1,18}")).isEqualTo(register);
    }

    @Test
    void the_register_is_silent_where_another_system_keeps_the_records() {
        assertThat(register(null).types(asked(null))).containsExactly("change-record");
        assertThat(register(server.url()).types(asked(null))).isEmpty();
        assertThat(register(server.url()).types(asked("change-1"))).isEmpty();
    }

    private static RegisterSource register(URI serviceNow) {
        return new RegisterSource(
                null,
                new RegisterProperties(null, java.util.List.of("compliance")),
                new ServiceNowProperties(
                        serviceNow,
                        null,
                        "secret",
                        null,
                        "CHG",
                        "cmdb_ci",
                        "u_version",
                        Set.of(),
                        Duration.ofSeconds(1),
                        DataSize.ofMegabytes(1)),
                new JiraProperties(
                        null,
                        null,
                        null,
                        null,
                        "A",
                        null,
                        null,
                        null,
                        null,
                        Set.of(),
                        Duration.ofSeconds(1),
                        DataSize.ofMegabytes(1)),
                Clock.systemUTC());
    }

    private void issue(String key, String status) {
        server.json(
                "/rest/api/2/issue/OPS-17",
                """
                {"id":"1","key":"%s","fields":{"summary":"Pay","status":{"name":"%s"},
                 "reporter":{"accountId":"5b1","emailAddress":"mia@example.org","displayName":"Mia"},
                 "customfield_1":{"value":"checkout"},"customfield_2":"2.0.0",
                 "customfield_3":"2026-12-01T20:00:00.000+0100","customfield_4":"2026-12-02T00:00:00.000+0100"}}"""
                        .formatted(key, status));
    }

    private static String approval(String decision, String... approvers) {
        return "{\"id\":\"1\",\"name\":\"Waiting for CAB\",\"finalDecision\":\"%s\",\"completedDate\":{\"iso8601\":\"2026-11-20T10:00:00+0100\"},\"approvers\":[%s]}"
                .formatted(decision, String.join(",", approvers));
    }

    private static String person(String name, String decision) {
        return "{\"approver\":{\"accountId\":\"id-%1$s\",\"emailAddress\":\"%1$s@example.org\",\"displayName\":\"%1$s\"},\"approverDecision\":\"%2$s\"}"
                .formatted(name, decision);
    }

    private void approvals(boolean last, String... values) {
        server.json(
                "/rest/servicedeskapi/request/OPS-17/approval",
                "{\"size\":1,\"start\":0,\"limit\":50,\"isLastPage\":%s,\"values\":[%s]}"
                        .formatted(last, String.join(",", values)));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}: {3} is {4}")
    @CsvSource({
        "Approved, approved, cab, given, 1",
        "Approved, approved, cab, scheduled, 1",
        "Approved, approved, cab, windowGaps, 0",
        "Review, approved, cab, scheduled, 0",
        "Approved, pending, cab, pending, 1",
        "Approved, declined, cab, declined, 1",
        "Approved, approved, mia, own, 1",
        "Approved, approved, developer, own, 1",
    })
    void a_record_of_jira_is_read_with_its_approvals(
            String status, String decision, String who, String count, long value) throws Exception {
        issue("OPS-17", status);
        approvals(true, approval(decision, person(who, decision)));
        assertThat(read(jira().fetch(asked("OPS-17"), Duration.ofSeconds(5))).summary())
                .containsEntry(count, value);
    }

    @Test
    void an_approval_of_jira_that_is_decided_does_not_wait_for_those_who_did_not_answer() throws Exception {
        issue("OPS-17", "Approved");
        approvals(true, approval("approved", person("cab", "approved"), person("late", "pending")));
        assertThat(read(jira().fetch(asked("OPS-17"), Duration.ofSeconds(5))).summary())
                .containsEntry("given", 1L)
                .containsEntry("pending", 0L);
    }

    @Test
    void an_approval_that_nobody_is_shown_to_have_given_waits() throws Exception {
        issue("OPS-17", "Approved");
        approvals(true, approval("approved"));
        assertThat(read(jira().fetch(asked("OPS-17"), Duration.ofSeconds(5))).summary())
                .containsEntry("given", 0L)
                .containsEntry("pending", 1L);
    }

    @Test
    void an_issue_that_was_moved_and_a_list_without_end_are_no_answer() throws Exception {
        issue("OLD-1", "Approved");
        approvals(true, approval("approved", person("cab", "approved")));
        assertThat(jira().fetch(asked("OPS-17"), Duration.ofSeconds(5)).documents())
                .isEmpty();
        issue("OPS-17", "Approved");
        approvals(false);
        assertThatThrownBy(() -> jira().fetch(asked("OPS-17"), Duration.ofSeconds(5)))
                .isInstanceOf(SourceUnavailable.class)
                .hasMessage("its list of approvals does not end");
    }
}
