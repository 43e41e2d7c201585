package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A rollback drill: whether the way back worked, and within its budget. */
@Component
class RollbackDrillReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.ROLLBACK_DRILL;
    }

    /** By what came of it last; a drill that says nothing of rungs has not shown it. */
    private static boolean isDatabaseDown(JsonNode rungs) {
        String outcome = "";
        for (JsonNode rung : rungs) {
            if (rung.path("rung").asText().equals("database")) {
                outcome = rung.path("outcome").asText();
            }
        }
        return outcome.equals("done");
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared drill = Declared.read(content, type());
        OffsetDateTime at;
        try {
            at = OffsetDateTime.parse(drill.text("at"));
        } catch (DateTimeParseException unknown) {
            throw new Unreadable("no date and time with offset: " + drill.text("at"), "/at");
        }
        Duration took = Duration.parse(drill.text("took"));
        Duration budget = Duration.parse(drill.text("budget"));
        boolean failed = drill.text("result").equals("failed");
        boolean over = took.compareTo(budget) > 0;
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("drills", 1L);
        summary.put("failed", failed ? 1L : 0L);
        summary.put("overBudget", over ? 1L : 0L);
        summary.put("withinBudget", !failed && !over ? 1L : 0L);
        summary.put("databaseDown", isDatabaseDown(drill.root().path("rungs")) ? 1L : 0L);
        summary.put("tookSeconds", took.toSeconds());
        summary.put("budgetSeconds", budget.toSeconds());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("at", at.withOffsetSameInstant(ZoneOffset.UTC).toString());
        details.put("script", Words.of(drill.root().path("script").path("path").asText()));
        details.put("scriptDigest", drill.root().path("script").path("digest").asText());
        if (drill.root().path("procedure").isObject()) {
            details.put(
                    "procedure",
                    Words.of(drill.root().path("procedure").path("path").asText()));
            details.put(
                    "procedureDigest",
                    drill.root().path("procedure").path("digest").asText());
        }
        details.put("environment", drill.text("environment"));
        details.put("owner", drill.text("owner"));
        List<Finding> findings = failed || over
                ? List.of(new Finding(
                        "drill@" + drill.text("environment"),
                        "failed",
                        failed ? "the way back failed" : "it took %s of %s".formatted(took, budget),
                        drill.place(failed ? "/result" : "/took"),
                        failed && over ? List.of("failed", "overBudget") : List.of(failed ? "failed" : "overBudget")))
                : List.of();
        return new Reading(
                "drill in " + drill.text("environment"), drill.stated(), summary, details, true, null, findings);
    }
}
