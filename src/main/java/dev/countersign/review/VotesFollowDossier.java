package dev.countersign.review;

import dev.countersign.identity.Actors;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Voids the votes whose seats saw something else, and only those. */
@Component
class VotesFollowDossier {
    private final Seats seats;
    private final VoteStore votes;
    private final Dossiers dossiers;
    private final DossierChanges changes;
    private final Timeline timeline;
    private final AgreedConditions agreed;
    private final Clock clock;

    VotesFollowDossier(
            Seats seats,
            VoteStore votes,
            Dossiers dossiers,
            DossierChanges changes,
            Timeline timeline,
            AgreedConditions agreed,
            Clock clock) {
        this.seats = seats;
        this.votes = votes;
        this.dossiers = dossiers;
        this.changes = changes;
        this.timeline = timeline;
        this.agreed = agreed;
        this.clock = clock;
    }

    @EventListener
    void on(MaterialDossierChanged change) {
        changes.add(change);
        var valid = votes.valid(change.releaseKey());
        if (valid.isEmpty()) {
            return;
        }
        var now = dossiers.of(change.releaseKey());
        boolean voided = false;
        for (VoteRow vote : valid) {
            var sees = seats.find(change.releaseKey(), vote.seat())
                    .map(seat -> seat.sees(now))
                    .orElse(Map.of());
            if (!sees.equals(vote.seen())) {
                String because = "what " + vote.seat() + " voted on changed: "
                        + String.join(", ", Difference.between(vote.seen(), sees));
                voided = true;
                votes.voidVote(change.releaseKey(), vote.id(), OffsetDateTime.now(clock), because);
                timeline.record(
                        change.releaseKey(),
                        "vote.voided",
                        Actors.PLATFORM,
                        "The vote " + vote.vote() + " of " + vote.voter() + " for " + vote.seat() + " is void: "
                                + because,
                        Map.of("vote", vote.id(), "seat", vote.seat(), "dossier", change.now()));
            }
        }
        if (voided) {
            agreed.recheck(change.releaseKey());
        }
    }
}
