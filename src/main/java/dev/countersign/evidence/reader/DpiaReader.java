package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A data protection impact assessment: what was decided, and what is still open of its conditions and risks. */
@Component
class DpiaReader implements DocumentReader {
    private static final int LONGEST = 2000;
    private static final String UNTRACKED = "untrackedConditions";

    @Override
    public DocumentType type() {
        return DocumentType.DPIA;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared assessment = Declared.read(content, type());
        LocalDate decided = assessment.date("decidedOn");
        LocalDate until = assessment.date("validUntil");
        List<Finding> findings = new ArrayList<>();
        open(assessment, "conditions", "met", "openConditions", findings);
        open(assessment, "risks", "mitigated", "openHighRisks", findings);
        boolean rejected = assessment.text("decision").equals("rejected");
        if (rejected) {
            findings.add(new Finding(
                    "rejected",
                    "rejected",
                    "the assessment was rejected",
                    assessment.place("/decision"),
                    List.of("rejected")));
        }
        if (assessment.text("decision").equals("approved-with-conditions")
                && assessment.root().path("conditions").isEmpty()) {
            findings.add(new Finding(
                    "conditions",
                    "open",
                    "it was approved on conditions, and names none",
                    assessment.place("/decision"),
                    List.of(UNTRACKED)));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("approved", rejected ? 0L : 1L);
        summary.put("rejected", rejected ? 1L : 0L);
        for (String count : List.of("openConditions", UNTRACKED, "openHighRisks")) {
            summary.put(
                    count,
                    findings.stream()
                            .filter(one -> one.counts().contains(count))
                            .count());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("decidedBy", assessment.text("decidedBy"));
        details.put("at", decided + "T00:00:00Z");
        if (until != null) {
            details.put("validUntil", until.toString());
        }
        List<Map<String, Object>> demanded = demanded(assessment);
        if (!demanded.isEmpty()) {
            details.put("conditions", demanded);
        }
        return new Reading("dpia", assessment.stated(), summary, details, true, null, findings);
    }

    /** Conditions that say whose they are and when they are due: others are shown, and the gate fails on them. */
    private static List<Map<String, Object>> demanded(Declared assessment) throws Unreadable {
        List<Map<String, Object>> demanded = new ArrayList<>();
        int index = 0;
        for (JsonNode one : assessment.root().path("conditions")) {
            String place = assessment.place("/conditions/" + index++);
            if (one.has("owner") && !one.path("met").asBoolean(false)) {
                Map<String, Object> condition = new LinkedHashMap<>();
                condition.put("text", Words.of(one.path("text").asText(), LONGEST));
                condition.put("owner", Words.of(one.path("owner").asText()));
                condition.put("due", due(one.path("due").asText(), place));
                condition.put("beforeRollout", one.path("beforeRollout").asBoolean(true));
                condition.put("check", Words.of(one.path("check").asText(""), LONGEST));
                demanded.add(condition);
            }
        }
        return demanded;
    }

    private static String due(String text, String place) throws Unreadable {
        try {
            OffsetDateTime due = text.length() == 10
                    ? LocalDate.parse(text).atTime(LocalTime.of(23, 59, 59)).atOffset(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text);
            return due.toString();
        } catch (DateTimeException unknown) {
            throw new Unreadable("no day, and no time with offset: " + Words.of(text), place);
        }
    }

    private static List<String> counts(JsonNode one, String name, String count) {
        return name.equals("conditions") && !one.has("owner") ? List.of(count, UNTRACKED) : List.of(count);
    }

    private static void open(Declared assessment, String name, String done, String count, List<Finding> findings) {
        int index = 0;
        for (JsonNode one : assessment.root().path(name)) {
            String place = assessment.place("/" + name + "/" + index++);
            boolean counts =
                    name.equals("conditions") || one.path("level").asText("").equals("high");
            if (counts && !one.path(done).asBoolean(false)) {
                String id = one.path("id").asText("condition " + index);
                findings.add(new Finding(
                        Words.of(id), "open", Words.of(one.path("text").asText(id)), place, counts(one, name, count)));
            }
        }
    }
}
