package dev.countersign.review;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Seats, votes and the decision of a release's readiness review. */
public interface Review {

    View of(String releaseKey);

    /** What each seat that voted said last, in the order of the seats; {@link Seat#vote} without the rest of the review. */
    List<Said> said(String releaseKey);

    /**
     * The review of a hotfix says GO. In memory, in the transaction that decided.
     *
     * @param deciders whoever took a position, lifted a veto or decided an escalation, and whomever they voted for
     */
    record Decided(String releaseKey, Instant at, Set<String> deciders) {
        public Decided {
            deciders = Set.copyOf(deciders);
        }
    }

    /** @param vote as {@link Vote#vote} */
    record Said(String role, String vote) {}

    /**
     * @param decision {@code GO}, {@code NO_GO} or {@code OPEN}; bound to the dossier as it is now
     * @param why the rule that decided, or what is missing, in one sentence
     * @param rule number of the decision rule that said so; null while people are asked
     * @param dossier the material digest now
     * @param quorum persons who must take a position
     * @param dissent what stood against a decision that was made
     * @param conditions those that count now
     * @param meeting null where none was called
     */
    record View(
            String releaseKey,
            String decision,
            String why,
            Integer rule,
            Instant decidedAt,
            String dossier,
            int quorum,
            List<String> dissent,
            List<Seat> seats,
            List<Condition> conditions,
            Meeting meeting,
            List<Escalation> escalations,
            List<Appeal> appeals,
            List<Handed> delegations) {
        /** Before anything but votes is there. */
        public View(String releaseKey, String decision, String why, Instant decidedAt, List<Seat> seats) {
            this(
                    releaseKey,
                    decision,
                    why,
                    null,
                    decidedAt,
                    null,
                    0,
                    List.of(),
                    seats,
                    List.of(),
                    null,
                    List.of(),
                    List.of(),
                    List.of());
        }
    }

    /** A seat that its principal lets somebody else vote for, as long as that holds. */
    record Handed(String seat, String principal, String delegate, Instant until) {}

    /**
     * @param id what votes name: the role, with its scope where that is not the whole release
     * @param flag {@code required}, {@code veto} (required too) or {@code advisory}
     * @param group whose people vote
     * @param attendance {@code PRESENT}, {@code DELEGATED}, {@code ABSENT} or null
     * @param vote the valid vote, else the last one that was voided; null where there was none
     */
    record Seat(
            String id,
            String role,
            String scope,
            String flag,
            String group,
            String alternate,
            String authority,
            boolean meeting,
            String attendance,
            String because,
            Vote vote) {
        /** A seat of the whole release without a meeting, whose group is called like the role. */
        public Seat(String role, String scope, String flag, String alternate, String authority, Vote vote) {
            this(role, role, scope, flag, role, alternate, authority, false, null, "", vote);
        }
    }

    /**
     * @param onBehalfOf the principal where a delegate voted
     * @param dossier the material digest the voter saw
     * @param voidedAt set when what the seat saw has changed since
     */
    record Vote(
            long id,
            String seat,
            String voter,
            String onBehalfOf,
            boolean asAlternate,
            String vote,
            String reason,
            List<Condition> conditions,
            String dossier,
            Instant castAt,
            Instant voidedAt,
            String voidedBecause) {
        /** The seat's own vote. */
        public Vote(
                long id,
                String seat,
                String voter,
                String onBehalfOf,
                String vote,
                String reason,
                List<Condition> conditions,
                String dossier,
                Instant castAt,
                Instant voidedAt) {
            this(id, seat, voter, onBehalfOf, false, vote, reason, conditions, dossier, castAt, voidedAt, null);
        }
    }

    /** @param seat whose vote demands it; null where the review of the history does */
    record Condition(
            long id,
            String seat,
            String text,
            String owner,
            String due,
            boolean beforeRollout,
            String check,
            Instant metAt) {
        /** One that no seat demands. */
        public Condition(
                long id, String text, String owner, String due, boolean beforeRollout, String check, Instant metAt) {
            this(id, null, text, owner, due, beforeRollout, check, metAt);
        }
    }

    record Meeting(Instant start, Instant end, Instant heldAt, String recordedBy, String minutes) {}

    /** @param level the last level that was asked */
    record Escalation(
            String why,
            String level,
            Instant openedAt,
            Instant decidedAt,
            String decision,
            List<Statement> statements) {}

    /** @param answer {@code GO}, {@code NO_GO}, or null where facts were stated */
    record Statement(String level, String group, String person, String answer, String statement, Instant at) {}

    /** A veto before its own authority line. @param answer {@code GO} where lifted, {@code NO_GO} where it stays, null while open */
    record Appeal(String seat, String why, Instant openedAt, String answer, String answeredBy, String reason) {}
}
