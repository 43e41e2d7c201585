package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is concluded of reports that real scanners wrote, and of a statement in CSAF, against what is written down beside them. */
public final class ScannerSamples {
    private static final List<String> SEVERITIES = List.of("critical", "high", "medium", "low", "unknown");

    private ScannerSamples() {}

    public static void check(Path file, JsonNode expected) throws Exception {
        DocumentType type =
                new Detection().typeOf(() -> Files.newInputStream(file)).orElseThrow();
        Reading reading = Readers.all().get(type).read(() -> Files.newInputStream(file));
        assertThat(reading.complete()).isTrue();
        if (expected.isTextual()) {
            csaf(type, reading, expected.asText());
            return;
        }
        switch (expected.path("format").asText()) {
            case "npm audit v2" -> npm(type, reading, expected);
            case "OSV-Scanner" -> osv(type, reading, expected);
            case "semgrep json" -> semgrep(type, reading, expected);
            case "GitLab dependency scanning" -> gitlab(type, reading, expected);
            default -> throw new AssertionError("a format that nothing here concludes from: " + expected);
        }
        if (type != DocumentType.SEMGREP) {
            assertThat(reading.gap()).isNull();
        }
        assertThat(reading.findings()).allSatisfy(finding -> {
            assertThat(finding.position()).isNotNull();
            assertThat(finding.position().pointer()).isNotNull();
        });
    }

    private static void npm(DocumentType type, Reading reading, JsonNode expected) {
        assertThat(type).isEqualTo(DocumentType.NPM_AUDIT);
        severities(reading, expected.get("by_severity"));
        assertThat(reading.findings()).hasSize(expected.get("packages").asInt());
        JsonNode totals = expected.get("metadata");
        assertThat(reading.summary())
                .containsEntry("medium", totals.get("moderate").asLong())
                .containsEntry(
                        "low", totals.get("low").asLong() + totals.get("info").asLong());
        assertThat((Long) reading.summary().get("scanned"))
                .isGreaterThan(totals.get("total").asLong());
    }

    private static void osv(DocumentType type, Reading reading, JsonNode expected) {
        assertThat(type).isEqualTo(DocumentType.OSV_SCANNER);
        severities(reading, expected.get("db_severity"));
        assertThat(reading.findings()).hasSize(expected.get("unique").asInt());
    }

    private static void semgrep(DocumentType type, Reading reading, JsonNode expected) {
        assertThat(type).isEqualTo(DocumentType.SEMGREP);
        assertThat(reading.summary())
                .containsEntry("results", expected.get("results").asLong());
        expected.get("by_severity").properties().forEach(by -> assertThat(reading.summary())
                .containsEntry(
                        by.getKey().toLowerCase(Locale.ROOT), by.getValue().asLong()));
        assertThat(expected.get("errors").asLong() == 0).isEqualTo(reading.complete());
        assertThat(reading.findings()).hasSize(expected.get("results").asInt());
        // It was shortened: of no file does it say any more that it was looked at.
        assertThat(reading.summary()).containsEntry("files", 0L);
        assertThat(reading.gap()).contains("paths.scanned");
    }

    private static void gitlab(DocumentType type, Reading reading, JsonNode expected) {
        assertThat(type).isEqualTo(DocumentType.GITLAB_REPORT);
        severities(reading, expected.get("by_severity"));
        assertThat(reading.findings()).hasSize(expected.get("vulnerabilities").asInt());
        assertThat(reading.details()).containsEntry("scan", "dependency_scanning");
    }

    /** {@code CSAF VEX: go-transitive v4.0.0 known_not_affected by CVE-2024-0001 => suppressed}. */
    private static void csaf(DocumentType type, Reading reading, String expected) {
        assertThat(type).isEqualTo(DocumentType.VEX);
        assertThat(reading.summary()).containsEntry("notAffected", 1L).containsEntry("unknown", 0L);
        assertThat((List<?>) reading.details().get("statements"))
                .singleElement()
                .satisfies(one -> {
                    Map<?, ?> statement = (Map<?, ?>) one;
                    assertThat(expected)
                            .contains(String.valueOf(((List<?>) statement.get("ids")).get(0)), "known_not_affected");
                    assertThat(statement.get("excuses")).isEqualTo(true);
                    assertThat(statement.get("products").toString())
                            .endsWith("go-transitive@v4.0.0]")
                            .contains("pkg:golang/");
                });
    }

    private static void severities(Reading reading, JsonNode expected) {
        Map<String, Long> by = new TreeMap<>();
        SEVERITIES.forEach(severity -> by.put(severity, 0L));
        expected.properties()
                .forEach(said -> by.merge(
                        said.getKey().equals("null")
                                ? "unknown"
                                : SampleTests.SEVERITIES.get(said.getKey().toLowerCase(Locale.ROOT)),
                        said.getValue().asLong(),
                        Long::sum));
        by.forEach((severity, count) -> assertThat(reading.summary()).containsEntry(severity, count));
    }
}
