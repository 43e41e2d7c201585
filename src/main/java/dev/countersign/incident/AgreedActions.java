package dev.countersign.incident;

import dev.countersign.identity.People;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Reads the rows of a form's action list. An action without someone who can do it, or without an end, is none. */
@Component
class AgreedActions {
    static final Set<String> TYPES = Set.of("prevent", "detect", "mitigate", "process");
    private static final int LONGEST_YEARS = 1;
    private static final int LONGEST_TEXT = 2000;

    private final People people;
    private final Clock clock;

    AgreedActions(People people, Clock clock) {
        this.people = people;
        this.clock = clock;
    }

    /** @param byGroup whether the owner is a group */
    record Agreed(String type, String text, String owner, boolean byGroup, Instant due) {}

    List<FollowUp> read(Incident incident, List<Map<String, Object>> rows) {
        return read(rows).stream()
                .map(action -> new FollowUp(
                        0,
                        incident.key(),
                        incident.service(),
                        action.type(),
                        action.text(),
                        action.owner(),
                        action.byGroup(),
                        action.due(),
                        0,
                        null))
                .toList();
    }

    List<Agreed> read(List<Map<String, Object>> rows) {
        var agreed = new ArrayList<Agreed>();
        for (int i = 0; i < rows.size(); i++) {
            agreed.add(action(rows.get(i), "actions/" + i + "/"));
        }
        return agreed;
    }

    private Agreed action(Map<String, Object> row, String at) {
        String text = required(row, "text", at);
        String type = required(row, "type", at);
        String owner = required(row, "owner", at);
        boolean byGroup = "group".equals(required(row, "ownerIs", at));
        if (text.length() > LONGEST_TEXT) {
            throw TaskRefused.invalid(at + "text", "An action has at most " + LONGEST_TEXT + " characters");
        }
        if (!TYPES.contains(type)) {
            throw TaskRefused.invalid(at + "type", "An action's kind is one of " + TYPES);
        }
        if (byGroup ? !people.hasMembers(owner) : people.find(owner).isEmpty()) {
            throw TaskRefused.invalid(
                    at + "owner",
                    byGroup ? "Nobody is in a group '" + owner + "'" : "There is no person '" + owner + "'");
        }
        return new Agreed(type, text, owner, byGroup, due(required(row, "due", at), at));
    }

    /** The end of that day; time zones differ, and an action is no deadline of minutes. */
    private Instant due(String text, String at) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate day;
        try {
            day = LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text);
        } catch (DateTimeParseException broken) {
            throw TaskRefused.invalid(at + "due", "'" + text + "' is no date; write 2026-12-31");
        }
        if (day.isBefore(today) || day.isAfter(today.plusYears(LONGEST_YEARS))) {
            throw TaskRefused.invalid(at + "due", "An action is due between today and a year from now, not " + day);
        }
        return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static String required(Map<String, Object> row, String field, String at) {
        Object value = row.get(field);
        if (value == null || value.toString().isBlank()) {
            throw TaskRefused.invalid(at + field, "Each action needs what is done, its kind, an owner and a due date");
        }
        return value.toString().strip();
    }
}
