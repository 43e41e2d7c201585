package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts the cases of one test report while it streams by. */
final class TestTally {
    /** What decides how a case ended. */
    private static final java.util.Set<String> OUTCOMES =
            java.util.Set.of("error", "rerunError", "failure", "rerunFailure", "skipped", "flakyFailure", "flakyError");

    private static final Set<String> FAILED_ATTEMPTS =
            Set.of("error", "rerunError", "failure", "rerunFailure", "flakyFailure", "flakyError");

    private static final int MOST_SUITES = 2000;

    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private final Map<String, Long> passedBySuite = new LinkedHashMap<>();
    private final Set<String> topSuites = new LinkedHashSet<>();
    private final Set<String> commits = new LinkedHashSet<>();
    private final Findings findings = new Findings();
    private final OwnTime time = new OwnTime();
    private final Deque<Suite> suites = new ArrayDeque<>();
    private final Deque<Case> cases = new ArrayDeque<>();
    /** Of cases that failed, and of which another one of the same name passed after them. */
    private final Set<String> failed = new HashSet<>();

    private final Set<String> passedLater = new HashSet<>();
    private long flaky;
    private long warnings;
    private long suiteErrors;
    /** How often something failed, every attempt of a case counted: what totals of failures must not exceed. */
    private long failing;
    /** By the word of the whole run. */
    private long saidToHaveFailed;

    private long errorsOfTheRun;
    private boolean suitesCountErrors;

    /** @param saidToHaveFailed how many cases of it, by its own word; @param before what had failed or broken when it began */
    private record Suite(String name, int depth, String at, long saidToHaveFailed, long before) {}

    private static final class Case {
        private final String name;
        private final String file;
        private final String at;
        private final int depth;
        private Outcome outcome;
        private boolean flaky;
        private String message;
        private int failedAttempts;

        private Case(String name, String file, String at, int depth, Outcome outcome) {
            this.name = name;
            this.file = file;
            this.at = at;
            this.depth = depth;
            this.outcome = outcome;
        }
    }

    boolean isInCase() {
        return !cases.isEmpty();
    }

    /** @param errors held against the cases only where its suites count errors too */
    void startRun(long failed, long errors) {
        errorsOfTheRun = errors;
        saidToHaveFailed(failed);
    }

    /** The whole run, by its own word. */
    void saidToHaveFailed(long failed) {
        saidToHaveFailed = Math.max(saidToHaveFailed, failed);
    }

    /** When it ran, or a part of it. */
    void ranAt(String text) {
        time.saidLoosely(text);
    }

    void startSuite(XmlCursor xml, long failed, boolean countsErrors) {
        suitesCountErrors |= countsErrors;
        String name = Words.of(xml.attribute("name"));
        if (suites.isEmpty() && !name.isEmpty() && topSuites.size() < MOST_SUITES) {
            topSuites.add(name);
        }
        suites.push(new Suite(name, xml.depth(), xml.at(), failed, failing + suiteErrors));
    }

    void startCase(XmlCursor xml, Outcome outcome) {
        String group = firstOf(xml, "classname", "class", "type");
        String name = firstOf(xml, "name", "testName");
        String file = firstOf(xml, "file");
        String line = firstOf(xml, "line");
        cases.push(new Case(
                group.isEmpty() || name.startsWith(group) ? name : group + "#" + name,
                file.isEmpty() || line.isEmpty() ? file : file + ":" + line,
                xml.at(),
                xml.depth(),
                outcome));
    }

    /** An element directly inside a case says how it ended. */
    void childOfCase(XmlCursor xml) throws Unreadable {
        Case current = cases.peek();
        if (xml.depth() != current.depth + 1) {
            return;
        }
        String right = OUTCOMES.contains(xml.name()) ? null : Misspelt.near(xml.name(), OUTCOMES);
        if (right != null) {
            throw new Unreadable(
                    "the element <" + Words.of(xml.name()) + "> is not known here; <" + right + "> would be right",
                    xml.place());
        }
        Outcome says =
                switch (xml.name()) {
                    case "error", "rerunError" -> Outcome.ERROR;
                    case "failure", "rerunFailure" -> Outcome.FAILURE;
                    case "skipped" -> Outcome.SKIPPED;
                    // PHPUnit: where a class has no test, or its data cannot be had, this stands for the test.
                    case "warning" -> current.name.contains("WarningTestCase") ? Outcome.SKIPPED : Outcome.PASSED;
                    default -> Outcome.PASSED;
                };
        current.failedAttempts += FAILED_ATTEMPTS.contains(xml.name()) ? 1 : 0;
        warnings += xml.name().equals("warning") ? 1 : 0;
        // Surefire: a case that failed first and then passed carries these, and no <failure>.
        current.flaky |= xml.name().equals("flakyFailure") || xml.name().equals("flakyError");
        if (says.compareTo(current.outcome) > 0 || (says != Outcome.PASSED && current.message == null)) {
            current.message = Words.of(xml.attribute("message"));
        }
        current.outcome = current.outcome.or(says);
    }

    boolean isDirectlyInSuite(XmlCursor xml) {
        return !suites.isEmpty() && xml.depth() == suites.peek().depth() + 1;
    }

    /** A suite that broke before its cases ran says so itself. */
    void childOfSuite(XmlCursor xml) {
        boolean directly = suites.isEmpty() ? xml.depth() == 2 : isDirectlyInSuite(xml);
        if (directly && (xml.name().equals("error") || xml.name().equals("failure"))) {
            suiteBroke("The suite itself failed: " + Words.of(xml.attribute("message")), xml.at());
        }
    }

    /** A method that prepares or cleans up is no test; where it failed, what it was for has not been shown. */
    void configuration(XmlCursor xml, Outcome outcome) {
        if (outcome.compareTo(Outcome.FAILURE) >= 0) {
            suiteBroke("The configuration method " + firstOf(xml, "name", "signature") + " failed", xml.at());
        }
    }

    /** @param words null where nothing broke */
    void suiteBroke(String words, String at) {
        if (words != null) {
            suiteErrors++;
            String suite = suites.isEmpty() ? producer() : suites.peek().name();
            // A suite can break in many ways: who accepts one of them has not seen the next.
            String id = (suite.isEmpty() ? "tests" : suite) + "#" + Digests.brief(words);
            findings.add(0, new Finding(id, "error", words, at, List.of("suiteErrors")));
        }
    }

    private void endSuite(Suite ended) {
        long listed = failing + suiteErrors - ended.before();
        if (ended.saidToHaveFailed() > listed) {
            suites.push(ended);
            suiteBroke(saysMore(ended.saidToHaveFailed(), listed), ended.at());
            suites.pop();
            // What lies around it counts them too, and is told once.
            failing += ended.saidToHaveFailed() - listed;
        }
    }

    private static String saysMore(long said, long listed) {
        return "It says that %d failed, and lists %s".formatted(said, listed == 0 ? "none that did" : "" + listed);
    }

    void text(XmlCursor xml) {
        Case current = cases.peek();
        if (current != null && current.message != null && current.message.isEmpty()) {
            current.message = Words.of(xml.text());
        }
    }

    void commit(String value) {
        if (value != null && !value.isBlank()) {
            commits.add(Words.of(value));
        }
    }

    void end(XmlCursor xml) {
        if (!cases.isEmpty() && xml.depth() < cases.peek().depth) {
            Case ended = cases.pop();
            failing += Math.max(ended.failedAttempts, ended.outcome.compareTo(Outcome.FAILURE) >= 0 ? 1 : 0);
            count(ended);
        } else if (!suites.isEmpty() && xml.depth() < suites.peek().depth()) {
            endSuite(suites.pop());
        }
    }

    private void count(Case ended) {
        counts.merge(ended.outcome, 1L, Long::sum);
        if (ended.flaky && ended.outcome == Outcome.PASSED) {
            flaky++;
            findings.add(
                    1,
                    new Finding(
                            ended.name,
                            "flaky",
                            "it passed only when it was run again",
                            Words.at(ended.at, ended.file),
                            List.of("flaky")));
        }
        String suite = suites.isEmpty() ? "" : suites.peek().name();
        if (passedBySuite.size() < MOST_SUITES || passedBySuite.containsKey(suite)) {
            passedBySuite.merge(suite, ended.outcome == Outcome.PASSED ? 1L : 0L, Long::sum);
        }
        if (ended.outcome == Outcome.PASSED && failed.contains(ended.name)) {
            passedLater.add(ended.name);
        }
        if (ended.outcome.compareTo(Outcome.FAILURE) >= 0) {
            if (failed.size() < Reading.MOST_FINDINGS) {
                failed.add(ended.name);
            }
            String severity = ended.outcome == Outcome.ERROR ? "error" : "failure";
            findings.add(
                    0,
                    new Finding(
                            ended.name,
                            severity,
                            ended.message == null ? "" : ended.message,
                            Words.at(ended.at, ended.file),
                            List.of(severity + "s")));
        }
    }

    Reading reading() {
        long said = saidToHaveFailed + (suitesCountErrors ? errorsOfTheRun : 0);
        if (said > failing + suiteErrors) {
            suiteBroke(saysMore(said, failing + suiteErrors), "line 1");
        }
        long tests = counts.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("tests", tests);
        summary.put("passed", counts.getOrDefault(Outcome.PASSED, 0L));
        summary.put("failures", counts.getOrDefault(Outcome.FAILURE, 0L));
        summary.put("errors", counts.getOrDefault(Outcome.ERROR, 0L));
        summary.put("skipped", counts.getOrDefault(Outcome.SKIPPED, 0L));
        summary.put("flaky", flaky);
        summary.put("suiteErrors", suiteErrors);
        if (warnings > 0) {
            summary.put("warnings", warnings);
        }
        return new Reading(
                producer(),
                Stated.ofCommits(commits),
                summary,
                time.in(Map.of("suites", passedBySuite)),
                true,
                tests == 0 ? "it has no test cases" : null,
                findings.gravestFirst().stream().map(this::hinted).toList());
    }

    /**
     * Two cases of one name may be a re-run, or two rows of a table that a test runs for: the format does not tell, so the failure counts. A tool that writes a re-run
     * as one case tells it.
     */
    private Finding hinted(Finding finding) {
        return !passedLater.contains(finding.id()) || finding.counts().contains("flaky")
                ? finding
                : new Finding(
                        finding.id(),
                        finding.severity(),
                        Words.of(
                                finding.title()
                                        + " (another case of this name passed after it: whether it was run again the report does not say)"),
                        finding.place(),
                        finding.counts());
    }

    private String producer() {
        List<String> names = new ArrayList<>(topSuites);
        return switch (names.size()) {
            case 0 -> "tests";
            case 1 -> names.get(0);
            // The digest tells reports apart that begin with the same suite.
            default ->
                names.get(0) + " and " + (names.size() - 1) + " more (" + Integer.toHexString(names.hashCode()) + ")";
        };
    }

    private static String firstOf(XmlCursor xml, String... attributes) {
        for (String attribute : attributes) {
            String value = xml.attribute(attribute);
            if (value != null && !value.isBlank()) {
                return Words.of(value);
            }
        }
        return "";
    }
}
