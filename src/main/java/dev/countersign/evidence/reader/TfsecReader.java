package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** tfsec's JSON. Without {@code --include-passed} it lists only what failed: a report that lists nothing does not say that anything was looked at. */
@Component
class TfsecReader implements DocumentReader {
    /** Words, and the numbers that earlier versions wrote. */
    private static final Map<String, Result> STATUS = Map.of(
            "failed", Result.FAILED,
            "passed", Result.PASSED,
            "ignored", Result.SKIPPED,
            "0", Result.FAILED,
            "1", Result.PASSED,
            "2", Result.SKIPPED);

    @Override
    public DocumentType type() {
        return DocumentType.TFSEC;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        PolicyTally tally = new PolicyTally();
        boolean[] listed = new boolean[1];
        JsonCursor.document(content, json -> name -> {
            if (!name.equals("results")) {
                throw json.fault("tfsec writes results and nothing else, not '%s'".formatted(Words.of(name)));
            }
            listed[0] = true;
            int[] index = new int[1];
            json.array(name, () -> {
                String place = json.at() + ", /results/" + index[0]++;
                result(json.tree("a result"), place, tally);
            });
        });
        if (!listed[0]) {
            throw new Unreadable("not a tfsec report: it has no results", "line 1, column 1");
        }
        return tally.reading(
                "tfsec",
                "tfsec",
                Map.of(),
                new OwnTime(),
                tally.isEmpty()
                        ? "it lists no check: tfsec names what passed where it is run with --include-passed"
                        : null);
    }

    private static void result(JsonNode one, String place, PolicyTally tally) throws Unreadable {
        String rule = CycloneDx.text(one, "long_id");
        rule = rule == null ? CycloneDx.text(one, "rule_id") : rule;
        if (rule == null) {
            throw new Unreadable("a result has no rule_id", place);
        }
        // Before 1.0 results had no status: all that was listed had failed.
        String said = one.has("status") ? one.path("status").asText("").toLowerCase(Locale.ROOT) : "failed";
        Result status = STATUS.get(said);
        if (status == null) {
            throw new Unreadable("the status is " + Words.of(said) + ", allowed are failed, passed and ignored", place);
        }
        JsonNode at = one.path("location");
        String resource = CycloneDx.text(one, "resource");
        tally.add(
                status,
                rule,
                resource == null
                        ? "%s:%s"
                                .formatted(
                                        at.path("filename").asText(""),
                                        at.path("start_line").asText(""))
                        : resource,
                one.path("description").asText(one.path("rule_description").asText("")),
                CycloneDx.text(one, "severity"),
                place);
    }
}
