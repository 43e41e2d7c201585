package dev.countersign.rollout.webhook;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A deployment system that answers signed webhooks.
 *
 * @param url where the system listens; without it there is no such connector
 * @param secret shared with the system, at least 32 characters, from the environment or a file
 * @param timeout of one call; the calls of one step together are bounded besides
 */
@ConfigurationProperties("countersign.rollout.webhook")
record DeploymentWebhookProperties(URI url, String secret, @DefaultValue("PT4S") Duration timeout) {
    private static final int SHORTEST_SECRET = 32;

    DeploymentWebhookProperties {
        if (url != null && (secret == null || secret.length() < SHORTEST_SECRET)) {
            throw new IllegalArgumentException(
                    "countersign.rollout.webhook.secret needs at least " + SHORTEST_SECRET + " characters");
        }
    }
}
