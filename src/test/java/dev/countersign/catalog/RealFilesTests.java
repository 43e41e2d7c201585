package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Files that other projects wrote, with what a correct reader concludes from each in MANIFEST.tsv beside them. */
class RealFilesTests {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Sample(Path file, JsonNode expected) {}

    private static List<Sample> samples(String folder) throws IOException {
        Path manifest = Texts.SAMPLES.resolve(folder).resolve("MANIFEST.tsv");
        assumeTrue(Files.exists(manifest), "No real files at " + manifest + "; -Dsamples= names their folder");
        List<String> lines = Files.readAllLines(manifest);
        int column = List.of(lines.get(0).split("\t")).indexOf("expected");
        List<Sample> samples = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            samples.add(new Sample(manifest.resolveSibling(cells[0]), JSON.readTree(cells[column])));
        }
        assertThat(samples).isNotEmpty();
        return samples;
    }

    private static SourceFile source(Sample sample) throws IOException {
        return new SourceFile(sample.file().getFileName().toString(), Files.readAllBytes(sample.file()));
    }

    @TestFactory
    @Tag("M8.3")
    Stream<DynamicTest> backstage_files_of_other_projects_are_read() throws IOException {
        return samples("backstage_catalog").stream()
                .map(sample ->
                        DynamicTest.dynamicTest(sample.file().getFileName().toString(), () -> entities(sample)));
    }

    void entities(Sample sample) throws IOException {
        List<Entity> entities =
                YamlReader.read(source(sample)).stream().map(Entity::read).toList();
        assertThat(entities).hasSize(sample.expected().size());
        for (int i = 0; i < entities.size(); i++) {
            Entity entity = entities.get(i);
            JsonNode expected = sample.expected().get(i);
            assertThat(entity.ref()).hasToString(expected.get("ref").asText());
            assertThat(entity.type()).isEqualTo(expected.get("type").asText());
            assertThat(entity.document().text("/spec/lifecycle"))
                    .isEqualTo(expected.get("lifecycle").asText());
            assertThat(entity.document().text("/spec/owner"))
                    .isEqualTo(expected.get("owner").asText());
            assertThat(entity.one("/spec/owner", "group"))
                    .hasToString(expected.get("owner_ref").asText());
            assertThat(entity.document().text("/spec/system"))
                    .isEqualTo(expected.get("system").textValue());
            List<String> dependsOn = entity.many("dependsOn", "component").stream()
                    .map(relation -> relation.ref().toString())
                    .toList();
            assertThat(JSON.valueToTree(dependsOn).equals(expected.get("dependsOn")))
                    .isTrue();
        }
        Facts facts = Texts.facts(source(sample));
        assertThat(facts.broken()).isEmpty();
        facts.organisation().services().forEach(service -> assertThat(
                        facts.organisation().whyItCannotRelease(service.name()))
                .as("nothing describes the owner")
                .isPresent());
    }

    @TestFactory
    @Tag("M1.1")
    Stream<DynamicTest> openslo_files_of_other_projects_are_read() throws IOException {
        return samples("openslo").stream()
                .map(sample ->
                        DynamicTest.dynamicTest(sample.file().getFileName().toString(), () -> slos(sample)));
    }

    void slos(Sample sample) throws IOException {
        SourceFile file = source(sample);
        List<YamlDocument> documents = YamlReader.read(file);
        OpenSlo.Read read = OpenSlo.read(documents, file.digest(), Map.of());
        assertThat(read.usable()).isEqualTo(sample.expected().get("valid").asBoolean());
        assertThat(documents).hasSize(sample.expected().get("documents").size());
        JsonNode document = sample.expected().get("documents").get(0);
        assertThat(documents.get(0).text("/kind"))
                .isEqualTo(document.get("kind").asText());
        assertThat(documents.get(0).text("/metadata/name"))
                .isEqualTo(document.get("name").asText());
        JsonNode objectives = document.path("objectives");
        assertThat(read.slos()).hasSize(objectives.size());
        for (int i = 0; i < objectives.size(); i++) {
            Slo slo = read.slos().get(i);
            JsonNode objective = objectives.get(i);
            assertThat(slo.service()).isEqualTo(document.get("service").asText());
            assertThat(slo.budgeting())
                    .isEqualTo(document.get("budgetingMethod").asText());
            assertThat(slo.target()).isEqualTo(objective.get("target").asDouble());
            assertThat(slo.window()).isEqualTo(window(document.get("timeWindow").get(0)));
            if (objective.has("timeSliceTarget")) {
                assertThat(slo.timeSliceTarget())
                        .isEqualTo(objective.get("timeSliceTarget").asDouble());
                assertThat(slo.timeSliceWindow()).isEqualTo(Duration.ofMinutes(1));
            }
            if (objective.path("op").asText().equals("lt")) {
                // They carry no label of ours: what they speak of, and in which unit, is not guessed.
                assertThat(slo.kind()).isEqualTo("unspecified");
                assertThat(slo.thresholdMs()).isNull();
                assertThat(slo.source().value())
                        .isEqualTo(objective.get("value").asDouble());
            }
        }
    }

    private static Duration window(JsonNode expected) {
        if (expected.has("count")) {
            return Duration.ofDays(expected.get("count").asLong());
        }
        return Map.of(
                        "2w", Duration.ofDays(14),
                        "1d", Duration.ofDays(1),
                        "1M", Duration.ofDays(30),
                        "1m", Duration.ofMinutes(1))
                .get(expected.get("duration").asText());
    }
}
