package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** A change record: whether it is scheduled, who approved it, and whether one of them asked for the change, or wrote it. */
@Component
class ChangeRecordReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.CHANGE_RECORD;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared record = Declared.read(content, type());
        JsonNode root = record.root();
        Set<String> involved = new HashSet<>();
        root.path("requestedBy").forEach(name -> add(involved, name.asText()));
        root.path("release").path("involved").forEach(name -> add(involved, name.asText()));
        List<Finding> findings = new ArrayList<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        List.of("records", "scheduled", "given", "pending", "declined", "own", "windowGaps")
                .forEach(count -> counts.put(count, 0L));
        counts.put("records", 1L);
        counts.put("scheduled", root.path("scheduled").asBoolean() ? 1L : 0L);
        int index = 0;
        for (JsonNode approval : root.path("approvals")) {
            count(approval, record.place("/approvals/" + index++), involved, counts, findings);
        }
        if (!root.path("windowGap").isNull()) {
            counts.put("windowGaps", 1L);
            findings.add(new Finding(
                    "window", "failed", record.text("windowGap"), record.place("/windowGap"), List.of("windowGaps")));
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("number", record.text("number"));
        details.put("state", record.text("state"));
        for (String time : List.of("start", "end")) {
            if (!root.path(time).isNull()) {
                details.put(time, record.text(time));
            }
        }
        return new Reading(
                record.text("number"),
                record.stated(),
                new LinkedHashMap<>(counts),
                details,
                true,
                null,
                findings.stream().limit(Reading.MOST_FINDINGS).toList());
    }

    private static void count(
            JsonNode approval, String place, Set<String> involved, Map<String, Long> counts, List<Finding> findings) {
        String who = Words.of(approval.path("approver").asText());
        String decision = approval.path("decision").asText();
        boolean own = false;
        for (JsonNode name : approval.path("names")) {
            own |= involved.contains(name.asText().toLowerCase(Locale.ROOT));
        }
        if (!decision.equals("approved")) {
            counts.merge(decision, 1L, Long::sum);
            findings.add(new Finding(
                    "approval@" + who,
                    decision,
                    "the approval of %s is %s".formatted(who, decision),
                    place,
                    List.of(decision)));
        } else if (own) {
            counts.merge("own", 1L, Long::sum);
            findings.add(new Finding(
                    "own@" + who,
                    "failed",
                    "%s approved, and requested or wrote the change".formatted(who),
                    place,
                    List.of("own")));
        } else {
            counts.merge("given", 1L, Long::sum);
        }
    }

    private static void add(Set<String> names, String name) {
        if (!name.isBlank()) {
            names.add(name.strip().toLowerCase(Locale.ROOT));
        }
    }
}
