package dev.countersign.evidence.ci;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of Jenkins; without it Jenkins is not asked
 * @param user whose API token it is
 * @param token from the environment; or in a file, {@code token-file}, read anew for each call
 * @param webhookSecret shared with the notification, at least 16 characters; or in a file, {@code webhook-secret-file}; without one the path is closed
 * @param builds how many of a job's latest builds are searched for the commit
 * @param maxResponse an answer larger than this is none
 */
@ConfigurationProperties("countersign.evidence.jenkins")
record JenkinsProperties(
        URI url,
        String user,
        String token,
        Path tokenFile,
        String webhookSecret,
        Path webhookSecretFile,
        @DefaultValue("100") int builds,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("50MB") DataSize maxResponse) {
    JenkinsProperties {
        BaseAddress.check("countersign.evidence.jenkins.url", url);
        Hooks.check("countersign.evidence.jenkins", webhookSecret, webhookSecretFile);
        if (url != null
                && (user == null || Secret.of("countersign.evidence.jenkins.token", token, tokenFile) == null)) {
            throw new IllegalArgumentException("countersign.evidence.jenkins needs user, and token or token-file");
        }
        if (builds < 1 || builds > 1000) {
            throw new IllegalArgumentException("countersign.evidence.jenkins.builds is between 1 and 1000");
        }
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.jenkins.token", token, tokenFile);
    }

    Secret hook() {
        return Secret.of("countersign.evidence.jenkins.webhook-secret", webhookSecret, webhookSecretFile);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "JenkinsProperties[url=" + url + "]";
    }
}
