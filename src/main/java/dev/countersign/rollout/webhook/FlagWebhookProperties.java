package dev.countersign.rollout.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A flag management system that answers signed webhooks, for whatever has no connector of its own.
 *
 * @param url where the system listens; without it there is no such connector
 * @param secret shared with the system, at least 32 characters, from the environment or a file
 * @param timeout of one call; the calls of one step together are bounded besides
 * @param services whose flags it manages, by their names in the catalog
 */
@ConfigurationProperties("countersign.rollout.flag-webhook")
record FlagWebhookProperties(
        URI url, String secret, @DefaultValue("PT4S") Duration timeout, @DefaultValue({}) Set<String> services) {
    FlagWebhookProperties {
        services = services == null ? Set.of() : Set.copyOf(services);
    }

    /** @throws IllegalArgumentException for a secret that is none */
    DeploymentWebhookProperties call() {
        return new DeploymentWebhookProperties(url, secret, timeout);
    }
}
