package dev.countersign.review;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class StoredReview implements Review {
    private final Releases releases;
    private final Seats seats;
    private final VoteStore votes;
    private final Conditions conditions;
    private final Meetings meetings;
    private final Escalations escalations;
    private final Appeals appeals;
    private final Rulings rulings;
    private final Delegations delegations;

    StoredReview(
            Releases releases,
            Seats seats,
            VoteStore votes,
            Conditions conditions,
            Meetings meetings,
            Escalations escalations,
            Appeals appeals,
            Rulings rulings,
            Delegations delegations) {
        this.releases = releases;
        this.seats = seats;
        this.votes = votes;
        this.conditions = conditions;
        this.meetings = meetings;
        this.escalations = escalations;
        this.appeals = appeals;
        this.rulings = rulings;
        this.delegations = delegations;
    }

    @Override
    @Transactional(readOnly = true)
    public View of(String releaseKey) {
        Release release = releases.get(releaseKey);
        var seatRows = seats.of(releaseKey);
        var allVotes = votes.all(releaseKey);
        var stated = conditions.of(releaseKey);
        var attendance = meetings.attendance(releaseKey);
        var ruling = rulings.latest(releaseKey)
                .filter(latest -> latest.dossier().equals(release.materialDigest()))
                .orElse(null);
        boolean decided = ruling != null && !Rulings.OPEN.equals(ruling.decision());
        return new View(
                releaseKey,
                decided ? ruling.decision() : Rulings.OPEN,
                ruling == null ? missing(release, seatRows) : ruling.why(),
                ruling == null ? null : ruling.rule(),
                decided ? ruling.decidedAt().toInstant() : null,
                release.materialDigest(),
                seats.quorum(releaseKey).persons(),
                ruling == null ? List.of() : ruling.dissent(),
                seatRows.stream()
                        .map(seat -> {
                            var entry = attendance.get(seat.id());
                            return new Seat(
                                    seat.id(),
                                    seat.role(),
                                    seat.scope(),
                                    seat.flag(),
                                    seat.group(),
                                    seat.alternate(),
                                    seat.authority(),
                                    seat.meeting(),
                                    entry == null ? null : entry.presence().name(),
                                    seat.because(),
                                    shown(allVotes, seat.id(), stated));
                        })
                        .toList(),
                stated.stream().map(StoredReview::view).toList(),
                meetings.latest(releaseKey)
                        .map(meeting -> new Meeting(
                                instant(meeting.startsAt()),
                                instant(meeting.endsAt()),
                                instant(meeting.heldAt()),
                                meeting.recordedBy(),
                                meeting.minutes()))
                        .orElse(null),
                escalations.all(releaseKey).stream().map(StoredReview::view).toList(),
                appeals.all(releaseKey).stream()
                        .map(appeal -> new Appeal(
                                appeal.seat(),
                                appeal.why(),
                                instant(appeal.openedAt()),
                                appeal.answer() == null ? null : appeal.answer().name(),
                                appeal.answeredBy(),
                                appeal.reason()))
                        .toList(),
                delegations.of(releaseKey).stream()
                        .map(given ->
                                new Handed(given.seat(), given.principal(), given.delegate(), instant(given.until())))
                        .toList());
    }

    @Override
    public List<Said> said(String releaseKey) {
        var allVotes = votes.all(releaseKey);
        return seats.of(releaseKey).stream()
                .flatMap(seat -> Stream.ofNullable(shown(allVotes, seat.id(), List.of()))
                        .map(vote -> new Said(seat.role(), vote.vote())))
                .toList();
    }

    /** The position of a seat if there is one, else its last valid vote, else its last vote. */
    private static Vote shown(List<VoteRow> all, String seat, List<ConditionRow> conditions) {
        var own = all.stream().filter(vote -> vote.seat().equals(seat)).toList();
        var valid = own.stream().filter(vote -> vote.voidedAt() == null).toList();
        return Stream.of(
                        valid.stream()
                                .filter(vote -> vote.vote().takesPosition())
                                .toList(),
                        valid,
                        own)
                .filter(some -> !some.isEmpty())
                .findFirst()
                .map(some -> some.get(some.size() - 1))
                .map(vote -> view(vote, conditions))
                .orElse(null);
    }

    private static Vote view(VoteRow vote, List<ConditionRow> conditions) {
        return new Vote(
                vote.id(),
                vote.seat(),
                vote.voter(),
                vote.onBehalfOf(),
                vote.isAlternate(),
                vote.vote().name(),
                vote.reason(),
                conditions.stream()
                        .filter(condition -> Objects.equals(condition.voteId(), vote.id()))
                        .map(StoredReview::view)
                        .toList(),
                vote.dossier(),
                instant(vote.castAt()),
                instant(vote.voidedAt()),
                vote.voidedBecause());
    }

    private static Condition view(ConditionRow condition) {
        return new Condition(
                condition.id(),
                condition.seat(),
                condition.text(),
                condition.owner(),
                instant(condition.due()).toString(),
                condition.beforeRollout(),
                condition.check(),
                instant(condition.metAt()));
    }

    private static Escalation view(Escalations.EscalationRow row) {
        return new Escalation(
                row.why(),
                row.level(),
                instant(row.openedAt()),
                instant(row.decidedAt()),
                row.decision(),
                row.answers().stream()
                        .map(answer -> new Statement(
                                answer.level(),
                                answer.group(),
                                answer.person(),
                                answer.answer() == null ? null : answer.answer().name(),
                                answer.statement(),
                                instant(answer.at())))
                        .toList());
    }

    private String missing(Release release, List<SeatRow> seatRows) {
        if (seatRows.isEmpty()) {
            return "The review has not begun.";
        }
        var unrepresented = meetings.unrepresented(release.key(), seatRows);
        if (!unrepresented.isEmpty()) {
            return "Waiting for the meeting with " + String.join(", ", unrepresented) + ".";
        }
        var voted = votes.valid(release.key()).stream().map(VoteRow::seat).collect(Collectors.toSet());
        var waiting = seatRows.stream()
                .map(SeatRow::id)
                .filter(seat -> !voted.contains(seat))
                .toList();
        return waiting.isEmpty()
                ? "Every seat has voted."
                : "Waiting for " + waiting.size() + " of " + seatRows.size() + " seats: " + String.join(", ", waiting)
                        + ".";
    }

    private static Instant instant(OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }
}
