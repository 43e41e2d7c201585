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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports as scanners write them, read and judged: which gate they show something, and what a statement in CSAF takes from them. */
@Tag("M4.1")
@Tag("M4.2")
class ScannerVerdictTests {
    private static final Path SAMPLES = Path.of("src/test/resources/samples");
    private final GateFixture fixture = new GateFixture();

    @BeforeEach
    void production() {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of());
    }

    private void receive(String source, String document) throws Exception {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        Content content = () -> new ByteArrayInputStream(bytes);
        DocumentType type = new Detection().typeOf(content).orElseThrow();
        Reading read = Readers.all().get(type).read(content);
        fixture.receive(fixture.withDetails(
                fixture.document(type.id(), source, read.summary(), read.complete(), read.gap(), read.findings()),
                read.details()));
    }

    private void sample(String name) throws Exception {
        receive(name, Files.readString(SAMPLES.resolve(name)));
    }

    private Gate gate(String name) {
        return fixture.gates.find(KEY, name).orElseThrow();
    }

    private Verdict verdict(String name) {
        return gate(name).verdict();
    }

    @Test
    void a_report_of_gitlab_is_for_the_gate_that_asks_for_such_a_scan() throws Exception {
        sample("scanners/gitlab-dependencies.json");
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
        assertThat(verdict("sast")).isEqualTo(Verdict.NO_DATA);
        assertThat(gate("sast").sentence()).contains("No document of type", "gitlab-report:sast");
        sample("scanners/gitlab-sast-clean.json");
        assertThat(verdict("sast"))
                .as("no vulnerability of a package is a fault of the code")
                .isEqualTo(Verdict.PASS);
        assertThat(gate("sast").types()).contains("gitlab-report").doesNotHaveDuplicates();
    }

    @Test
    void what_is_found_in_code_is_no_vulnerability_of_a_package() throws Exception {
        sample("scanners/gitlab-sast.json");
        sample("scanners/gitlab-dependencies-clean.json");
        assertThat(verdict("sca")).isEqualTo(Verdict.PASS);
        assertThat(verdict("sast")).isEqualTo(Verdict.FAIL);
    }

    @Test
    void whoever_looks_for_secrets_only_shows_no_analysis_and_what_was_found_counts() throws Exception {
        String clean = Files.readString(SAMPLES.resolve("scanners/gitlab-secrets-clean.json"));
        receive("secrets", clean);
        assertThat(verdict("sast")).isEqualTo(Verdict.NO_DATA);
        assertThat(gate("sast").sentence()).contains("secret_detection", "looks for secrets");
        sample("scanners/semgrep-clean.json");
        assertThat(verdict("sast")).isEqualTo(Verdict.PASS);
        receive(
                "secrets",
                clean.replace(
                        "\"vulnerabilities\": []",
                        "\"vulnerabilities\": [{\"severity\":\"Critical\",\"location\":{\"file\":\"a.env\",\"start_line\":1},\"identifiers\":[{\"type\":\"gitleaks_rule_id\",\"value\":\"key\"}]}]"));
        assertThat(verdict("sast")).isEqualTo(Verdict.FAIL);
    }

    /** A report that names the vulnerability of which the statement beside the project speaks. */
    private static String osv(String name, String version, String id) {
        return """
                {"results":[{"source":{"path":"go.mod"},"packages":[{"package":{"name":"%s","version":"%s","ecosystem":"Go"},
                 "vulnerabilities":[{"id":"%s"}],"groups":[{"ids":["%3$s"],"max_severity":"9.8"}]}]}]}"""
                .formatted(name, version, id);
    }

    private static String csaf(String purl, String reason) {
        return """
                {"document":{"csaf_version":"2.0","category":"csaf_vex","publisher":{"name":"Acme"},
                  "tracking":{"id":"1","status":"final","version":"1","current_release_date":"2026-11-20T09:00:00Z"}},
                 "product_tree":{"branches":[{"category":"product_name","name":"go-transitive","branches":[{"category":"product_version","name":"v4.0.0",
                  "product":{"product_id":"P","name":"go-transitive","product_identification_helper":{"purl":"%s"}}}]}]},
                 "vulnerabilities":[{"cve":"CVE-2024-0001","product_status":{"known_not_affected":["P"]}%s}]}"""
                .formatted(purl, reason);
    }

    private static final String IMPACT =
            ",\"threats\":[{\"category\":\"impact\",\"details\":\"vulnerable_code_not_in_execute_path\"}]";
    private static final String PURL = "pkg:golang/github.com/aquasecurity/go-transitive";

    @ParameterizedTest(name = "{0} {1} with {2}, said of {3}: {4}")
    @CsvSource({
        "github.com/aquasecurity/go-transitive, 4.0.0, CVE-2024-0001, @v4.0.0, PASS",
        "github.com/aquasecurity/go-transitive, v4.0.0, CVE-2024-0001, @v4.0.0, PASS",
        "github.com/aquasecurity/go-transitive, 4.0.0, CVE-2024-0001, ``, PASS",
        "github.com/aquasecurity/go-transitive, 4.0.1, CVE-2024-0001, @v4.0.0, FAIL",
        "github.com/aquasecurity/go-transitive, 4.0.0, CVE-2024-0002, @v4.0.0, FAIL",
        "github.com/aquasecurity/another, 4.0.0, CVE-2024-0001, @v4.0.0, FAIL",
    })
    void csaf_excuses_the_same_vulnerability_of_the_same_package(
            String name, String version, String id, String at, Verdict verdict) throws Exception {
        receive("scan", osv(name, version, id));
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
        receive("vex", csaf(PURL + at.replace("`", ""), IMPACT));
        assertThat(verdict("sca")).isEqualTo(verdict);
    }

    @Test
    void the_statement_of_the_sample_beside_the_project_suppresses_what_it_says() throws Exception {
        Path beside =
                Path.of(System.getProperty("samples", "../shared/samples")).resolve("vex/csaf.json");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(beside));
        receive("scan", osv("github.com/aquasecurity/go-transitive", "4.0.0", "CVE-2024-0001"));
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
        receive("vex", Files.readString(beside));
        assertThat(verdict("sca")).isEqualTo(Verdict.PASS);
        assertThat(gate("sca").sentence())
                .contains("CVE-2024-0001 (not_affected because of vulnerable_code_not_in_execute_path");
    }

    @Test
    void without_a_reason_csaf_excuses_nothing() throws Exception {
        receive("scan", osv("github.com/aquasecurity/go-transitive", "4.0.0", "CVE-2024-0001"));
        receive("vex", csaf(PURL + "@v4.0.0", ""));
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
        receive(
                "vex",
                csaf(
                        PURL + "@v4.0.0",
                        ",\"flags\":[{\"label\":\"component_not_present\",\"product_ids\":[\"another\"]}]"));
        assertThat(verdict("sca")).as("a reason for another product").isEqualTo(Verdict.FAIL);
    }

    private static String npm(String name) {
        return """
                {"auditReportVersion":2,"vulnerabilities":{"%s":{"severity":"critical","via":[
                  {"name":"%1$s","url":"https://cve.example/CVE-2026-0001","severity":"critical"}]}},
                 "metadata":{"vulnerabilities":{"critical":1,"total":1},"dependencies":{"total":9}}}"""
                .formatted(name);
    }

    private static String scanned(String name, String version) {
        return """
                {"version":"15.0.0","scan":{"type":"dependency_scanning","status":"success"},"vulnerabilities":[{"severity":"Critical",
                 "identifiers":[{"type":"cve","value":"CVE-2026-0001"}],
                 "location":{"file":"package-lock.json","dependency":{"package":{"name":"%s"},"version":"%s"}}}]}"""
                .formatted(name, version);
    }

    /** checkout 2.0.0 with left-pad in it is what the file is about. */
    @ParameterizedTest(name = "{0} {1} of {2}: {3}")
    @CsvSource({
        "left-pad, 1.3.0, checkout, PASS",
        "left-pad, 1.3.1, checkout, FAIL",
        "right-pad, 1.3.0, checkout, FAIL",
        "left-pad, 1.3.0, payments, FAIL",
    })
    void a_part_in_csaf_is_a_part_of_that_product(String name, String version, String product, Verdict verdict)
            throws Exception {
        receive("scan", scanned(name, version));
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
        receive(
                "vex",
                Files.readString(SAMPLES.resolve("vex/csaf.vex.json"))
                        .replace("\"name\": \"checkout\"", "\"name\": \"" + product + "\""));
        assertThat(verdict("sca")).isEqualTo(verdict);
    }

    @Test
    void a_range_of_versions_excuses_nothing_and_still_contradicts() throws Exception {
        String csaf = Files.readString(SAMPLES.resolve("vex/csaf.vex.json"));
        receive("scan", scanned("left-pad", "1.3.0"));
        receive("vex", csaf);
        assertThat(verdict("sca")).isEqualTo(Verdict.PASS);
        receive("vex", csaf.replace("\"category\": \"product_version\"", "\"category\": \"product_version_range\""));
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
    }

    /** As most such files are written: what was affected before is a range, and what is not is a version. */
    @ParameterizedTest(name = "{0} of {1} affected: {2}")
    @CsvSource({
        "vers:semver/<2.0.0, checkout, PASS",
        "vers:semver/>=1.0|<2.0, checkout, PASS",
        "vers:semver/>2.0.0, checkout, PASS",
        "vers:semver/<=2.0.0, checkout, FAIL",
        "vers:semver/<2.0.1, payments, PASS",
        "vers:semver/<1.0|>3.0, checkout, FAIL",
        "vers:semver/<1.9|>=1.9.1|<2.0.0, checkout, FAIL",
        "vers:semver/!=2.0.0, checkout, FAIL",
        "vers:semver/<2.0.0-rc.1, checkout, FAIL",
        "before 2.0.0, checkout, FAIL",
    })
    void a_range_of_versions_contradicts_where_the_release_may_be_in_it(String range, String product, Verdict verdict)
            throws Exception {
        receive("scan", scanned("left-pad", "1.3.0"));
        receive(
                "vex",
                """
                {"document":{"csaf_version":"2.0","category":"csaf_vex","tracking":{"status":"final","current_release_date":"2026-11-20T09:00:00Z"}},
                 "product_tree":{"branches":[
                  {"category":"product_name","name":"checkout","branches":[
                   {"category":"product_version","name":"2.0.0","product":{"product_id":"OURS","name":"n"}}]},
                  {"category":"product_name","name":"%s","branches":[
                   {"category":"product_version_range","name":"%s","product":{"product_id":"OLD","name":"n"}}]}]},
                 "vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"fixed":["OURS"],"known_affected":["OLD"]}}]}"""
                        .formatted(product, range));
        assertThat(verdict("sca")).isEqualTo(verdict);
    }

    /** npm does not say which version is installed: what is said of one version may be said of another. */
    @ParameterizedTest(name = "said of {0}: {1}")
    @CsvSource({"pkg:npm/left-pad, PASS", "pkg:npm/left-pad@1.3.0, FAIL", "pkg:npm/right-pad, FAIL"})
    void a_package_of_npm_is_excused_in_all_its_versions(String purl, Verdict verdict) throws Exception {
        receive("scan", npm("left-pad"));
        assertThat(verdict("sca")).isEqualTo(Verdict.FAIL);
        receive("vex", csaf(purl, IMPACT).replace("CVE-2024-0001", "CVE-2026-0001"));
        assertThat(verdict("sca")).isEqualTo(verdict);
    }

    @Test
    void an_error_of_npm_is_an_error_and_no_pass() throws Exception {
        byte[] bytes = "{\"error\":{\"summary\":\"no lockfile\"}}".getBytes(StandardCharsets.UTF_8);
        Reading read = Readers.all().get(DocumentType.NPM_AUDIT).read(() -> new ByteArrayInputStream(bytes));
        fixture.receive(fixture.withDetails(
                fixture.document("npm-audit", "npm", read.summary(), read.complete(), read.gap(), read.findings()),
                read.details()));
        assertThat(verdict("sca")).isEqualTo(Verdict.ERROR);
        assertThat(gate("sca").sentence()).contains("no lockfile");
    }
}
