package dev.countersign.review;

import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Invitation;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Release;
import dev.countersign.review.DecisionRule.Outcome;
import dev.countersign.review.Escalations.LevelRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Mail about a review. */
@Component
class ReviewMail {
    private final Notices notices;
    private final Conditions conditions;

    ReviewMail(Notices notices, Conditions conditions) {
        this.notices = notices;
        this.conditions = conditions;
    }

    void invited(Release release, Collection<String> groups, Invitation invitation) {
        send(
                release,
                "invitation",
                groups,
                Set.of(),
                "Readiness review: " + title(release),
                List.of(
                        "Is " + release.key() + " ready to be released? " + orEmpty(release.summary()),
                        "Every mandatory seat is present or sends a delegate; without them the review cannot be closed."),
                invitation);
    }

    void voteAsked(Release release, Collection<String> groups) {
        send(
                release,
                "request",
                groups,
                Set.of(),
                "Vote on readiness: " + title(release),
                List.of(
                        "Your seat is asked to vote on " + release.key() + ". " + orEmpty(release.summary()),
                        "The dossier is " + release.materialDigest() + ". Vote in Tasklist; silence approves nothing."),
                null);
    }

    void alternatesAsked(Release release, List<SeatRow> seats) {
        seats.forEach(seat -> send(
                release,
                "request",
                List.of(seat.alternate()),
                Set.of(),
                "Vote on readiness as alternate for " + seat.id() + ": " + title(release),
                List.of("The seat " + seat.id() + " took no position on " + release.key()
                        + "; you are its alternate. Vote in Tasklist."),
                null));
    }

    void conditionsOpen(Release release) {
        var open = conditions.openBeforeRollout(release.key());
        open.forEach(condition -> send(
                release,
                "request",
                List.of(condition.owner()),
                Set.of(condition.owner()),
                "Condition before rollout: " + title(release),
                List.of(
                        condition.text(),
                        "Due " + condition.due() + ". The decision on " + release.key() + " waits for it."),
                null));
    }

    void conditionPromised(Release release, ConditionRow condition) {
        aboutCondition(
                release,
                "reminder",
                Set.of(condition.owner()),
                "Condition due soon: ",
                condition,
                "Due " + ReviewBriefing.time(condition.due()) + ". The GO for " + release.key()
                        + " was given on it. Say in Tasklist how it was met.");
    }

    /** @param demandedBy the group of the seat that demanded it; null where the review of the history did */
    void conditionOverdue(Release release, ConditionRow condition, String demandedBy) {
        var groups = new HashSet<>(Set.of(condition.owner(), "head-of-operations"));
        if (demandedBy != null) {
            groups.add(demandedBy);
        }
        aboutCondition(
                release,
                "escalation",
                groups,
                "Condition overdue: ",
                condition,
                "It was due " + ReviewBriefing.time(condition.due()) + ", and the GO for " + release.key()
                        + " was given on it. It is raised again every three days until it is met.");
    }

    private void aboutCondition(
            Release release, String kind, Set<String> groups, String subject, ConditionRow condition, String what) {
        send(
                release,
                kind,
                groups,
                Set.of(condition.owner()),
                subject + title(release),
                List.of(condition.text(), what),
                null);
    }

    void vetoAppealed(Release release, SeatRow seat, String why, String time) {
        send(
                release,
                "escalation",
                seat.authority() == null ? List.of() : List.of(seat.authority()),
                Set.of(),
                "Veto: " + title(release),
                List.of(why, "Unless you lift it within " + time + ", " + release.key() + " is NO_GO."),
                null);
    }

    void escalated(Release release, Outcome outcome, List<LevelRow> levels) {
        var groups = new HashSet<String>();
        levels.stream()
                .filter(level -> !level.id().equals(Deciding.EXECUTIVE_LEVEL))
                .forEach(level -> groups.addAll(level.groups()));
        send(
                release,
                "escalation",
                groups,
                Set.of(),
                "Escalated: readiness of " + title(release),
                List.of(
                        outcome.why(),
                        "The release manager states the facts; then the heads decide together. Silence goes up and never approves."),
                null);
    }

    void wentUp(Release release, LevelRow level, String why) {
        send(
                release,
                "escalation",
                level.groups(),
                Set.of(),
                "Decide on " + title(release),
                List.of(why, "It is yours to decide within " + level.time() + "; silence is NO_GO."),
                null);
    }

    void decided(Release release, Outcome outcome) {
        var lines = new ArrayList<String>();
        lines.add(release.key() + ": " + outcome.kind() + ". " + outcome.why());
        if (!outcome.dissent().isEmpty()) {
            lines.add("Recorded dissent: " + String.join("; ", outcome.dissent()) + ".");
        }
        send(
                release,
                "decision",
                List.of("release-manager"),
                Set.of(release.requestedBy()),
                outcome.kind() + ": " + title(release),
                lines,
                null);
    }

    void reminded(Release release, Collection<String> groups, Collection<String> people, String what) {
        send(
                release,
                "reminder",
                groups,
                people,
                "Still open: " + what + ", " + title(release),
                List.of(release.key() + " waits for you: " + what + ". Silence approves nothing."),
                null);
    }

    private void send(
            Release release,
            String kind,
            Collection<String> groups,
            Collection<String> people,
            String subject,
            List<String> lines,
            Invitation invitation) {
        notices.mail(new Notice(
                release.key(),
                kind,
                groups.stream().filter(Objects::nonNull).collect(Collectors.toSet()),
                Set.copyOf(people),
                subject,
                lines,
                "/releases/" + release.key(),
                invitation));
    }

    private static String title(Release release) {
        return release.service() + " " + release.version();
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
