package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.gate.GatePolicy.Thresholds;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.Decisions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which a gate could pass that was asked nothing, or was answered nothing. What canary tools did of that kind is in {@code observe.FailClosedTests}. */
@Tag("M1.5")
class GatesFailClosedTests {
    private static final Requirement TESTS = new Requirement("tests", "required", "qa", "junit", "mandatory");
    private final GateFixture fixture = new GateFixture();

    private Judgement judge(List<Document> documents, Threshold... rows) {
        return GateJudge.judge(
                TESTS,
                documents,
                new Thresholds("gate-thresholds 1.0", List.of(rows)),
                Set.of(),
                fixture.clock.instant());
    }

    private List<Document> goodReport() {
        return List.of(fixture.testReport("surefire", 10, 0, 0));
    }

    private static Threshold row(String metric, String comparison, String breach) {
        return new Threshold(metric, comparison, 0, breach, "");
    }

    @Test
    void with_a_criterion_and_a_good_report_it_passes_so_that_the_tests_below_can_fail() {
        assertThat(judge(goodReport(), row("failures", "at most", "FAIL")).verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void a_gate_without_criteria_is_an_error() {
        assertThat(judge(goodReport()).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(judge(goodReport(), new Threshold("age", "at most", 168, "NO_DATA", ""))
                        .verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void a_gate_whose_criteria_only_advise_is_an_error() {
        Judgement judgement =
                judge(goodReport(), row("failures", "at most", "advise"), row("flaky", "at most", "advise"));
        assertThat(judgement.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(judgement.sentence()).contains("No row of gate-thresholds holds the documents of tests to a limit");
    }

    @Test
    void a_gate_whose_only_criterion_is_about_what_no_document_counts_is_an_error() {
        assertThat(judge(goodReport(), row("mutants", "at most, where counted", "FAIL"))
                        .verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -1})
    void a_count_that_is_no_number_is_an_error_even_where_any_comparison_holds(double none) {
        List<Document> documents =
                List.of(fixture.document("junit", "surefire", Map.of("failures", none), true, null, List.of()));
        assertThat(judge(documents, row("failures", "at most", "FAIL")).verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(judge(documents, row("failures", "at most, where counted", "FAIL"))
                        .verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(judge(documents, row("failures", "at least", "FAIL")).verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void an_impossible_count_of_one_report_is_not_made_up_for_by_another() {
        List<Document> documents = List.of(
                fixture.document("junit", "unit", Map.of("failures", 1), true, null, List.of()),
                fixture.document("junit", "integration", Map.of("failures", -1), true, null, List.of()));
        assertThat(judge(documents, row("failures", "at most", "FAIL")).verdict())
                .isNotEqualTo(Verdict.PASS);
    }

    @Test
    void no_document_at_all_is_no_data() {
        assertThat(judge(List.of(), row("failures", "at most", "FAIL")).verdict())
                .isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest
    @CsvSource({"tests, NO_DATA", "sast, NO_DATA", "coverage, NO_DATA", "sca, NO_DATA"})
    void a_report_that_counted_nothing_is_no_data(String gate, Verdict verdict) {
        fixture.release("standard", "standard", Map.of());
        fixture.receive(fixture.document("junit", "surefire", Map.of(), true, null, List.of()));
        fixture.receive(fixture.document("sarif", "codeql", Map.of(), true, null, List.of()));
        fixture.receive(fixture.document("coverage", "jacoco", Map.of(), true, null, List.of()));
        fixture.receive(fixture.document("cyclonedx", "trivy", Map.of(), true, null, List.of()));
        assertThat(fixture.gates.find(KEY, gate).orElseThrow().verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required-gates", "gate-thresholds"})
    void a_table_without_a_row_for_the_release_clears_nothing(String table) {
        fixture.receive(fixture.testReport("surefire", 10, 0, 0));
        fixture.receive(fixture.analysis("codeql", 0, 0, 0));
        Decisions empty = (policy, decision, facts) -> decision.equals(table)
                ? new Decisions.Answered(decision, decision + " 1.0", List.of())
                : fixture.decisions.ask(policy, decision, facts);
        GatePolicy policy = new GatePolicy(empty, mock(Catalog.class));
        assertThat(policy.requirements(fixture.releases.get(KEY)).isEmpty()).isEqualTo(table.equals("required-gates"));
        assertThat(new GatesClear(policy, fixture.evaluatedBy(policy)).missing(fixture.releases.get(KEY), "d"))
                .isNotEmpty();
    }
}
