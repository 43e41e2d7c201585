package dev.countersign.evidence.ci;

import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.reader.Detection;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;

/** The reports of one run, as they are found in it: test reports become one, others stay as they are. */
final class Reports {
    private static final int MOST_OTHERS = 20;
    private static final Detection DETECTION = new Detection();

    /** A file that becomes a document of its own. */
    private record Own(String type, byte[] content) {}

    private final String run;
    private final About commit;
    private final JunitReport tests;
    private final Map<String, Own> others = new TreeMap<>();

    /** @param run what stays the same when the run is repeated, so that the later one replaces the earlier */
    Reports(String run, String commit) throws SourceUnavailable {
        this.run = run;
        this.commit = About.commit(commit);
        try {
            this.tests = new JunitReport(run);
        } catch (XMLStreamException impossible) {
            throw new SourceUnavailable("no report can be written", impossible);
        }
    }

    static boolean isReport(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return isAnalysis(path) || name.endsWith(".xml") || name.endsWith(".trx");
    }

    static boolean isAnalysis(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".sarif") || name.endsWith(".sarif.json");
    }

    /** @param holder the artifact or the job that left the archive: several may hold files of the same name */
    void add(String holder, Map<String, byte[]> files) throws SourceUnavailable {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            add(holder + "/" + file.getKey(), file.getValue());
        }
    }

    void add(String path, byte[] content) throws SourceUnavailable {
        if (isAnalysis(path)) {
            keep(path, new Own("sarif", content));
            return;
        }
        try {
            if (!tests.add(content) && isOfAnotherDialect(content)) {
                keep(path, new Own("junit", content));
            }
        } catch (XMLStreamException broken) {
            // Half a report would look like a whole one with fewer failures.
            throw new SourceUnavailable("its file %s is broken XML".formatted(path), broken);
        }
    }

    private void keep(String path, Own own) throws SourceUnavailable {
        Own other = others.put(path, own);
        if (other != null && !Arrays.equals(other.content(), own.content())) {
            // The later one would hide what the earlier one found.
            throw new SourceUnavailable("a run has two files %s that differ".formatted(path));
        }
        if (others.size() > MOST_OTHERS) {
            throw new SourceUnavailable(
                    "a run has more than %d SARIF files and test reports that are not JUnit's".formatted(MOST_OTHERS));
        }
    }

    /** NUnit's, xUnit's, TRX, TestNG's: read as they are. Whatever else is XML says nothing of tests. */
    private static boolean isOfAnotherDialect(byte[] content) throws SourceUnavailable {
        try {
            return DETECTION
                    .typeOf(() -> new ByteArrayInputStream(content))
                    .filter(DocumentType.JUNIT::equals)
                    .isPresent();
        } catch (Unreadable no) {
            return false;
        } catch (IOException impossible) {
            throw new SourceUnavailable("a report cannot be read", impossible);
        }
    }

    JunitReport tests() {
        return tests;
    }

    /**
     * @param red why the run itself did not succeed; null where it did. Where no test says why, the run is a test that broke: it may have ended before
     *     its tests had
     */
    List<Fetched> all(String red) throws SourceUnavailable {
        List<Fetched> all = new ArrayList<>();
        others.forEach((path, own) -> all.add(Fetched.report(own.type(), run + " / " + path, own.content(), commit)));
        try {
            if (red != null && !tests.isRed()) {
                String why = tests.isEmpty() ? ", and left no test report" : ", and no test in its reports says why";
                tests.beginSuite(run);
                tests.testCase(run, "the run itself", "error", red + why);
                tests.endSuite();
            }
            if (!tests.isEmpty()) {
                all.add(Fetched.report("junit", run, tests.bytes(), commit));
            }
        } catch (XMLStreamException impossible) {
            throw new SourceUnavailable("no report can be written", impossible);
        }
        return all;
    }

    /**
     * Of a run of which only its end is known. One that did not end well is an error; that one ended well is no report, and passes nothing: it only replaces the error
     * that an earlier run of the same name may have left.
     */
    static Fetched ofRun(String run, About about, boolean good, String why) throws SourceUnavailable {
        try {
            JunitReport report = new JunitReport(run);
            report.beginSuite(run);
            report.testCase(
                    run,
                    "the run itself",
                    good ? "skipped" : "error",
                    good ? why + ", which is no report of its tests" : why);
            report.endSuite();
            return Fetched.report("junit", run, report.bytes(), about);
        } catch (XMLStreamException impossible) {
            throw new SourceUnavailable("no report can be written", impossible);
        }
    }
}
