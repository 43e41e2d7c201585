package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dependencies and infrastructure of a production target, at the limits of the tables that are delivered. */
@Tag("M4.2")
class ScaTests {
    private static final String CVE = "CVE-2026-0001";
    private static final String PURL = "pkg:npm/left-pad@1.3.0";
    private static final String IMAGE = "pkg:oci/checkout@sha256:" + "a".repeat(64);
    private final GateFixture fixture = new GateFixture();

    @BeforeEach
    void production() {
        fixture.target("production");
    }

    private Gate gate(String name) {
        return fixture.gates.find(KEY, name).orElseThrow();
    }

    private Document scan(String type, long critical, long high, long unknown, long scanned) {
        List<Finding> findings = new ArrayList<>();
        if (critical > 0) {
            findings.add(new Finding(
                    CVE + "@" + PURL, "critical", "t", "line 1", List.of("critical"), CVE, PURL, null, null));
        }
        return fixture.receive(fixture.document(
                type,
                "scanner",
                Map.of("critical", critical, "high", high, "unknown", unknown, "medium", 0L, "scanned", scanned),
                true,
                null,
                findings));
    }

    private void vex(String source, boolean excuses, String id, String product, String part, String at) {
        fixture.receive(fixture.withDetails(
                fixture.document("vex", source, Map.of("unknown", 0L), true, null, List.of()),
                Map.of(
                        "statements",
                        List.of(Map.of(
                                "ids",
                                List.of(id),
                                "status",
                                excuses ? "not_affected" : "affected",
                                "excuses",
                                excuses,
                                "products",
                                List.of(product),
                                "subcomponents",
                                part == null ? List.of() : List.of(part),
                                "versions",
                                List.of(),
                                "at",
                                at)))));
    }

    @ParameterizedTest(name = "{0}: {1} critical, {2} high, {3} unknown of {4} scanned is {5}")
    @CsvSource({
        "critical, 0, 0, 0, 12, PASS",
        "critical, 1, 0, 0, 12, FAIL",
        "critical, 0, 1, 0, 12, FAIL",
        "critical, 0, 0, 1, 12, FAIL",
        "high, 0, 0, 1, 12, PASS",
        "high, 0, 1, 0, 12, FAIL",
        "standard, 0, 1, 0, 12, PASS",
        "standard, 1, 0, 0, 12, FAIL",
        "standard, 0, 0, 0, 0, NO_DATA",
    })
    void severities_by_tier(String tier, long critical, long high, long unknown, long scanned, Verdict verdict) {
        fixture.release(tier, "standard", Map.of());
        scan("trivy", critical, high, unknown, scanned);
        assertThat(gate("sca").verdict()).isEqualTo(verdict);
    }

    @Test
    void a_bill_of_materials_without_an_analysis_shows_nothing() {
        fixture.receive(fixture.document("cyclonedx", "checkout", Map.of("components", 12L), true, null, List.of()));
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.NO_DATA);
        scan("grype", 0, 0, 0, 1);
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest(name = "{0} for {1} {2}: {3}")
    @CsvSource({
        "CVE-2026-0001, pkg:npm/left-pad@1.3.0, , PASS",
        "CVE-2026-0001, pkg:npm/left-pad, , PASS",
        "CVE-2026-0001, image, , PASS",
        "CVE-2026-0001, image, pkg:npm/left-pad@1.3.0, PASS",
        "CVE-2026-0001, checkout@2.0.0, , PASS",
        "CVE-2026-0002, pkg:npm/left-pad@1.3.0, , FAIL",
        "CVE-2026-0001, pkg:npm/left-pad@1.3.1, , FAIL",
        "CVE-2026-0001, pkg:npm/right-pad@1.3.0, , FAIL",
        "CVE-2026-0001, image, pkg:npm/right-pad@1.3.0, FAIL",
        "CVE-2026-0001, checkout@2.0.1, , FAIL",
        "CVE-2026-0001, pkg:oci/payments, , FAIL",
    })
    void vex_excuses_the_same_vulnerability_of_the_same_package_or_release(
            String id, String product, String part, Verdict verdict) {
        scan("trivy", 1, 0, 0, 12);
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.FAIL);
        vex("security", true, id, product.equals("image") ? IMAGE : product, part, "2026-11-20T09:00:00Z");
        assertThat(gate("sca").verdict()).isEqualTo(verdict);
        if (verdict == Verdict.PASS) {
            assertThat(gate("sca").sentence()).contains("excused: " + id + " (not_affected, by ");
        } else {
            assertThat(gate("sca").sentence()).doesNotContain("excused");
        }
    }

    @ParameterizedTest(name = "excused at {0}, affected at {1}: {2}")
    @CsvSource({
        "2026-11-21T09:00:00Z, 2026-11-20T09:00:00Z, PASS",
        "2026-11-20T09:00:00Z, 2026-11-21T09:00:00Z, FAIL",
        "2026-11-20T09:00:00Z, 2026-11-20T09:00:00Z, FAIL",
        "unknown, 2026-11-20T09:00:00Z, FAIL",
    })
    void a_statement_that_contradicts_holds_unless_it_is_older(String excused, String affected, Verdict verdict) {
        scan("trivy", 1, 0, 0, 12);
        vex("one", true, CVE, PURL, null, excused);
        vex("two", false, CVE, PURL, null, affected);
        assertThat(gate("sca").verdict()).isEqualTo(verdict);
    }

    @Test
    void vex_alone_is_no_scan() {
        vex("security", true, CVE, PURL, null, "2026-11-20T09:00:00Z");
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest(name = "a statement that counts {0} critical and {1} unknown: {2}")
    @CsvSource({"0, 0, PASS", "0, 2, PASS", "1, 0, PASS"})
    void statements_excuse_and_are_no_second_count_of_what_they_name(long critical, long unknown, Verdict verdict) {
        scan("trivy", 0, 0, 0, 12);
        fixture.receive(fixture.document(
                "vex", "security", Map.of("critical", critical, "unknown", unknown), true, null, List.of()));
        assertThat(gate("sca").verdict()).isEqualTo(verdict);
        assertThat(gate("sca").evidence()).isNotEmpty();
    }

    @Test
    void a_critical_count_in_a_statement_alone_is_still_no_scan() {
        fixture.receive(fixture.document(
                "vex", "security", Map.of("critical", 0L, "scanned", 9L, "components", 9L), true, null, List.of()));
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest(name = "{0} secrets: {1}")
    @CsvSource({"0, PASS", "1, FAIL", "2, FAIL"})
    void no_secret_is_in_a_file(long secrets, Verdict verdict) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 1; i <= secrets; i++) {
            findings.add(new Finding("key@env.sh:" + i, "critical", "a key", "line " + i, List.of("secrets")));
        }
        fixture.receive(fixture.document(
                "trivy",
                "files",
                Map.of("critical", 0L, "high", 0L, "unknown", 0L, "medium", 0L, "scanned", 1L, "secrets", secrets),
                true,
                null,
                findings));
        assertThat(gate("sca").verdict()).isEqualTo(verdict);
    }

    @Test
    void a_scanner_that_does_not_look_for_secrets_is_not_asked_for_them() {
        scan("grype", 0, 0, 0, 1);
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void an_old_scan_shows_nothing() {
        scan("trivy", 0, 0, 0, 12);
        fixture.clock.pass(Duration.ofDays(8));
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void in_the_sandbox_it_is_advisory_and_says_why() {
        fixture.target("sandbox");
        fixture.evaluation.determine(KEY);
        assertThat(gate("sca").required()).isEqualTo("advisory");
        assertThat(gate("sca").rule()).contains("sandbox");
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(gate("sca").isClear()).as("nothing waits for it").isTrue();
    }

    @Test
    void in_the_sandbox_a_scan_is_judged_and_shown_and_stops_nothing() {
        fixture.target("sandbox");
        fixture.evaluation.determine(KEY);
        scan("trivy", 1, 0, 0, 12);
        assertThat(gate("sca").verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate("sca").isClear()).isTrue();
        assertThat(fixture.clear.missing(fixture.releases.get(KEY), "d"))
                .isNotEmpty()
                .noneMatch(missing -> missing.contains("sca"));
    }

    @Test
    @Tag("M4.3")
    void in_the_sandbox_a_policy_report_is_judged_whether_or_not_the_infrastructure_changes() {
        fixture.target("sandbox");
        fixture.evaluation.determine(KEY);
        fixture.receive(fixture.document(
                "checkov",
                "checkov",
                Map.of("passed", 4L, "failed", 1L, "error", 0L, "checks", 5L),
                true,
                null,
                List.of()));
        assertThat(gate("infrastructure-compliance").required()).isEqualTo("advisory");
        assertThat(gate("infrastructure-compliance").verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate("infrastructure-compliance").isClear()).isTrue();
    }

    @ParameterizedTest(name = "{0} passed, {1} failed, {2} broken: {3}")
    @CsvSource({"4, 0, 0, PASS", "4, 1, 0, FAIL", "4, 0, 1, FAIL", "0, 0, 0, NO_DATA"})
    @Tag("M4.3")
    void infrastructure(long passed, long failed, long error, Verdict verdict) {
        fixture.release("high", "standard", Map.of("infrastructure", true));
        fixture.receive(fixture.document(
                "checkov",
                "checkov",
                Map.of("passed", passed, "failed", failed, "error", error, "checks", passed + failed + error),
                true,
                null,
                List.of()));
        assertThat(gate("infrastructure-compliance").required()).isEqualTo("required");
        assertThat(gate("infrastructure-compliance").verdict()).isEqualTo(verdict);
    }
}
