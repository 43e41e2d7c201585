package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Integrity checks before and after a migration. A check has passed only where it says so and its values, if given, agree. */
@Component
class MigrationCheckReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.MIGRATION_CHECK;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared report = Declared.read(content, type());
        PolicyTally tally = new PolicyTally();
        int index = 0;
        long measured = 0;
        for (JsonNode check : report.root().path("checks")) {
            String place = report.place("/checks/" + index++);
            String result = check.path("result").asText();
            if (result.equals("measured")) {
                measured++;
                continue;
            }
            Result said = Result.valueOf(result.toUpperCase(Locale.ROOT));
            boolean agrees = agrees(check);
            String values = check.has("after")
                    ? "expected " + expected(check).asText() + ", is "
                            + check.path("after").asText()
                    : "";
            tally.add(
                    said == Result.PASSED && !agrees ? Result.FAILED : said,
                    check.path("id").asText(),
                    report.text("database"),
                    check.path("message").asText(values),
                    null,
                    place);
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        tally.summarise(summary);
        // Taken down to be held against what comes: it passes nothing.
        summary.put("measured", measured);
        return new Reading(
                "migration of " + report.text("database"),
                report.stated(),
                summary,
                details(report, tally),
                true,
                tally.isEmpty() && measured == 0 ? "no check ran" : null,
                tally.findings());
    }

    private static Map<String, Object> details(Declared report, PolicyTally tally) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("checks", tally.checks());
        for (String name : List.of("phase", "at", "declaration")) {
            if (report.root().has(name)) {
                details.put(name, report.text(name));
            }
        }
        return details;
    }

    private static JsonNode expected(JsonNode check) {
        return check.has("expected") ? check.path("expected") : check.path("before");
    }

    private static boolean agrees(JsonNode check) {
        JsonNode expected = expected(check);
        // Before a migration the value of then is the only one.
        JsonNode after = check.has("expected") && !check.has("after") ? check.path("before") : check.path("after");
        if (expected.isMissingNode() || after.isMissingNode()) {
            // A constraint or a query may have nothing to compare; half of a pair is none.
            return expected.isMissingNode() == after.isMissingNode();
        }
        if (expected.isNumber() && after.isNumber()) {
            double allowed = Math.max(
                    Math.abs(expected.asDouble()) * check.path("tolerance").asDouble(0),
                    check.path("absolute").asDouble(0));
            return Math.abs(after.asDouble() - expected.asDouble()) <= allowed;
        }
        return expected.equals(after);
    }
}
