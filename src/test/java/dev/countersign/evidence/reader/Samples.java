package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Real documents with what a correct reader concludes from each, in a file MANIFEST.tsv beside them. */
final class Samples {
    /** @param expected the column {@code expected} */
    record Sample(Path file, JsonNode expected) {
        @Override
        public String toString() {
            return file.getFileName().toString();
        }

        Content content() {
            return () -> Files.newInputStream(file);
        }
    }

    private Samples() {}

    /** The samples that come beside the project's folder (not part of it), or those of the given name in the test resources. */
    static Stream<Sample> in(String folder) {
        Path own = Path.of("src/test/resources/samples").resolve(folder);
        return Stream.concat(manifest(own), beside(folder));
    }

    static Stream<Sample> beside(String folder) {
        return manifest(
                Path.of(System.getProperty("samples", "../shared/samples")).resolve(folder));
    }

    /** Some manifests say it in words. */
    private static JsonNode expected(ObjectMapper json, String cell) throws IOException {
        return cell.startsWith("{") || cell.startsWith("[")
                ? json.readTree(cell)
                : json.getNodeFactory().textNode(cell);
    }

    static boolean areThere(String folder) {
        return Files.exists(Path.of(System.getProperty("samples", "../shared/samples"))
                .resolve(folder)
                .resolve("MANIFEST.tsv"));
    }

    private static Stream<Sample> manifest(Path folder) {
        Path manifest = folder.resolve("MANIFEST.tsv");
        if (!Files.exists(manifest)) {
            return Stream.empty();
        }
        try {
            List<String> lines = Files.readAllLines(manifest, StandardCharsets.UTF_8);
            int column = Arrays.asList(lines.get(0).split("\t")).indexOf("expected");
            ObjectMapper json = new ObjectMapper();
            return lines.stream().skip(1).filter(line -> !line.isBlank()).map(line -> {
                String[] cells = line.split("\t");
                try {
                    return new Sample(folder.resolve(cells[0]), expected(json, cells[column]));
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
