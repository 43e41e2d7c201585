package dev.countersign.evidence.ci;

import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.TestReports;
import dev.countersign.evidence.reader.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;

/** The reports of one run, as they are found in it: test reports become one, others stay as they are. */
final class Reports {
    private static final int MOST_ANALYSES = 20;
    /** Surefire's provider for TestNG leaves it beside the same cases as JUnit has them. */
    private static final String OF_TESTNG = "testng-results.xml";

    private final String run;
    private final About commit;
    private final JunitReport tests;
    private final Map<String, byte[]> analyses = new TreeMap<>();
    private final Map<String, byte[]> otherDialects = new TreeMap<>();
    private final Set<String> foldersOfJunit = new HashSet<>();

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
            keep(analyses, path, content);
            if (analyses.size() > MOST_ANALYSES) {
                throw new SourceUnavailable("a run has more than %d SARIF files".formatted(MOST_ANALYSES));
            }
            return;
        }
        try {
            if (tests.add(content)) {
                foldersOfJunit.add(folder(path));
            } else {
                keep(otherDialects, path, content);
            }
        } catch (XMLStreamException broken) {
            // Half a report would look like a whole one with fewer failures.
            throw new SourceUnavailable("its file %s is broken XML".formatted(path), broken);
        }
    }

    private static void keep(Map<String, byte[]> files, String path, byte[] content) throws SourceUnavailable {
        byte[] other = files.put(path, content);
        if (other != null && !Arrays.equals(other, content)) {
            // The later one would hide what the earlier one found.
            throw new SourceUnavailable("a run has two files %s that differ".formatted(path));
        }
    }

    private static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** NUnit's, xUnit's, TestNG's, TRX: they become part of the run's one report, since their names differ from run to run. Whatever else is XML says nothing of tests. */
    private void addOtherDialects() throws SourceUnavailable, XMLStreamException {
        for (Map.Entry<String, byte[]> file : otherDialects.entrySet()) {
            if (file.getKey().endsWith(OF_TESTNG) && foldersOfJunit.contains(folder(file.getKey()))) {
                continue;
            }
            try {
                Optional<Reading> report =
                        TestReports.ofAnotherDialect(() -> new ByteArrayInputStream(file.getValue()));
                if (report.isPresent()) {
                    tests.add(file.getKey(), report.get());
                }
            } catch (Unreadable | IOException broken) {
                throw new SourceUnavailable("its file %s cannot be read".formatted(file.getKey()), broken);
            }
        }
        otherDialects.clear();
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
        analyses.forEach((path, content) -> all.add(Fetched.report("sarif", run + " / " + path, content, commit)));
        try {
            addOtherDialects();
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
