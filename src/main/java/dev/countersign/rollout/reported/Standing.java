package dev.countersign.rollout.reported;

/** How a reported deployment stands to what was approved. Only the first two are of production; only they are counted. */
enum Standing {
    APPROVED,
    UNAPPROVED,
    /** In an environment that the catalog knows, and that is not production. */
    ELSEWHERE,
    /** In an environment that no file of the catalog declares: whether it is production is not guessed. */
    UNKNOWN,
    /** Nothing of it has begun. */
    WAITING;

    boolean isProduction() {
        return this == APPROVED || this == UNAPPROVED;
    }

    /** As the page says it. */
    String words() {
        return switch (this) {
            case APPROVED -> "approved";
            case UNAPPROVED -> "past the platform";
            case ELSEWHERE -> "not production";
            case UNKNOWN -> "unknown environment";
            case WAITING -> "not begun";
        };
    }
}
