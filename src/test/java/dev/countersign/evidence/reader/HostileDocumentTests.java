package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that strangers wrote. The answer is a reading or a refusal with a place, never anything else. */
@Tag("M4.1")
@Tag("M1.5")
class HostileDocumentTests {
    private final TestReportReader tests = new TestReportReader();
    private final SarifReader sarif = new SarifReader();

    private static Content content(String text) {
        return content(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Content content(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    private static void refused(DocumentReader reader, Content content, String reason, String place) {
        assertThatThrownBy(() -> reader.read(content)).isInstanceOfSatisfying(Unreadable.class, fault -> {
            assertThat(fault.getMessage()).containsIgnoringCase(reason);
            assertThat(fault.place()).contains(place);
        });
    }

    @Test
    void an_external_entity_is_refused() throws Exception {
        Path secret = Files.createTempFile("secret", ".txt");
        Files.writeString(secret, "s3cret");
        refused(
                tests,
                content("<?xml version=\"1.0\"?>\n<!DOCTYPE testsuite [<!ENTITY x SYSTEM \"" + secret.toUri()
                        + "\">]>\n<testsuite name=\"&x;\"><testcase name=\"&x;\"/></testsuite>"),
                "document type declaration",
                "line 2");
        Files.delete(secret);
    }

    @Test
    void an_entity_bomb_is_refused() {
        StringBuilder bomb = new StringBuilder("<!DOCTYPE z [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            bomb.append("<!ENTITY a%d \"&a%d;&a%d;&a%d;\">".formatted(i, i - 1, i - 1, i - 1));
        }
        refused(tests, content(bomb + "]><testsuite>&a29;</testsuite>"), "document type declaration", "line 1");
    }

    @Test
    void an_undeclared_entity_is_refused() {
        refused(tests, content("<testsuite><testcase>&hidden;</testcase></testsuite>"), "entit", "line 1");
    }

    @Test
    void a_document_that_is_cut_off_is_refused_with_its_place() {
        refused(
                tests,
                content("<testsuites>\n<testsuite name=\"a\">\n<testcase name=\"b\"/>\n"),
                "not well-formed",
                "line 4");
        refused(sarif, content("{\"version\":\"2.1.0\",\n\"runs\":[{\"results\":["), "not well-formed", "line 2");
    }

    @Test
    void deep_nesting_is_refused() {
        refused(sarif, content("[".repeat(100_000)), "must be an object", "line 1");
        refused(
                sarif,
                content("{\"version\":\"2.1.0\",\"runs\":[{\"properties\":" + "[".repeat(100_000)),
                "depth",
                "line 1");
        refused(tests, content("<testsuite>".repeat(100_000)), "nested deeper", "line 1");
    }

    @Test
    void what_is_something_else_is_refused() {
        refused(tests, content("<html><body>login</body></html>"), "<html>", "line 1");
        refused(tests, content("{\"runs\":[]}"), "not", "line 1");
        refused(sarif, content("<testsuites/>"), "not well-formed JSON", "line 1");
        refused(sarif, content("{\"bomFormat\":\"CycloneDX\"}"), "not SARIF", "line 1");
        refused(sarif, content("{\"version\":\"2.0.0\",\"runs\":[]}"), "2.0.0 is not read", "line 1");
        refused(sarif, content("{\"version\":\"2.1.0\",\"runs\":{}}"), "runs must be an array", "line 1");
        refused(sarif, content("{\"version\":\"2.1.0\",\"runs\":[{\"results\":7}]}"), "results must be", "line 1");
        refused(sarif, content("{\"version\":\"2.1.0\",\"runs\":[]} {}"), "after the end", "line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"level\":\"eror\"",
                "\"kind\":\"ok\"",
                "\"baselineState\":\"gone\"",
                "\"suppressions\":[{\"status\":\"yes\"}]",
                "\"properties\":{\"security-severity\":\"low\"}",
                "\"properties\":{\"security-severity\":\"NaN\"}",
                "\"level\":\"none\",\"level\":\"error\"",
            })
    void a_word_that_the_standard_does_not_know_is_refused_and_not_guessed(String member) {
        refused(
                sarif,
                content("{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{" + member + "}]}]}"),
                "",
                "line 1, column");
    }

    @Test
    void wrong_encodings_are_refused() {
        refused(
                tests,
                content("<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuite name=\"ü\"/>"
                        .getBytes(StandardCharsets.ISO_8859_1)),
                "not in the encoding",
                "line 1");
        refused(
                tests,
                content("<?xml version=\"1.0\" encoding=\"x-none\"?><testsuite/>"),
                "x-none is not known",
                "line 1");
    }

    @Test
    void names_with_control_characters_and_markup_are_made_fit_to_store() throws Exception {
        Reading reading = sarif.read(content(
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"T\\u0000\\u202e\"}},\"results\":[{\"ruleId\":\"<b>\\u0000\",\"level\":\"error\",\"message\":{\"text\":\"<script>\\u0007"
                        + "x".repeat(5000) + "\"}}]}]}"));
        assertThat(reading.producer()).isEqualTo("T\uFFFD\uFFFD");
        assertThat(reading.findings().get(0).id()).doesNotContain("\u0000");
        assertThat(reading.findings().get(0).title())
                .hasSizeLessThanOrEqualTo(302)
                .doesNotContain("\u0007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"properties\":{%s}", "\"a\":[{\"b\":{%s}}]", "%1$s,\"deep\":{%1$s}"})
    void more_names_than_anybody_writes_are_refused_also_where_they_are_skipped(String where) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 50_001; i++) {
            names.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":1");
        }
        refused(
                sarif,
                content("{\"version\":\"2.1.0\"," + where.formatted(names) + ",\"runs\":[]}"),
                "more than 50000 names",
                "line 1");
    }

    @Test
    void names_of_objects_that_have_ended_are_not_counted() throws Exception {
        String many = "{\"a\":1,\"b\":{\"c\":2}},".repeat(60_000);
        Reading reading = sarif.read(content("{\"version\":\"2.1.0\",\"x\":[" + many
                + "{}],\"runs\":[{\"tool\":{\"driver\":{\"name\":\"T\"}},\"results\":[]}]}"));
        assertThat(reading.gap()).isNull();
    }

    @Test
    void results_that_stand_beside_their_runs_are_a_gap() throws Exception {
        Reading reading = sarif.read(
                content(
                        "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"T\"}},\"results\":[]}],\"inlineExternalProperties\":[{\"runGuid\":\"b\",\"results\":[{\"level\":\"error\"}]}]}"));
        assertThat(reading.gap()).contains("results of its runs stand beside them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void yaml_is_read_in_each_encoding_that_it_may_have_without_a_mark(String encoding) throws Exception {
        String yaml = Files.readString(Path.of("src/test/resources/samples/declared/pentest.yaml"));
        assertThat(new PentestReader().read(content(yaml.getBytes(java.nio.charset.Charset.forName(encoding)))))
                .isEqualTo(new PentestReader().read(content(yaml)));
    }

    @Test
    void a_million_results_are_counted_and_two_hundred_kept() throws Exception {
        byte[] one = "{\"level\":\"warning\"},".getBytes(StandardCharsets.UTF_8);
        byte[] head = "{\"version\":\"2.1.0\",\"runs\":[{\"results\":[".getBytes(StandardCharsets.UTF_8);
        byte[] tail = "{\"ruleId\":\"last\",\"level\":\"error\"}]}]}".getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + one.length * 1_000_000 + tail.length);
        for (int i = 0; i < 1_000_000; i++) {
            System.arraycopy(one, 0, all, head.length + i * one.length, one.length);
        }
        System.arraycopy(tail, 0, all, all.length - tail.length, tail.length);
        Reading reading = sarif.read(content(all));
        assertThat(reading.summary()).containsEntry("warning", 1_000_000L).containsEntry("error", 1L);
        assertThat(reading.findings()).hasSize(200);
        assertThat(reading.findings().get(0).id()).startsWith("last");
    }

    /** Every byte of a good file is changed in turn, by seeded chance: no answer but a reading or a refusal with a place. */
    @ParameterizedTest
    @ValueSource(strings = {"docs/tour/junit-failing.xml", "docs/tour/results-failing.sarif"})
    void a_changed_file_is_read_or_refused(String file) throws Exception {
        byte[] good = Files.readAllBytes(Path.of(file));
        DocumentReader reader = file.endsWith(".xml") ? tests : sarif;
        Random chance = new Random(20261124);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] changed = good.clone();
            for (int n = chance.nextInt(3); n >= 0; n--) {
                changed[chance.nextInt(changed.length)] = (byte) chance.nextInt(256);
            }
            byte[] sent = chance.nextInt(4) == 0 ? Arrays.copyOf(changed, chance.nextInt(changed.length)) : changed;
            try {
                assertThat(reader.read(content(sent)).summary()).isNotEmpty();
            } catch (Unreadable fault) {
                assertThat(fault.place()).matches("line \\d+, column \\d+(, byte \\d+)?");
                refused++;
            }
        }
        assertThat(refused).isBetween(300, 2999);
    }

    static java.util.stream.Stream<DocumentReader> all() {
        return java.util.stream.Stream.of(
                new CycloneDxReader(),
                new SpdxReader(),
                new VexReader(),
                new TrivyReader(),
                new GrypeReader(),
                new DependencyCheckReader(),
                new CheckovReader(),
                new ConftestReader(),
                new KyvernoReader(),
                Readers.OPENAPI,
                new AvroReader(),
                new JsonSchemaReader(),
                new PactReader(),
                Readers.INTOTO,
                new PentestReader(),
                new DpiaReader(),
                new RollbackDrillReader(),
                new MigrationCheckReader(),
                new GenericReader(),
                new JacocoReader(),
                new CoberturaReader(),
                new CertificateCheckReader(),
                new SonarQubeReader(),
                new OpaReader(),
                new CommunicationPlanReader(),
                new ChangeRecordReader(),
                new MigrationRehearsalReader(),
                new NpmAuditReader(),
                new OsvScannerReader(),
                new SemgrepReader(),
                new GitlabReportReader(),
                new KicsReader(),
                new TfsecReader(),
                new KubescapeReader(),
                new KubeBenchReader(),
                new TrivyOperatorReader(),
                new InfrastructureReader());
    }

    @Test
    void no_type_is_left_out() {
        assertThat(Readers.all().keySet()).containsExactlyInAnyOrder(DocumentType.values());
    }

    /** Where a document is compared with another one, both are a stranger's. */
    @ParameterizedTest
    @EnumSource(names = {"OPENAPI", "AVRO", "JSON_SCHEMA"})
    void a_hostile_contract_before_a_good_one_shows_nothing(DocumentType type) throws Exception {
        String good =
                switch (type) {
                    case OPENAPI ->
                        "openapi: 3.0.3\ninfo: {title: a, version: 1}\npaths: {/a: {get: {responses: {}}}}\n";
                    case AVRO -> "{\"type\":\"record\",\"name\":\"A\",\"fields\":[]}";
                    default -> "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"}";
                };
        for (String bad :
                new String[] {"", "{", "[".repeat(100_000), "<html/>", "a: " + "{b: ".repeat(100_000), "{}"}) {
            Reading reading = Readers.all()
                    .get(type)
                    .read(content(good), producer -> new Base.Earlier(content(bad), "before", false));
            assertThat(reading.gap()).contains("before");
            assertThat(reading.summary()).doesNotContainKey("breaking");
        }
    }

    /** An anchor is named once and used a thousand times, each time of a thousand. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "OPENAPI",
                "JSON_SCHEMA",
                "PENTEST",
                "DPIA",
                "ROLLBACK_DRILL",
                "MIGRATION_CHECK",
                "GENERIC",
                "COMMUNICATION_PLAN",
                "CHANGE_RECORD",
                "MIGRATION_REHEARSAL"
            })
    void a_bomb_of_aliases_is_refused(DocumentType type) {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(8)));
        }
        refused(
                Readers.all().get(type),
                content("document: pentest\nopenapi: 3.0.3\ntype: object\n" + bomb),
                "alias",
                "line");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("all")
    void no_reader_takes_what_is_empty_deep_cut_off_or_something_else(DocumentReader reader) {
        for (String text : new String[] {
            "",
            " ",
            "{}",
            "{",
            "null",
            "7",
            "\u0000",
            "{\"a\":" + "[".repeat(100_000),
            "[".repeat(100_000),
            "a: " + "{b: ".repeat(100_000),
            "<a>".repeat(100_000),
            "<html/>",
            "<!DOCTYPE bom [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><bom>&x;</bom>",
            "{\"hello\":\"world\"}",
            "{\"kind\":\"Pod\",\"results\":[]}",
        }) {
            refused(reader, content(text), "", "line");
        }
        refused(reader, content(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"'}), "", "line");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            quoteCharacter = '~',
            value = {
                "~{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[],\"vulnerabilites\":[]}~, vulnerabilities, CYCLONEDX",
                "~{\"spdxVersion\":\"SPDX-2.3\",\"package\":[]}~, packages, SPDX",
                "~{\"@context\":\"https://openvex.dev/ns\",\"statement\":[]}~, statements, VEX",
                "~{\"SchemaVersion\":2,\"Results\":[{\"Vulnerabilites\":[]}]}~, Vulnerabilities, TRIVY",
                "~{\"SchemaVersion\":2,\"Result\":[]}~, Results, TRIVY",
                "~{\"descriptor\":{\"name\":\"grype\"},\"match\":[],\"matchs\":[]}~, matches, GRYPE",
                "~{\"check_type\":\"terraform\",\"results\":{\"failed_check\":[]}}~, failed_checks, CHECKOV",
                "~[{\"filename\":\"a\",\"failure\":[]}]~, failures, CONFTEST",
                "~{\"kind\":\"PolicyReport\",\"result\":[]}~, results, KYVERNO",
                "~{\"document\":{\"csaf_version\":\"2.0\",\"category\":\"csaf_vex\",\"tracking\":{\"status\":\"final\"}},\"vulnerabilites\":[]}~, vulnerabilities, VEX",
                "~{\"auditReportVersion\":2,\"vulnerabilites\":{}}~, vulnerabilities, NPM_AUDIT",
                "~{\"auditReportVersion\":2,\"vulnerabilities\":{\"a\":{\"severty\":\"low\"}}}~, severity, NPM_AUDIT",
                "~{\"result\":[]}~, results, OSV_SCANNER",
                "~{\"results\":[{\"package\":[]}]}~, packages, OSV_SCANNER",
                "~{\"results\":[],\"error\":[]}~, errors, SEMGREP",
                "~{\"results\":[],\"errors\":[],\"paths\":{\"scaned\":[]}}~, scanned, SEMGREP",
                "~{\"version\":\"15.0.0\",\"scan\":{\"statuss\":\"failure\"}}~, status, GITLAB_REPORT",
            })
    void a_misspelt_property_that_decides_is_refused(String text, String right, DocumentType type) {
        refused(Readers.all().get(type), content(text), right, "");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            quoteCharacter = '~',
            value = {
                "~{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{\"name\":\"a\",\"components\":7}]}~, components must be an array, CYCLONEDX",
                "~{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[\"a\"]}~, must be an object, CYCLONEDX",
                "~{\"reportSchema\":\"1.1\",\"dependencies\":[{\"vulnerabilities\":{}}]}~, vulnerabilities must be an array, DEPENDENCY_CHECK",
                "~{\"reportSchema\":\"1.1\",\"dependencies\":[7]}~, must be an object, DEPENDENCY_CHECK",
                "~[{\"filename\":\"a\",\"successes\":1,\"failures\":\"none\"}]~, failures must be an array, CONFTEST",
                "~[{\"filename\":\"a\",\"successes\":\"7\"}]~, successes must be a whole number, CONFTEST",
                "~{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"Nowhere\"}]}~, not an Avro schema, AVRO",
            })
    void what_has_another_form_than_it_must_have_is_refused(String text, String reason, DocumentType type) {
        refused(Readers.all().get(type), content(text), reason, "");
    }

    /** Each of the many values would be remembered with the long names of what it lies in. */
    @Test
    void long_names_around_many_values_do_not_fill_the_memory() {
        String long_ = "a".repeat(40_000);
        refused(
                new KubeBenchReader(),
                content("[{\"tests\":[],\"%s\":[%s1]}]".formatted(long_, "1,".repeat(90_000))),
                "too long together",
                "line 1");
    }

    @Test
    void a_misspelt_property_of_sarif_is_refused() {
        refused(
                sarif,
                content("{\"version\":\"2.1.0\",\"runs\":[{\"result\":[]}]}"),
                "'results' would be right",
                "line 1");
        refused(sarif, content("{\"version\":\"2.1.0\",\"run\":[]}"), "'runs' would be right", "line 1");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource(
            quoteCharacter = '~',
            value = {
                "~{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\"}~, CYCLONEDX",
                "~{\"spdxVersion\":\"SPDX-2.3\"}~, SPDX",
                "~{\"@context\":\"https://openvex.dev/ns\"}~, VEX",
                "~{\"SchemaVersion\":2}~, TRIVY",
                "~{\"descriptor\":{\"name\":\"grype\"}}~, GRYPE",
                "~{\"reportSchema\":\"1.1\"}~, DEPENDENCY_CHECK",
                "~{\"check_type\":\"terraform\"}~, CHECKOV",
                "~[]~, CONFTEST",
                "~kind: PolicyReport~, KYVERNO",
            })
    void a_document_that_lacks_what_decides_shows_nothing(String text, DocumentType type) throws Exception {
        assertThat(Readers.all().get(type).read(content(text)).gap()).isNotNull();
    }

    /** Gradle's retry plugin writes a re-run so, and TestNG's data providers two rows of a table: what cannot be told counts as the failure that stands there. */
    @Test
    void two_cases_of_one_name_are_not_taken_for_a_re_run() throws Exception {
        String cases =
                "<testsuite name='S'><testcase classname='T' name='a'><failure message='no'/></testcase><testcase classname='T' name='a'/></testsuite>";
        Reading reading = new TestReportReader().read(content(cases));
        assertThat(reading.summary())
                .containsEntry("failures", 1L)
                .containsEntry("passed", 1L)
                .containsEntry("flaky", 0L);
        assertThat(reading.findings())
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.title())
                                .isEqualTo(
                                        "no (another case of this name passed after it: whether it was run again the report does not say)"));
        String other = cases.replace("name='a'/>", "name='b'/>");
        assertThat(new TestReportReader().read(content(other)).findings().get(0).title())
                .isEqualTo("no");
        String merged =
                "<testsuite name='S'><testcase classname='T' name='a'><flakyFailure message='no'/></testcase></testsuite>";
        assertThat(new TestReportReader().read(content(merged)).summary())
                .containsEntry("passed", 1L)
                .containsEntry("flaky", 1L);
    }

    /** Its analysers say themselves that they broke off: what they would have found is missing. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "{\"reportSchema\":\"1.1\",\"scanInfo\":{\"analysisExceptions\":[%s]},\"dependencies\":[{\"fileName\":\"a.jar\"}]}",
                "<analysis xmlns='https://jeremylong.github.io/DependencyCheck/dependency-check.4.1.xsd'><scanInfo><analysisExceptions>%s</analysisExceptions></scanInfo><dependencies><dependency><fileName>a.jar</fileName></dependency></dependencies></analysis>",
            })
    void a_dependency_check_whose_analysers_broke_off_did_not_finish(String report) throws Exception {
        String broken = report.startsWith("{")
                ? "{\"exception\":{\"message\":\"no data\",\"stackTrace\":[\"org.owasp.dependencycheck.analyzer.OssIndexAnalyzer.analyzeDependency(OssIndexAnalyzer.java:150)\",\"org.owasp.dependencycheck.analyzer.AbstractAnalyzer.analyze(AbstractAnalyzer.java:131)\"]}}"
                : "<exception><message>no data</message><stackTrace><trace>org.owasp.dependencycheck.analyzer.OssIndexAnalyzer.analyzeDependency(OssIndexAnalyzer.java:150)</trace></stackTrace></exception>";
        assertThat(new DependencyCheckReader()
                        .read(content(report.formatted(broken)))
                        .details())
                .containsEntry("unfinished", "OssIndexAnalyzer (no data)");
        assertThat(new DependencyCheckReader()
                        .read(content(report.formatted(
                                report.startsWith("{") ? "{\"exception\":{}}" : "<exception><message/></exception>")))
                        .details())
                .containsEntry("unfinished", "an analyser that is not named");
        assertThat(new DependencyCheckReader()
                        .read(content(report.formatted("")))
                        .complete())
                .isTrue();
        assertThat(new DependencyCheckReader()
                        .read(content(report.formatted(broken)))
                        .complete())
                .isFalse();
    }

    @Test
    void aliases_and_types_of_yaml_are_not_followed() {
        KyvernoReader kyverno = new KyvernoReader();
        refused(kyverno, content("kind: PolicyReport\na: &a [x]\nresults: *a\n"), "aliases are not accepted", "line 3");
        refused(kyverno, content("kind: PolicyReport\nresults: !!javax.script.ScriptEngineManager [x]\n"), "", "line");
        refused(kyverno, content("kind: PolicyReport\nkind: PolicyReport\n"), "", "line 2");
    }

    @Test
    void a_line_of_yaml_that_would_keep_the_scanner_busy_for_minutes_is_refused() {
        for (String filling : List.of(" ", "#", "a")) {
            refused(
                    new KyvernoReader(),
                    content("kind: PolicyReport\n" + filling.repeat(20_000_000)),
                    "line 2 has more than",
                    "line");
        }
    }

    @Test
    void utf16_is_read() throws Exception {
        String yaml = "kind: PolicyReport\nresults:\n- {policy: a, result: fail}\n";
        assertThat(new KyvernoReader()
                        .read(content(("\uFEFF" + yaml).getBytes(StandardCharsets.UTF_16LE)))
                        .summary())
                .containsEntry("failed", 1L);
        String json = "\uFEFF{\"SchemaVersion\":2,\"Results\":[{\"Class\":\"os-pkgs\"}]}";
        assertThat(new TrivyReader()
                        .read(content(json.getBytes(StandardCharsets.UTF_16BE)))
                        .gap())
                .isNull();
    }

    /** In a JVM of its own, whose heap is smaller than any of them: what other threads of this one hold is no matter. */
    @Test
    void documents_larger_than_the_heap_are_read_to_their_last_line() throws Exception {
        assertThat(BoundedReading.inSmallHeap().lines())
                .containsExactly(
                        "cyclonedx: {components=50001}, kept 0, first none",
                        "sarif: {absent=0, critical=0, error=1, high=0, low=0, medium=0, new=0, none=0, note=0, results=250001,"
                                + " suppressed=0, unchanged=0, updated=0, warning=250000}, kept 200, first last@0",
                        "junit: {errors=0, failures=1, flaky=0, passed=1000000, skipped=0, suiteErrors=0, tests=1000001},"
                                + " kept 1, first c.C#last",
                        "trivy: {critical=1, fixed=0, high=0, low=1000000, medium=0, notAffected=0, scanned=1, secrets=0,"
                                + " unknown=0}, kept 200, first last@p@",
                        "exit 0");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "sbom_cyclonedx/analysed.json, CYCLONEDX",
        "sbom_cyclonedx/analysed.xml, CYCLONEDX",
        "sbom_spdx/described.spdx.json, SPDX",
        "vex/openvex.json, VEX",
        "sca_trivy/config-only.json, TRIVY",
        "sca_trivy/schema-1.json, TRIVY",
        "sca_trivy/cluster.json, TRIVY",
        "sca_grype/digest.json, GRYPE",
        "sca_dependency_check/report.json, DEPENDENCY_CHECK",
        "policy_results/checkov__list.json, CHECKOV",
        "policy_results/policyreport__cluster.yaml, KYVERNO",
        "provenance/two-lines.intoto.jsonl, INTOTO",
        "declared/pact-no.json, PACT",
        "declared/pentest.yaml, PENTEST",
        "declared/dpia.yaml, DPIA",
        "declared/drill.yaml, ROLLBACK_DRILL",
        "declared/migration.yaml, MIGRATION_CHECK",
        "declared/generic.yaml, GENERIC",
        "declared/plan.yaml, COMMUNICATION_PLAN",
        "coverage/jacoco.xml, JACOCO",
        "coverage/cobertura-java.xml, COBERTURA",
        "sbom_spdx/graph-3.0.spdx.json, SPDX",
        "sbom_spdx/github-api.json, SPDX",
        "policy_results/conftest__namespaces.json, CONFTEST",
        "contracts/orders-3.1.yaml, OPENAPI",
        "contracts/order.avsc, AVRO",
        "contracts/order.schema.json, JSON_SCHEMA",
        "own/certificate-check.json, CERTIFICATE_CHECK",
        "own/sonarqube.json, SONARQUBE",
        "own/opa.json, OPA",
        "own/change-record.json, CHANGE_RECORD",
        "declared/rehearsal.yaml, MIGRATION_REHEARSAL",
    })
    void a_changed_document_of_any_type_is_read_or_refused(String file, DocumentType type) throws Exception {
        byte[] good = Files.readAllBytes(Path.of("src/test/resources/samples", file));
        Random chance = new Random(20261124);
        for (int i = 0; i < 800; i++) {
            byte[] changed = good.clone();
            changed[chance.nextInt(changed.length)] = (byte) chance.nextInt(256);
            byte[] sent = chance.nextInt(4) == 0 ? Arrays.copyOf(changed, chance.nextInt(changed.length)) : changed;
            try {
                assertThat(Readers.all().get(type).read(content(sent)).summary())
                        .isNotEmpty();
                new Detection().typeOf(content(sent));
            } catch (Unreadable fault) {
                assertThat(fault.place()).isNotBlank();
            }
        }
    }
}
