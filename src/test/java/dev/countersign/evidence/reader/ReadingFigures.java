package dev.countersign.evidence.reader;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Measures how long the largest document of each type below a folder takes to read, and the smallest heap in which it can be read. A program,
 * no test: docs/performance.md names the command and what came out.
 */
public final class ReadingFigures {
    /** Megabytes of heap that are tried. */
    private static final List<Integer> HEAPS =
            List.of(6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512);

    private static final int AGAIN = 5;
    private static final int LONGEST_SECONDS = 60;
    private static final long LARGE = 50L * 1024 * 1024;

    private ReadingFigures() {}

    /** @param args a folder, or {@code read} with a type and a file */
    public static void main(String... args) throws Exception {
        if (args.length == 3 && args[0].equals("read")) {
            read(DocumentType.valueOf(args[1]), Path.of(args[2]));
            return;
        }
        Path large = generated();
        try {
            System.out.println(
                    "| type | document | MB | first, ms | again, ms | smallest heap, MB |\n|---|---|---|---|---|---|");
            for (Map.Entry<DocumentType, Path> one : largest(Path.of(args[0])).entrySet()) {
                measure(one.getKey(), one.getValue());
            }
            measure(DocumentType.SARIF, large);
        } finally {
            Files.deleteIfExists(large);
        }
    }

    private static Map<DocumentType, Path> largest(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(ReadingFigures::size).reversed())
                    .toList();
        }
        Map<DocumentType, Path> largest = new TreeMap<>();
        for (Path file : files) {
            DocumentType type = typeOf(file);
            if (type != null && !largest.containsKey(type) && isRead(type, file)) {
                largest.put(type, file);
            }
        }
        return largest;
    }

    private static DocumentType typeOf(Path file) throws IOException {
        try {
            return new Detection().typeOf(() -> Files.newInputStream(file)).orElse(null);
        } catch (Unreadable other) {
            return null;
        }
    }

    private static boolean isRead(DocumentType type, Path file) throws IOException {
        try {
            DocumentReader reader = Readers.all().get(type);
            return reader != null && reader.read(() -> Files.newInputStream(file)) != null;
        } catch (Unreadable fault) {
            return false;
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static void measure(DocumentType type, Path file) throws Exception {
        String[] times = child(type, file, 1024).split(" ");
        int low = 0;
        int high = HEAPS.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (child(type, file, HEAPS.get(middle)) == null) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| `%s` | %s | %.2f | %s | %s | %d |%n",
                type.id(),
                file.getFileName(),
                size(file) / 1048576.0,
                times[0],
                times[1],
                HEAPS.get(low));
    }

    /** What a JVM of its own says; null where it could not read the document. */
    private static String child(DocumentType type, Path file, int megabytes) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytes + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadingFigures.class.getName(),
                        "read",
                        type.name(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Where the heap is almost enough, a JVM may collect for hours.
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return null;
        }
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? said.strip() : null;
    }

    private static void read(DocumentType type, Path file) throws Exception {
        DocumentReader reader = Readers.all().get(type);
        long first = time(reader, file);
        long again = LongStream.range(0, AGAIN)
                .map(round -> time(reader, file))
                .sorted()
                .skip(AGAIN / 2)
                .findFirst()
                .orElseThrow();
        System.out.println(first + " " + again);
    }

    private static long time(DocumentReader reader, Path file) {
        try {
            long before = System.nanoTime();
            reader.read(() -> Files.newInputStream(file));
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        } catch (IOException | Unreadable fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** A log as large as intake takes, no finding like another. */
    public static Path generated() throws IOException {
        Path file = Files.createTempFile("generated", ".sarif");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"generated\"}},\"results\":[");
            long written = 0;
            for (int i = 0; written < LARGE - 1024; i++) {
                String result =
                        "%s{\"ruleId\":\"R%d\",\"level\":\"warning\",\"message\":{\"text\":\"Finding %d of a log with many\"},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"src/File%d.java\"},\"region\":{\"startLine\":%d}}}]}"
                                .formatted(i == 0 ? "" : ",\n", i % 500, i, i % 9000, i % 3000 + 1);
                out.write(result);
                written += result.length();
            }
            out.write("]}]}");
        }
        return file;
    }
}
