package dev.countersign.evidence.ci;

import dev.countersign.evidence.http.Secret;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whoever sends events of pipelines (CDEvents). There is nothing to ask: the events are all that it says.
 *
 * @param webhookSecret shared with the senders, at least 16 characters; or in a file, {@code webhook-secret-file}; without one the path is closed
 */
@ConfigurationProperties("countersign.evidence.cdevents")
record CdeventsProperties(String webhookSecret, Path webhookSecretFile) {
    CdeventsProperties {
        Hooks.check("countersign.evidence.cdevents", webhookSecret, webhookSecretFile);
    }

    Secret hook() {
        return Secret.of("countersign.evidence.cdevents.webhook-secret", webhookSecret, webhookSecretFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "CdeventsProperties[open=" + (hook() != null) + "]";
    }
}
