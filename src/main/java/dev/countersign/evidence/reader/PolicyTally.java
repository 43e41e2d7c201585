package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the checks of a policy report while it streams by. */
final class PolicyTally {
    private static final int MOST_CHECKS = 5000;
    private static final long MOST_BROKEN = 1000;
    private final Findings findings = new Findings();
    private final Map<String, Long> checks = new TreeMap<>();
    private final Map<String, Long> failedChecks = new TreeMap<>();
    private long passed;
    private long failed;
    private long skipped;
    private long error;

    enum Result {
        PASSED,
        FAILED,
        SKIPPED,
        ERROR
    }

    /** @param where what was looked at: a resource or a file */
    void add(Result result, String check, String where, String title, String severity, String place) {
        String id = Words.of(check == null || check.isBlank() ? "no-check-id" : check);
        if (result != Result.SKIPPED && (checks.size() < MOST_CHECKS || checks.containsKey(id))) {
            checks.merge(id, 1L, Long::sum);
        }
        switch (result) {
            case PASSED -> passed++;
            case SKIPPED -> skipped++;
            default -> {
                boolean broke = result == Result.ERROR;
                if (failedChecks.size() < MOST_CHECKS || failedChecks.containsKey(id)) {
                    failedChecks.merge(id, 1L, Long::sum);
                }
                failed += broke ? 0 : 1;
                error += broke ? 1 : 0;
                String word = broke ? "error" : "failed";
                String at = Words.of(where);
                findings.add(
                        0,
                        new Finding(
                                at.isEmpty() ? id : id + "@" + at,
                                severity == null || severity.isBlank() ? word : Words.of(severity),
                                Words.of(title),
                                place,
                                List.of(word),
                                id,
                                at,
                                null,
                                null));
            }
        }
    }

    /** Checks that passed and are only counted in the report. */
    void passed(String check, long count) {
        passed += Math.max(0, count);
        if (check != null && count > 0) {
            checks.merge(Words.of(check), count, Long::sum);
        }
    }

    /** Checks that somebody left out and that are only counted in the report. */
    void skipped(long count) {
        skipped += count;
    }

    /** What could not be done and is only counted; of very many only so many are named, and all are counted. */
    void broken(long count, String check, String title, String place) {
        for (long one = 0; one < Math.min(count, MOST_BROKEN); one++) {
            add(Result.ERROR, check, "", title, null, place);
        }
        error += Math.max(0, count - MOST_BROKEN);
    }

    long failed() {
        return failed;
    }

    /** Checks that broke. */
    long errors() {
        return error;
    }

    /** A check that ran and is counted elsewhere. */
    void ran(String check) {
        if (check != null && checks.size() < MOST_CHECKS) {
            checks.merge(Words.of(check), 1L, Long::sum);
        }
    }

    boolean isEmpty() {
        return passed + failed + skipped + error == 0;
    }

    void summarise(Map<String, Object> summary) {
        summary.put("passed", passed);
        summary.put("failed", failed);
        summary.put("skipped", skipped);
        summary.put("error", error);
        summary.put("checks", passed + failed + skipped + error);
    }

    /** How often each check ran. */
    Map<String, Long> checks() {
        return checks;
    }

    /** How often each check failed or broke: the list of findings is cut where it is long, this is not. */
    Map<String, Long> failedChecks() {
        return failedChecks;
    }

    /**
     * What the report says, of a tool that names no commit.
     *
     * @param counts what stands in the summary beside the results
     * @param gap why it says less than it should; null where nothing but checks may be missing
     */
    Reading reading(String producer, String tool, Map<String, Long> counts, OwnTime time, String gap) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summarise(summary);
        summary.putAll(new TreeMap<>(counts));
        return new Reading(
                producer,
                Stated.nothing(),
                summary,
                time.in(Map.of("tool", tool, "checks", checks, "failedChecks", failedChecks)),
                true,
                time.gap(gap == null && isEmpty() ? "no check ran" : gap),
                findings());
    }

    List<Finding> findings() {
        return findings.gravestFirst();
    }
}
