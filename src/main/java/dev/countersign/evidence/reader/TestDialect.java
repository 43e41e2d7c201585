package dev.countersign.evidence.reader;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The XML that test tools write: JUnit's (Surefire, Gradle, pytest, Jest, …) and its relatives. An outcome that is not known is an
 * error: it must not pass.
 */
enum TestDialect {
    /** No schema was ever published; the outcome stands in child elements. */
    JUNIT(Set.of("testsuites", "testsuite"), Set.of("testsuite"), Set.of("testcase")) {
        @Override
        Outcome outcome(UnaryOperator<String> attribute) {
            // GoogleTest and CTest write cases that never ran, Qt and Ginkgo such that failed, without a child element.
            return ofWord(lower(attribute, "status")).or(ofWord(lower(attribute, "result")));
        }

        /** Some write in these attributes that a case ran, or how long: those words say nothing. */
        private Outcome ofWord(String word) {
            return switch (word) {
                case "notrun", "disabled", "skipped", "skip", "suppressed", "pending", "ignored" -> Outcome.SKIPPED;
                case "fail", "failed", "failure", "xpass", "xpassed", "timeout", "timedout", "timed out" ->
                    Outcome.FAILURE;
                case "error",
                        "errored",
                        "broken",
                        "panicked",
                        "interrupted",
                        "aborted",
                        "crashed",
                        "crash",
                        "killed",
                        "terminated",
                        "undefined",
                        "ambiguous" -> Outcome.ERROR;
                default -> Outcome.PASSED;
            };
        }
    },
    NUNIT2(Set.of("test-results"), Set.of("test-suite"), Set.of("test-case")) {
        @Override
        Outcome outcome(UnaryOperator<String> attribute) {
            if ("false".equals(lower(attribute, "executed"))) {
                return Outcome.SKIPPED;
            }
            return switch (lower(attribute, "result")) {
                case "error" -> Outcome.ERROR;
                case "", "success" -> "true".equals(lower(attribute, "success")) ? Outcome.PASSED : Outcome.FAILURE;
                case "ignored", "skipped", "inconclusive", "notrunnable" -> Outcome.SKIPPED;
                default -> Outcome.FAILURE;
            };
        }
    },
    NUNIT3(Set.of("test-run"), Set.of("test-suite"), Set.of("test-case")) {
        @Override
        Outcome outcome(UnaryOperator<String> attribute) {
            return switch (lower(attribute, "result")) {
                case "passed", "warning" -> Outcome.PASSED;
                case "skipped", "inconclusive" -> Outcome.SKIPPED;
                case "failed" -> "error".equals(lower(attribute, "label")) ? Outcome.ERROR : Outcome.FAILURE;
                default -> Outcome.ERROR;
            };
        }
    },
    XUNIT(Set.of("assemblies", "assembly"), Set.of("assembly", "collection"), Set.of("test")) {
        @Override
        Outcome outcome(UnaryOperator<String> attribute) {
            return switch (lower(attribute, "result")) {
                case "pass" -> Outcome.PASSED;
                case "skip", "notrun" -> Outcome.SKIPPED;
                case "fail" -> Outcome.FAILURE;
                default -> Outcome.ERROR;
            };
        }
    },
    TRX(Set.of("TestRun"), Set.of(), Set.of("UnitTestResult", "WebTestResult", "TestResultAggregation")) {
        @Override
        Outcome outcome(UnaryOperator<String> attribute) {
            return switch (lower(attribute, "outcome")) {
                case "passed", "passedbutrunaborted", "warning" -> Outcome.PASSED;
                case "notexecuted", "inconclusive", "pending", "notrunnable" -> Outcome.SKIPPED;
                case "failed", "timeout" -> Outcome.FAILURE;
                default -> Outcome.ERROR;
            };
        }
    },
    TESTNG(Set.of("testng-results"), Set.of("suite", "test", "class"), Set.of("test-method")) {
        @Override
        Outcome outcome(UnaryOperator<String> attribute) {
            return switch (lower(attribute, "status")) {
                case "pass" -> Outcome.PASSED;
                case "skip" -> Outcome.SKIPPED;
                case "fail" -> Outcome.FAILURE;
                default -> Outcome.ERROR;
            };
        }
    };

    private final Set<String> roots;
    private final Set<String> suites;
    private final Set<String> cases;

    TestDialect(Set<String> roots, Set<String> suites, Set<String> cases) {
        this.roots = roots;
        this.suites = suites;
        this.cases = cases;
    }

    static Optional<TestDialect> ofRoot(String element) {
        return Arrays.stream(values())
                .filter(dialect -> dialect.roots.contains(element))
                .findFirst();
    }

    boolean isSuite(String element) {
        return suites.contains(element);
    }

    boolean isCase(String element) {
        return cases.contains(element);
    }

    /** What a case's own attributes say; child elements may say worse. */
    abstract Outcome outcome(UnaryOperator<String> attribute);

    private static String lower(UnaryOperator<String> attribute, String name) {
        String value = attribute.apply(name);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }
}
