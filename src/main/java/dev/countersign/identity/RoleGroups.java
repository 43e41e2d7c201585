package dev.countersign.identity;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/** One group for each role, and the engine's own group of administrators. Made at start, before anybody can log in. */
@Component
class RoleGroups implements InitializingBean {
    static final String CAMUNDA_ADMIN = "camunda-admin";

    private final EngineGroups groups;

    RoleGroups(EngineGroups groups) {
        this.groups = groups;
    }

    @Override
    public void afterPropertiesSet() {
        groups.ensure(CAMUNDA_ADMIN, "Administrators of the engine", EngineGroups.SYSTEM);
        for (Role role : Role.values()) {
            groups.ensure(role.id(), title(role));
        }
    }

    /** For example "Head of security". */
    static String title(Role role) {
        return switch (role) {
            case QA -> "QA";
            case SRE -> "SRE";
            case CI -> "CI (service account)";
            case MONITORING -> "Monitoring (service account)";
            default -> {
                String words = role.id().replace('-', ' ');
                yield Character.toUpperCase(words.charAt(0)) + words.substring(1);
            }
        };
    }
}
