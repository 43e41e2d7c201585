package dev.countersign.evidence.reader;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a report says of a whole suite or run beside its cases: how many failed, and what broke outside of any case. */
final class TestSuites {
    /** A run that ended so has failed, or was not ended at all. */
    private static final Set<String> BROKEN_RUNS =
            Set.of("aborted", "error", "timeout", "disconnected", "inprogress", "notrunnable");

    private static final Set<String> OUTSIDE_OF_CASES = Set.of("setup", "teardown");

    private TestSuites() {}

    /** TestNG writes methods that only prepare or clean up among the tests. */
    static boolean isConfiguration(TestDialect dialect, XmlCursor xml) {
        return dialect == TestDialect.TESTNG && dialect.isCase(xml.name()) && "true".equals(lower(xml, "is-config"));
    }

    /** When the suite or the run that this element is about ran; null where it does not say. */
    static String ranAt(TestDialect dialect, XmlCursor xml) {
        return switch (dialect) {
            case JUNIT -> dialect.isSuite(xml.name()) ? xml.attribute("timestamp") : null;
            case NUNIT2 -> xml.depth() == 1 ? xml.attribute("date") : null;
            case NUNIT3 -> xml.depth() == 1 ? xml.attribute("start-time") : null;
            case XUNIT -> xml.name().equals("assembly") ? xml.attribute("run-date") : null;
            case TESTNG -> xml.name().equals("suite") ? xml.attribute("started-at") : null;
            case TRX -> xml.name().equals("Times") ? xml.attribute("start") : null;
        };
    }

    static boolean isAboutTheRun(TestDialect dialect, String element) {
        return dialect == TestDialect.TRX && (element.equals("ResultSummary") || element.equals("Counters"));
    }

    /** How many cases of it, at least, have failed by its own word. */
    static long saidToHaveFailed(TestDialect dialect, XmlCursor xml) {
        return switch (dialect) {
            case JUNIT -> sum(xml, "failures", "flakes") + (xml.name().equals("testsuites") ? 0 : sum(xml, "errors"));
            case NUNIT2 -> Math.max(sum(xml, "failures", "errors"), isFailedNunit2(xml) ? 1 : 0);
            case NUNIT3 -> Math.max(sum(xml, "failed"), lower(xml, "result").startsWith("failed") ? 1 : 0);
            case XUNIT -> sum(xml, "failed", "errors");
            case TESTNG -> sum(xml, "failed");
            case TRX ->
                Math.max(
                        sum(xml, "failed", "error", "timeout", "aborted", "disconnected"),
                        lower(xml, "outcome").equals("failed") ? 1 : 0);
        };
    }

    /** Errors of a whole run, by its own word: gotestsum counts lines of the build's output there, and no cases. Its suites count none then. */
    static long errorsOfTheRun(TestDialect dialect, XmlCursor xml) {
        return dialect == TestDialect.JUNIT && xml.name().equals("testsuites") ? sum(xml, "errors") : 0;
    }

    static boolean countsErrors(TestDialect dialect, XmlCursor xml) {
        return dialect == TestDialect.JUNIT && xml.attribute("errors") != null;
    }

    /** The words of a suite or run that broke whatever its cases say; null where it did not. */
    static String brokenBeside(TestDialect dialect, XmlCursor xml) {
        if (dialect == TestDialect.NUNIT3
                && lower(xml, "result").startsWith("failed")
                && OUTSIDE_OF_CASES.contains(lower(xml, "site"))) {
            return "It failed in its " + Words.of(xml.attribute("site"));
        }
        return dialect == TestDialect.TRX && BROKEN_RUNS.contains(lower(xml, "outcome"))
                ? "The run ended as " + Words.of(xml.attribute("outcome"))
                : null;
    }

    /**
     * The words of an element that says of itself that something broke outside of any case; null where it is none. The cursor is left on its end then.
     *
     * @param inSuite whether it stands directly in a suite
     */
    static String broken(TestDialect dialect, XmlCursor xml, boolean inSuite) throws Unreadable {
        String name = xml.name();
        if (dialect == TestDialect.XUNIT && name.equals("error")) {
            XmlElement error = XmlElement.read(xml);
            return words(error.attribute("type"), error.attribute("name"), error.text("failure", "message"));
        } else if (dialect == TestDialect.NUNIT2 && name.equals("failure") && inSuite) {
            return words("it failed outside of its cases", XmlElement.read(xml).text("message"));
        } else if (dialect == TestDialect.TRX && name.equals("RunInfo")) {
            String outcome = lower(xml, "outcome");
            String text = Words.of(XmlElement.read(xml).text("Text"));
            // xUnit.net's adapter writes a line of each failed case as an error of the run.
            return BROKEN_RUNS.contains(outcome) && !text.endsWith("[FAIL]") ? words(text) : null;
        }
        return null;
    }

    private static boolean isFailedNunit2(XmlCursor xml) {
        String result = lower(xml, "result");
        return result.isEmpty()
                ? lower(xml, "success").equals("false")
                        && !lower(xml, "executed").equals("false")
                : Set.of("failure", "error", "cancelled").contains(result);
    }

    private static String words(String... parts) {
        String all = String.join(
                ": ",
                Stream.of(parts)
                        .filter(part -> part != null && !part.isBlank())
                        .map(Words::of)
                        .toList());
        return all.isEmpty() ? "something broke outside of its cases" : all;
    }

    private static long sum(XmlCursor xml, String... attributes) {
        long sum = 0;
        for (String attribute : attributes) {
            String count = xml.attribute(attribute);
            sum += count != null && count.strip().matches("\\d{1,9}") ? Long.parseLong(count.strip()) : 0;
        }
        return sum;
    }

    private static String lower(XmlCursor xml, String attribute) {
        String value = xml.attribute(attribute);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }
}
