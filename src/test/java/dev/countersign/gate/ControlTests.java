package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.gate.Gates.Check;
import dev.countersign.gate.Gates.Control;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.WaiverDesk.Wish;
import dev.countersign.release.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy reports by the controls of GDPR and HIPAA that they show, as the tables that are delivered say. */
@Tag("M4.2")
class ControlTests {
    private static final Path SAMPLES = Path.of("src/test/resources/samples/controls");
    private final GateFixture fixture = new GateFixture();

    @BeforeEach
    void production() {
        fixture.target("production");
        personalData(true);
    }

    private void personalData(boolean fact) {
        fixture.release("high", "standard", Map.of("infrastructure", true, "personalData", fact));
    }

    private Gate gate() {
        return fixture.gates.find(KEY, "infrastructure-compliance").orElseThrow();
    }

    private Map<String, Verdict> controls() {
        return gate().controls().stream().collect(Collectors.toMap(Control::id, Control::verdict));
    }

    private void receive(DocumentType type, String file) throws Exception {
        Reading reading = Readers.all().get(type).read(() -> Files.newInputStream(SAMPLES.resolve(file)));
        fixture.receive(fixture.withDetails(
                fixture.document(
                        type.id(), file, reading.summary(), reading.complete(), reading.gap(), reading.findings()),
                reading.details()));
    }

    @Test
    void a_service_with_personal_data_shows_each_control_by_checks_that_ran() throws Exception {
        receive(DocumentType.CHECKOV, "checkov-encrypted.json");
        assertThat(controls())
                .containsEntry("GDPR Art. 32(1)(a)", Verdict.PASS)
                .containsEntry("GDPR Art. 32(1)(b)", Verdict.NO_DATA);
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(gate().sentence())
                .contains(
                        "controlsWithoutCheck 1 (at most 0)",
                        "gate-thresholds 1.0, control-checks 1.0, required-controls 1.0");
        assertThat(gate().findings())
                .extracting(Finding::id, Finding::title)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "control:GDPR Art. 32(1)(b)",
                        "GDPR Art. 32(1)(b), confidentiality and integrity of the systems: who can reach them: no check that"
                                + " shows it ran"));
        receive(DocumentType.KYVERNO, "kyverno-access.yaml");
        assertThat(controls())
                .containsEntry("GDPR Art. 32(1)(a)", Verdict.PASS)
                .containsEntry("GDPR Art. 32(1)(b)", Verdict.PASS);
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void a_control_names_the_checks_behind_it_and_their_document() throws Exception {
        receive(DocumentType.CHECKOV, "checkov-encrypted.json");
        receive(DocumentType.KYVERNO, "kyverno-access.yaml");
        Control closed = gate().controls().stream()
                .filter(one -> one.id().equals("GDPR Art. 32(1)(b)"))
                .findFirst()
                .orElseThrow();
        assertThat(closed.required()).isTrue();
        assertThat(closed.title()).isEqualTo("confidentiality and integrity of the systems: who can reach them");
        assertThat(closed.sentence()).isEqualTo("0 of 2 results of 1 checks failed");
        assertThat(closed.checks())
                .containsExactly(new Check(
                        "kyverno",
                        "disallow-privileged-containers/privileged-containers",
                        2,
                        0,
                        fixture.documents.get(1).sha256()));
    }

    @Test
    void a_failed_check_fails_the_gate_and_its_control_and_says_which() throws Exception {
        receive(DocumentType.CHECKOV, "checkov-failed.json");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(controls())
                .containsEntry("GDPR Art. 32(1)(a)", Verdict.FAIL)
                .containsEntry("GDPR Art. 32(1)(b)", Verdict.PASS)
                .containsEntry("HIPAA 164.312(a)(2)(iv)", Verdict.FAIL);
        assertThat(gate().findings())
                .extracting(Finding::title)
                .containsExactlyInAnyOrder(
                        "Ensure all data stored in the S3 bucket is securely encrypted at rest (GDPR Art. 32(1)(a), HIPAA"
                                + " 164.312(a)(2)(iv))",
                        "A rule of our own (of no named control)");
    }

    @Test
    void a_failure_that_no_row_names_fails_without_any_control() throws Exception {
        personalData(false);
        receive(DocumentType.CONFTEST, "conftest-own.json");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().controls()).isEmpty();
        assertThat(gate().findings())
                .singleElement()
                .extracting(Finding::title)
                .asString()
                .contains("no named control");
    }

    @Test
    void without_personal_data_controls_are_shown_and_not_asked_for() throws Exception {
        personalData(false);
        receive(DocumentType.CHECKOV, "checkov-encrypted.json");
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(gate().controls())
                .extracting(Control::id, Control::required, Control::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("GDPR Art. 32(1)(a)", false, Verdict.PASS),
                        org.assertj.core.groups.Tuple.tuple("HIPAA 164.312(a)(2)(iv)", false, Verdict.PASS));
    }

    @ParameterizedTest(name = "countersign.dev/data: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "personal | GDPR Art. 32(1)(b)",
                "health | GDPR Art. 32(1)(b), HIPAA 164.312(a)(1), HIPAA 164.312(b), HIPAA 164.312(e)(1)",
                "Personal, Health | GDPR Art. 32(1)(b), HIPAA 164.312(a)(1), HIPAA 164.312(b), HIPAA 164.312(e)(1)",
                "public | ''",
            })
    void what_the_catalog_says_of_a_service_counts_whatever_the_release_says(String data, String missing)
            throws Exception {
        personalData(false);
        fixture.service("production", Map.of(ControlPolicy.ANNOTATION, data));
        receive(DocumentType.CHECKOV, "checkov-encrypted.json");
        assertThat(gate().controls().stream()
                        .filter(control -> control.verdict() == Verdict.NO_DATA)
                        .map(Control::id)
                        .collect(Collectors.joining(", ")))
                .isEqualTo(missing);
        assertThat(gate().verdict()).isEqualTo(missing.isEmpty() ? Verdict.PASS : Verdict.NO_DATA);
    }

    @Test
    void trivy_shows_a_control_by_its_newer_ids_too_and_only_where_it_lists_what_passed() throws Exception {
        receive(DocumentType.TRIVY, "trivy-passes.json");
        assertThat(controls()).containsEntry("GDPR Art. 32(1)(a)", Verdict.PASS);
        assertThat(controls()).containsEntry("GDPR Art. 32(1)(b)", Verdict.PASS);
    }

    @Test
    void a_check_that_failed_more_often_than_the_record_lists_does_not_become_one_that_passed() {
        Map<String, Long> many = new java.util.TreeMap<>();
        for (int i = 0; i < 300; i++) {
            many.put("AAA_" + i, 1L);
        }
        many.put("CKV_AWS_19", 1L);
        List<Finding> listed = many.keySet().stream()
                .limit(200)
                .map(check ->
                        new Finding(check + "@x", "failed", "t", "line 1", List.of("failed"), check, "x", null, null))
                .toList();
        fixture.receive(fixture.withDetails(
                fixture.document(
                        "checkov",
                        "checkov",
                        Map.of("passed", 1L, "failed", 301L, "error", 0L, "checks", 302L),
                        true,
                        null,
                        listed),
                Map.of("tool", "checkov", "checks", many, "failedChecks", many)));
        assertThat(controls()).containsEntry("GDPR Art. 32(1)(a)", Verdict.FAIL);
    }

    @Test
    void a_waiver_names_the_control_and_covers_no_other() throws Exception {
        receive(DocumentType.CHECKOV, "checkov-encrypted.json");
        fixture.actor("developer", "developer");
        fixture.desk.requestByApi(
                KEY,
                "infrastructure-compliance",
                new Wish(
                        List.of("control:GDPR Art. 32(1)(b)"),
                        "Shown by the audit of the data centre",
                        fixture.clock.instant().plus(Duration.ofDays(7))));
        fixture.actor("compliance", "compliance");
        fixture.desk.decide(KEY, "infrastructure-compliance", true, "The audit is valid");
        assertThat(gate().isClear()).isTrue();
        receive(DocumentType.CHECKOV, "checkov-failed.json");
        assertThat(gate().isClear()).isFalse();
    }

    @Test
    void what_was_shown_is_kept_with_each_evaluation() throws Exception {
        receive(DocumentType.CHECKOV, "checkov-encrypted.json");
        receive(DocumentType.KYVERNO, "kyverno-access.yaml");
        assertThat(fixture.repository.all(KEY, "infrastructure-compliance"))
                .extracting(one -> one.judgement().controls().stream()
                        .filter(control -> control.id().equals("GDPR Art. 32(1)(b)"))
                        .map(Control::verdict)
                        .toList())
                .containsExactly(List.of(Verdict.NO_DATA), List.of(Verdict.PASS));
    }

    @Test
    void a_failed_check_leads_to_the_report_that_it_stands_in() throws Exception {
        receive(DocumentType.CHECKOV, "checkov-failed.json");
        receive(DocumentType.CONFTEST, "../policy_results/conftest__namespaces.json");
        receive(DocumentType.KYVERNO, "kyverno-access.yaml");
        assertThat(gate().findings())
                .filteredOn(finding -> finding.position() != null)
                .extracting(finding -> finding.position().document())
                .contains(
                        fixture.documents.get(0).sha256(),
                        fixture.documents.get(1).sha256())
                .doesNotContainNull()
                .doesNotContain(fixture.documents.get(2).sha256());
    }
}
