package dev.countersign.identity;

import java.util.Arrays;
import java.util.Optional;

/** The roles of people and service accounts. The group's id in the engine is the role's id. */
public enum Role {
    RELEASE_MANAGER,
    DEVELOPER,
    QA,
    SECURITY,
    HEAD_OF_SECURITY,
    OPERATIONS,
    HEAD_OF_OPERATIONS,
    COMPLIANCE,
    PRODUCT,
    HEAD_OF_PRODUCT,
    LEGAL,
    PRIVACY,
    SRE,
    ON_CALL,
    SUPPORT,
    FACILITATOR,
    PROCESS_OWNER,
    AUDITOR,
    EXECUTIVE,
    ADMIN,
    CI,
    MONITORING;

    /** The group's id, for example {@code head-of-security}. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    public static Optional<Role> of(String id) {
        return Arrays.stream(values()).filter(role -> role.id().equals(id)).findFirst();
    }
}
