package dev.countersign.identity;

import java.util.Set;

/** Who acts now: always from the authentication, never from a request's body. */
public interface Actors {
    /** The id used where no person acts: timers, jobs, the platform's own measurements. */
    String PLATFORM = "countersign";

    /** The authenticated person's id, or {@link #PLATFORM} where nobody is authenticated (a job, a timer). */
    String current();

    /** The groups of {@link #current()}; empty for the platform. */
    Set<String> currentGroups();

    default boolean has(Role role) {
        return currentGroups().contains(role.id());
    }

    /** @throws NotEntitled when the current actor has none of the roles */
    void require(Role... anyOf);
}
