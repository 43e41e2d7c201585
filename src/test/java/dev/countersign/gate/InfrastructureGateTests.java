package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Content;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.gate.Gates.Control;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.WaiverDesk.Wish;
import dev.countersign.release.Release;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.Decisions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Infrastructure files as evidence, by the tables that are delivered. */
@Tag("M4.2")
class InfrastructureGateTests {
    private static final Path SAMPLES = Path.of("src/test/resources/samples");
    private static final String TABLE = "control-checks";
    private final GateFixture fixture = new GateFixture();
    private Release release;

    @BeforeEach
    void production() {
        fixture.target("production");
        personalData(false);
    }

    private void personalData(boolean fact) {
        release = fixture.release("high", "standard", Map.of("infrastructure", true, "personalData", fact));
    }

    private Gate gate() {
        return fixture.gates.find(KEY, "infrastructure-compliance").orElseThrow();
    }

    private Document document(DocumentType type, String source, Content content) throws Exception {
        Reading reading = Readers.all().get(type).read(content);
        return fixture.withDetails(
                fixture.document(
                        type.id(), source, reading.summary(), reading.complete(), reading.gap(), reading.findings()),
                reading.details());
    }

    private Document receive(String file) throws Exception {
        return fixture.receive(document(
                DocumentType.INFRASTRUCTURE,
                file,
                () -> Files.newInputStream(SAMPLES.resolve("infrastructure").resolve(file))));
    }

    private Document text(String source, String text) throws Exception {
        return document(
                DocumentType.INFRASTRUCTURE,
                source,
                () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void files_that_are_as_they_should_be_pass_and_show_the_controls_of_gdpr() throws Exception {
        personalData(true);
        receive("estate.tf");
        assertThat(gate().verdict()).as(gate().sentence()).isEqualTo(Verdict.PASS);
        assertThat(gate().controls())
                .filteredOn(Control::required)
                .extracting(Control::id, Control::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("GDPR Art. 32(1)(a)", Verdict.PASS),
                        org.assertj.core.groups.Tuple.tuple("GDPR Art. 32(1)(b)", Verdict.PASS));
    }

    @Test
    void a_control_that_no_check_of_the_files_shows_leaves_the_gate_without_data() throws Exception {
        personalData(true);
        receive("shop.yaml");
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(gate().findings()).extracting(Finding::id).containsExactly("control:GDPR Art. 32(1)(a)");
        receive("plan.json");
        assertThat(gate().verdict()).as(gate().sentence()).isEqualTo(Verdict.PASS);
    }

    @Test
    void what_fails_and_what_is_not_told_fail_the_gate_with_their_controls() throws Exception {
        receive("estate-open.tf");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().findings())
                .extracting(Finding::id, Finding::title)
                .contains(
                        org.assertj.core.groups.Tuple.tuple(
                                "database-public@aws_db_instance.orders",
                                "the database has an address on the internet: publicly_accessible is true (GDPR Art. 32(1)(b), HIPAA 164.312(a)(1))"),
                        org.assertj.core.groups.Tuple.tuple(
                                "volume-unencrypted@aws_ebs_volume.orders",
                                "the file does not rule out that the volume is not encrypted (GDPR Art. 32(1)(a), HIPAA 164.312(a)(2)(iv))"));
        assertThat(gate().controls())
                .extracting(Control::id, Control::verdict)
                .contains(org.assertj.core.groups.Tuple.tuple("GDPR Art. 32(1)(b)", Verdict.FAIL));
    }

    @Test
    void a_file_in_which_nothing_was_looked_at_passes_nothing_beside_one_that_passes_too() throws Exception {
        receive("service-only.yaml");
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        receive("shop.yaml");
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        receive("plan-none.json");
        assertThat(gate().isClear()).isFalse();
    }

    @Test
    void a_failure_that_no_row_names_fails() throws Exception {
        fixture.receive(text("main.tf", "module \"network\" {\n  source = \"./network\"\n}\n"));
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().findings()).first().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("unseen-module@module.network");
            assertThat(finding.title()).endsWith("(of no named control)");
        });
        assertThat(gate().controls()).isEmpty();
    }

    @Test
    void a_tools_report_with_failures_fails_whatever_the_files_pass_and_the_other_way_round() throws Exception {
        receive("estate.tf");
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        fixture.receive(document(
                DocumentType.CHECKOV,
                "checkov",
                () -> Files.newInputStream(SAMPLES.resolve("controls/checkov-failed.json"))));
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        fixture.documents.clear();
        fixture.receive(document(
                DocumentType.CHECKOV,
                "checkov",
                () -> Files.newInputStream(SAMPLES.resolve("controls/checkov-encrypted.json"))));
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        receive("shop-open.yaml");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void files_stand_beside_each_other_and_a_file_takes_the_place_of_its_earlier_self_only() throws Exception {
        receive("shop-open.yaml");
        receive("estate.tf");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        fixture.receive(text("shop-open.yaml", Files.readString(SAMPLES.resolve("infrastructure/shop.yaml"))));
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void a_waiver_names_findings_and_covers_no_other_resource() throws Exception {
        String open = "resource \"aws_ebs_volume\" \"%s\" {\n  size = 1\n}\n";
        String good = "resource \"aws_ebs_volume\" \"good\" {\n  encrypted = true\n}\n";
        fixture.receive(text("main.tf", good + open.formatted("scratch")));
        fixture.actor("developer", "developer");
        fixture.desk.requestByApi(
                KEY,
                "infrastructure-compliance",
                new Wish(
                        List.of("volume-unencrypted@aws_ebs_volume.scratch"),
                        "It holds what anybody may read",
                        fixture.clock.instant().plus(Duration.ofDays(7))));
        fixture.actor("compliance", "compliance");
        fixture.desk.decide(KEY, "infrastructure-compliance", true, "Looked at");
        assertThat(gate().isClear()).isTrue();
        fixture.receive(text("main.tf", good + open.formatted("scratch") + open.formatted("orders")));
        assertThat(gate().isClear()).isFalse();
    }

    /** The table as it is delivered, with rows more. */
    private static Decisions with(String... rows) throws Exception {
        String table = Files.readString(Path.of("processes", TABLE + ".dmn"))
                .replace("    </decisionTable>", String.join("", rows) + "    </decisionTable>");
        DmnEngine engine =
                DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
        var parsed = engine.parseDecision(TABLE, new ByteArrayInputStream(table.getBytes(StandardCharsets.UTF_8)));
        return (policy, decision, facts) -> decision.equals(TABLE)
                ? new Decisions.Answered(
                        decision,
                        decision + " 1.1",
                        engine.evaluateDecision(parsed, Variables.fromMap(facts)).getResultList().stream()
                                .<Map<String, Object>>map(LinkedHashMap::new)
                                .toList())
                : GateFixture.ask(decision, facts);
    }

    private static String row(String tool, String check, String control) {
        String id = "more-" + tool + "-" + check + "-" + control.hashCode();
        return ("<rule id=\"%1$s\"><inputEntry id=\"%1$s-1\"><text>\"%2$s\"</text></inputEntry>"
                        + "<inputEntry id=\"%1$s-2\"><text>\"%3$s\"</text></inputEntry>"
                        + "<outputEntry id=\"%1$s-3\"><text>\"%4$s\"</text></outputEntry></rule>")
                .formatted(id, tool, check, control);
    }

    private Verdict verdict(Decisions decisions, Document... documents) {
        Requirement gate = fixture.policy.requirements(release).stream()
                .filter(one -> one.gate().equals("infrastructure-compliance"))
                .findFirst()
                .orElseThrow();
        Assessment.Assessed assessed = new ControlAssessment(new ControlPolicy(decisions, fixture.catalog))
                .of(gate, release, List.of(documents));
        return GateJudge.judge(
                        gate,
                        assessed,
                        fixture.policy.thresholds(release, gate.gate()),
                        Set.of(),
                        List.of(),
                        fixture.clock.instant())
                .verdict();
    }

    @Test
    void a_check_that_the_table_does_not_count_neither_fails_nor_passes_anything() throws Exception {
        Document module = text(
                "main.tf",
                "module \"network\" {\n  source = \"./network\"\n}\nresource \"aws_ebs_volume\" \"a\" {\n  encrypted = true\n}\n");
        String off = row("countersign", "unseen-module", UncountedChecks.WORD);
        assertThat(verdict(with(), module)).isEqualTo(Verdict.FAIL);
        assertThat(verdict(with(off), module)).isEqualTo(Verdict.PASS);
        Document open = text("open.tf", "resource \"aws_ebs_volume\" \"a\" {\n}\n");
        assertThat(verdict(with(off), module, open)).isEqualTo(Verdict.FAIL);
        Document alone = text("alone.tf", "module \"network\" {\n  source = \"./network\"\n}\n");
        assertThat(verdict(with(off), alone)).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void a_check_that_also_shows_a_control_is_counted() throws Exception {
        Document open = text("open.tf", "module \"network\" {\n  source = \"./network\"\n}\n");
        assertThat(verdict(
                        with(
                                row("countersign", "unseen-module", UncountedChecks.WORD),
                                row("countersign", "unseen-module", "GDPR Art. 32(1)(b)")),
                        open))
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void what_a_tool_reports_cannot_be_left_out_so() throws Exception {
        Document report = document(
                DocumentType.CONFTEST,
                "conftest",
                () -> Files.newInputStream(SAMPLES.resolve("controls/conftest-own.json")));
        String check = report.findings().get(0).rule();
        assertThat(verdict(with(row("conftest", check, UncountedChecks.WORD)), report))
                .isEqualTo(Verdict.FAIL);
        assertThat(gate().controls().stream().map(Control::id).collect(Collectors.toSet()))
                .doesNotContain(UncountedChecks.WORD);
    }
}
