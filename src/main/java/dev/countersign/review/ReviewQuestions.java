package dev.countersign.review;

import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.review.Appeals.AppealRow;
import dev.countersign.workflow.ModelBean;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Whom the model asks next, and how long they have: computed when the step begins, from what still stands. */
@ModelBean
@Component("reviewQuestions")
public class ReviewQuestions {
    private final Releases releases;
    private final Seats seats;
    private final VoteStore votes;
    private final Conditions conditions;
    private final Escalations escalations;
    private final Appeals appeals;
    private final StandingReader reader;
    private final Deciding deciding;
    private final HotfixRules hotfixes;
    private final Clock clock;

    ReviewQuestions(
            Releases releases,
            Seats seats,
            VoteStore votes,
            Conditions conditions,
            Escalations escalations,
            Appeals appeals,
            StandingReader reader,
            Deciding deciding,
            HotfixRules hotfixes,
            Clock clock) {
        this.releases = releases;
        this.seats = seats;
        this.votes = votes;
        this.conditions = conditions;
        this.escalations = escalations;
        this.appeals = appeals;
        this.reader = reader;
        this.deciding = deciding;
        this.hotfixes = hotfixes;
        this.clock = clock;
    }

    /** Seats without a valid vote. */
    public List<String> seatsToAsk(String releaseKey) {
        var voted =
                seatsThat(releaseKey, vote -> !vote.isAlternate() || vote.vote().takesPosition());
        return ids(releaseKey, seat -> !voted.contains(seat.id()));
    }

    /** Seats whose alternates are asked and have not answered. */
    public List<String> alternatesToAsk(String releaseKey) {
        var asked = reader.alternatesAsked(releaseKey, releases.get(releaseKey).materialDigest());
        var done =
                seatsThat(releaseKey, vote -> vote.isAlternate() || vote.vote().takesPosition());
        return ids(releaseKey, seat -> asked.contains(seat.id()) && !done.contains(seat.id()));
    }

    private Collection<String> seatsThat(String releaseKey, Predicate<VoteRow> condition) {
        return votes.valid(releaseKey).stream()
                .filter(condition)
                .map(VoteRow::seat)
                .collect(Collectors.toSet());
    }

    private List<String> ids(String releaseKey, Predicate<SeatRow> condition) {
        return seats.of(releaseKey).stream().filter(condition).map(SeatRow::id).toList();
    }

    public String groupOf(String releaseKey, String seat) {
        return seats.find(releaseKey, seat).orElseThrow().group();
    }

    public String alternateOf(String releaseKey, String seat) {
        return seats.find(releaseKey, seat).orElseThrow().alternate();
    }

    /** Conditions due before rollout that are open and in time. */
    public List<String> conditionsToMeet(String releaseKey) {
        return inTime(releaseKey).stream()
                .map(condition -> String.valueOf(condition.id()))
                .toList();
    }

    private List<ConditionRow> inTime(String releaseKey) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        return conditions.openBeforeRollout(releaseKey).stream()
                .filter(condition -> !condition.isOverdue(now))
                .toList();
    }

    /** The person and the group of this id: one of them exists. */
    public String ownerOf(String releaseKey, String condition) {
        return conditions
                .find(releaseKey, Long.parseLong(condition))
                .orElseThrow()
                .owner();
    }

    public Date dueOf(String releaseKey, String condition) {
        return Date.from(conditions
                .find(releaseKey, Long.parseLong(condition))
                .orElseThrow()
                .due()
                .toInstant());
    }

    /** When the first of the open conditions is due. */
    public Date nextConditionDue(String releaseKey) {
        return inTime(releaseKey).stream()
                .map(ConditionRow::due)
                .min(Comparator.naturalOrder())
                .map(due -> Date.from(due.toInstant()))
                .orElseGet(() -> Date.from(clock.instant()));
    }

    /** Appeals that are open and have somebody to decide them. */
    public List<String> appeals(String releaseKey) {
        return appeals.open(releaseKey, releases.get(releaseKey).materialDigest()).stream()
                .filter(appeal -> appeal.authority() != null)
                .map(appeal -> String.valueOf(appeal.id()))
                .toList();
    }

    public String authorityOf(String releaseKey, String appeal) {
        return appeals.find(releaseKey, Long.parseLong(appeal))
                .map(AppealRow::authority)
                .orElseThrow();
    }

    /** The groups of a level of the open escalation. */
    public List<String> groupsOf(String releaseKey, String level) {
        return escalations
                .open(releaseKey, releases.get(releaseKey).materialDigest())
                .flatMap(escalation -> escalation.levelOf(level))
                .map(Escalations.LevelRow::groups)
                .orElse(List.of());
    }

    /** How long a level of the escalation, or the appeal, has: an ISO duration. */
    public String timeOf(String releaseKey, String level) {
        return deciding.timeOf(releases.get(releaseKey), level);
    }

    /**
     * How long the seats have: the model's own time, or less where the release is a hotfix.
     *
     * @param ordinarily for example {@code PT8H}
     */
    public String timeToVote(String releaseKey, String ordinarily) {
        Release release = releases.get(releaseKey);
        if (!release.isHotfix()) {
            return ordinarily;
        }
        Duration hurried = hotfixes.of(release).vote();
        return hurried.compareTo(Duration.parse(ordinarily)) < 0 ? hurried.toString() : ordinarily;
    }

    public Date votesDue(String releaseKey, String ordinarily) {
        return Date.from(clock.instant().plus(Duration.parse(timeToVote(releaseKey, ordinarily))));
    }

    public Date deadlineOf(String releaseKey, String level) {
        Release release = releases.get(releaseKey);
        return Date.from(clock.instant().plus(Duration.parse(period(deciding.timeOf(release, level)))));
    }

    /** {@link Duration} knows no {@code P1W}; a day here is 24 hours. */
    private static String period(String iso) {
        return iso.endsWith("W") ? "P" + 7 * Integer.parseInt(iso.substring(1, iso.length() - 1)) + "D" : iso;
    }
}
