package dev.countersign.incident;

import dev.countersign.workflow.ModelBean;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the model {@code tracked-action} asks. */
@ModelBean
@Component("trackedActions")
public class TrackedActions {
    private final TrackedActionStore actions;
    private final Clock clock;

    TrackedActions(TrackedActionStore actions, Clock clock) {
        this.actions = actions;
        this.clock = clock;
    }

    /** The person who has it; null where a group has it. */
    public String personOf(String tracked) {
        TrackedAction found = get(tracked);
        return found.ownedByGroup() ? null : found.owner();
    }

    /** The group that has it; empty where a person has it. */
    public List<String> groupsOf(String tracked) {
        TrackedAction found = get(tracked);
        return found.ownedByGroup() ? List.of(found.owner()) : List.of();
    }

    public Date dueOf(String tracked) {
        return Date.from(get(tracked).due());
    }

    /**
     * When to remind: so long before it is due, or half-way where it is due sooner.
     *
     * @param before for example {@code P2D}
     */
    public Date reminderOf(String tracked, String before) {
        Instant due = get(tracked).due();
        Instant now = clock.instant();
        Instant halfWay = now.plus(Duration.between(now, due).dividedBy(2));
        Instant wanted =
                due.atOffset(ZoneOffset.UTC).minus(Period.parse(before)).toInstant();
        return Date.from(wanted.isBefore(halfWay) ? halfWay : wanted);
    }

    /**
     * When it is due, and from then on again and again (ISO 8601 repeating interval).
     *
     * @param every for example {@code P3D}
     */
    public String overdueOf(String tracked, String every) {
        return "R/%s/%s".formatted(get(tracked).due(), every);
    }

    private TrackedAction get(String tracked) {
        return actions.get(Long.parseLong(tracked));
    }
}
