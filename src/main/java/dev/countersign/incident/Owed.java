package dev.countersign.incident;

import java.time.Instant;

/** Something that a person or a group owes until a day. */
interface Owed {
    String text();

    /** A user's id, or a group's. */
    String owner();

    boolean ownedByGroup();

    Instant due();

    /** How often it was raised because it was overdue. */
    int escalations();
}
