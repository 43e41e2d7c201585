package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How grave the findings of scans are, and how they are called: a waiver is for one of them. */
@Tag("M4.2")
class ScanFindingTests {
    private static Reading read(DocumentReader reader, String document) throws IOException, Unreadable {
        byte[] bytes = document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return reader.read(() -> new ByteArrayInputStream(bytes));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'severity':'high','score':9.8,'method':'CVSSv31'}; critical",
                "{'severity':'low'},{'score':9.8}; critical",
                "{'severity':'none','score':7.5}; high",
                "{'severity':'unknown'},{'score':'9.1'}; critical",
                "{'severity':'info','score':'4.0'}; medium",
                "{'severity':'critical','score':1.0}; critical",
                "{'severity':'high','score':10.0,'method':'CVSSv2'}; high",
                "{'severity':'unknown'}; unknown",
                "{'score':'ten'}; unknown",
            })
    void the_worst_of_all_words_and_scores_of_a_vulnerability_counts(String ratings, String severity) throws Exception {
        Reading reading = read(
                new CycloneDxReader(),
                "{'bomFormat':'CycloneDX','specVersion':'1.5','components':[],'vulnerabilities':[{'id':'CVE-1','ratings':[%s]}]}"
                        .formatted(ratings));
        assertThat(reading.summary()).containsEntry(severity, 1L);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H, critical",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H, critical",
        "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H, high",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N, medium",
        "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:L, low",
        "AV:N/AC:L/Au:N/C:C/I:C/A:C, high",
        "AV:N/AC:M/Au:N/C:N/I:P/A:N, medium",
        "AV:L/AC:H/Au:N/C:N/I:N/A:P, low",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H, unknown",
        "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H, unknown",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N, unknown",
    })
    void a_rating_that_has_a_vector_only_is_computed(String vector, String severity) throws Exception {
        Reading osv = read(
                new CycloneDxReader(),
                ("{'bomFormat':'CycloneDX','specVersion':'1.5','components':[{'bom-ref':'pkg:npm/left-pad@1.3.0','type':'library','name':'left-pad',"
                                + "'purl':'pkg:npm/left-pad@1.3.0'}],'vulnerabilities':[{'id':'GHSA-aaaa-bbbb-cccc','references':[{'id':'CVE-2026-0001','source':{}}],"
                                + "'ratings':[{'method':'CVSSv3','vector':'%s'}],'affects':[{'ref':'pkg:npm/left-pad@1.3.0'}]}]}")
                        .formatted(vector));
        assertThat(osv.summary()).containsEntry(severity, 1L);
        assertThat(osv.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("GHSA-aaaa-bbbb-cccc@pkg:npm/left-pad@1.3.0");
            assertThat(finding.aliases()).containsExactly("CVE-2026-0001");
        });
    }

    @Test
    void a_failed_check_of_trivy_is_called_by_the_resource_in_its_file() throws Exception {
        String check =
                "{'AVDID':'AVD-AWS-0086','Status':'FAIL','Severity':'HIGH','Message':'%s','CauseMetadata':{'Resource':'%s','StartLine':%d}}";
        Reading reading = read(
                new TrivyReader(),
                "{'SchemaVersion':2,'ArtifactName':'.','ArtifactType':'filesystem','Results':[{'Target':'main.tf','Class':'config','Misconfigurations':["
                        + check.formatted("m", "aws_s3_bucket.logs", 1)
                        + ","
                        + check.formatted("m", "aws_s3_bucket.data", 9)
                        + ","
                        + check.formatted("Container a", "", 20)
                        + ","
                        + check.formatted("Container b", "", 30)
                        + "]}]}");
        List<String> ids = reading.findings().stream().map(Finding::id).toList();
        assertThat(ids)
                .doesNotHaveDuplicates()
                .contains("AVD-AWS-0086@main.tf:aws_s3_bucket.logs", "AVD-AWS-0086@main.tf:aws_s3_bucket.data")
                .hasSize(4);
    }

    @Test
    void an_unverified_statement_is_called_by_what_it_says_and_not_by_where_it_stands() throws Exception {
        String one =
                "{'_type':'https://in-toto.io/Statement/v1','predicateType':'https://slsa.dev/provenance/v1','subject':[{'digest':{'gitCommit':'%s'}}]}";
        String first = one.formatted("a".repeat(40));
        String second = one.formatted("b".repeat(40));
        List<String> ids = read(Readers.INTOTO, first + "\n" + second).findings().stream()
                .map(Finding::id)
                .toList();
        List<String> turned = read(Readers.INTOTO, second + "\n" + first).findings().stream()
                .map(Finding::id)
                .toList();
        assertThat(ids).hasSize(2).doesNotHaveDuplicates();
        assertThat(turned).containsExactly(ids.get(1), ids.get(0));
    }

    @ParameterizedTest(name = "written by {0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "; false",
                "'tools':[]; false",
                "'tools':[{'vendor':'aquasecurity','name':'trivy','version':'0.57.0'}]; false",
                "'tools':{'components':[{'type':'application','group':'aquasecurity','name':'trivy'}]}; false",
                "'tools':{'components':[{'type':'application','name':'cdxgen'}]}; false",
                "'tools':[{'vendor':'anchore','name':'grype','version':'0.41.0'}]; true",
                "'tools':{'components':[{'type':'application','author':'anchore','name':'grype'}]}; true",
                "'tools':[{'vendor':'OWASP','name':'Dependency-Track','version':'4.12.0'}]; true",
                "'tools':{'services':[{'name':'Dependency-Track'}]}; true",
                "'tools':{'components':[{'type':'application','name':'owasp-depscan'}]}; true",
            })
    @Tag("M4.1")
    void an_empty_list_of_vulnerabilities_is_an_analysis_only_where_its_writer_makes_one(String tools, boolean scanned)
            throws Exception {
        String bom =
                "{'bomFormat':'CycloneDX','specVersion':'1.6','metadata':{%s},'components':[{'type':'library','name':'a'}],'vulnerabilities':[%s]}";
        String of = tools == null ? "" : tools;
        assertThat(read(new CycloneDxReader(), bom.formatted(of, "")).summary().containsKey("scanned"))
                .isEqualTo(scanned);
        assertThat(read(new CycloneDxReader(), bom.formatted(of, "{'id':'CVE-1'}"))
                        .summary())
                .as("what was found was looked for")
                .containsEntry("scanned", 1L)
                .containsEntry("unknown", 1L);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "<tools><tool><name>trivy</name></tool></tools>, false",
        "<tools><tool><vendor>anchore</vendor><name>grype</name></tool></tools>, true",
        "<tools><components><component type='application'><name>grype</name></component></components></tools>, true",
    })
    @Tag("M4.1")
    void so_it_is_in_xml(String tools, boolean scanned) throws Exception {
        assertThat(read(
                                new CycloneDxReader(),
                                ("<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><metadata>%s</metadata><components>"
                                                + "<component type='library'><name>a</name></component></components><vulnerabilities/></bom>")
                                        .formatted(tools))
                        .summary()
                        .containsKey("scanned"))
                .isEqualTo(scanned);
    }

    @Test
    void grype_says_in_which_packages_it_found_something_and_not_which_it_looked_at() throws Exception {
        String match = "{'vulnerability':{'id':'%s','severity':'Low'},'artifact':{'purl':'pkg:npm/%s@1'}}";
        String report = "{'matches':[%s],'descriptor':{'name':'grype'}}";
        assertThat(read(new GrypeReader(), report.formatted("")).summary()).containsEntry("scanned", 1L);
        assertThat(read(
                                new GrypeReader(),
                                report.formatted(match.formatted("CVE-1", "a") + "," + match.formatted("CVE-2", "a")
                                        + "," + match.formatted("CVE-2", "b")))
                        .summary())
                .as("the target and two packages")
                .containsEntry("scanned", 3L)
                .containsEntry("low", 3L);
    }

    @ParameterizedTest(name = "{0} counted as failed: {1} broken checks")
    @CsvSource({"0, 0", "1, 0", "2, 1", "9000000000000000000, 1"})
    @Tag("M4.3")
    void trivys_own_sum_of_what_failed_is_held_against_its_list(long failures, long broken) throws Exception {
        String summary = "'MisconfSummary':{'Successes':3,'Failures':%d}".formatted(failures);
        String list =
                "'Misconfigurations':[{'ID':'AVD-1','Status':'FAIL','Message':'m'},{'ID':'AVD-2','Status':'PASS'}]";
        for (String both : List.of(summary + "," + list, list + "," + summary)) {
            Reading reading = read(
                    new TrivyReader(),
                    "{'SchemaVersion':2,'ArtifactName':'.','ArtifactType':'filesystem','Results':[{'Target':'main.tf','Class':'config',%s}]}"
                            .formatted(both));
            assertThat(reading.summary())
                    .containsEntry("failed", 1L)
                    .containsEntry("passed", 3L)
                    .containsEntry("error", broken);
            assertThat(reading.findings().toString().contains("its summary counts " + failures))
                    .isEqualTo(broken > 0);
        }
    }
}
