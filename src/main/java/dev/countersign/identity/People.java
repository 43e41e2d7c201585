package dev.countersign.identity;

import java.util.List;
import java.util.Optional;

/** Who there is. Backed by the engine's identity service. */
public interface People {
    Optional<Person> find(String id);

    /** Everybody in a group, by id. */
    List<Person> inGroup(String group);
}
