package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as build servers write them: RFC 3339, and the two other ways of GitLab's hooks. */
final class ToldTimes {
    private ToldTimes() {}

    /** {@code 2026-11-26T14:00:00Z}, {@code 2026-11-26 14:00:00 UTC} or {@code 2026-11-26 15:00:00 +0100}; null where it is none of them. */
    static Instant of(JsonNode said) {
        if (!said.isTextual()) {
            return null;
        }
        String text = said.asText()
                .strip()
                .replaceFirst(" UTC$", "Z")
                .replaceFirst(" ?([+-]\\d{2})(\\d{2})$", "$1:$2")
                .replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) ", "$1T");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException none) {
            return null;
        }
    }
}
