package dev.countersign.identity;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Keys {@code countersign.identity.*}.
 *
 * @param bootstrapAdminSecret a one-time secret of at least 16 characters that lets its holder create the first
 *     administrator at {@code /first-administrator}; only needed where there is none yet, and worthless once used
 */
@ConfigurationProperties("countersign.identity")
record IdentitySettings(String bootstrapAdminSecret) {
    static final int SHORTEST_SECRET = 16;

    IdentitySettings {
        bootstrapAdminSecret =
                bootstrapAdminSecret == null || bootstrapAdminSecret.isBlank() ? null : bootstrapAdminSecret;
        if (bootstrapAdminSecret != null && bootstrapAdminSecret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "countersign.identity.bootstrap-admin-secret needs at least " + SHORTEST_SECRET + " characters");
        }
    }
}
