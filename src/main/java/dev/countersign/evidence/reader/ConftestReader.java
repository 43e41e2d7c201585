package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Conftest's JSON: a list with one entry for each file and namespace. A check is known by its namespace. */
@Component
class ConftestReader implements DocumentReader {
    private static final Set<String> KNOWN =
            Set.of("filename", "namespace", "successes", "failures", "warnings", "exceptions", "skipped", "queries");

    @Override
    public DocumentType type() {
        return DocumentType.CONFTEST;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        PolicyTally tally = new PolicyTally();
        long[] warnings = new long[1];
        JsonCursor.value(content, json -> {
            if (!json.isArray()) {
                throw json.fault("not a Conftest report: the document must be an array");
            }
            int[] index = new int[1];
            json.array("the document", () -> {
                String place = json.at() + ", /" + index[0]++;
                warnings[0] += file(json.tree("an entry"), place, tally);
            });
        });
        Map<String, Object> summary = new LinkedHashMap<>();
        tally.summarise(summary);
        summary.put("warnings", warnings[0]);
        return new Reading(
                "conftest",
                Stated.nothing(),
                summary,
                Map.of("tool", "conftest", "checks", tally.checks(), "failedChecks", tally.failedChecks()),
                true,
                tally.isEmpty() ? "no check ran" : null,
                tally.findings());
    }

    private static int file(JsonNode file, String place, PolicyTally tally) throws Unreadable {
        if (!file.has("filename")) {
            throw new Unreadable("not a Conftest report: an entry has no filename", place);
        }
        for (String name : (Iterable<String>) file::fieldNames) {
            if (!KNOWN.contains(name)) {
                throw new Unreadable(
                        "an entry has the property '" + Words.of(name) + "', known are "
                                + String.join(", ", new java.util.TreeSet<>(KNOWN)),
                        place);
            }
        }
        String name = file.path("filename").asText();
        String namespace = file.path("namespace").asText("main");
        tally.passed(namespace, successes(file.path("successes"), place));
        List<Map.Entry<String, Result>> lists = List.of(
                Map.entry("failures", Result.FAILED),
                Map.entry("exceptions", Result.SKIPPED),
                Map.entry("skipped", Result.SKIPPED));
        for (Map.Entry<String, Result> list : lists) {
            int index = 0;
            for (JsonNode one : Shape.list(file, list.getKey(), place)) {
                String message = one.path("msg").asText("");
                tally.add(
                        list.getValue(),
                        namespace,
                        name + ": " + message,
                        message,
                        null,
                        place + "/" + list.getKey() + "/" + index++);
            }
        }
        return Shape.list(file, "warnings", place).size();
    }

    /** A number; a list of what passed before Conftest 0.20. */
    private static long successes(JsonNode successes, String place) throws Unreadable {
        if (successes.isArray()) {
            return successes.size();
        }
        if (!successes.isMissingNode() && !successes.isNull() && !successes.isIntegralNumber()) {
            throw new Unreadable("successes must be a whole number", place + "/successes");
        }
        return successes.asLong(0);
    }
}
