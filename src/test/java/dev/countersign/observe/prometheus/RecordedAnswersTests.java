package dev.countersign.observe.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that other projects recorded, where they lie beside this one; a manifest says what is in each. */
@Tag("M3.4")
class RecordedAnswersTests {
    private static final Path FOLDER =
            Path.of(System.getProperty("samples", "../shared/samples")).resolve("prometheus_query_range");

    @Test
    void each_recorded_answer_has_the_series_and_points_that_its_manifest_counts() throws IOException {
        Path manifest = FOLDER.resolve("MANIFEST.tsv");
        assumeTrue(Files.exists(manifest), "no recorded answers in " + FOLDER);
        List<String> rows = Files.readAllLines(manifest);
        int column = List.of(rows.get(0).split("\t")).indexOf("expected");
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split("\t");
            compare(
                    FOLDER.resolve(cells[0]),
                    new ObjectMapper().readTree(cells[column]).path("series"));
        }
    }

    static void compare(Path file, JsonNode expected) throws IOException {
        Instant first =
                expected.isEmpty() ? Instant.EPOCH : instant(expected.get(0).path("first"));
        Instant last =
                expected.isEmpty() ? Instant.EPOCH : instant(expected.get(0).path("last"));
        Matrix matrix = new MatrixReader(
                        Query.range("recorded", first, last, Duration.ofSeconds(1), Query.Kind.COUNT), false)
                .read(200, Files.readAllBytes(file));
        assertThat(matrix.series()).as(file.toString()).hasSize(expected.size());
        for (int index = 0; index < expected.size(); index++) {
            Matrix.Series series = matrix.series().get(index);
            JsonNode counted = expected.get(index);
            assertThat(series.labels()).hasSize(counted.path("labels").size());
            assertThat(series.points()).hasSize(counted.path("points").asInt());
            var values = series.points().values().stream()
                    .mapToDouble(value -> value)
                    .summaryStatistics();
            assertThat(values.getMin()).isEqualTo(counted.path("min").asDouble());
            assertThat(values.getMax()).isEqualTo(counted.path("max").asDouble());
            assertThat(values.getAverage()).isCloseTo(counted.path("mean").asDouble(), within(1e-6));
        }
    }

    private static Instant instant(JsonNode seconds) {
        return Instant.ofEpochMilli(Math.round(seconds.asDouble() * 1000));
    }
}
