package dev.countersign.review;

import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Handing a seat of one release to a named person of the same group, until a date, one hop. */
@Component
class Delegating {
    private final Releases releases;
    private final Seats seats;
    private final VoteStore votes;
    private final Delegations delegations;
    private final Actors actors;
    private final People people;
    private final Timeline timeline;
    private final Clock clock;

    Delegating(
            Releases releases,
            Seats seats,
            VoteStore votes,
            Delegations delegations,
            Actors actors,
            People people,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.seats = seats;
        this.votes = votes;
        this.delegations = delegations;
        this.actors = actors;
        this.people = people;
        this.timeline = timeline;
        this.clock = clock;
    }

    @Transactional
    Map<String, Object> delegate(String releaseKey, String seatId, String delegate, String until) {
        String principal = actors.current();
        try {
            return delegate(releases.lock(releaseKey), seatId, principal, delegate, until);
        } catch (Problem refusal) {
            timeline.refused(
                    releaseKey,
                    "delegation.refused",
                    principal,
                    "Refused to delegate " + seatId + " from " + principal + " to " + delegate + ": "
                            + refusal.getMessage(),
                    Map.of());
            throw refusal;
        }
    }

    private Map<String, Object> delegate(
            Release release, String seatId, String principal, String delegate, String until) {
        SeatRow seat = seats.find(release.key(), seatId)
                .orElseThrow(() -> Problem.invalid("/seat", release.key() + " has no seat " + seatId));
        if (!actors.currentGroups().contains(seat.group())) {
            throw Problem.forbidden("The seat " + seatId + " belongs to the group " + seat.group());
        }
        Person person = people.find(String.valueOf(delegate))
                .filter(known -> known.groups().contains(seat.group()))
                .orElseThrow(() -> Problem.invalid(
                        "/delegate",
                        "The delegate must be a person of the group " + seat.group() + ", not " + delegate));
        if (person.id().equals(principal)) {
            throw Problem.invalid("/delegate", "A seat is delegated to somebody else");
        }
        if (release.isAuthorOrRequester(principal) || release.isAuthorOrRequester(person.id())) {
            throw Problem.forbidden("Who wrote or requested " + release.key() + " neither votes nor delegates");
        }
        var valid = votes.valid(release.key());
        if (valid.stream().anyMatch(vote -> vote.seat().equals(seatId) && !vote.isAlternate())) {
            throw Problem.conflict("The seat " + seatId + " has voted");
        }
        if (valid.stream().anyMatch(vote -> vote.voter().equals(person.id()))) {
            throw Problem.forbidden(person.id() + " sits on another seat: one person, one seat");
        }
        for (var given : delegations.of(release.key())) {
            if (given.delegate().equals(principal) || given.principal().equals(person.id())) {
                throw Problem.forbidden(
                        "A delegation is one hop: " + given.delegate() + " acts for " + given.principal() + " already");
            }
            if (given.delegate().equals(person.id()) && !given.seat().equals(seatId)) {
                throw Problem.forbidden(person.id() + " is delegate for " + given.seat() + ": one person, one seat");
            }
        }
        OffsetDateTime end = until(until);
        delegations.give(release.key(), seatId, principal, person.id(), end);
        timeline.record(
                release.key(),
                "seat.delegated",
                principal,
                principal + " delegated the seat " + seatId + " to " + person.id() + " until " + end + ".",
                Map.of("seat", seatId, "principal", principal, "delegate", person.id(), "until", end.toString()));
        return Map.of("seat", seatId, "principal", principal, "delegate", person.id(), "until", end);
    }

    /** Only who gave it takes it back; a vote that the delegate has cast stays as it was valid then. */
    @Transactional
    void withdraw(String releaseKey, String seatId) {
        String principal = actors.current();
        releases.lock(releaseKey);
        if (!delegations.withdraw(releaseKey, seatId, principal)) {
            String why = "'%s' has delegated no seat %s of %s that could be withdrawn"
                    .formatted(principal, seatId, releaseKey);
            timeline.refused(
                    releaseKey,
                    "delegation.refused",
                    principal,
                    "Refused a withdrawal: " + why,
                    Map.of("seat", seatId));
            throw Problem.forbidden(why);
        }
        timeline.record(
                releaseKey,
                "seat.delegation-withdrawn",
                principal,
                principal + " votes for the seat " + seatId + " again.",
                Map.of("seat", seatId, "principal", principal));
    }

    private OffsetDateTime until(String text) {
        OffsetDateTime end;
        try {
            end = StatedConditions.due(String.valueOf(text));
        } catch (TaskRefused unreadable) {
            throw Problem.invalid("/until", unreadable.getMessage());
        }
        if (!end.isAfter(OffsetDateTime.now(clock))) {
            throw Problem.invalid("/until", "A delegation ends in the future, not at " + end);
        }
        return end;
    }
}
