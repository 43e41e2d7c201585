package dev.countersign.learning.leadtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.SourceUnavailable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/** What stands in the answers of these systems. */
final class Answers {
    private static final int LONGEST_ADDRESS = 500;

    private Answers() {}

    /** Null where it is left out or null; whatever else is no time is no answer. */
    static Instant time(JsonNode node, String field) throws SourceUnavailable {
        String text = text(node, field);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException broken) {
            throw new SourceUnavailable("its answer has a time %s that cannot be read".formatted(field), broken);
        }
    }

    static Instant requiredTime(JsonNode node, String field) throws SourceUnavailable {
        Instant time = time(node, field);
        if (time == null) {
            throw new SourceUnavailable("its answer has no " + field);
        }
        return time;
    }

    /** As all of them are compared: in small letters. Null where it is none. */
    static String sha(JsonNode node, String field) {
        String text = text(node, field);
        return text != null && text.matches("[0-9a-fA-F]{7,64}") ? text.toLowerCase(Locale.ROOT) : null;
    }

    static String requiredSha(JsonNode node, String field) throws SourceUnavailable {
        String sha = sha(node, field);
        if (sha == null) {
            throw new SourceUnavailable("its answer has a commit without its id");
        }
        return sha;
    }

    static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() && !value.asText().isBlank() ? value.asText() : null;
    }

    static String number(JsonNode node, String field) throws SourceUnavailable {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1) {
            throw new SourceUnavailable("its answer has a change without its number");
        }
        return String.valueOf(value.asLong());
    }

    /** Null where no browser should follow it, or no database holds it. */
    static String address(JsonNode node, String field) {
        String text = text(node, field);
        return text != null && text.matches("https?://[^\\s\\p{Cntrl}\"'<>]+") && text.length() <= LONGEST_ADDRESS
                ? text
                : null;
    }

    static JsonNode list(JsonNode answer, String what) throws SourceUnavailable {
        if (!answer.isArray()) {
            throw new SourceUnavailable("its answer has no list of " + what);
        }
        return answer;
    }

    /** Whether a full id is the one that was asked for, which may be the beginning of it. */
    static boolean isSame(String full, String asked) {
        return full != null && full.startsWith(asked.toLowerCase(Locale.ROOT));
    }
}
