package dev.countersign.criteria;

import dev.countersign.identity.Role;
import java.util.Arrays;
import java.util.List;

/** Who has to agree, and who decides for them when they do not. */
enum Party {
    PRODUCT(Role.PRODUCT, Role.HEAD_OF_PRODUCT),
    SECURITY(Role.SECURITY, Role.HEAD_OF_SECURITY),
    OPERATIONS(Role.OPERATIONS, Role.HEAD_OF_OPERATIONS);

    private final Role role;
    private final Role head;

    Party(Role role, Role head) {
        this.role = role;
        this.head = head;
    }

    static List<String> all() {
        return Arrays.stream(values()).map(party -> party.role.id()).toList();
    }

    static List<String> heads() {
        return Arrays.stream(values()).map(party -> party.head.id()).toList();
    }
}
