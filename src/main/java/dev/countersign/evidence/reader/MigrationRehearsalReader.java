package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Whether the scripts of a migration lead there and back again. A way back that is missing is counted apart: it is not mended, it is accepted by somebody or not. */
@Component
class MigrationRehearsalReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.MIGRATION_REHEARSAL;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared rehearsal = Declared.read(content, type());
        String scripts = rehearsal.text("scripts");
        PolicyTally tally = new PolicyTally();
        List<Finding> irreversible = new ArrayList<>();
        List<Finding> skipped = new ArrayList<>();
        int index = 0;
        for (JsonNode step : rehearsal.root().path("steps")) {
            String place = rehearsal.place("/steps/" + index++);
            String id = step.path("id").asText();
            if (step.path("result").asText().equals("irreversible")) {
                irreversible.add(new Finding(
                        Words.of("irreversible:" + id + "@" + scripts),
                        "irreversible",
                        Words.of(id + " has no way back"),
                        place,
                        List.of("irreversible")));
            } else {
                if (step.path("result").asText().equals("skipped")) {
                    skipped.add(new Finding(
                            Words.of("skipped:" + id + "@" + scripts),
                            "skipped",
                            Words.of(id + " was not asked: "
                                    + step.path("message").asText("no reason is given")),
                            place,
                            List.of("skipped")));
                }
                tally.add(
                        Result.valueOf(step.path("result").asText().toUpperCase(Locale.ROOT)),
                        id,
                        rehearsal.text("database"),
                        step.path("message").asText(""),
                        null,
                        place);
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        tally.summarise(summary);
        summary.put("irreversible", (long) irreversible.size());
        summary.put("rehearsals", 1L);
        List<Finding> findings = new ArrayList<>(irreversible);
        findings.addAll(tally.findings());
        findings.addAll(skipped);
        return new Reading(
                "rehearsal on " + rehearsal.text("database"),
                rehearsal.stated(),
                summary,
                Map.of("scripts", scripts),
                true,
                tally.isEmpty() && irreversible.isEmpty() ? "no step ran" : null,
                findings.stream().limit(Reading.MOST_FINDINGS).toList());
    }
}
