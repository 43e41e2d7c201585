package dev.countersign.review;

import java.time.Instant;
import java.util.List;

/** Seats, votes and the decision of a release's readiness review. */
public interface Review {
    View of(String releaseKey);

    /**
     * @param decision {@code GO}, {@code NO_GO} or {@code OPEN}
     * @param why the rule that decided, or what is missing, in one sentence
     */
    record View(String releaseKey, String decision, String why, Instant decidedAt, List<Seat> seats) {}

    /** @param flag {@code required}, {@code veto} (required too) or {@code advisory} */
    record Seat(String role, String scope, String flag, String alternate, String authority, Vote vote) {}

    /** @param dossier the material digest the voter saw; @param voidedAt set when what the seat saw has changed since */
    record Vote(
            long id,
            String seat,
            String voter,
            String onBehalfOf,
            String vote,
            String reason,
            List<Condition> conditions,
            String dossier,
            Instant castAt,
            Instant voidedAt) {}

    record Condition(
            long id, String text, String owner, String due, boolean beforeRollout, String check, Instant metAt) {}
}
