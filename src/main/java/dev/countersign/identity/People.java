package dev.countersign.identity;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Who there is. Backed by the engine's identity service. */
public interface People {
    Optional<Person> find(String id);

    /** The one whose id or mail address this is; empty where there is none, or more than one has the address. */
    Optional<Person> known(String idOrAddress);

    /** Everybody in one of these groups, once, by id. */
    List<Addressee> inGroups(Collection<String> groups);

    /** Whether there is a group of this name with somebody in it. */
    boolean hasMembers(String group);

    /** Whom something is sent to. What a person may do, their groups, is asked of {@link #find}. */
    record Addressee(String id, String name, String email) {}
}
