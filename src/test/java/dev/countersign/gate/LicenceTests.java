package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Content;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.LicenceExpression.Standing;
import dev.countersign.gate.WaiverDesk.Wish;
import dev.countersign.release.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Licences as real documents write them, held against the table that is delivered. */
@Tag("M4.1")
class LicenceTests {
    private static final Path SAMPLES = Path.of("src/test/resources/samples/licences");
    private final GateFixture fixture = new GateFixture();
    private final LicencePolicy policy = new LicencePolicy(fixture.decisions);

    @BeforeEach
    void production() {
        fixture.target("production");
    }

    private Gate gate() {
        return fixture.gates.find(KEY, "licences").orElseThrow();
    }

    private Document receive(String file, String source) throws Exception {
        DocumentType type = file.contains("spdx") ? DocumentType.SPDX : DocumentType.CYCLONEDX;
        return receive(type, source, () -> Files.newInputStream(SAMPLES.resolve(file)));
    }

    private Document receive(DocumentType type, String source, Content content) throws Exception {
        Reading reading = Readers.all().get(type).read(content);
        return fixture.receive(fixture.withDetails(
                fixture.document(
                        type.id(), source, reading.summary(), reading.complete(), reading.gap(), reading.findings()),
                reading.details()));
    }

    @ParameterizedTest(name = "{0} is {1}, by {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "MIT | ALLOWED | MIT",
                "mit | ALLOWED | MIT",
                "The MIT License | ALLOWED | MIT",
                "Apache License, Version 2.0 | ALLOWED | Apache-2.0",
                "Apache-2.0 WITH LLVM-exception | ALLOWED | Apache-2.0 WITH LLVM-exception",
                "Apache-2.0+ | ALLOWED | Apache-2.0",
                "BSD or Apache License, Version 2.0 | ALLOWED | BSD",
                "MIT OR GPL-3.0-only | ALLOWED | MIT",
                "GPL-3.0-only OR MIT | ALLOWED | MIT",
                "MIT AND GPL-3.0-only | DENIED | GPL-3.0-only",
                "MIT OR GPL-3.0-only AND AGPL-3.0-only | ALLOWED | MIT",
                "(MIT OR GPL-3.0-only) AND AGPL-3.0-only | DENIED | AGPL-3.0-only",
                "(MIT OR GPL-3.0-only) AND (Apache-2.0 OR EPL-2.0) | ALLOWED | MIT",
                "(EPL-1.0) AND (GNU Lesser General Public License) | ADVISE | EPL-1.0",
                "MPL 2.0 or EPL 1.0 | ADVISE | MPL-2.0",
                "LGPL-2.1 | ADVISE | LGPL-2.1-only",
                "LGPL-2.1+ | ADVISE | LGPL-2.1-or-later",
                "GNU Lesser General Public License v2.1 or later | ADVISE | LGPL-2.1-or-later",
                "GPL-2.0 | DENIED | GPL-2.0-only",
                "GPL-2.0+ | DENIED | GPL-2.0-or-later",
                "GPLv3+ | DENIED | GPL-3.0-or-later",
                "GNU General Public License, version 2 | DENIED | GPL-2.0-only",
                "GPL-2.0-with-classpath-exception | ALLOWED | GPL-2.0-only WITH Classpath-exception-2.0",
                "GPL-2.0+ WITH Classpath-exception-2.0 | ALLOWED | GPL-2.0-or-later WITH Classpath-exception-2.0",
                "GNU General Public License (GPL), version 2, with the Classpath exception | ALLOWED | GPL-2.0-only WITH Classpath-exception-2.0",
                "CDDL-1.0 OR GPL-2.0-with-classpath-exception | ALLOWED | GPL-2.0-only WITH Classpath-exception-2.0",
                "MIT WITH Commons-Clause | DENIED | MIT WITH Commons-Clause",
                "GPL-3.0-only WITH an exception of ours | DENIED | GPL-3.0-only WITH an exception of ours",
                "SSPL-1.0 | DENIED | SSPL-1.0",
                "BUSL-1.1 | DENIED | BUSL-1.1",
                "CC-BY-NC-SA-4.0 | DENIED | CC-BY-NC-SA-4.0",
                "LicenseRef-ours | DENIED | LicenseRef-ours",
                "Proprietary or MIT | DENIED | Proprietary or MIT",
                "MIT OR | DENIED | MIT OR",
                "OR MIT | DENIED | OR MIT",
                "(MIT | DENIED | (MIT",
                "MIT) OR (GPL-3.0-only | DENIED | MIT) OR (GPL-3.0-only",
                "MIT GPL-3.0-only | DENIED | MIT GPL-3.0-only",
                "NOASSERTION | UNKNOWN | NOASSERTION",
                "MIT AND NOASSERTION | UNKNOWN | NOASSERTION",
                "MIT OR NOASSERTION | ALLOWED | MIT",
                "NOASSERTION AND AGPL-3.0-only | DENIED | AGPL-3.0-only",
            })
    void of_or_the_best_counts_of_and_the_worst_and_what_nobody_knows_is_denied(
            String stated, Standing standing, String by) {
        var ruling = policy.ruling("policy", stated);
        assertThat(ruling.standing()).isEqualTo(standing);
        assertThat(ruling.licence()).isEqualTo(by);
    }

    @Test
    void an_expression_of_any_depth_and_length_is_answered_and_never_allowed_by_its_shape() {
        for (String text : new String[] {
            "(".repeat(400) + "MIT" + ")".repeat(400) + " AND X-1",
            "MIT AND (".repeat(100) + "X-1" + ")".repeat(100),
            "MIT AND ".repeat(120) + "X-1",
            "X-1" + " OR X-1".repeat(140),
            ") (",
            "()",
            "(((",
            "WITH",
            "AND",
            "+",
            "\u0000"
        }) {
            assertThat(policy.ruling("policy", text).standing()).isNotIn(Standing.ALLOWED, Standing.ADVISE);
        }
    }

    @Test
    void a_table_that_says_something_else_denies() {
        var strange = new LicencePolicy((policy, decision, facts) -> new dev.countersign.workflow.Decisions.Answered(
                decision, "licence-policy 9", List.of(Map.of("standing", "allowd", "rule", "a typing error"))));
        assertThat(strange.ruling("policy", "MIT").standing()).isEqualTo(Standing.DENIED);
        var silent = new LicencePolicy((policy, decision, facts) ->
                new dev.countersign.workflow.Decisions.Answered(decision, "licence-policy 9", List.of()));
        assertThat(silent.ruling("policy", "MIT").standing()).isEqualTo(Standing.DENIED);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "allowed.cdx.json, PASS",
        "allowed.cdx.xml, PASS",
        "allowed.spdx.json, PASS",
        "denied.cdx.json, FAIL",
        "unstated.cdx.json, NO_DATA",
        "unstated.spdx.json, NO_DATA",
    })
    void a_bill_of_materials_is_judged_by_the_licences_of_its_components(String file, Verdict verdict)
            throws Exception {
        receive(file, "build");
        assertThat(gate().required()).isEqualTo("required");
        assertThat(gate().owner()).isEqualTo("legal");
        assertThat(gate().verdict()).as(gate().sentence()).isEqualTo(verdict);
    }

    @Test
    void each_component_is_a_finding_that_names_licence_rule_and_place() throws Exception {
        receive("denied.cdx.json", "build");
        assertThat(gate().value()).isEqualTo("denied 2");
        assertThat(gate().findings())
                .extracting(Finding::id)
                .containsExactlyInAnyOrder(
                        "GPL-3.0-only@pkg:npm/strong@3.0.0",
                        "(MIT) AND (Our own terms)@pkg:npm/mixed@1.0.0",
                        "no licence@pkg:npm/silent@1.0.0");
        Finding strong = gate().findings().stream()
                .filter(one -> one.id().startsWith("GPL"))
                .findFirst()
                .orElseThrow();
        assertThat(strong.title())
                .isEqualTo("pkg:npm/strong@3.0.0: GPL-3.0-only is denied: strong copyleft: what is delivered with it is"
                        + " delivered under its licence (licence-policy 1.0)");
        assertThat(strong.place()).isEqualTo("line 15, /components/2");
        assertThat(gate().findings().stream()
                        .filter(one -> one.id().startsWith("(MIT)"))
                        .findFirst()
                        .orElseThrow()
                        .title())
                .contains("(by Our own terms) is denied: no row names this licence");
        assertThat(gate().sentence())
                .contains(
                        "denied 2 (at most 0)",
                        "unknown 1 (at most 0)",
                        "worth a look: advised 1",
                        "in 6 components",
                        "gate-thresholds 1.0, licence-policy 1.0");
        assertThat(gate().ruleVersion()).isEqualTo("gate-thresholds 1.0, licence-policy 1.0");
    }

    @Test
    void a_waiver_covers_the_components_it_names_and_no_other() throws Exception {
        receive("denied.cdx.json", "build");
        waive(List.of("GPL-3.0-only@pkg:npm/strong@3.0.0"));
        assertThat(gate().isClear()).isFalse();
        waive(gate().findings().stream().map(Finding::id).toList());
        assertThat(gate().isClear()).isTrue();
        String other = Files.readString(SAMPLES.resolve("denied.cdx.json")).replace("strong@3.0.0", "strong@3.0.1");
        receive(
                DocumentType.CYCLONEDX,
                "build",
                () -> new java.io.ByteArrayInputStream(other.getBytes(StandardCharsets.UTF_8)));
        assertThat(gate().isClear()).as("another version of the component").isFalse();
    }

    private void waive(List<String> findings) {
        fixture.actor("developer", "developer");
        fixture.desk.requestByApi(
                KEY,
                "licences",
                new Wish(
                        findings,
                        "Only used to build, never delivered",
                        fixture.clock.instant().plus(Duration.ofDays(7))));
        fixture.actor("legal-2", "legal");
        fixture.desk.decide(KEY, "licences", true, "Build tool");
    }

    @Test
    void more_components_than_the_record_lists_still_count() throws Exception {
        StringBuilder bom = new StringBuilder("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[");
        for (int i = 0; i < 250; i++) {
            bom.append(i == 0 ? "" : ",")
                    .append(
                            "{\"type\":\"library\",\"name\":\"a%d\",\"licenses\":[{\"license\":{\"id\":\"AGPL-3.0-only\"}}]}"
                                    .formatted(i));
        }
        byte[] bytes = bom.append("]}").toString().getBytes(StandardCharsets.UTF_8);
        Document document = receive(DocumentType.CYCLONEDX, "build", () -> new java.io.ByteArrayInputStream(bytes));
        assertThat(gate().value()).isEqualTo("denied 250");
        assertThat(gate().findings())
                .hasSize(201)
                .allSatisfy(finding -> assertThat(finding.position().document()).isEqualTo(document.sha256()));
        waive(gate().findings().stream()
                .map(Finding::id)
                .filter(id -> !id.startsWith("rest:"))
                .toList());
        assertThat(gate().isClear()).as("the rest was not waived").isFalse();
    }

    @Test
    void half_an_expression_is_never_taken_for_the_whole() throws Exception {
        String expression = "MIT AND ".repeat(130) + "AGPL-3.0-only";
        byte[] bytes =
                ("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{\"type\":\"library\",\"name\":\"a\","
                                + "\"licenses\":[{\"expression\":\"" + expression + "\"}]}]}")
                        .getBytes(StandardCharsets.UTF_8);
        receive(DocumentType.CYCLONEDX, "build", () -> new java.io.ByteArrayInputStream(bytes));
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void one_clean_document_does_not_make_up_for_another() throws Exception {
        receive("allowed.cdx.json", "front");
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        Document back = receive("denied.cdx.json", "back");
        receive("unstated.spdx.json", "beside");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().findings())
                .filteredOn(finding -> finding.id().startsWith("GPL"))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.position().document()).isEqualTo(back.sha256()));
    }

    @Test
    void without_components_or_after_a_month_nothing_is_shown() throws Exception {
        byte[] empty = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[]}"
                .getBytes(StandardCharsets.UTF_8);
        receive(DocumentType.CYCLONEDX, "build", () -> new java.io.ByteArrayInputStream(empty));
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        receive("allowed.cdx.json", "build");
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        fixture.clock.pass(Duration.ofDays(32));
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void in_the_sandbox_it_is_advisory() throws Exception {
        fixture.target("sandbox");
        fixture.evaluation.determine(KEY);
        receive("denied.cdx.json", "build");
        assertThat(gate().required()).isEqualTo("advisory");
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().isClear()).isTrue();
    }

    private static final String DESCRIBED =
            "{'SPDXID':'SPDXRef-root','name':'checkout','versionInfo':'2.0.0','licenseDeclared':'MIT'%s}";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``| NO_DATA",
                ",{'SPDXID':'SPDXRef-a','name':'a','licenseDeclared':'MIT'} | PASS",
                ",{'SPDXID':'SPDXRef-a','name':'a','licenseDeclared':'NOASSERTION'} | NO_DATA",
                ",{'SPDXID':'SPDXRef-os','name':'debian','versionInfo':'12.8','primaryPackagePurpose':'OPERATING-SYSTEM'} | NO_DATA",
                ",{'SPDXID':'SPDXRef-os','name':'debian','primaryPackagePurpose':'OPERATING-SYSTEM'},{'SPDXID':'SPDXRef-a','name':'a','licenseDeclared':'MIT'} | PASS",
                ",{'SPDXID':'SPDXRef-OperatingSystem-1','name':'debian'},{'SPDXID':'SPDXRef-Application-2','name':'npm'},{'SPDXID':'SPDXRef-a','name':'a','licenseDeclared':'MIT'} | PASS",
                ",{'SPDXID':'SPDXRef-os','name':'debian','primaryPackagePurpose':'OPERATING-SYSTEM','licenseDeclared':'SSPL-1.0'} | FAIL",
                ",{'SPDXID':'SPDXRef-Application-2','name':'a','externalRefs':[{'referenceType':'purl','referenceLocator':'pkg:npm/a@1'}]},{'SPDXID':'SPDXRef-a','name':'a','licenseDeclared':'MIT'} | NO_DATA",
            })
    void the_release_itself_and_the_system_below_it_are_no_components_of_which_a_licence_is_asked(
            String others, Verdict verdict) throws Exception {
        read(
                DocumentType.SPDX,
                "{'spdxVersion':'SPDX-2.3','name':'a','documentDescribes':['SPDXRef-root'],'packages':["
                        + DESCRIBED.formatted("")
                        + others
                        + "]}");
        assertThat(gate().verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'operating-system','name':'debian','version':'12.8'} | NO_DATA",
                "{'type':'operating-system','name':'debian'},{'type':'library','name':'a','licenses':[{'license':{'id':'MIT'}}]} | PASS",
                "{'type':'application','name':'app/package-lock.json','properties':[{'name':'aquasecurity:trivy:Class','value':'lang-pkgs'}]},{'type':'library','name':'a','licenses':[{'license':{'id':'MIT'}}]} | PASS",
                "{'type':'application','name':'nginx'},{'type':'library','name':'a','licenses':[{'license':{'id':'MIT'}}]} | NO_DATA",
                "{'type':'application','name':'a','purl':'pkg:npm/a@1','properties':[{'name':'aquasecurity:trivy:Class','value':'lang-pkgs'}]} | NO_DATA",
            })
    void so_it_is_in_cyclonedx(String components, Verdict verdict) throws Exception {
        read(DocumentType.CYCLONEDX, "{'bomFormat':'CycloneDX','specVersion':'1.6','components':[" + components + "]}");
        assertThat(gate().verdict()).isEqualTo(verdict);
    }

    private void read(DocumentType type, String document) throws Exception {
        byte[] bytes = document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        receive(type, "build", () -> new java.io.ByteArrayInputStream(bytes));
    }
}
