package dev.countersign.rollback;

/** Where the ladder leads on after a validation, in the words of its model. */
enum NextRung {
    PROVEN,
    /** The stable version is deployed anew. */
    REDEPLOY,
    /** The database is taken down by the platform. */
    DOWNGRADE,
    /** A person is asked whether the database is taken down. */
    ASK,
    /** No rung is left. */
    HANDS
}
