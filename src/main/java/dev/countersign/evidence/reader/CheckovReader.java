package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Checkov's JSON: one report, or a list with one for each kind of file. Counted from the checks; its totals are not believed where they say less, and a report that lists less than they say is
 * refused.
 */
@Component
class CheckovReader implements DocumentReader {
    private static final Map<String, Result> RESULTS =
            Map.of("passed_checks", Result.PASSED, "failed_checks", Result.FAILED, "skipped_checks", Result.SKIPPED);

    /** What Checkov writes where it found no file that it has checks for: counts at the root, and no report. */
    static final Set<String> FOUND_NOTHING = Set.of("checkov_version", "passed", "failed", "parsing_errors");

    @Override
    public DocumentType type() {
        return DocumentType.CHECKOV;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        PolicyTally tally = new PolicyTally();
        Set<String> kinds = new TreeSet<>();
        Set<String> without = new TreeSet<>();
        JsonCursor.value(content, json -> {
            if (json.isArray()) {
                int[] index = new int[1];
                json.array("the document", () -> report(json, "/" + index[0]++, tally, kinds, without));
            } else {
                report(json, "", tally, kinds, without);
            }
        });
        if (kinds.isEmpty()) {
            throw new Unreadable(
                    "not a Checkov report: it has no check_type, and no checkov_version with counts of zero",
                    "line 1, column 1");
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        tally.summarise(summary);
        return new Reading(
                "checkov " + String.join(", ", kinds),
                Stated.nothing(),
                summary,
                Map.of("tool", "checkov", "checks", tally.checks(), "failedChecks", tally.failedChecks()),
                true,
                !without.isEmpty()
                        ? "it has no results of " + String.join(", ", without)
                        : tally.isEmpty() ? "no check ran" : null,
                tally.findings());
    }

    private static void report(
            JsonCursor json, String pointer, PolicyTally tally, Set<String> kinds, Set<String> without)
            throws IOException, Unreadable {
        Set<String> empty = new TreeSet<>();
        Set<String> lists = new TreeSet<>();
        JsonNode[] summary = new JsonNode[1];
        long failedBefore = tally.failed();
        long brokenBefore = tally.errors();
        String[] typed = new String[1];
        json.object("a report", field -> {
            switch (field) {
                case "check_type" -> {
                    String kind = Words.of(json.text(field));
                    typed[0] = kind.isEmpty() ? typed[0] : kind;
                    kinds.add(kind);
                }
                case "checkov_version" -> {
                    json.skip();
                    empty.add(field);
                }
                case "passed", "failed", "skipped", "parsing_errors", "resource_count" -> {
                    if ("0".equals(json.scalar())) {
                        empty.add(field);
                    }
                }
                case "results" ->
                    json.object(field, list -> {
                        // A list that is null lists nothing: it is none.
                        if (!json.isNull()) {
                            lists.add(list);
                        }
                        results(json, list, pointer + "/results/", tally);
                    });
                case "summary" -> summary[0] = json.tree(field);
                default -> {
                    Misspelt.refuse(json, field, Set.of("check_type", "results"));
                    json.skip();
                }
            }
        });
        if (typed[0] != null && lists.isEmpty()) {
            without.add(typed[0]);
        } else if (!lists.isEmpty() && !lists.contains("failed_checks")) {
            throw new Unreadable(
                    "the results have no list failed_checks, so nobody knows what failed",
                    json.at() + ", " + pointer + "/results");
        } else if (lists.contains("failed_checks") && !lists.contains("passed_checks")) {
            quiet(json, pointer, summary[0], tally, tally.failed() - failedBefore);
        } else {
            requireListed(json, pointer, summary[0], "failed", tally.failed() - failedBefore);
            requireListed(json, pointer, summary[0], "parsing_errors", tally.errors() - brokenBefore);
        }
        if (typed[0] == null && empty.containsAll(FOUND_NOTHING)) {
            kinds.add("nothing to check");
        }
    }

    /** Some releases of it count less in the summary than they list, none more. */
    private static void requireListed(JsonCursor json, String pointer, JsonNode summary, String name, long listed)
            throws Unreadable {
        JsonNode count = summary == null ? null : summary.get(name);
        if (count != null && count.isNumber() && count.asLong() > listed) {
            throw new Unreadable(
                    "the summary counts %d as %s, and %d are listed".formatted(count.asLong(), name, listed),
                    json.at() + ", " + pointer + "/summary");
        }
    }

    /** Written with --quiet: only those that failed are listed. Files that could not be parsed are counted beside them, as what passed is. */
    private static void quiet(JsonCursor json, String pointer, JsonNode summary, PolicyTally tally, long listed)
            throws Unreadable {
        String place = json.at() + ", " + pointer + "/summary";
        long failed = count(summary, "failed", place);
        if (failed != listed) {
            throw new Unreadable("%d checks failed by the summary, and %d are listed".formatted(failed, listed), place);
        }
        tally.passed(null, count(summary, "passed", place));
        tally.skipped(count(summary, "skipped", place));
        tally.broken(
                count(summary, "parsing_errors", place),
                "parsing",
                "a file could not be parsed, which --quiet does not name",
                place);
    }

    private static long count(JsonNode summary, String name, String place) throws Unreadable {
        JsonNode count = summary == null ? null : summary.get(name);
        if (count == null || !count.isIntegralNumber() || count.asLong() < 0) {
            throw new Unreadable("passed checks are not listed, and the summary has no count as " + name, place);
        }
        return count.asLong();
    }

    private static void results(JsonCursor json, String list, String pointer, PolicyTally tally)
            throws IOException, Unreadable {
        int[] index = new int[1];
        if (list.equals("parsing_errors")) {
            json.array(list, () -> {
                String place = json.at() + ", " + pointer + list + "/" + index[0]++;
                tally.add(Result.ERROR, "parsing", json.scalar(), "the file could not be parsed", null, place);
            });
        } else if (RESULTS.containsKey(list)) {
            json.array(list, () -> {
                String place = json.at() + ", " + pointer + list + "/" + index[0]++;
                JsonNode check = json.tree("a check");
                tally.add(
                        RESULTS.get(list),
                        CycloneDx.text(check, "check_id"),
                        check.path("resource").asText(check.path("file_path").asText("")),
                        check.path("check_name").asText(""),
                        CycloneDx.text(check, "severity"),
                        place);
            });
        } else {
            Misspelt.refuse(json, list, RESULTS.keySet());
            json.skip();
        }
    }
}
