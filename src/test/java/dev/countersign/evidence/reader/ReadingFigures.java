package dev.countersign.evidence.reader;

import dev.countersign.catalog.DeclaredReaders;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures how long the largest document of each kind takes to read, and the smallest heap in which it can be read, which is what it needs at its peak. What lies below a folder
 * goes first, then our own samples: no kind that has a reader is left out. A program, no test: docs/performance.md names the command and what came out.
 */
public final class ReadingFigures {
    /** Megabytes of heap that are tried. */
    private static final List<Integer> HEAPS =
            List.of(5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512);

    private static final List<Path> OURS = List.of(
            Path.of("src/test/resources/samples"),
            Path.of("src/main/resources/sample"),
            Path.of("processes/checklists"));

    private static final int AGAIN = 5;
    private static final int LONGEST_SECONDS = 60;
    private static final long LARGE = 50L * 1024 * 1024;

    private ReadingFigures() {}

    /** @param args a folder, or {@code read} with a kind and a file */
    public static void main(String... args) throws Exception {
        if (args.length == 3 && args[0].equals("read")) {
            read(args[1], Path.of(args[2]));
            return;
        }
        Map<String, Path> theirs = largest(List.of(Path.of(args[0])));
        Map<String, Path> ours = largest(OURS);
        List<String> none = kinds().filter(kind -> !theirs.containsKey(kind) && !ours.containsKey(kind))
                .toList();
        if (!none.isEmpty()) {
            throw new IllegalStateException("No document is there of " + none);
        }
        Path large = generated();
        try {
            System.out.println(
                    "| kind | document | whose | KB | first, ms | again, ms | peak heap, MB |\n|---|---|---|---|---|---|---|");
            for (String kind : kinds().toList()) {
                Path file = theirs.get(kind);
                measure(kind, file == null ? ours.get(kind) : file, file == null ? "ours" : "real");
            }
            measure(DocumentType.SARIF.id(), large, "generated");
        } finally {
            Files.deleteIfExists(large);
        }
    }

    /** Documents in the order of their types, then what people declare. */
    private static Stream<String> kinds() {
        return Stream.concat(
                Arrays.stream(DocumentType.values()).map(DocumentType::id), DeclaredReaders.kinds().stream());
    }

    private static Map<String, Path> largest(List<Path> folders) throws IOException {
        Map<String, Path> largest = new HashMap<>();
        for (Path folder : folders) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.filter(Files::isRegularFile)
                        .filter(file -> !file.endsWith("MANIFEST.tsv"))
                        .toList();
            }
            for (Path file : files) {
                String kind = kindOf(file);
                if (kind != null && size(file) > (largest.containsKey(kind) ? size(largest.get(kind)) : -1)) {
                    largest.put(kind, file);
                }
            }
        }
        return largest;
    }

    /** Null where no reader reads it. */
    private static String kindOf(Path file) throws IOException {
        try {
            DocumentType type =
                    new Detection().typeOf(() -> Files.newInputStream(file)).orElse(null);
            if (type != null) {
                Readers.all().get(type).read(() -> Files.newInputStream(file), itself(file));
                return type.id();
            }
        } catch (Unreadable other) {
            return null;
        }
        if (file.toString().matches(".*\\.ya?ml")) {
            for (String kind : DeclaredReaders.kinds()) {
                if (DeclaredReaders.read(kind, file)) {
                    return kind;
                }
            }
        }
        return null;
    }

    /** A contract is held against another one: all of both is walked. */
    private static Base itself(Path file) {
        return producer -> new Base.Earlier(() -> Files.newInputStream(file), "itself", "b".repeat(64), false);
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static void measure(String kind, Path file, String whose) throws Exception {
        String[] times = child(kind, file, 1024).split(" ");
        int low = 0;
        int high = HEAPS.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (child(kind, file, HEAPS.get(middle)) == null) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| `%s` | %s | %s | %.1f | %s | %s | %d |%n",
                kind,
                whose.equals("generated") ? "a log" : file.getFileName(),
                whose,
                size(file) / 1024.0,
                times[0],
                times[1],
                HEAPS.get(low));
    }

    /** What a JVM of its own says; null where it could not read the document. */
    private static String child(String kind, Path file, int megabytes) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytes + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadingFigures.class.getName(),
                        "read",
                        kind,
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Where the heap is almost enough, a JVM may collect for hours.
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return null;
        }
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        // Before it a library may say something.
        return process.waitFor() == 0
                ? said.strip().lines().reduce((earlier, last) -> last).orElse(null)
                : null;
    }

    private static void read(String kind, Path file) throws Exception {
        long first = time(kind, file);
        long[] again = new long[AGAIN];
        for (int round = 0; round < AGAIN; round++) {
            again[round] = time(kind, file);
        }
        Arrays.sort(again);
        System.out.println(first + " " + again[AGAIN / 2]);
    }

    private static long time(String kind, Path file) throws Exception {
        DocumentType type = DocumentType.of(kind).orElse(null);
        DocumentReader reader = type == null ? null : Readers.all().get(type);
        long before = System.nanoTime();
        if (reader != null) {
            reader.read(() -> Files.newInputStream(file), itself(file));
        } else if (!DeclaredReaders.read(kind, file)) {
            throw new IllegalStateException(file + " is no " + kind);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
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
