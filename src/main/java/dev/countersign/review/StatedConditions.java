package dev.countersign.review;

import dev.countersign.workflow.TaskRefused;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/** Reads the rows of a form's list of conditions. */
final class StatedConditions {
    private StatedConditions() {}

    static List<Conditions.Stated> read(List<Map<String, Object>> rows) {
        return rows.stream()
                .filter(row -> row.values().stream()
                        .anyMatch(value -> value != null && !"".equals(value) && !Boolean.FALSE.equals(value)))
                .map(StatedConditions::read)
                .toList();
    }

    private static Conditions.Stated read(Map<String, Object> row) {
        return new Conditions.Stated(
                required(row, "text", "what must be true"),
                required(row, "owner", "whose it is"),
                due(required(row, "due", "by when")),
                !Boolean.FALSE.equals(row.get("beforeRollout")),
                row.get("check") == null ? null : row.get("check").toString().strip());
    }

    private static String required(Map<String, Object> row, String field, String meaning) {
        Object value = row.get(field);
        if (value == null || value.toString().isBlank()) {
            throw TaskRefused.invalid("conditions", "A condition says " + meaning + ": '" + field + "' is missing");
        }
        return value.toString().strip();
    }

    /** A date means its end, in UTC. */
    static OffsetDateTime due(String text) {
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atTime(LocalTime.of(23, 59, 59)).atOffset(ZoneOffset.UTC);
            }
            try {
                return ZonedDateTime.parse(text).toOffsetDateTime();
            } catch (DateTimeParseException withoutOffset) {
                return LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
            }
        } catch (DateTimeParseException unreadable) {
            throw TaskRefused.invalid(
                    "conditions", "'" + text + "' is no date; write 2026-11-24 or 2026-11-24T16:00:00+01:00");
        }
    }
}
