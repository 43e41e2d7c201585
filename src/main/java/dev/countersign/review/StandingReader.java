package dev.countersign.review;

import dev.countersign.release.Release;
import dev.countersign.review.Standing.Ballot;
import dev.countersign.review.Standing.Flag;
import dev.countersign.review.Standing.Substitute;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads from the tables how a review stands. */
@Component
class StandingReader {
    private final JdbcClient db;
    private final Seats seats;
    private final VoteStore votes;
    private final Conditions conditions;
    private final Meetings meetings;
    private final Escalations escalations;
    private final Appeals appeals;
    private final Clock clock;

    StandingReader(
            JdbcClient db,
            Seats seats,
            VoteStore votes,
            Conditions conditions,
            Meetings meetings,
            Escalations escalations,
            Appeals appeals,
            Clock clock) {
        this.db = db;
        this.seats = seats;
        this.votes = votes;
        this.conditions = conditions;
        this.meetings = meetings;
        this.escalations = escalations;
        this.appeals = appeals;
        this.clock = clock;
    }

    String seatOfCondition(String releaseKey, String condition) {
        return conditions
                .find(releaseKey, Long.parseLong(condition))
                .map(ConditionRow::seat)
                .orElseThrow();
    }

    /** Seats whose alternates have been asked about this dossier. */
    Set<String> alternatesAsked(String releaseKey, String dossier) {
        return Set.copyOf(
                db.sql("select distinct seat from review_alternate_asked where release_key = ? and dossier = ?")
                        .params(releaseKey, dossier)
                        .query(String.class)
                        .list());
    }

    void alternatesAsked(String releaseKey, String dossier, List<String> asked) {
        for (String seat : asked) {
            db.sql("insert into review_alternate_asked (release_key, seat, dossier, asked_at) values (?,?,?,?)")
                    .params(releaseKey, seat, dossier, OffsetDateTime.now(clock))
                    .update();
        }
    }

    /**
     * @param timeOver whether those who were asked so far have had their time. The model asks the decision rule only after each of
     *     its waits has ended, by an answer or by its deadline: then it is true.
     */
    Standing of(Release release, boolean timeOver) {
        String key = release.key();
        String dossier = release.materialDigest();
        var seatRows = seats.of(key);
        var own = new HashMap<String, Ballot>();
        var byAlternate = new HashMap<String, Ballot>();
        votes.valid(key).forEach(vote -> (vote.isAlternate() ? byAlternate : own)
                .put(vote.seat(), new Ballot(String.valueOf(vote.id()), vote.voter(), vote.vote())));
        var asked = alternatesAsked(key, dossier);
        var unrepresented = Set.copyOf(meetings.unrepresented(key, seatRows));
        OffsetDateTime now = OffsetDateTime.now(clock);

        return new Standing(
                seatRows.stream()
                        .map(seat -> new Standing.Seat(
                                seat.id(),
                                Flag.valueOf(seat.flag().toUpperCase(Locale.ROOT)),
                                own.get(seat.id()),
                                timeOver,
                                substitute(seat, asked.contains(seat.id()), timeOver),
                                byAlternate.get(seat.id()),
                                seat.meeting(),
                                !unrepresented.contains(seat.id())))
                        .toList(),
                conditions.of(key).stream()
                        .filter(ConditionRow::beforeRollout)
                        .map(condition -> new Standing.Condition(
                                String.valueOf(condition.id()),
                                condition.seat(),
                                condition.isOpen(),
                                condition.isOverdue(now)))
                        .toList(),
                seats.quorum(key).persons(),
                timeOver,
                escalations.of(key, dossier).stream()
                        .map(escalation -> escalation(escalation, timeOver))
                        .toList(),
                appeals.of(key, dossier).stream()
                        .map(appeal -> new Standing.Appeal(appeal.matter(), appeal.answer(), timeOver))
                        .toList());
    }

    private static Substitute substitute(SeatRow seat, boolean asked, boolean timeOver) {
        if (seat.alternate() == null) {
            return Substitute.NONE;
        }
        if (!asked) {
            return Substitute.NOT_ASKED;
        }
        return timeOver ? Substitute.OVER : Substitute.ASKED;
    }

    private static Standing.Escalation escalation(Escalations.EscalationRow row, boolean timeOver) {
        int reached = row.levels().indexOf(row.levelOf(row.level()).orElse(null));
        var levels = new java.util.ArrayList<Standing.Level>();
        for (int index = 0; index < row.levels().size(); index++) {
            var level = row.levels().get(index);
            var answers = new HashMap<String, Standing.Answer>();
            row.answers().stream()
                    .filter(answer -> answer.level().equals(level.id()))
                    .forEach(answer -> answers.put(answer.group(), answer.answer()));
            boolean over = index < reached || (index == reached && timeOver);
            levels.add(new Standing.Level(level.id(), level.mode(), level.groups(), answers, over));
        }
        return new Standing.Escalation(row.matters(), levels);
    }
}
