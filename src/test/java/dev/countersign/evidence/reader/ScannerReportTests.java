package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** npm audit, OSV-Scanner, Semgrep and GitLab in their own formats, and CSAF: what counts, what shows nothing and what is refused. */
@Tag("M4.1")
@Tag("M4.2")
class ScannerReportTests {
    private static final Path OWN = Path.of("src/test/resources/samples/scanners");

    private static Content content(String document) {
        byte[] bytes = document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return () -> new ByteArrayInputStream(bytes);
    }

    private static Reading read(DocumentReader reader, String document) throws IOException, Unreadable {
        return reader.read(content(document));
    }

    private static Reading own(String name) throws Exception {
        Content content = () -> Files.newInputStream(OWN.resolve(name));
        return Readers.all().get(new Detection().typeOf(content).orElseThrow()).read(content);
    }

    private static void refused(DocumentReader reader, String document, String... because) {
        assertThatThrownBy(() -> read(reader, document)).isInstanceOfSatisfying(Unreadable.class, fault -> {
            assertThat(fault.getMessage()).contains(because);
            assertThat(fault.place()).contains("line");
        });
    }

    static Stream<Sample> beside() {
        Assumptions.assumeTrue(Samples.areThere("sca_other"), "The folder of samples beside the project is not there");
        return Stream.concat(Samples.beside("sca_other"), Samples.beside("vex").filter(sample -> sample.toString()
                .equals("csaf.json")));
    }

    @Test
    void reports_that_real_tools_wrote_conclude_what_is_written_beside_them() throws Exception {
        for (Sample sample : beside().toList()) {
            ScannerSamples.check(sample.file(), sample.expected());
        }
        assertThat(beside()).hasSizeGreaterThan(4);
    }

    static Stream<Path> owned() {
        return Samples.in("scanners").map(Sample::file).filter(file -> file.startsWith("src"));
    }

    @ParameterizedTest
    @MethodSource("owned")
    void what_is_cut_off_anywhere_is_refused(Path file) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        DocumentType type =
                new Detection().typeOf(() -> Files.newInputStream(file)).orElseThrow();
        int end = new String(whole, StandardCharsets.UTF_8).stripTrailing().length();
        for (int length = 0; length < end; length += 1 + end / 60) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Readers.all().get(type).read(() -> new ByteArrayInputStream(part)))
                    .as("%d of %d", length, end)
                    .isInstanceOf(Unreadable.class);
        }
    }

    /** The types that have the same names at the root are told apart by what is in their lists. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'auditReportVersion':2}; NPM_AUDIT",
                "{'actions':[],'advisories':{},'muted':[],'metadata':{}}; NPM_AUDIT",
                "{'results':[{'source':{},'packages':[]}]}; OSV_SCANNER",
                "{'results':[],'experimental_config':{}}; OSV_SCANNER",
                "{'results':[],'errors':[],'paths':{}}; SEMGREP",
                "{'version':'15.0.0','scan':{},'vulnerabilities':[]}; GITLAB_REPORT",
                "{'document':{'csaf_version':'2.0'}}; VEX",
                "{'document':'pentest'}; PENTEST",
                "{'kind':'PolicyReport','results':[{'packages':1}]}; OSV_SCANNER",
                "{'results':[]}; none",
                "{'results':[{'rule_id':'a'}]}; none",
                "{'results':[],'errors':[],'metrics':{}}; none",
                "{'error':{'code':'ENOLOCK'}}; none",
                "{'document':{}}; none",
                "{'version':'1','vulnerabilities':[]}; none",
            })
    void a_type_is_told_from_the_content(String document, String type) throws Exception {
        assertThat(new Detection().typeOf(content(document)).map(Enum::name).orElse("none"))
                .isEqualTo(type);
    }

    private static final String TOTALS =
            "'metadata':{'vulnerabilities':{'critical':%d,'total':%d},'dependencies':{'total':9}}";

    @Test
    void a_package_is_vulnerable_by_those_below_it_and_called_by_their_advisory() throws Exception {
        Reading reading = own("npm-audit-critical.json");
        assertThat(reading.findings())
                .extracting(Finding::id)
                .containsExactly(
                        "GHSA-aaaa-bbbb-cccc@pkg:npm/left-pad",
                        "GHSA-aaaa-bbbb-cccc@pkg:npm/left-pad",
                        "npm-755@pkg:npm/old-words");
        assertThat(reading.findings().get(1).title())
                .startsWith("@acme/tables: Prototype pollution")
                .endsWith("(fixed by @acme/tables 3.0.0, a new major version)");
        assertThat(reading.findings().get(1).position().pointer()).isEqualTo("/vulnerabilities/@acme~1tables");
    }

    @Test
    void several_advisories_of_a_package_are_not_excused_by_one_of_them() throws Exception {
        Reading reading = read(
                new NpmAuditReader(),
                "{'auditReportVersion':2,'vulnerabilities':{'a':{'severity':'critical','via':['b',{'name':'a','url':'https://github.com/advisories/GHSA-1'}]},"
                        + "'b':{'severity':'critical','via':['a',{'name':'b','url':'https://github.com/advisories/GHSA-2'}]}},"
                        + TOTALS.formatted(2, 2) + "}");
        assertThat(reading.findings()).extracting(Finding::rule).containsExactly("a", "b");
        assertThat(reading.findings().get(0).aliases()).containsExactly("GHSA-1", "GHSA-2");
    }

    @Test
    void what_npm_counts_and_does_not_list_is_refused() {
        refused(
                new NpmAuditReader(),
                "{'auditReportVersion':2,'vulnerabilities':{}," + TOTALS.formatted(1, 1) + "}",
                "counts 1",
                "0 are listed");
        refused(
                new NpmAuditReader(),
                "{'auditReportVersion':2,'vulnerabilities':{'a':{'severity':'low','via':[]}}," + TOTALS.formatted(1, 1)
                        + "}",
                "1 critical");
        refused(new NpmAuditReader(), "{'advisories':{},'actions':[],'metadata':{}}", "version 1", "npm 6");
        refused(new NpmAuditReader(), "{'auditReportVersion':3}", "3");
        refused(
                new NpmAuditReader(),
                "{'auditReportVersion':2,'vulnerabilities':{'a':{'severity':'grave'}}}",
                "severity is grave");
        refused(new NpmAuditReader(), "{'auditReportVersion':2,'vulnerabilities':[]}", "must be an object");
    }

    @Test
    void an_error_of_npm_is_no_audit() throws Exception {
        Reading reading = read(
                new NpmAuditReader(),
                "{'error':{'code':'ENOLOCK','summary':'This command requires an existing lockfile.','detail':''}}");
        assertThat(reading.complete()).isFalse();
        assertThat(reading.gap()).isEqualTo("npm could not audit: This command requires an existing lockfile.");
        assertThat(reading.summary()).containsEntry("scanned", 0L);
        assertThat(read(
                                new NpmAuditReader(),
                                "{'message':'405 Method Not Allowed - POST https://registry.example/bulk','statusCode':405,'error':{'summary':'','detail':''}}")
                        .details())
                .containsEntry("unfinished", "405 Method Not Allowed - POST https://registry.example/bulk");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'auditReportVersion':2}; no vulnerabilities",
                "{'auditReportVersion':2,'vulnerabilities':{}}; metadata.vulnerabilities",
                "{'auditReportVersion':2,'vulnerabilities':{},'metadata':{'vulnerabilities':{'total':0}}}; metadata.dependencies.total",
            })
    void an_audit_that_does_not_say_what_it_looked_at_shows_nothing(String document, String gap) throws Exception {
        assertThat(read(new NpmAuditReader(), document).gap()).contains(gap);
    }

    private static final String OSV =
            "{'results':[{'source':{'path':'go.mod','type':'lockfile'},'packages':[{'package':{'name':'example.com/a','version':'1.2.0','ecosystem':'Go'},%s}]}]}";

    @Test
    void what_several_databases_say_of_one_vulnerability_counts_once() throws Exception {
        assertThat(own("osv-scanner-critical.json").findings()).singleElement().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("GHSA-aaaa-bbbb-cccc@pkg:golang/example.com/archive@v1.4.0");
            assertThat(finding.aliases()).containsExactlyInAnyOrder("CVE-2026-0001", "GO-2026-1111");
            assertThat(finding.position().pointer()).isEqualTo("/results/0/packages/0/vulnerabilities/0");
        });
        assertThat(read(
                                new OsvScannerReader(),
                                OSV.formatted("'vulnerabilities':[{'id':'A'},{'id':'B'},{'id':'C'}],"
                                        + "'groups':[{'ids':['A','B'],'aliases':['A','B'],'max_severity':''}]"))
                        .summary())
                .containsEntry("unknown", 2L);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'vulnerabilities':[{'id':'A'}],'groups':[{'ids':['A'],'max_severity':'9.8'}]; critical",
                "'vulnerabilities':[{'id':'A','database_specific':{'severity':'HIGH'}}],'groups':[{'ids':['A'],'max_severity':'5.0'}]; high",
                "'vulnerabilities':[{'id':'A','database_specific':{'severity':'MODERATE'}}],'groups':[]; medium",
                "'vulnerabilities':[{'id':'A','severity':[{'type':'CVSS_V3','score':'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'}]}]; critical",
                "'vulnerabilities':[{'id':'A'},{'id':'B','database_specific':{'severity':'CRITICAL'}}],'groups':[{'ids':['A','B'],'max_severity':'2.0'}]; critical",
                "'vulnerabilities':[{'id':'A'}],'groups':[{'ids':['A'],'max_severity':'nine'}]; unknown",
            })
    void the_worst_of_scores_and_words_counts(String members, String severity) throws Exception {
        assertThat(read(new OsvScannerReader(), OSV.formatted(members)).summary())
                .containsEntry(severity, 1L);
    }

    @Test
    void a_report_of_osv_scanner_that_is_not_whole_is_refused() {
        refused(new OsvScannerReader(), OSV.formatted("'groups':[{'ids':['A']}]"), "names A");
        refused(new OsvScannerReader(), OSV.formatted("'vulnerabilities':{}"), "must be an array");
        refused(new OsvScannerReader(), OSV.formatted("'vulnerabilities':[{}]"), "has no id");
        refused(new OsvScannerReader(), "{'results':[{'source':{}}]}", "no packages");
        refused(new OsvScannerReader(), "{'results':[{'packages':[{'vulnerabilities':[]}]}]}", "no name");
    }

    private static final String SEMGREP =
            "{'results':[{'check_id':'a','path':'/src/A.java','start':{'line':3},'extra':{'severity':'%s','message':'m'%s}}],'errors':[],'paths':{'scanned':['/src/A.java']}}";

    @ParameterizedTest(name = "{0} counts as {1}")
    @CsvSource({
        "ERROR, error",
        "WARNING, warning",
        "INFO, note",
        "CRITICAL, error critical",
        "HIGH, error high",
        "MEDIUM, warning medium",
        "LOW, note low",
    })
    void the_words_of_semgrep_are_levels_and_bands(String word, String counts) throws Exception {
        Reading reading = read(new SemgrepReader(), SEMGREP.formatted(word, ""));
        assertThat(reading.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.counts()).containsExactly(counts.split(" "));
            assertThat(finding.id()).isEqualTo("a@/src/A.java:3");
            assertThat(finding.position().pointer()).isEqualTo("/results/0");
        });
        assertThat(read(new SemgrepReader(), SEMGREP.formatted(word, ",'is_ignored':true"))
                        .findings())
                .isEmpty();
        assertThat(read(new SemgrepReader(), SEMGREP.formatted(word, ",'is_ignored':'true'"))
                        .findings())
                .as("no word is a truth")
                .hasSize(1);
    }

    @Test
    void a_report_of_semgrep_that_does_not_say_how_it_ended_shows_nothing() throws Exception {
        assertThat(read(new SemgrepReader(), "{'results':[],'paths':{'scanned':['a']}}")
                        .gap())
                .contains("errors");
        assertThat(read(new SemgrepReader(), "{'results':[],'errors':[]}").gap())
                .contains("paths.scanned");
        Reading broken =
                read(new SemgrepReader(), "{'results':[],'errors':[{'message':'it ended'}],'paths':{'scanned':['a']}}");
        assertThat(broken.complete()).isFalse();
        assertThat(broken.details()).containsEntry("unfinished", "it ended");
        refused(new SemgrepReader(), SEMGREP.formatted("GRAVE", ""), "GRAVE", "CRITICAL");
        refused(new SemgrepReader(), "{'results':[{}],'errors':[],'paths':{}}", "extra");
    }

    private static final String GITLAB =
            "{'version':'15.0.0','vulnerabilities':[{'severity':'High','identifiers':[%s],'location':{'file':'app/package-lock.json','dependency':{'package':{'name':'@acme/a'},'version':'1.0.0'}}}],"
                    + "'scan':{'type':'dependency_scanning','status':'success'}}";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'type':'gemnasium','value':'g-1'},{'type':'cve','value':'CVE-2026-1'},{'type':'cwe','value':'22'}; CVE-2026-1; g-1",
                "{'type':'cve','value':'CVE-2026-1'},{'type':'cve','value':'CVE-2026-2'},{'type':'usn','value':'USN-1'}; USN-1; CVE-2026-1, CVE-2026-2",
                "{'type':'ghsa','value':'GHSA-1'}; GHSA-1; ``",
            })
    void a_vulnerability_is_called_by_its_number_where_it_has_one(String ids, String rule, String aliases)
            throws Exception {
        assertThat(read(new GitlabReportReader(), GITLAB.formatted(ids)).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo(rule);
                    assertThat(finding.component()).isEqualTo("pkg:npm/%40acme/a@1.0.0");
                    assertThat(String.join(", ", finding.aliases())).isEqualTo(aliases);
                });
    }

    @Test
    void what_gitlab_scans_otherwise_is_refused_by_name() {
        refused(
                new GitlabReportReader(),
                "{'version':'15.0.0','vulnerabilities':[],'scan':{'type':'dast'}}",
                "dast",
                "container_scanning, dependency_scanning, sast, secret_detection");
        refused(new GitlabReportReader(), "{'version':'2.0','vulnerabilities':[]}", "scan.type");
        refused(
                new GitlabReportReader(),
                "{'version':'15.0.0','vulnerabilities':[7],'scan':{'type':'sast'}}",
                "must be an object");
    }

    @Test
    void a_report_of_gitlab_is_as_old_as_its_scan_and_says_how_it_ended() throws Exception {
        assertThat(own("gitlab-sast.json").details())
                .containsEntry("at", "2026-11-20T09:01:00Z")
                .containsEntry("scan", "sast");
        assertThat(own("gitlab-dependencies-failed.json").details())
                .containsEntry("unfinished", "the lock file could not be read");
        assertThat(read(new GitlabReportReader(), "{'version':'15.0.0','vulnerabilities':[],'scan':{'type':'sast'}}")
                        .gap())
                .contains("scan.status");
        assertThat(read(
                                new GitlabReportReader(),
                                "{'version':'15.0.0','vulnerabilities':[],'scan':{'type':'sast','status':'success','end_time':'yesterday'}}")
                        .gap())
                .contains("yesterday");
    }

    private static final String CSAF =
            "{'document':{'csaf_version':'%s','category':'%s','tracking':{'status':'%s'}},'product_tree':{'full_product_names':[{'product_id':'P','name':'p'}]},"
                    + "'vulnerabilities':[{'cve':'CVE-2026-1','product_status':{%s}%s}]}";

    @ParameterizedTest(name = "{0} {1} {2} {3} {4}: {5}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "2.0; csaf_security_advisory; final; ``; ``; csaf_security_advisory",
                "2.1; csaf_vex; final; ``; ``; 2.1",
                "2.0; csaf_vex; draft; ``; ``; draft",
                "2.0; csaf_vex; final; 'known_afected':['P']; ``; known_afected",
                "2.0; csaf_vex; final; 'fixed':['Q']; ``; no product Q",
                "2.0; csaf_vex; final; 'fixed':'P'; ``; must be an array",
                "2.0; csaf_vex; final; 'known_not_affected':['P']; ,'flags':[{'label':'because'}]; because",
            })
    void what_is_no_statement_of_csaf_is_refused_by_name(
            String version, String category, String status, String products, String more, String because) {
        refused(new VexReader(), CSAF.formatted(version, category, status, products, more), because);
    }
}
