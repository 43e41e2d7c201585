package dev.countersign.review;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a review stands: everything that {@link DecisionRule} looks at, and nothing else.
 *
 * @param quorum distinct persons who must have taken a position
 * @param meetingOver the time to hold the mandatory meeting has passed
 */
record Standing(
        List<Seat> seats,
        List<Condition> conditions,
        int quorum,
        boolean meetingOver,
        List<Escalation> escalations,
        List<Appeal> appeals) {

    enum Flag {
        REQUIRED,
        VETO,
        ADVISORY
    }

    /** @param id of the vote, so that another vote of the same seat is another matter */
    record Ballot(String id, String voter, Choice choice) {}

    enum Substitute {
        /** The seat has no alternate. */
        NONE,
        NOT_ASKED,
        ASKED,
        /** Asked, and the time to answer has passed. */
        OVER
    }

    /**
     * @param vote the valid vote of the seat itself; null while silent
     * @param timeOver the time to vote has passed
     * @param alternateVote the valid vote of its alternate; null while silent
     * @param meeting must be present or delegated at the meeting
     * @param represented was present or delegated
     */
    record Seat(
            String id,
            Flag flag,
            Ballot vote,
            boolean timeOver,
            Substitute alternate,
            Ballot alternateVote,
            boolean meeting,
            boolean represented) {
        boolean required() {
            return flag != Flag.ADVISORY;
        }
    }

    /** A condition due before rollout. @param seat whose vote demands it; null where the review of the history does */
    record Condition(String id, String seat, boolean open, boolean overdue) {}

    enum Answer {
        GO,
        NO_GO
    }

    /** The question to a veto seat's own authority line. @param answer null while silent */
    record Appeal(String matter, Answer answer, boolean over) {}

    enum Mode {
        /** States the facts; decides nothing. */
        FACTS,
        /** All groups, with one voice. */
        JOINTLY,
        ALONE
    }

    /** @param answers what each group said, null where it stated facts; silent ones are absent @param over the level's time has passed */
    record Level(String id, Mode mode, List<String> groups, Map<String, Answer> answers, boolean over) {}

    /** @param matters what it decides about, as the rule named them */
    record Escalation(Set<String> matters, List<Level> levels) {}
}
