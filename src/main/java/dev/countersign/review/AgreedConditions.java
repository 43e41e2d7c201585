package dev.countersign.review;

import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import dev.countersign.workflow.ModelBean;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.Date;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Conditions that a GO was given on and that are due by a date, not before rollout: each is tracked by a process of its own, which outlives the review and, where it must,
 * the release.
 */
@ModelBean
@Component("agreedConditions")
public class AgreedConditions {
    private static final String PROCESS = "agreed-condition";
    private final Conditions conditions;
    private final Releases releases;
    private final Seats seats;
    private final Processes processes;
    private final People people;
    private final ReviewMail mail;
    private final Timeline timeline;
    private final Messages messages;
    private final Clock clock;

    AgreedConditions(
            Conditions conditions,
            Releases releases,
            Seats seats,
            Processes processes,
            People people,
            ReviewMail mail,
            Timeline timeline,
            Messages messages,
            Clock clock) {
        this.conditions = conditions;
        this.releases = releases;
        this.seats = seats;
        this.processes = processes;
        this.people = people;
        this.mail = mail;
        this.timeline = timeline;
        this.messages = messages;
        this.clock = clock;
    }

    /** Asks those that are tracked whether they still stand, where votes have changed. */
    void recheck(String releaseKey) {
        if (conditions.anyFell(releaseKey)) {
            messages.send("reviewVotesChanged", releaseKey);
        }
    }

    /** Begins to track what a GO leaves open. What is tracked already is not tracked twice. */
    void track(Release release) {
        recheck(release.key());
        conditions.of(release.key()).stream()
                .filter(condition -> !condition.beforeRollout() && condition.isOpen())
                .filter(condition -> conditions.track(condition.id()))
                .forEach(condition -> processes.start(
                        release.policy(), PROCESS, release.key(), Map.of("condition", String.valueOf(condition.id()))));
    }

    /** Whether the vote that demanded it is still valid. */
    public boolean stands(String condition) {
        return conditions.stands(id(condition));
    }

    public String ownerOf(String condition) {
        return conditions.get(id(condition)).owner();
    }

    public Date dueOf(String condition) {
        return Date.from(due(condition));
    }

    /**
     * When to remind: so long before it is due, or half-way where it is due sooner.
     *
     * @param before for example {@code P1D}
     */
    public Date reminderOf(String condition, String before) {
        Instant now = clock.instant();
        Instant halfWay = now.plus(Duration.between(now, due(condition)).dividedBy(2));
        Instant wanted =
                conditions.get(id(condition)).due().minus(Period.parse(before)).toInstant();
        return Date.from(wanted.isBefore(halfWay) ? halfWay : wanted);
    }

    /**
     * When it is due, and from then on again and again (ISO 8601 repeating interval).
     *
     * @param every for example {@code P3D}
     */
    public String overdueOf(String condition, String every) {
        return "R/%s/%s".formatted(due(condition), every);
    }

    void remind(String releaseKey, String condition) {
        mail.conditionPromised(releases.get(releaseKey), conditions.get(id(condition)));
    }

    /** Tells the owner, the seat that demanded it and the head of operations. Returns how often it has been raised by now. */
    int escalate(String releaseKey, String condition) {
        int times = conditions.escalated(id(condition));
        ConditionRow late = conditions.get(id(condition));
        mail.conditionOverdue(releases.get(releaseKey), late, seatGroup(late));
        timeline.record(
                releaseKey,
                "condition.overdue",
                Actors.PLATFORM,
                "Condition overdue since %s, request %d to %s: %s"
                        .formatted(ReviewBriefing.time(late.due()), times, late.owner(), late.text()),
                Map.of("condition", late.id(), "escalations", times));
        return times;
    }

    /** Whether nobody is left who could fulfil it: neither a person nor anyone in a group of that name. */
    boolean isOrphaned(String condition) {
        String owner = ownerOf(condition);
        return people.find(owner).isEmpty() && !people.hasMembers(owner);
    }

    private String seatGroup(ConditionRow condition) {
        return condition.seat() == null
                ? null
                : seats.find(condition.releaseKey(), condition.seat())
                        .map(SeatRow::group)
                        .orElse(null);
    }

    static String standIn() {
        return Role.RELEASE_MANAGER.id();
    }

    private Instant due(String condition) {
        return conditions.get(id(condition)).due().toInstant();
    }

    private static long id(String condition) {
        return Long.parseLong(condition);
    }
}
