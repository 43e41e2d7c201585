package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gate concludes from its documents, at the limits of the tables that are delivered. */
@Tag("M1.5")
@Tag("M4.1")
class GateVerdictTests {
    private final GateFixture fixture = new GateFixture();

    private Gate gate(String name) {
        return fixture.gates.find(KEY, name).orElseThrow();
    }

    @ParameterizedTest(name = "{0} passed, {1} failed, {2} skipped is {3}")
    @CsvSource({
        "1, 0, 0, PASS",
        "3000, 0, 12, PASS",
        "0, 0, 0, NO_DATA",
        "0, 0, 7, NO_DATA",
        "0, 1, 0, FAIL",
        "2999, 1, 0, FAIL",
    })
    void tests(long passed, long failures, long skipped, Verdict verdict) {
        fixture.receive(fixture.testReport("surefire", passed, failures, skipped));
        assertThat(gate("tests").verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0} errors, {1} high, {2} warnings is {3}")
    @CsvSource({"0, 0, 0, PASS", "0, 0, 4, PASS", "1, 0, 0, FAIL", "0, 1, 1, FAIL"})
    void analysis(long errors, long high, long warnings, Verdict verdict) {
        fixture.receive(fixture.analysis("codeql", errors, high, warnings));
        assertThat(gate("sast").verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "Trivy, NO_DATA, sca",
        "Grype, NO_DATA, sca",
        "dependency-check, NO_DATA, sca",
        "osv-scanner, NO_DATA, sca",
        "Snyk Open Source, NO_DATA, sca",
        "JFrog Xray Scanner, NO_DATA, sca",
        "docker-scout, NO_DATA, sca",
        "zaproxy, NO_DATA, running service",
        "OWASP ZAP, NO_DATA, running service",
        "Checkov, NO_DATA, infrastructure-compliance",
        "gitleaks, NO_DATA, secrets",
        "an unnamed tool, NO_DATA, who wrote it",
        "CodeQL, PASS, Holds",
        "Semgrep OSS, PASS, Holds",
        "SpotBugs, PASS, Holds",
        "ESLint, PASS, Holds",
        "Bandit, PASS, Holds",
        "gosec, PASS, Holds",
        "PMD, PASS, Holds",
        "SnykCode, PASS, Holds",
        "SonarQube, PASS, Holds",
    })
    void an_empty_report_of_what_looks_at_something_else_is_no_static_analysis(
            String tool, Verdict verdict, String words) {
        fixture.receive(fixture.analysis(tool, 0, 0, 0));
        assertThat(gate("sast").verdict()).isEqualTo(verdict);
        assertThat(gate("sast").sentence()).contains(words, "gate-tools");
    }

    /** No finding disappears because its tool shows nothing. */
    @Test
    void what_a_refused_tool_found_counts_beside_the_report_of_one_that_counts() {
        fixture.receive(fixture.analysis("Trivy", 1, 0, 0));
        fixture.receive(fixture.analysis("CodeQL", 0, 0, 0));
        assertThat(gate("sast").verdict()).isEqualTo(Verdict.FAIL);
        fixture.receive(fixture.analysis("Trivy", 0, 0, 0));
        assertThat(gate("sast").verdict()).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tests", "sast"})
    void without_a_document_there_is_no_data(String name) {
        fixture.evaluation.determine(KEY);
        fixture.evaluation.evaluate(KEY, name);
        assertThat(gate(name).verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(gate(name).isClear()).isFalse();
    }

    @Test
    void a_tool_that_did_not_finish_is_an_error_even_when_it_found_nothing() {
        fixture.receive(fixture.document(
                "sarif",
                "codeql",
                Map.of("results", 0L, "error", 0L, "warning", 0L, "critical", 0L, "high", 0L),
                false,
                null,
                List.of()));
        assertThat(gate("sast").verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void a_run_without_results_is_no_data() {
        fixture.receive(fixture.document(
                "sarif",
                "codeql",
                Map.of("results", 0L, "error", 0L, "warning", 0L, "critical", 0L, "high", 0L),
                true,
                "the run of codeql has no results property",
                List.of()));
        assertThat(gate("sast").verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void a_count_that_the_document_does_not_give_is_no_data() {
        fixture.receive(fixture.document("sarif", "codeql", Map.of("results", 0L), true, null, List.of()));
        assertThat(gate("sast").verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest(name = "{0}: after {1} hours {2}")
    @CsvSource({
        "critical, 167, PASS",
        "critical, 169, NO_DATA",
        "standard, 335, PASS",
        "standard, 337, NO_DATA",
    })
    void evidence_grows_too_old_without_anybody_evaluating(String tier, long hours, Verdict verdict) {
        fixture.release(tier, "standard", Map.of());
        fixture.receive(fixture.testReport("surefire", 10, 0, 0));
        fixture.clock.pass(Duration.ofHours(hours));
        assertThat(gate("tests").verdict()).isEqualTo(verdict);
        assertThat(fixture.clear.missing(fixture.releases.get(KEY), "d").stream()
                        .noneMatch(reason -> reason.contains("tests")))
                .isEqualTo(verdict == Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"critical", "high", "standard"})
    void the_evidence_of_every_gate_has_an_age_limit(String tier) {
        fixture.target("production");
        var release = fixture.release(
                tier,
                "standard",
                Map.of(
                        "externalEndpoints",
                        true,
                        "personalData",
                        true,
                        "databaseMigration",
                        true,
                        "infrastructure",
                        true,
                        "apiContract",
                        true));
        assertThat(fixture.policy.requirements(release)).hasSizeGreaterThan(12).allSatisfy(gate -> assertThat(
                        fixture.policy.thresholds(release, gate.gate()).rows())
                .as(gate.gate())
                .anyMatch(row -> row.isAge() && row.isUnderstood() && !row.isAdvice()));
    }

    @Test
    void a_later_report_of_the_same_source_replaces_the_earlier_one() {
        fixture.receive(fixture.testReport("surefire", 10, 1, 0));
        fixture.receive(fixture.testReport("surefire", 11, 0, 0));
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void a_good_report_of_one_source_does_not_hide_the_failing_one_of_another() {
        fixture.receive(fixture.testReport("unit", 10, 1, 0));
        fixture.receive(fixture.testReport("integration", 11, 0, 0));
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate("tests").sample()).isEqualTo(22);
    }

    @Test
    @Tag("M4.5")
    void every_evaluation_with_another_outcome_is_kept_and_the_same_one_only_once() {
        fixture.receive(fixture.testReport("surefire", 10, 1, 0));
        fixture.evaluation.evaluate(KEY, "tests");
        fixture.evaluation.evaluate(KEY, "tests");
        fixture.receive(fixture.testReport("surefire", 11, 0, 0));
        assertThat(fixture.repository.all(KEY, "tests"))
                .extracting(one -> one.judgement().verdict())
                .containsExactly(Verdict.FAIL, Verdict.PASS);
    }

    @Test
    void the_sentence_names_value_limit_sample_rule_and_document() {
        var report = fixture.receive(fixture.testReport("surefire", 10, 2, 0));
        assertThat(gate("tests").sentence())
                .contains("failures 2", "at most 0", "in 12 tests", "gate-thresholds 1.0", "surefire")
                .contains(report.sha256().substring(0, 12));
    }

    @Test
    void gates_that_nothing_can_read_for_are_shown_with_the_reason_and_stand_in_nobodys_way() {
        fixture.release("critical", "standard", Map.of("externalEndpoints", true));
        assertThat(fixture.gates.of(KEY)).anySatisfy(gate -> {
            assertThat(gate.name()).isEqualTo("rollback-drill");
            assertThat(gate.verdict()).isEqualTo(Verdict.NOT_APPLICABLE);
            assertThat(gate.rule()).startsWith("not required in the sandbox");
        });
    }

    @ParameterizedTest
    @CsvSource({"standard, critical", "standard, high", "standard, standard", "hotfix, critical", "hotfix, standard"})
    void tests_and_analysis_are_required_of_every_kind_and_tier(String kind, String tier) {
        fixture.release(tier, kind, Map.of());
        assertThat(fixture.gates.of(KEY).stream()
                        .filter(gate -> gate.required().equals("required"))
                        .map(Gate::name))
                .containsExactlyInAnyOrder("tests", "sast");
    }

    @Test
    void a_suite_that_a_row_requires_must_have_passed() {
        var required = new Threshold("suite CheckoutIT", "at least", 1, "NO_DATA", "the suite of the payment paths");
        var thresholds = new GatePolicy.Thresholds("gate-thresholds 1.1", List.of(required));
        var gate = new Requirement("tests", "required", "qa", "junit", "mandatory");
        var report = fixture.testReport("surefire", 10, 0, 0);
        assertThat(GateJudge.judge(gate, List.of(report), thresholds, java.util.Set.of(), fixture.clock.instant())
                        .verdict())
                .isEqualTo(Verdict.NO_DATA);
        var there = new Threshold("suite CartTest", "at least", 5, "NO_DATA", "");
        assertThat(GateJudge.judge(
                                gate,
                                List.of(report),
                                new GatePolicy.Thresholds("gate-thresholds 1.1", List.of(there)),
                                java.util.Set.of(),
                                fixture.clock.instant())
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void a_row_that_cannot_be_understood_passes_nothing() {
        var broken = new Threshold("failures", "less than", 0, "FAIL", "");
        assertThat(GateJudge.judge(
                                new Requirement("tests", "required", "qa", "junit", "mandatory"),
                                List.of(fixture.testReport("surefire", 10, 0, 0)),
                                new GatePolicy.Thresholds("gate-thresholds 1.1", List.of(broken)),
                                java.util.Set.of(),
                                fixture.clock.instant())
                        .verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void a_word_that_nobody_knows_requires_the_gate() {
        var misspelt = new Requirement("tests", "requierd", "qa", "junit", "a typing error");
        assertThat(misspelt.isRequired()).isTrue();
        assertThat(misspelt.stricter(new Requirement("tests", "required", "qa", "junit", "mandatory"))
                        .isRequired())
                .isTrue();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "penetration-test, pentest, in 1 penetration tests (",
        "privacy, dpia, in 1 assessments (",
        "change-record, change-record, in 1 change records (",
    })
    void what_people_declared_has_a_sample_too(String name, String type, String words) {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of("externalEndpoints", true, "personalData", true));
        Map<String, Object> counts = type.equals("pentest")
                ? Map.of("critical", 0L, "high", 0L, "medium", 1L, "low", 0L, "signedOff", 1L)
                : type.equals("dpia")
                        ? Map.of(
                                "approved",
                                1L,
                                "rejected",
                                0L,
                                "openConditions",
                                0L,
                                "untrackedConditions",
                                0L,
                                "openHighRisks",
                                0L)
                        : Map.of(
                                "records",
                                1L,
                                "scheduled",
                                1L,
                                "given",
                                1L,
                                "pending",
                                0L,
                                "declined",
                                0L,
                                "own",
                                0L,
                                "windowGaps",
                                0L);
        fixture.receive(fixture.withDetails(
                fixture.document(type, "people", counts, true, null, List.of()), Map.of("validUntil", "2027-11-24")));
        Gate gate = gate(name);
        assertThat(gate.verdict()).as(gate.sentence()).isEqualTo(Verdict.PASS);
        assertThat(gate.sample()).isEqualTo(1);
        assertThat(gate.sentence()).contains(words);
    }
}
