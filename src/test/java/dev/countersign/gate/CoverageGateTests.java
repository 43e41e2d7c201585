package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M1.5")
class CoverageGateTests {
    private final GateFixture fixture = new GateFixture();

    private Gate gate() {
        return fixture.gates.find(KEY, "coverage").orElseThrow();
    }

    private Document report(String source, long covered, long missed, Long branchesCovered, Long branchesMissed) {
        Map<String, Object> summary =
                new HashMap<>(Map.of("lines", covered + missed, "linesCovered", covered, "linesMissed", missed));
        if (branchesCovered != null) {
            summary.put("branchesCovered", branchesCovered);
            summary.put("branchesMissed", branchesMissed);
        }
        return fixture.document("jacoco", source, summary, true, null, List.of());
    }

    @Test
    void it_is_shown_everywhere_and_stops_nothing() {
        for (String target : List.of("production", "sandbox")) {
            fixture.target(target);
            fixture.evaluation.determine(KEY);
            assertThat(gate().required()).isEqualTo("advisory");
            assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
            assertThat(gate().isClear()).isTrue();
        }
    }

    @Test
    void little_coverage_is_said_with_value_limit_sample_and_document() {
        Document report = fixture.receive(report("shop", 79, 21, 5L, 5L));
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(gate().sentence())
                .contains(
                        "worth a look: lineCoverage 0.79 (at least 0.8), branchCoverage 0.5 (at least 0.6)",
                        "in 100 lines",
                        "gate-thresholds 1.0",
                        report.sha256().substring(0, 12));
    }

    @Test
    void enough_coverage_holds() {
        fixture.receive(report("shop", 80, 20, null, null));
        assertThat(gate().sentence()).contains("Holds: lines 100 (at least 1), lineCoverage 0.8 (at least 0.8)");
    }

    @Test
    void a_report_that_counts_nothing_shows_nothing() {
        fixture.receive(report("shop", 0, 0, null, null));
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void an_old_report_shows_nothing() {
        fixture.receive(report("shop", 90, 10, null, null));
        fixture.clock.pass(Duration.ofDays(15));
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
    }

    private Verdict judged(String metric, double limit, Document... documents) {
        var thresholds = new GatePolicy.Thresholds(
                "gate-thresholds 1.1", List.of(new Threshold(metric, "at least", limit, "FAIL", "tests ran it")));
        var gate = new Requirement("coverage", "required", "qa", "jacoco,cobertura", "mandatory");
        return GateJudge.judge(gate, List.of(documents), thresholds, Set.of(), fixture.clock.instant())
                .verdict();
    }

    @ParameterizedTest(name = "{0} of {1} lines, at least {3} of {2}: {4}")
    @CsvSource({
        "80, 100, lineCoverage, 0.8, PASS",
        "79, 100, lineCoverage, 0.8, FAIL",
        "7999, 10000, lineCoverage, 0.8, FAIL",
        "80, 100, lineCoverage %, 80, PASS",
        "79, 100, lineCoverage %, 80, FAIL",
        "100, 100, lineCoverage, 80, ERROR",
        "100, 100, lineCoverage %, 180, ERROR",
    })
    void where_a_table_says_so_it_fails(long covered, long all, String metric, double limit, Verdict verdict) {
        assertThat(judged(metric, limit, report("shop", covered, all - covered, null, null)))
                .isEqualTo(verdict);
    }

    @Test
    void modules_are_weighed_by_their_size() {
        Document small = report("small", 10, 0, null, null);
        Document large = report("large", 10, 80, null, null);
        assertThat(judged("lineCoverage", 0.5, small, large)).isEqualTo(Verdict.FAIL);
        assertThat(judged("lineCoverage", 0.2, small, large)).isEqualTo(Verdict.PASS);
    }

    @Test
    void branches_that_nobody_counts_show_nothing_where_they_are_asked_for() {
        assertThat(judged("branchCoverage", 0.5, report("shop", 10, 0, null, null)))
                .isEqualTo(Verdict.NO_DATA);
    }
}
