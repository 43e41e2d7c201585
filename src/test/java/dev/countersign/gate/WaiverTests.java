package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.verify;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.WaiverDesk.Wish;
import dev.countersign.identity.NotEntitled;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M4.1")
class WaiverTests {
    private static final String REASON = "the input is a constant, reviewed by two";
    private final GateFixture fixture = new GateFixture();

    @BeforeEach
    void twoErrors() {
        fixture.receive(fixture.analysis("codeql", 2, 0, 0));
        fixture.actor("security", "security");
    }

    private Wish wish(String... findings) {
        return new Wish(List.of(findings), REASON, fixture.clock.instant().plus(Duration.ofDays(10)));
    }

    private Gate sast() {
        return fixture.gates.find(KEY, "sast").orElseThrow();
    }

    private void approve() {
        fixture.actor("head-of-security", "head-of-security");
        fixture.desk.decide(KEY, "sast", true, "accepted until the next release");
    }

    @Test
    void a_waiver_of_everything_in_the_way_clears_the_gate_and_leaves_its_verdict() {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1", "sql@Cart.java:2"));
        verify(fixture.messages).send("waiverRequested-sast", KEY);
        assertThat(sast().isClear()).isFalse();
        approve();
        assertThat(sast().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(sast().isClear()).isTrue();
        assertThat(sast().waiver().decidedBy()).isEqualTo("head-of-security");
        verify(fixture.dossiers).changed(eq(KEY), eq("a waiver of gate sast was approved"));
        assertThat(fixture.clear.missing(fixture.releases.get(KEY), "d")).noneMatch(reason -> reason.contains("sast"));
    }

    @Test
    void a_waiver_covers_only_the_findings_it_names() {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1"));
        approve();
        assertThat(sast().isClear()).isFalse();
    }

    @Test
    void a_new_finding_is_not_covered() {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1", "sql@Cart.java:2"));
        approve();
        fixture.receive(fixture.analysis("codeql", 3, 0, 0));
        assertThat(sast().isClear()).isFalse();
    }

    private Document empty(String source, String gap) {
        return report(source).showingNothing(gap);
    }

    @Test
    void that_a_document_shows_nothing_is_accepted_for_that_reason_only() {
        fixture.receive(empty("nightly", "no test cases"));
        fixture.actor("qa", "qa");
        String[] all = tests().findings().stream().map(Finding::id).toArray(String[]::new);
        assertThat(all).anyMatch(id -> id.startsWith("gap:nightly@"));
        fixture.desk.requestByApi(KEY, "tests", wish(all));
        fixture.actor("head-of-product", "head-of-product");
        fixture.desk.decide(KEY, "tests", true, "accepted until the next release");
        assertThat(tests().isClear()).isTrue();

        fixture.receive(empty("nightly", "a case without a name"));
        assertThat(tests().isClear()).isFalse();
        fixture.receive(empty("nightly", "no test cases"));
        assertThat(tests().isClear()).isTrue();
    }

    private Finding failed(String name) {
        return new Finding(name, "failure", "no", "line 1", List.of("failures"));
    }

    private Document report(String source, Finding... failed) {
        return fixture.document(
                "junit",
                source,
                Map.of(
                        "tests",
                        5L,
                        "passed",
                        5L - failed.length,
                        "failures",
                        (long) failed.length,
                        "errors",
                        0L,
                        "suiteErrors",
                        0L,
                        "skipped",
                        0L,
                        "flaky",
                        0L),
                true,
                null,
                List.of(failed));
    }

    private Gate tests() {
        return fixture.gates.find(KEY, "tests").orElseThrow();
    }

    /** The later one is of another module, or another case of the same name. */
    @Test
    void a_waiver_for_a_failed_test_covers_no_other_of_the_same_name() {
        fixture.receive(report("shop", failed("CartTest#sums")));
        fixture.actor("qa", "qa");
        fixture.desk.requestByApi(KEY, "tests", wish("CartTest#sums"));
        fixture.actor("head-of-product", "head-of-product");
        fixture.desk.decide(KEY, "tests", true, "accepted until the next release");
        assertThat(tests().isClear()).isTrue();
        fixture.receive(report("shop", failed("CartTest#sums"), failed("CartTest#sums")));
        assertThat(tests().isClear()).isFalse();
        fixture.receive(report("shop", failed("CartTest#sums")));
        assertThat(tests().isClear()).isTrue();
        fixture.receive(report("store", failed("CartTest#sums")));
        assertThat(tests().isClear()).isFalse();
        assertThat(tests().findings())
                .extracting(Finding::id)
                .containsExactlyInAnyOrder("CartTest#sums~shop", "CartTest#sums~store");
    }

    private void waiveAFailedTest(String id) {
        fixture.actor("qa", "qa");
        fixture.desk.requestByApi(KEY, "tests", wish(id));
        fixture.actor("head-of-product", "head-of-product");
        fixture.desk.decide(KEY, "tests", true, "accepted until the next release");
    }

    @Test
    void a_waiver_for_a_source_covers_no_other_once_that_is_fixed() {
        fixture.receive(report("store", failed("CartTest#sums")));
        waiveAFailedTest("CartTest#sums");
        fixture.receive(report("shop", failed("CartTest#sums")));
        assertThat(tests().isClear()).isFalse();
        fixture.receive(report("store"));
        assertThat(tests().isClear()).isFalse();
        fixture.receive(report("shop"));
        fixture.receive(report("store", failed("CartTest#sums")));
        assertThat(tests().isClear()).isTrue();
    }

    @Test
    void a_waiver_for_one_of_two_sources_names_it() {
        fixture.receive(report("store", failed("CartTest#sums")));
        fixture.receive(report("shop", failed("CartTest#sums")));
        waiveAFailedTest("CartTest#sums~store");
        assertThat(tests().isClear()).isFalse();
        fixture.receive(report("shop"));
        assertThat(tests().isClear()).isTrue();
        fixture.receive(report("store"));
        fixture.receive(report("shop", failed("CartTest#sums")));
        assertThat(tests().isClear()).isFalse();
    }

    @Test
    void a_waiver_for_one_of_two_cases_of_a_name_covers_the_other_never() {
        Finding first = new Finding("CartTest#sums", "failure", "1 is not 2", "line 1", List.of("failures"));
        Finding second = new Finding("CartTest#sums", "failure", "3 is not 4", "line 2", List.of("failures"));
        fixture.receive(report("shop", first, second));
        waiveAFailedTest(tests().findings().get(0).id());
        assertThat(tests().isClear()).isFalse();
        fixture.receive(report("shop", second));
        assertThat(tests().isClear()).isFalse();
        fixture.receive(report("shop", second, first));
        assertThat(tests().isClear()).isFalse();
    }

    @Test
    void it_ends_when_it_expires() {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1", "sql@Cart.java:2"));
        approve();
        fixture.receive(fixture.analysis("codeql", 2, 0, 0));
        fixture.clock.pass(Duration.ofDays(6));
        assertThat(sast().isClear()).isTrue();
        fixture.receive(fixture.analysis("codeql", 2, 0, 0));
        fixture.clock.pass(Duration.ofDays(5));
        assertThat(sast().isClear()).isFalse();
        assertThat(fixture.clear.missing(fixture.releases.get(KEY), "d")).anyMatch(reason -> reason.contains("sast"));
    }

    @Test
    void it_does_not_cover_a_document_that_became_too_old() {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1", "sql@Cart.java:2"));
        approve();
        fixture.clock.pass(Duration.ofDays(8));
        assertThat(sast().isClear()).isFalse();
    }

    @ParameterizedTest(name = "{0} of {1} decides: {2}")
    @CsvSource({
        "security, head-of-security, asked for this waiver",
        "release-manager, head-of-security, wrote or requested",
        "developer, head-of-security, wrote or requested",
        "security-2, security, is decided by head-of-security",
        "admin, admin, is decided by head-of-security",
    })
    void who_may_not_decide(String person, String group, String reason) {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1"));
        fixture.actor(person, group);
        assertThatThrownBy(() -> fixture.desk.decide(KEY, "sast", true, "fine"))
                .isInstanceOf(NotEntitled.class)
                .hasMessageContaining(reason);
        assertThat(fixture.waivers.requested(KEY, "sast")).isPresent();
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource({
        "sast, standard, critical, head-of-security, 30",
        "sast, hotfix, standard, head-of-security, 7",
        "tests, standard, critical, head-of-product, 14",
        "tests, standard, high, head-of-product, 14",
        "tests, standard, standard, qa, 30",
        "tests, hotfix, critical, head-of-operations, 7",
        "something-new, standard, critical, head-of-operations, 14",
    })
    void the_table_names_who_decides_and_for_how_long(String gate, String kind, String tier, String group, long days) {
        var authority = fixture.policy.authority(fixture.release(tier, kind, Map.of()), gate);
        assertThat(authority.group()).isEqualTo(group);
        assertThat(authority.longest()).isEqualTo(Duration.ofDays(days));
    }

    @Test
    void a_stranger_may_not_ask() {
        fixture.actor("support", "support");
        assertThatThrownBy(() -> fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1")))
                .isInstanceOf(NotEntitled.class);
    }

    @Test
    void findings_reason_and_end_are_checked() {
        var tooLong = fixture.clock.instant().plus(Duration.ofDays(31));
        assertThatThrownBy(() ->
                        fixture.desk.requestByApi(KEY, "sast", new Wish(List.of("other@X.java:1"), "because", tooLong)))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(
                                problem.getBody().getProperties().get("errors").toString())
                        .contains("/findings", "/reason", "/expires"));
        assertThatThrownBy(() -> fixture.desk.requestByApi(KEY, "sast", new Wish(List.of(), REASON, tooLong)))
                .isInstanceOf(Problem.class);
    }

    @Test
    void one_request_waits_at_a_time_and_a_lapsed_one_makes_way() {
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1"));
        assertThatThrownBy(() -> fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:2")))
                .isInstanceOf(StateConflict.class);
        fixture.desk.lapse(KEY, "sast");
        assertThat(sast().isClear()).isFalse();
        verify(fixture.timeline)
                .record(eq(KEY), eq("waiver.lapsed"), anyString(), anyString(), org.mockito.ArgumentMatchers.anyMap());
        fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:2"));
    }

    @Test
    void a_gate_that_is_clear_needs_none() {
        fixture.receive(fixture.analysis("codeql", 0, 0, 0));
        assertThatThrownBy(() -> fixture.desk.requestByApi(KEY, "sast", wish("sql@Cart.java:1")))
                .isInstanceOf(StateConflict.class);
    }

    @Test
    void what_the_record_does_not_list_is_waived_only_for_these_documents() {
        fixture.actor("qa", "qa");
        fixture.receive(fixture.testReport("surefire", 10, 250, 0));
        Gate tests = fixture.gates.find(KEY, "tests").orElseThrow();
        List<String> all = tests.findings().stream().map(Finding::id).toList();
        assertThat(all).hasSize(201);
        fixture.desk.requestByApi(KEY, "tests", wish(all.subList(0, 200).toArray(String[]::new)));
        fixture.actor("head-of-product", "head-of-product");
        fixture.desk.decide(KEY, "tests", true, "the listed ones only");
        assertThat(fixture.gates.find(KEY, "tests").orElseThrow().isClear()).isFalse();
        fixture.actor("qa", "qa");
        fixture.desk.requestByApi(KEY, "tests", wish(all.get(200)));
        fixture.actor("head-of-product", "head-of-product");
        fixture.desk.decide(KEY, "tests", true, "and the rest");
        assertThat(fixture.gates.find(KEY, "tests").orElseThrow().isClear()).isTrue();
        fixture.receive(fixture.testReport("surefire", 10, 250, 0));
        assertThat(fixture.gates.find(KEY, "tests").orElseThrow().isClear()).isFalse();
    }
}
