package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A communication plan: its messages as they would be sent. Who is known here, and may be written to, is not the reader's to say. */
@Component
class CommunicationPlanReader implements DocumentReader {
    private static final String INTERNAL = "internal";

    @Override
    public DocumentType type() {
        return DocumentType.COMMUNICATION_PLAN;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared plan = Declared.read(content, type());
        List<Map<String, Object>> messages = new ArrayList<>();
        for (JsonNode one : plan.root().path("messages")) {
            messages.add(message(one, plan.place("/messages/" + messages.size())));
        }
        long internal = messages.stream()
                .filter(one -> INTERNAL.equals(one.get("audience")))
                .count();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("messages", (long) messages.size());
        summary.put(INTERNAL, internal);
        summary.put("external", messages.size() - internal);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("messages", messages);
        JsonNode noExternal = plan.root().path("noExternalBecause");
        if (!noExternal.isMissingNode()) {
            details.put("noExternalBecause", text(noExternal.asText(), "/noExternalBecause"));
        }
        return new Reading(
                "plan", plan.stated(), summary, details, true, gap(internal, messages.size(), details), List.of());
    }

    /** What a person has to add before the plan can be final. */
    private static String gap(long internal, int all, Map<String, Object> details) {
        if (internal == 0) {
            return "it tells nobody inside";
        }
        return internal == all && !details.containsKey("noExternalBecause")
                ? "it tells nobody outside and does not say why"
                : null;
    }

    private static Map<String, Object> message(JsonNode one, String place) throws Unreadable {
        Map<String, Object> message = new LinkedHashMap<>();
        for (String word : List.of("audience", "channel", "moment")) {
            message.put(word, one.path(word).asText());
        }
        List<String> recipients = new ArrayList<>();
        for (JsonNode recipient : one.path("recipients")) {
            recipients.add(line(recipient.asText(), place));
        }
        message.put("recipients", recipients);
        message.put("owner", line(one.path("owner").asText(), place));
        message.put("delayMinutes", one.path("delayMinutes").asInt(0));
        if (one.has("at")) {
            message.put("at", time(one.path("at").asText(), place));
        }
        message.put("subject", line(one.path("subject").asText(), place));
        message.put("words", text(one.path("words").asText(), place));
        message.put("onRollback", one.path("onRollback").asText("cancel"));
        if (one.has("replacement")) {
            message.put("replacement", text(one.path("replacement").asText(), place));
        }
        return message;
    }

    private static String time(String text, String place) throws Unreadable {
        try {
            return OffsetDateTime.parse(text).toString();
        } catch (DateTimeException unknown) {
            throw new Unreadable("no date and time with offset: " + Words.of(text), place);
        }
    }

    /** What stands in a header of a mail, or names somebody. */
    private static String line(String text, String place) throws Unreadable {
        if (text.isBlank() || text.chars().anyMatch(c -> isControl(c) || c == '\n' || c == '\t')) {
            throw new Unreadable("a line without control characters is expected: " + Words.of(text), place);
        }
        return text.strip();
    }

    private static String text(String text, String place) throws Unreadable {
        String lines = text.replace("\r\n", "\n");
        if (lines.isBlank() || lines.chars().anyMatch(CommunicationPlanReader::isControl)) {
            throw new Unreadable("a text without control characters is expected", place);
        }
        return lines.strip();
    }

    private static boolean isControl(int c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t') || c == 0x2028 || c == 0x2029 || isDirection(c);
    }

    /** Marks that show a text in another order than it is read in. */
    private static boolean isDirection(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}
