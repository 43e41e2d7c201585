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

/** What the model {@code post-mortem} asks about the agreed actions. */
@ModelBean
@Component("postMortemActions")
public class PostMortemActions {
    private final PostMortems postMortems;
    private final FollowUpStore actions;
    private final Clock clock;

    PostMortemActions(PostMortems postMortems, FollowUpStore actions, Clock clock) {
        this.postMortems = postMortems;
        this.actions = actions;
        this.clock = clock;
    }

    /** The actions that are not done yet, by id. */
    public List<Long> openOf(String releaseKey) {
        return actions.ofIncident(postMortems.incidentOf(releaseKey).key()).stream()
                .filter(action -> !action.isDone())
                .map(FollowUp::id)
                .toList();
    }

    /** The person who has it; null where a group has it. */
    public String personOf(Long action) {
        FollowUp found = actions.get(action);
        return found.ownedByGroup() ? null : found.owner();
    }

    /** The group that has it; empty where a person has it. */
    public List<String> groupsOf(Long action) {
        FollowUp found = actions.get(action);
        return found.ownedByGroup() ? List.of(found.owner()) : List.of();
    }

    public Date dueOf(Long action) {
        return Date.from(actions.get(action).due());
    }

    /**
     * When to remind: so long before it is due, or half-way where it is due sooner.
     *
     * @param before for example {@code P2D}
     */
    public Date reminderOf(Long action, String before) {
        Instant due = actions.get(action).due();
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
    public String overdueOf(Long action, String every) {
        return "R/%s/%s".formatted(actions.get(action).due(), every);
    }
}
