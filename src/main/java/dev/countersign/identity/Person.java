package dev.countersign.identity;

import java.util.Set;

/** A person or service account with the groups it belongs to. */
public record Person(String id, String name, String email, Set<String> groups) {
    public Person {
        groups = Set.copyOf(groups);
    }

    public boolean has(Role role) {
        return groups.contains(role.id());
    }
}
