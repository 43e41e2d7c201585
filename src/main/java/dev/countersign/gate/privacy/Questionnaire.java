package dev.countersign.gate.privacy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody answered (GDPR, article 35, paragraph 7).
 *
 * @param answers by question
 * @param validUntil the last day; null where it has no end of its own
 * @param reason of the decision; null where none was given
 */
record Questionnaire(
        Map<String, Object> answers,
        List<Risk> risks,
        String decision,
        String reason,
        String validUntil,
        List<Condition> conditions) {
    static final String APPROVED = "approved";
    static final String WITH_CONDITIONS = "approved-with-conditions";
    static final String REJECTED = "rejected";
    private static final ObjectMapper JSON = new ObjectMapper();

    Questionnaire {
        answers = Map.copyOf(answers);
        risks = List.copyOf(risks);
        conditions = List.copyOf(conditions);
    }

    /** @param measure what is done against it; null where nothing is */
    record Risk(String text, String level, String measure, boolean mitigated) {
        boolean isOpenAndHigh() {
            return level.equals("high") && !mitigated;
        }
    }

    /** @param check how others see that it is met; null where nobody said */
    record Condition(String text, String owner, OffsetDateTime due, boolean beforeRollout, String check) {}

    /** In the format {@code dpia}. */
    byte[] document(String commit, String person, Instant now) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", "dpia");
        document.put("subject", Map.of("commit", commit));
        document.put("decision", decision);
        document.put("decidedBy", person);
        document.put("decidedOn", now.atOffset(ZoneOffset.UTC).toLocalDate().toString());
        put(document, "validUntil", validUntil);
        put(document, "reason", reason);
        document.put("answers", new java.util.TreeMap<>(answers));
        List<Map<String, Object>> demanded = new ArrayList<>();
        for (Condition condition : conditions) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("text", condition.text());
            one.put("met", false);
            one.put("owner", condition.owner());
            one.put("due", condition.due().toString());
            one.put("beforeRollout", condition.beforeRollout());
            put(one, "check", condition.check());
            demanded.add(one);
        }
        document.put("conditions", demanded);
        List<Map<String, Object>> found = new ArrayList<>();
        for (Risk risk : risks) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", "R" + (found.size() + 1));
            one.put("level", risk.level());
            one.put("text", risk.text());
            put(one, "measure", risk.measure());
            one.put("mitigated", risk.mitigated());
            found.add(one);
        }
        document.put("risks", found);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(Map<String, Object> into, String name, String value) {
        if (value != null) {
            into.put(name, value);
        }
    }
}
