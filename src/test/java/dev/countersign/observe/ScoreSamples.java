package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.CanaryConfiguration;
import dev.countersign.catalog.CanaryConfiguration.Metric;
import dev.countersign.catalog.CanaryFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Vectors of another judge's score, and configurations of it. */
public final class ScoreSamples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScoreSamples() {}

    /** @param expected text for vectors, which have it inside; else what a configuration says */
    public static void check(Path file, JsonNode expected) throws IOException {
        if (expected.isObject()) {
            configuration(file, expected);
        } else {
            vectors(file);
        }
    }

    private static void configuration(Path file, JsonNode expected) throws IOException {
        CanaryConfiguration read = CanaryFiles.read(file);
        assertThat(read.metrics()).extracting(Metric::name).isEqualTo(texts(expected.get("metrics")));
        assertThat(read.metrics().stream().filter(Metric::muted).map(Metric::name))
                .isEqualTo(texts(expected.get("muted")));
        assertThat(read.weights()).isEqualTo(numbers(expected.get("groupWeights")));
        assertThat(Map.of("pass", read.pass(), "marginal", read.marginal()))
                .isEqualTo(numbers(expected.get("scoreThresholds")));
    }

    private static void vectors(Path file) throws IOException {
        JsonNode vectors = JSON.readTree(file.toFile());
        assertThat(vectors).isNotEmpty();
        for (JsonNode vector : vectors) {
            assertThat(score(vector).value())
                    .as(vector.get("name").asText())
                    .isEqualTo(vector.get("expected_summary").asDouble());
        }
    }

    static CanaryScore score(JsonNode vector) {
        List<CanaryScore.Metric> metrics = new ArrayList<>();
        for (JsonNode metric : vector.get("metrics")) {
            metrics.add(new CanaryScore.Metric(
                    metric.get("name").asText(),
                    metric.get("classification").asText(),
                    metric.get("critical").asBoolean(),
                    metric.path("muted").asBoolean(),
                    texts(metric.get("groups"))));
        }
        return CanaryScore.of(
                new CanaryRule("checkout.json", "sha256:0", numbers(vector.get("groupWeights")), 95, 75, null),
                metrics);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, Double> numbers(JsonNode object) {
        Map<String, Double> numbers = new TreeMap<>();
        object.properties()
                .forEach(each -> numbers.put(each.getKey(), each.getValue().asDouble()));
        return numbers;
    }
}
