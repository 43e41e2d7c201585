package dev.countersign.review;

import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Casting a vote: who may, on what, and what is written down. */
@Component
class Votes {
    private final Releases releases;
    private final Dossiers dossiers;
    private final DossierChanges changes;
    private final Seats seats;
    private final VoteStore votes;
    private final Conditions conditions;
    private final Delegations delegations;
    private final Actors actors;
    private final People people;
    private final Timeline timeline;
    private final Clock clock;

    Votes(
            Releases releases,
            Dossiers dossiers,
            DossierChanges changes,
            Seats seats,
            VoteStore votes,
            Conditions conditions,
            Delegations delegations,
            Actors actors,
            People people,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.dossiers = dossiers;
        this.changes = changes;
        this.seats = seats;
        this.votes = votes;
        this.conditions = conditions;
        this.delegations = delegations;
        this.actors = actors;
        this.people = people;
        this.timeline = timeline;
        this.clock = clock;
    }

    /** @param dossier the material digest that the voter saw */
    record Statement(
            Choice choice, String reason, String criterion, List<Conditions.Stated> conditions, String dossier) {}

    /** @param capacity {@code seat} or {@code alternate} */
    void cast(String releaseKey, String seatId, String capacity, String voter, Statement statement) {
        // The row is held until the commit: two votes of one person on two seats must see each other.
        Release release = releases.lock(releaseKey);
        SeatRow seat = seats.find(releaseKey, seatId)
                .orElseThrow(() -> TaskRefused.invalid("seat", releaseKey + " has no seat " + seatId));
        checkVoter(release, seat, capacity, voter);
        checkStatement(statement);
        checkDossier(release, statement.dossier());

        String principal = delegations.of(releaseKey).stream()
                .filter(delegation -> delegation.seat().equals(seatId)
                        && delegation.delegate().equals(voter))
                .map(Delegations.Delegation::principal)
                .findFirst()
                .orElse(null);
        var seen = seat.sees(dossiers.of(releaseKey));
        long id = votes.add(
                releaseKey,
                new VoteRow(
                        0,
                        seatId,
                        capacity,
                        voter,
                        principal,
                        statement.choice(),
                        statement.reason(),
                        statement.criterion(),
                        statement.dossier(),
                        seen,
                        OffsetDateTime.now(clock),
                        null,
                        null));
        statement.conditions().forEach(condition -> conditions.add(releaseKey, id, seatId, voter, condition));
        record(release, seat, capacity, voter, principal, id, statement);
    }

    private void record(
            Release release,
            SeatRow seat,
            String capacity,
            String voter,
            String principal,
            long id,
            Statement statement) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("vote", id);
        detail.put("seat", seat.id());
        detail.put("capacity", capacity);
        detail.put("choice", statement.choice().name());
        detail.put("dossier", statement.dossier());
        detail.put("conditions", statement.conditions().size());
        if (principal != null) {
            detail.put("onBehalfOf", principal);
        }
        if (statement.reason() != null) {
            detail.put("reason", statement.reason());
        }
        timeline.record(
                release.key(),
                "vote.cast",
                voter,
                voter + " voted " + statement.choice() + " for " + seat.id()
                        + (VoteRow.ALTERNATE.equals(capacity) ? " as alternate" : "")
                        + (principal == null ? "" : " on behalf of " + principal)
                        + (statement.reason() == null ? "." : ": " + statement.reason()),
                detail);
    }

    private void checkVoter(Release release, SeatRow seat, String capacity, String voter) {
        if (release.isAuthorOrRequester(voter)) {
            throw TaskRefused.forbidden(voter + " wrote or requested " + release.key() + " and does not vote on it");
        }
        boolean asAlternate = VoteRow.ALTERNATE.equals(capacity);
        String group = asAlternate ? seat.alternate() : seat.group();
        if (!actors.currentGroups().contains(group)) {
            throw TaskRefused.forbidden(
                    "The seat " + seat.id() + (asAlternate ? "'s alternate" : "") + " belongs to the group " + group);
        }
        var valid = votes.valid(release.key());
        for (VoteRow vote : valid) {
            boolean theirs = vote.voter().equals(voter) || voter.equals(vote.onBehalfOf());
            if (theirs && !vote.seat().equals(seat.id())) {
                throw TaskRefused.forbidden(
                        voter + " sits on the seat " + vote.seat() + " already: one person, one seat");
            }
            if (vote.seat().equals(seat.id())) {
                if (theirs && asAlternate) {
                    throw TaskRefused.forbidden(voter + " voted for the seat " + seat.id()
                            + " and is not its alternate in the same review");
                }
                if (vote.capacity().equals(capacity) || vote.vote().takesPosition()) {
                    throw TaskRefused.stale("The seat " + seat.id() + " has voted: " + vote.vote() + " by "
                            + vote.voter() + ", and what it saw has not changed since");
                }
            }
        }
    }

    private void checkStatement(Statement statement) {
        if (statement.choice().needsReason()
                && (statement.reason() == null || statement.reason().isBlank())) {
            throw TaskRefused.invalid("reason", "A vote " + statement.choice() + " needs a reason");
        }
        boolean conditional = statement.choice() == Choice.GO_WITH_CONDITIONS;
        if (conditional && statement.conditions().isEmpty()) {
            throw TaskRefused.invalid("conditions", "GO_WITH_CONDITIONS needs at least one condition");
        }
        if (!conditional && !statement.conditions().isEmpty()) {
            throw TaskRefused.invalid("conditions", "Only GO_WITH_CONDITIONS carries conditions");
        }
        check(statement.conditions());
    }

    /** A condition names what must be true, whose it is, and by when. */
    void check(List<Conditions.Stated> stated) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        for (Conditions.Stated condition : stated) {
            if (!condition.due().isAfter(now)) {
                throw TaskRefused.invalid(
                        "conditions", "A condition must be due in the future, not " + condition.due());
            }
            if (people.find(condition.owner()).isEmpty() && !people.hasMembers(condition.owner())) {
                throw TaskRefused.invalid(
                        "conditions",
                        "A condition's owner must be a person or a group: nobody knows " + condition.owner());
            }
        }
    }

    private void checkDossier(Release release, String seen) {
        if (seen == null || seen.isBlank()) {
            throw TaskRefused.invalid("dossier", "A vote names the dossier that the voter saw");
        }
        if (!Objects.equals(seen, release.materialDigest())) {
            var parts = changes.since(release.key(), seen);
            throw TaskRefused.stale(
                    parts == null
                            ? "No dossier of " + release.key() + " ever was " + seen + "; it is "
                                    + release.materialDigest()
                            : "The dossier changed since you opened it, in " + String.join(", ", parts)
                                    + ". Look again before you vote; it is " + release.materialDigest() + " now");
        }
    }
}
