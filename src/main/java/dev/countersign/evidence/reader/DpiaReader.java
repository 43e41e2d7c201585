package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A data protection impact assessment: what was decided, and what is still open of its conditions and risks. */
@Component
class DpiaReader implements DocumentReader {
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
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("approved", rejected ? 0L : 1L);
        summary.put("rejected", rejected ? 1L : 0L);
        for (String count : List.of("openConditions", "openHighRisks")) {
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
        return new Reading("dpia", assessment.stated(), summary, details, true, null, findings);
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
                        Words.of(id), "open", Words.of(one.path("text").asText(id)), place, List.of(count)));
            }
        }
    }
}
