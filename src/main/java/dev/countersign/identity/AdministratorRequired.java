package dev.countersign.identity;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Refuses to start without an administrator and without a way to make one. An engine without administrators offers to create one
 * to whoever asks first (CVE-2026-77226).
 */
@Component
class AdministratorRequired implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(AdministratorRequired.class);

    private final FirstAdministrator first;

    AdministratorRequired(FirstAdministrator first) {
        this.first = first;
    }

    /** All beans are made, sample people too; the port is not open yet. */
    @Override
    public void afterSingletonsInstantiated() {
        if (first.exists()) {
            return;
        }
        if (!first.isAwaited()) {
            throw new IllegalStateException(
                    "There is no administrator. Set countersign.identity.bootstrap-admin-secret (environment:"
                            + " COUNTERSIGN_IDENTITY_BOOTSTRAP_ADMIN_SECRET) to a one-time secret that was never used, start again, and"
                            + " make the first administrator at /first-administrator");
        }
        LOG.warn("There is no administrator yet: make the first one at /first-administrator with the one-time secret");
    }
}
