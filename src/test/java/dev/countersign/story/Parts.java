package dev.countersign.story;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who answers which task in a story that goes well, and what they answer. The digest seen comes from the form itself. */
final class Parts {
    private Parts() {}

    /**
     * @param user who answers
     * @param fields what they enter, by the form's keys
     * @param rows what they enter in each row of a list that the form prefills: list, column, value
     */
    record Part(String user, Map<String, Object> fields, Map<String, Map<String, Object>> rows) {}

    /** @param task as the engine's REST API gives it, with its candidate group as {@code group} */
    static Part of(JsonNode task, String group) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        String user = group;
        switch (task.path("taskDefinitionKey").asText()) {
            case "agreeOnCriteria" -> fields.put("answer", "agree");
            case "signOff" -> fields.put("decision", "approve");
            case "tickChecklist" ->
                rows.put("items", Map.of("ticked", true, "evidence", "https://ci.example.org/runs/7"));
            // The form begins with a proposal.
            case "planCommunication" -> fields.put("status", "final");
            // The form begins with everybody present.
            case "holdMeeting" -> fields.put("minutes", "Everybody is here. Nothing speaks against it.");
            case "reviewHistory" -> {
                fields.put("mitigationNeeded", "no");
                fields.put("reason", "No incident in the last 90 days.");
            }
            case "voteOnReadiness" -> fields.put("vote", "GO");
            case "acknowledgeWatch" -> fields.put("acknowledged", true);
            // A restart on a loaded machine may outlast the step's maximum: the step begins again.
            case "decideRollout" -> {
                fields.put("choice", "resume");
                fields.put("reason", "The platform was restarting; nothing speaks against the release.");
            }
            case "giveRetrospectiveInput" -> {
                fields.put("wentWell", "The gates answered within minutes.");
                fields.put("toImprove", "Invite earlier.");
            }
            case "summariseRetrospective" -> {
                fields.put("retrospectiveSummary", "A quiet release.");
                rows.put("ratings", Map.of("effect", "effective"));
            }
            case "writePostMortem" -> {
                fields.put("impact", "One in five requests of the canary failed.");
                fields.put("contributingFactors", "An unhandled answer of the payment provider.");
                fields.put("rootCause", "A missing case in the new page.");
                fields.put(
                        "actions",
                        List.of(Map.of(
                                "text", "Add the case to the contract test",
                                "type", "prevent",
                                "ownerIs", "group",
                                "owner", "developer",
                                "due",
                                        OffsetDateTime.now(ZoneOffset.UTC)
                                                .plusDays(7)
                                                .withNano(0)
                                                .toString())));
            }
            case "completeAction" -> fields.put("result", "The contract test covers it.");
            default -> throw new IllegalArgumentException("Nobody knows what to answer to " + task);
        }
        // The developer wrote the release and approves nothing of it.
        if ("developer".equals(user) || "release-manager".equals(user)) {
            user = user + "-2";
        }
        return new Part(user, fields, rows);
    }
}
