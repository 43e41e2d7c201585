package dev.countersign.incident;

import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.release.Timeline;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What a release's timeline says of what is owed after it, wherever that was agreed. */
@Component
class OwedRecord {
    private final Timeline timeline;
    private final People people;

    OwedRecord(Timeline timeline, People people) {
        this.timeline = timeline;
        this.people = people;
    }

    void overdue(String releaseKey, Owed action, Map<String, Object> which) {
        Map<String, Object> facts = new HashMap<>(which);
        facts.put("escalations", action.escalations());
        timeline.record(
                releaseKey,
                "action.overdue",
                Actors.PLATFORM,
                "Overdue since %s, request %d to %s: %s"
                        .formatted(
                                IncidentNotices.lastDay(action.due()),
                                action.escalations(),
                                action.owner(),
                                action.text()),
                facts);
    }

    void done(String releaseKey, Owed action, String person, String result, Map<String, Object> facts) {
        timeline.record(releaseKey, "action.done", person, "Done: %s (%s)".formatted(action.text(), result), facts);
    }

    /** Whether nobody is left who could do it: its owner has gone. */
    boolean isOrphaned(Owed action) {
        return action.ownedByGroup()
                ? !people.hasMembers(action.owner())
                : people.find(action.owner()).isEmpty();
    }
}
