package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.Samples.Sample;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample gives the conclusion that its manifest states. */
class SampleTests {
    static Stream<Sample> testReports() {
        return Samples.in("test_reports");
    }

    static Stream<Sample> sarif() {
        return Samples.in("sarif");
    }

    @ParameterizedTest
    @MethodSource("testReports")
    @Tag("M1.5")
    void test_report(Sample sample) throws Exception {
        Map<String, Object> summary =
                new TestReportReader().read(sample.content()).summary();
        JsonNode expected = sample.expected();
        if (expected.has("cases")) {
            JsonNode by = expected.get("by_outcome");
            assertThat(summary)
                    .containsEntry("tests", expected.get("cases").asLong())
                    .containsEntry("passed", count(by, "passed"))
                    .containsEntry("failures", count(by, "failure"))
                    .containsEntry("errors", count(by, "error"))
                    .containsEntry("skipped", count(by, "skipped"));
        }
        if (expected.has("reference")) {
            JsonNode reference = expected.get("reference");
            assertThat(summary)
                    .containsEntry("tests", count(reference, "runs"))
                    .containsEntry("passed", count(reference, "runs_succ"))
                    .containsEntry("skipped", count(reference, "runs_skip"))
                    .containsEntry("failures", count(reference, "runs_fail"))
                    .containsEntry("errors", count(reference, "runs_error"));
        }
        if (expected.has("methods")) {
            assertThat(summary)
                    .containsEntry("passed", count(expected.get("methods"), "PASS"))
                    .containsEntry("skipped", count(expected.get("methods"), "SKIP"))
                    .containsEntry("failures", count(expected.get("methods"), "FAIL"));
        }
    }

    @ParameterizedTest
    @MethodSource("sarif")
    @Tag("M4.1")
    void sarif_log(Sample sample) throws Exception {
        Reading reading = new SarifReader().read(sample.content());
        for (String level : new String[] {"error", "warning", "note", "none"}) {
            assertThat(reading.summary()).containsEntry(level, sum(sample, "/levels_unsuppressed/" + level));
        }
        assertThat(reading.summary())
                .containsEntry("results", sum(sample, "/results"))
                .containsEntry("suppressed", sum(sample, "/suppressed"));
        for (String band : new String[] {"critical", "high", "medium", "low"}) {
            if (Stream.of("/security_severity").anyMatch(at -> sum(sample, at + "/" + band) > 0)) {
                assertThat(reading.summary()).containsEntry(band, sum(sample, "/security_severity/" + band));
            }
        }
        for (String state : new String[] {"new", "unchanged", "updated", "absent"}) {
            assertThat(reading.summary()).containsEntry(state, sum(sample, "/baseline/" + state));
        }
        boolean anyWithoutResults =
                runs(sample).anyMatch(run -> run.get("results").isNull());
        assertThat(reading.gap() != null).isEqualTo(anyWithoutResults);
        boolean allSuccessful = runs(sample)
                .flatMap(run -> run.path("executionSuccessful").valueStream())
                .allMatch(JsonNode::asBoolean);
        assertThat(reading.complete()).isEqualTo(allSuccessful);
    }

    static Stream<Sample> cycloneDx() {
        return Samples.in("sbom_cyclonedx");
    }

    static Stream<Sample> spdx() {
        return Samples.in("sbom_spdx");
    }

    static Stream<Sample> trivy() {
        return Samples.in("sca_trivy");
    }

    static Stream<Sample> grype() {
        return Samples.in("sca_grype");
    }

    static Stream<Sample> dependencyCheck() {
        return Samples.in("sca_dependency_check");
    }

    static Stream<Sample> policyReports() {
        return Samples.in("policy_results")
                .filter(sample -> sample.toString().matches("(checkov|conftest|policyreport)__.*"));
    }

    static Stream<Sample> vex() {
        return Samples.in("vex").filter(sample -> sample.expected().isObject());
    }

    @ParameterizedTest
    @MethodSource("cycloneDx")
    @Tag("M4.2")
    void cyclonedx_document(Sample sample) throws Exception {
        detected(sample, DocumentType.CYCLONEDX);
        Reading reading = new CycloneDxReader().read(sample.content());
        JsonNode expected = sample.expected();
        assertThat(reading.summary())
                .containsEntry("components", expected.get("components_total").asLong());
        assertThat(reading.summary().containsKey("critical")).isEqualTo(expected.has("vulnerabilities"));
        assertThat(reading.gap() != null)
                .isEqualTo(expected.get("components_total").asLong() == 0 && !expected.has("vulnerabilities"));
        if (expected.has("vulnerabilities")) {
            severities(reading, expected.get("severity_worst_rating"));
        }
        if (expected.path("types").path("library").asLong()
                == expected.get("components_total").asLong()) {
            Map<?, ?> licences = (Map<?, ?>) reading.details().get("licences");
            Object none = licences.get(Licences.NONE);
            assertThat(none == null ? 0L : ((Map<?, ?>) none).get("count"))
                    .isEqualTo(expected.get("no_license").asLong());
        }
    }

    @ParameterizedTest
    @MethodSource("spdx")
    @Tag("M4.2")
    void spdx_document(Sample sample) throws Exception {
        detected(sample, DocumentType.SPDX);
        Reading reading = new SpdxReader().read(sample.content());
        long packages = sample.expected().get("packages").asLong();
        assertThat(reading.summary()).containsEntry("components", packages);
        assertThat(reading.gap() != null).isEqualTo(packages == 0);
    }

    @ParameterizedTest
    @MethodSource("trivy")
    @Tag("M4.2")
    void trivy_report(Sample sample) throws Exception {
        detected(sample, DocumentType.TRIVY);
        Reading reading = new TrivyReader().read(sample.content());
        severities(reading, sample.expected().get("by_severity"));
        assertThat(reading.gap() != null)
                .isEqualTo(sample.expected().get("results").asLong() == 0);
        JsonNode secrets = sample.expected().path("secrets");
        long leaked = secrets.valueStream().mapToLong(JsonNode::asLong).sum();
        assertThat(reading.summary()).containsEntry("secrets", leaked);
        for (Map.Entry<String, JsonNode> entry : secrets.properties()) {
            assertThat(reading.findings())
                    .filteredOn(finding -> finding.counts().contains("secrets"))
                    .hasSize((int) leaked)
                    .allMatch(finding -> finding.severity().equalsIgnoreCase(entry.getKey()));
        }
        JsonNode failed = sample.expected().path("misconfigurations");
        if (failed.isObject()) {
            assertThat(reading.summary())
                    .containsEntry("failed", (long) failed.path("FAIL/HIGH").asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("grype")
    @Tag("M4.2")
    void grype_report(Sample sample) throws Exception {
        detected(sample, DocumentType.GRYPE);
        Reading reading = new GrypeReader().read(sample.content());
        severities(reading, sample.expected().get("by_severity"));
        // Each of them has its list of matches: an empty one is a scan that found nothing.
        assertThat(reading.gap()).isNull();
    }

    @ParameterizedTest
    @MethodSource("dependencyCheck")
    @Tag("M4.2")
    void dependency_check_report(Sample sample) throws Exception {
        detected(sample, DocumentType.DEPENDENCY_CHECK);
        Reading reading = new DependencyCheckReader().read(sample.content());
        severities(reading, sample.expected().get("by_severity"));
        assertThat(reading.summary())
                .containsEntry("scanned", sample.expected().get("dependencies").asLong());
        assertThat(reading.gap()).isNull();
    }

    @ParameterizedTest
    @MethodSource("policyReports")
    @Tag("M4.3")
    void policy_report(Sample sample) throws Exception {
        DocumentReader reader = sample.toString().startsWith("checkov")
                ? new CheckovReader()
                : sample.toString().startsWith("conftest") ? new ConftestReader() : new KyvernoReader();
        detected(sample, reader.type());
        JsonNode expected = sample.expected();
        long failed = expected.isArray()
                ? expected.at("/0/actual/fail").asLong(0)
                : expected.path("failed").asLong(expected.path("failures").asLong(0));
        long passed = expected.isArray()
                ? expected.at("/0/actual/pass").asLong(0)
                : expected.path("passed").asLong(expected.path("successes").asLong(0));
        Reading reading = reader.read(sample.content());
        assertThat(reading.summary()).containsEntry("failed", failed).containsEntry("passed", passed);
        assertThat(reading.findings()).hasSize((int) failed);
        assertThat(reading.gap() != null).isEqualTo(failed + passed == 0);
    }

    @ParameterizedTest
    @MethodSource("vex")
    @Tag("M4.2")
    void vex_document(Sample sample) throws Exception {
        detected(sample, DocumentType.VEX);
        Map<String, Object> summary = new VexReader().read(sample.content()).summary();
        JsonNode expected = sample.expected();
        long open = Stream.of("critical", "high", "medium", "low", "unknown")
                .mapToLong(severity -> (Long) summary.get(severity))
                .sum();
        if (expected.has("open_count")) {
            assertThat(open).isEqualTo(expected.get("open_count").asLong());
            assertThat(open + (Long) summary.get("notAffected") + (Long) summary.get("fixed"))
                    .isEqualTo(expected.get("statements").size());
        } else {
            assertThat(summary).containsEntry("notAffected", count(expected.get("by_status"), "not_affected"));
            assertThat(open).isEqualTo(expected.get("statements").asLong() - (Long) summary.get("notAffected"));
        }
    }

    @Test
    @Tag("M4.2")
    void the_pair_of_a_report_before_and_after_vex_differs_by_what_vex_excuses() throws Exception {
        assumeTrue(Samples.areThere("vex"), "The folder ../shared/samples is not there");
        Map<String, Sample> byName =
                Samples.in("vex").collect(java.util.stream.Collectors.toMap(Sample::toString, sample -> sample));
        TrivyReader trivy = new TrivyReader();
        assertThat(trivy.read(byName.get("trivy-gomod.json").content()).summary())
                .containsEntry("medium", 1L)
                .containsEntry("unknown", 4L);
        assertThat(trivy.read(byName.get("trivy-gomod-after-vex.json").content())
                        .summary())
                .containsEntry("medium", 0L)
                .containsEntry("unknown", 4L);
    }

    private static void detected(Sample sample, DocumentType type) throws Exception {
        assertThat(new Detection().typeOf(sample.content())).contains(type);
    }

    /** The words of the tools in those of the contract, written down here and not taken from the code under test. */
    static final Map<String, String> SEVERITIES = Map.ofEntries(
            Map.entry("critical", "critical"),
            Map.entry("high", "high"),
            Map.entry("medium", "medium"),
            Map.entry("moderate", "medium"),
            Map.entry("low", "low"),
            Map.entry("negligible", "low"),
            Map.entry("unknown", "unknown"));

    private static void severities(Reading reading, JsonNode expected) {
        Map<String, Long> by = new java.util.HashMap<>();
        for (Map.Entry<String, JsonNode> entry : expected.properties()) {
            String severity = SEVERITIES.get(entry.getKey().toLowerCase(java.util.Locale.ROOT));
            assertThat(severity).as(entry.getKey()).isNotNull();
            by.merge(severity, entry.getValue().asLong(), Long::sum);
        }
        for (String severity : new String[] {"critical", "high", "medium", "low", "unknown"}) {
            assertThat(reading.summary()).containsEntry(severity, by.getOrDefault(severity, 0L));
        }
    }

    @Test
    void the_samples_beside_the_project_were_used() {
        assumeTrue(
                Samples.areThere("sarif") && Samples.areThere("test_reports"),
                "The folder ../shared/samples is not there: only the project's own files were read (-Dsamples=… names another place)");
        assertThat(testReports().count()).isGreaterThan(10);
        assertThat(sarif().count()).isGreaterThan(5);
        assertThat(cycloneDx().count()).isGreaterThan(8);
        assertThat(trivy().count()).isGreaterThan(7);
        assertThat(vex().count()).isGreaterThan(7);
        assertThat(policyReports().count()).isGreaterThan(3);
    }

    private static Stream<JsonNode> runs(Sample sample) {
        return sample.expected().get("runs").valueStream();
    }

    private static long sum(Sample sample, String pointer) {
        return runs(sample).mapToLong(run -> run.at(pointer).asLong(0)).sum();
    }

    private static long count(JsonNode node, String name) {
        return node.path(name).asLong(0);
    }
}
