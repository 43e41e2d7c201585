package dev.countersign.evidence.reader;

import dev.countersign.evidence.infrastructure.Check;
import dev.countersign.evidence.infrastructure.Checks;
import dev.countersign.evidence.infrastructure.Resource;
import dev.countersign.evidence.infrastructure.Resources;
import dev.countersign.evidence.infrastructure.Verdict;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks at each resource as it comes; those that others ask for are kept until the file has ended. */
final class InfrastructureTally {
    /** Of our own checks, in the table {@code control-checks}. */
    static final String TOOL = "countersign";

    private static final int MOST_KEPT = 300_000;
    private static final int MOST_NAMED = 3;

    private final PolicyTally tally = new PolicyTally();
    private final Map<String, Map<String, Long>> results = new TreeMap<>();
    private final Resources kept = new Resources();
    private final List<String> first = new ArrayList<>();
    private int keptValues;
    private int names;
    private long resources;
    private long checked;

    /** Something that the file describes, whether a check is of it or not. */
    void found(String address) {
        resources++;
        names = 31 * names + address.hashCode();
        if (first.size() < MOST_NAMED) {
            first.add(Words.of(address, 60));
        }
    }

    void look(Resource resource, int values) throws Unreadable {
        if (Checks.isKept(resource.kind())) {
            keptValues += values + 1;
            if (keptValues > MOST_KEPT) {
                throw new Unreadable(
                        "what belongs together has more than %d values: send it in parts".formatted(MOST_KEPT),
                        resource.at("") + ", column 1");
            }
            kept.add(resource);
        }
        judge(resource, Checks.alone(resource));
    }

    private void judge(Resource resource, List<Check> checks) {
        boolean any = false;
        for (Check check : checks) {
            Verdict verdict = check.of(resource, kept);
            if (verdict != null) {
                any = true;
                count(resource, check, verdict);
            }
        }
        checked += any ? 1 : 0;
    }

    private void count(Resource resource, Check check, Verdict verdict) {
        Result result =
                switch (verdict.good()) {
                    case YES -> Result.PASSED;
                    case NO -> Result.FAILED;
                    case UNTOLD -> Result.ERROR;
                };
        results.computeIfAbsent(check.id(), id -> new TreeMap<>())
                .merge(result.name().toLowerCase(java.util.Locale.ROOT), 1L, Long::sum);
        if (result == Result.PASSED) {
            tally.passed(verdict.shows() ? check.id() : null, 1);
            return;
        }
        tally.add(
                result,
                check.id(),
                resource.address(),
                (result == Result.ERROR ? "the file does not rule out that " : "") + check.title(),
                null,
                resource.at(verdict.pointer()));
    }

    /** @param kind of the file, and the beginning of its name where the sender gives it none */
    Reading reading(String kind, Map<String, Object> more, boolean complete) {
        kept.all().forEach(resource -> judge(resource, Checks.around(resource)));
        Map<String, Object> summary = new LinkedHashMap<>();
        tally.summarise(summary);
        summary.put("resources", resources);
        summary.put("resourcesChecked", checked);
        summary.putAll(more);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("tool", TOOL);
        details.put("checks", tally.checks());
        details.put("failedChecks", tally.failedChecks());
        details.put("results", results);
        return new Reading(
                kind + named(),
                Stated.nothing(),
                summary,
                details,
                complete,
                tally.isEmpty() ? "it describes nothing that a check is of" : null,
                tally.findings());
    }

    /** By what it describes: another file without a name of its own does not take its place. */
    private String named() {
        return first.isEmpty()
                ? ""
                : " of " + String.join(", ", first)
                        + (resources > first.size()
                                ? " and %d more (%s)".formatted(resources - first.size(), Integer.toHexString(names))
                                : "");
    }
}
