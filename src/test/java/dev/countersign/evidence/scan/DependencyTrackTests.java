package dev.countersign.evidence.scan;

import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.BadAnswers;
import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Answers in the format that Dependency-Track documents, over a real connection, read by the reader of bills of materials. */
@Tag("M4.1")
@Tag("M8.6")
class DependencyTrackTests {
    private static final String UUID = "550e8400-e29b-41d4-a716-446655440000";
    private static final String LOOKUP = "/api/v1/project/lookup";
    private static final String EXPORT = "/api/v1/bom/cyclonedx/project/" + UUID;
    private static final Instant NOW = Instant.parse("2026-11-26T09:00:00Z");
    private static final String INVENTORY = EXPORT + "?format=json&variant=inventory";
    private static final String DISCLOSED = EXPORT + "?format=json&variant=vdr";

    private final VendorServer server = new VendorServer();
    private final DependencyTrackSource source = new DependencyTrackSource(
            new DependencyTrackProperties(
                    server.url(),
                    "key-of-the-team",
                    null,
                    Map.of("checkout", "Shop checkout"),
                    Duration.ofDays(3),
                    Duration.ofSeconds(5),
                    DataSize.ofKilobytes(100)),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @AfterEach
    void close() {
        server.close();
    }

    private Answer ask() throws Exception {
        return source.fetch(asked(null), Duration.ofSeconds(5));
    }

    private static String text(Answer answer) throws Exception {
        try (var in = answer.documents().get(0).body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Reading read(Answer answer) throws Exception {
        assertThat(answer.missing()).isNull();
        assertThat(answer.documents()).hasSize(1);
        return Readers.all()
                .get(DocumentType.of(answer.documents().get(0).type()).orElseThrow())
                .read(answer.documents().get(0).body()::open);
    }

    private static String project(String version, String times) {
        return "{\"uuid\":\"%s\",\"name\":\"Shop checkout\",\"version\":\"%s\",\"active\":true%s}"
                .formatted(UUID, version, times);
    }

    private static String times(long imported, long analysed) {
        return ",\"lastBomImport\":%d,\"lastVulnerabilityAnalysis\":%d"
                .formatted(
                        NOW.minusSeconds(imported).toEpochMilli(),
                        NOW.minusSeconds(analysed).toEpochMilli());
    }

    private static String bom(String version, String components, String vulnerabilities) {
        return ("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"serialNumber\":\"urn:uuid:%s\",\"version\":1,"
                        + "\"metadata\":{\"timestamp\":\"%s\",\"component\":{\"type\":\"application\",\"bom-ref\":\"%s\",\"name\":\"Shop checkout\",\"version\":\"%s\"}},"
                        + "\"components\":[%s]%s}")
                .formatted(java.util.UUID.randomUUID(), Instant.now(), UUID, version, components, vulnerabilities);
    }

    private static String component(String ref) {
        return "{\"type\":\"library\",\"bom-ref\":\"%1$s\",\"name\":\"%1$s\",\"version\":\"1.0\",\"purl\":\"pkg:maven/org/%1$s@1.0\",\"licenses\":[{\"license\":{\"id\":\"MIT\"}}]}"
                .formatted(ref);
    }

    private static String vulnerability(String id, String severity, String ref, String analysis) {
        return "{\"id\":\"%s\",\"source\":{\"name\":\"NVD\"},\"ratings\":[{\"severity\":\"%s\"}],\"affects\":[{\"ref\":\"%s\"}]%s}"
                .formatted(id, severity, ref, analysis);
    }

    private void has(String vulnerabilities) {
        server.json(LOOKUP, project("2.0.0", times(7200, 3600)));
        server.json(INVENTORY, bom("2.0.0", component("b") + "," + component("a"), ""));
        server.json(DISCLOSED, bom("2.0.0", component("a"), ",\"vulnerabilities\":[" + vulnerabilities + "]"));
    }

    @Test
    void what_was_found_and_what_was_decided_about_it_stand_beside_all_that_was_looked_at() throws Exception {
        has(vulnerability("CVE-2026-1", "critical", "a", "") + ","
                + vulnerability("CVE-2026-3", "unassigned", "a", "") + ","
                + vulnerability(
                        "CVE-2026-2",
                        "high",
                        "a",
                        ",\"analysis\":{\"state\":\"not_affected\",\"justification\":\"code_not_reachable\"}"));
        Answer answer = ask();
        Reading reading = read(answer);
        assertThat(reading.summary())
                .containsAllEntriesOf(Map.of(
                        "components", 2L, "scanned", 2L, "critical", 1L, "high", 0L, "unknown", 1L, "notAffected", 1L));
        assertThat(reading.stated().versions()).hasToString("[Shop checkout 2.0.0]");
        assertThat(answer.documents().get(0).about()).isEqualTo(About.named("Shop checkout"));
        assertThat(answer.documents().get(0).live())
                .as("vulnerabilities become known every day")
                .isTrue();
        assertThat(server.calls.get(0)).startsWith(LOOKUP + "?name=Shop%20checkout&version=2.0.0");
        assertThat(server.keys).containsOnly("key-of-the-team");
        String before = text(answer);
        has(vulnerability(
                        "CVE-2026-2",
                        "high",
                        "a",
                        ",\"analysis\":{\"state\":\"not_affected\",\"justification\":\"code_not_reachable\"}")
                + "," + vulnerability("CVE-2026-3", "unassigned", "a", "") + ","
                + vulnerability("CVE-2026-1", "critical", "a", ""));
        assertThat(text(ask())).as("the same findings are the same bytes").isEqualTo(before);
    }

    @Test
    void a_project_that_was_analysed_and_has_nothing_shows_what_was_looked_at() throws Exception {
        has("");
        server.json(DISCLOSED, bom("2.0.0", "", ""));
        assertThat(read(ask()).summary())
                .containsAllEntriesOf(Map.of("scanned", 2L, "critical", 0L, "high", 0L, "unknown", 0L));
    }

    @Test
    void an_unknown_project_is_not_there_yet() throws Exception {
        assertThat(ask()).isEqualTo(Answer.nothing("it knows no project Shop checkout in version 2.0.0"));
    }

    @ParameterizedTest(name = "imported {0} s and analysed {1} s ago: {2}")
    @CsvSource({
        "7200, 7201, the analysis of Shop checkout 2.0.0 has not finished yet",
        "7200, 259201, the analysis of Shop checkout 2.0.0 has not finished yet",
        "300000, 259201, which is too long ago",
    })
    void an_analysis_that_has_not_finished_or_is_old_shows_nothing(long imported, long analysed, String why)
            throws Exception {
        has("");
        server.json(LOOKUP, project("2.0.0", times(imported, analysed)));
        Answer answer = ask();
        assertThat(answer.documents()).isEmpty();
        assertThat(answer.missing()).contains(why);
    }

    @Test
    void a_project_without_a_bill_of_materials_or_without_a_time_of_its_analysis_shows_nothing() throws Exception {
        has("");
        server.json(LOOKUP, project("2.0.0", ""));
        assertThat(ask().missing()).isEqualTo("no bill of materials of Shop checkout 2.0.0 has been imported yet");
        server.json(LOOKUP, project("2.0.0", ",\"lastBomImport\":1"));
        assertThat(ask().missing()).isEqualTo("the analysis of Shop checkout 2.0.0 has not finished yet");
        server.json(LOOKUP, project("2.0.0", ",\"lastBomImport\":\"today\""));
        assertThatThrownBy(this::ask).hasMessageContaining("lastBomImport");
    }

    @Test
    void an_answer_about_another_version_is_none() {
        has("");
        server.json(LOOKUP, project("1.9.0", times(7200, 3600)));
        assertThatThrownBy(this::ask).hasMessageContaining("another project");
        has("");
        server.json(INVENTORY, bom("1.9.0", component("a"), ""));
        assertThatThrownBy(this::ask).hasMessageContaining("another project");
    }

    @Test
    void a_vulnerability_of_a_component_that_is_not_listed_is_no_answer() {
        has(vulnerability("CVE-2026-1", "critical", "elsewhere", ""));
        assertThatThrownBy(this::ask)
                .isInstanceOf(SourceUnavailable.class)
                .hasMessageContaining("a component that it does not list");
    }

    @Test
    void bad_answers_are_said() {
        for (String path : new String[] {LOOKUP, EXPORT}) {
            server.forget();
            has("");
            if (path.equals(EXPORT)) {
                server.forget();
                server.json(LOOKUP, project("2.0.0", times(7200, 3600)));
            }
            BadAnswers.areSaid(server, source, path, bom("2.0.0", component("a"), ""));
        }
        server.reply(EXPORT, 404, Map.of(), new byte[0]);
        assertThatThrownBy(this::ask).hasMessageContaining("it answered 404 to " + EXPORT);
    }

    @Test
    void it_needs_a_key_and_an_address() {
        assertThatThrownBy(() -> new DependencyTrackProperties(
                        server.url(),
                        null,
                        null,
                        null,
                        Duration.ofDays(3),
                        Duration.ofSeconds(1),
                        DataSize.ofKilobytes(1)))
                .hasMessageContaining("api-key");
        assertThatThrownBy(() -> new DependencyTrackProperties(
                        java.net.URI.create("http://user@host"),
                        "key",
                        null,
                        null,
                        Duration.ofDays(3),
                        Duration.ofSeconds(1),
                        DataSize.ofKilobytes(1)))
                .hasMessageContaining("url");
        assertThat(source.types(asked(null))).isEqualTo(Set.of("cyclonedx"));
    }
}
