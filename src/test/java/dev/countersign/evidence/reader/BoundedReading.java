package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Reads documents that are larger than the heap of the JVM it runs in. They are made while they are read, so that whoever holds one whole runs out
 * of memory, whatever else the machine does. A program, started by {@link HostileDocumentTests}.
 */
final class BoundedReading {
    /** The four are read in 12 too. The smallest has 49 MB, and is larger still as objects. */
    private static final int HEAP_MEGABYTES = 32;

    private static final int PIECES_AT_ONCE = 100;

    private BoundedReading() {}

    /** What the program prints, if it reads them all. */
    static String inSmallHeap() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MEGABYTES + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BoundedReading.class.getName())
                .redirectErrorStream(true)
                .start();
        try (InputStream said = process.getInputStream()) {
            String all = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            return all + "exit " + (process.waitFor(10, TimeUnit.MINUTES) ? process.exitValue() : -1);
        } finally {
            process.destroyForcibly();
        }
    }

    public static void main(String... args) throws Exception {
        say(
                new CycloneDxReader(),
                "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[",
                50_000,
                i -> "{\"type\":\"library\",\"name\":\"a" + i + "\",\"version\":\"1\",\"purl\":\"pkg:npm/a" + i
                        + "@1\",\"description\":\"" + "x".repeat(900) + "\"},",
                "{\"type\":\"library\",\"name\":\"z\"}]}");
        say(
                new SarifReader(),
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"generated\"}},\"results\":[",
                250_000,
                i -> "{\"ruleId\":\"R" + i % 500 + "\",\"level\":\"warning\",\"message\":{\"text\":\"Finding " + i
                        + " of a log with many\"},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"src/File"
                        + i % 9000 + ".java\"},\"region\":{\"startLine\":" + (i % 3000 + 1) + "}}}]},",
                "{\"ruleId\":\"last\",\"level\":\"error\"}]}]}");
        say(
                new TestReportReader(),
                "<testsuites>\n<testsuite name=\"s\">\n",
                1_000_000,
                i -> "<testcase classname=\"c.C" + i % 4000 + "\" name=\"n" + i + "\" time=\"0.001\"/>\n",
                "<testcase classname=\"c.C\" name=\"last\"><failure/></testcase></testsuite></testsuites>");
        say(
                new TrivyReader(),
                "{\"SchemaVersion\":2,\"Results\":[{\"Class\":\"lang-pkgs\",\"Vulnerabilities\":[",
                1_000_000,
                i -> "{\"VulnerabilityID\":\"CVE-2026-" + i + "\",\"PkgName\":\"p" + i % 5000
                        + "\",\"InstalledVersion\":\"1." + i % 7 + "\",\"Severity\":\"LOW\"},",
                "{\"VulnerabilityID\":\"last\",\"PkgName\":\"p\",\"Severity\":\"CRITICAL\"}]}]}");
    }

    private static void say(DocumentReader reader, String head, int pieces, IntFunction<String> piece, String tail)
            throws Exception {
        Reading reading = reader.read(() -> stream(head, pieces, piece, tail));
        System.out.println(reader.type().id() + ": " + new java.util.TreeMap<>(reading.summary())
                + ", kept " + reading.findings().size() + ", first "
                + reading.findings().stream().map(Finding::id).findFirst().orElse("none"));
    }

    private static InputStream stream(String head, int pieces, IntFunction<String> piece, String tail) {
        return new SequenceInputStream(new Enumeration<>() {
            private int next = -1;

            @Override
            public boolean hasMoreElements() {
                return next <= pieces;
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(part().getBytes(StandardCharsets.UTF_8));
            }

            private String part() {
                if (next < 0) {
                    next = 0;
                    return head;
                }
                if (next == pieces) {
                    next++;
                    return tail;
                }
                StringBuilder several = new StringBuilder();
                for (int end = Math.min(pieces, next + PIECES_AT_ONCE); next < end; next++) {
                    several.append(piece.apply(next));
                }
                return several.toString();
            }
        });
    }
}
