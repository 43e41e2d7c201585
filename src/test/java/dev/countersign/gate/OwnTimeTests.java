package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.reader.Content;
import dev.countersign.evidence.reader.Detection;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents as tools write them are as old as they say themselves, however late they are sent. */
@Tag("M4.1")
@Tag("M4.2")
class OwnTimeTests {
    private static final String TRIVY =
            "{'SchemaVersion':2,'CreatedAt':'%s','ArtifactName':'.','ArtifactType':'filesystem','Results':[{'Target':'a','Class':'lang-pkgs'}]}";
    private static final Map<String, String> DOCUMENTS = Map.ofEntries(
            Map.entry("sca of Trivy", TRIVY),
            Map.entry("sca of Grype", "{'matches':[],'descriptor':{'name':'grype','timestamp':'%s'}}"),
            Map.entry(
                    "sca of Grype's database",
                    "{'matches':[],'descriptor':{'name':'grype','timestamp':'2026-11-24T08:00:00Z','db':{'built':'%s','schemaVersion':5,'error':null}}}"),
            Map.entry(
                    "sca of Grype's newer database",
                    "{'matches':[],'descriptor':{'name':'grype','timestamp':'2026-11-24T08:00:00Z','db':{'status':{'built':'%s','valid':true}}}}"),
            Map.entry(
                    "sca of CycloneDX",
                    "{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{'timestamp':'%s','tools':{'components':[{'name':'grype'}]}},"
                            + "'components':[{'type':'library','name':'a'}],'vulnerabilities':[]}"),
            Map.entry(
                    "sca of CycloneDX in XML",
                    "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><metadata><timestamp>%s</timestamp><tools><tool><name>grype</name></tool></tools></metadata>"
                            + "<components><component type='library'><name>a</name></component></components><vulnerabilities/></bom>"),
            Map.entry(
                    "sca of Dependency-Check",
                    "{'reportSchema':'1.1','scanInfo':{},'projectInfo':{'name':'a','reportDate':'%s'},'dependencies':[{'fileName':'a'}]}"),
            Map.entry(
                    "sca of Dependency-Check in XML",
                    "<analysis xmlns='https://jeremylong.github.io/DependencyCheck/dependency-check.4.1.xsd'><projectInfo><name>a</name><reportDate>%s</reportDate>"
                            + "</projectInfo><dependencies><dependency><fileName>a</fileName></dependency></dependencies></analysis>"),
            Map.entry(
                    "sast of SARIF",
                    "{'version':'2.1.0','runs':[{'tool':{'driver':{'name':'Semgrep'}},'invocations':[{'executionSuccessful':true,'endTimeUtc':'%s'}],'results':[]}]}"),
            Map.entry(
                    "licences of SPDX",
                    "{'spdxVersion':'SPDX-2.3','name':'a','creationInfo':{'created':'%s'},'packages':[{'SPDXID':'SPDXRef-a','name':'a','licenseDeclared':'MIT'}]}"),
            Map.entry(
                    "licences of SPDX 3",
                    "{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[{'type':'CreationInfo','@id':'_:c','created':'%s'},"
                            + "{'type':'SpdxDocument','spdxId':'d','creationInfo':'_:c'},{'type':'software_Package','spdxId':'a','name':'a'},"
                            + "{'type':'Relationship','spdxId':'r','from':'a','to':['https://spdx.org/licenses/MIT'],'relationshipType':'hasDeclaredLicense'}]}"),
            Map.entry(
                    "tests of JUnit",
                    "<testsuites><testsuite name='b' timestamp='2026-11-24T08:00:00'><testcase name='b' classname='b'/></testsuite>"
                            + "<testsuite name='a' timestamp='%s'><testcase name='a' classname='a'/></testsuite></testsuites>"));

    private final GateFixture fixture = new GateFixture();

    @BeforeEach
    void production() {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of());
    }

    private Gate judged(String gate, String document) throws Exception {
        byte[] bytes = document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Content content = () -> new ByteArrayInputStream(bytes);
        DocumentType type = new Detection().typeOf(content).orElseThrow();
        Reading read = Readers.all().get(type).read(content);
        fixture.receive(fixture.withDetails(
                fixture.document(type.id(), "source", read.summary(), read.complete(), read.gap(), read.findings()),
                read.details()));
        return gate(gate);
    }

    private Gate gate(String name) {
        return fixture.gates.find(KEY, name.split(" ")[0]).orElseThrow();
    }

    /** GoogleTest writes it for a suite of which nothing ran, in the zone of the machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0001-01-01T00:00:00Z", "1970-01-01T00:00:00", "1970-01-01T01:00:00.000", "1969-12-31T16:00:00"})
    void a_time_that_was_never_set_says_nothing(String never) throws Exception {
        assertThat(judged("tests", DOCUMENTS.get("tests of JUnit").formatted(never))
                        .sentence())
                .doesNotContain("hours old");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sca of Trivy",
                "sca of Grype",
                "sca of Grype's database",
                "sca of Grype's newer database",
                "sca of CycloneDX",
                "sca of CycloneDX in XML",
                "sca of Dependency-Check",
                "sca of Dependency-Check in XML",
                "sast of SARIF",
                "licences of SPDX",
                "licences of SPDX 3",
                "tests of JUnit"
            })
    void a_document_of_years_ago_that_is_sent_today_shows_nothing(String what) throws Exception {
        String document = DOCUMENTS.get(what);
        assertThat(judged(what, document.formatted("2026-11-24T08:00:00Z")).verdict())
                .isEqualTo(Verdict.PASS);
        Gate old = judged(what, document.formatted("2024-01-02T03:04:05.123456789Z"));
        assertThat(old.verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(old.sentence()).contains("The document of source is ", " hours old, allowed are ");
        assertThat(judged(what, document.formatted("2030-01-01T00:00:00+01:00")).verdict())
                .as("of the future, or, where its other parts are older, as old as those")
                .isIn(Verdict.ERROR, Verdict.PASS);
        judged(what, document.formatted("2026-11-24T08:00:00Z"));
        fixture.clock.pass(Duration.ofDays(32));
        fixture.evaluation.evaluate(KEY, what.split(" ")[0]);
        assertThat(gate(what).verdict()).as("never younger than its arrival").isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-17T10:00:00Z, PASS",
        "2026-11-17T08:00:00Z, NO_DATA",
        "2026-11-17T08:00:00+00:00, NO_DATA",
        "2026-11-17T10:00:00+02:00, NO_DATA",
        "2026-11-17T10:00:00.000+0200, NO_DATA",
        "2026-11-17T06:00:00-04:00, PASS",
        "2026-11-17 08:00:00, NO_DATA",
        "2026-11-17 08:00:00.123456789 +0000 UTC, NO_DATA",
        "2026-11-17t10:00:00.5z, PASS",
        "2026-11-17T10:00-01, PASS",
        "2026-11-17T08:00:00, NO_DATA",
        "2026-11-17, NO_DATA",
        "0001-01-01T00:00:00Z, PASS",
        "yesterday, NO_DATA",
        "2026-13-45T08:00:00Z, NO_DATA",
    })
    void its_time_is_read_as_tools_write_it_and_one_that_cannot_be_read_is_said(String time, Verdict verdict)
            throws Exception {
        Gate sca = judged("sca", TRIVY.formatted(time));
        assertThat(sca.verdict()).isEqualTo(verdict);
        assertThat(sca.sentence().contains("states a time that cannot be read"))
                .isEqualTo(time.startsWith("yesterday") || time.startsWith("2026-13"));
    }

    /** What no standard defines is not held against a report: some write a pattern there, or nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"", "YYYY-MM-DD", "just now"})
    void a_test_report_whose_time_is_none_is_as_old_as_its_arrival(String time) throws Exception {
        assertThat(judged("tests", DOCUMENTS.get("tests of JUnit").formatted(time))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(judged("tests", DOCUMENTS.get("tests of JUnit").formatted("Tue, 02 Jan 2024 03:04:05 GMT"))
                        .verdict())
                .isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<test-results name='a' total='1' failures='0' date='2024-01-02' time='03:04:05'><test-suite name='a'><results><test-case name='a' executed='True' success='True'/></results></test-suite></test-results>",
                "<test-run start-time='2024-01-02 03:04:05Z' result='Passed' failed='0'><test-suite name='a' result='Passed'><test-case name='a' result='Passed'/></test-suite></test-run>",
                "<assemblies><assembly name='a' run-date='2024-01-02' run-time='03:04:05'><collection name='a'><test name='a' type='a' result='Pass'/></collection></assembly></assemblies>",
                "<testng-results><suite name='a' started-at='2024-01-02T03:04:05Z'><test name='a'><class name='a'><test-method name='a' status='PASS'/></class></test></suite></testng-results>",
                "<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'><Times start='2024-01-02T03:04:05.1234567+01:00'/><Results><UnitTestResult testName='a' outcome='Passed'/></Results></TestRun>"
            })
    void its_relatives_say_it_in_their_own_words(String report) throws Exception {
        assertThat(judged("tests", report).verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(judged("tests", report.replace("2024-01-02", "2026-11-23")).verdict())
                .isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'built':'2026-11-24T01:00:00Z','error':'the vulnerability database was built 40 weeks ago (max allowed age is 5 days)'",
                "'status':{'valid':true,'error':'the database is too old'}",
                "'status':{'built':'2026-11-24T01:00:00Z','valid':false}"
            })
    void a_scan_whose_own_database_is_not_valid_by_its_word_is_not_finished(String db) throws Exception {
        String scan = "{'matches':[],'descriptor':{'name':'grype','timestamp':'2026-11-24T08:00:00Z','db':{%s}}}";
        Gate sca = judged("sca", scan.formatted(db));
        assertThat(sca.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(sca.sentence()).contains("did not finish: its database");
    }

    /** Each run of a log has its time, and the last invocation of a run ends it. */
    @Test
    void a_log_is_as_old_as_its_oldest_run() throws Exception {
        String run =
                "{'tool':{'driver':{'name':'Semgrep'}},'invocations':[{'executionSuccessful':true,'endTimeUtc':'2024-01-02T03:04:05Z'},"
                        + "{'executionSuccessful':true,'endTimeUtc':'%s'}],'results':[]}";
        String log = "{'version':'2.1.0','runs':[%s,%s]}";
        String today = run.formatted("2026-11-24T08:00:00Z");
        assertThat(judged("sast", log.formatted(today, today)).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judged("sast", log.formatted(today, run.formatted("2024-01-02T03:04:06Z")))
                        .verdict())
                .isEqualTo(Verdict.NO_DATA);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "v1; 'runDetails':{'builder':{'id':'b'},'metadata':{'finishedOn':'2024-01-02T03:04:05Z'}}",
                "v0.2; 'builder':{'id':'b'},'metadata':{'buildFinishedOn':'2024-01-02T03:04:05Z'}",
            })
    @Tag("M4.1")
    void a_statement_is_as_old_as_its_build(String version, String predicate) throws Exception {
        String statement =
                "{'_type':'https://in-toto.io/Statement/v1','predicateType':'https://slsa.dev/provenance/%s','subject':[{'digest':{'sha256':'%s'}}],'predicate':{%s}}"
                        .formatted(version, "a".repeat(64), predicate)
                        .replace('\'', '"');
        Reading read = Readers.all()
                .get(DocumentType.INTOTO)
                .read(() -> new ByteArrayInputStream(statement.getBytes(StandardCharsets.UTF_8)));
        assertThat(read.details()).containsEntry("at", "2024-01-02T03:04:05Z");
    }
}
