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
 * @param url of GitLab, {@code https://gitlab.com}; without it GitLab is not asked
 * @param token with the scope {@code read_api}, from the environment; or in a file, {@code token-file}, read anew for each call
 * @param webhookSecret the webhook's secret token, at least 16 characters; or in a file, {@code webhook-secret-file}; without one the path is closed
 * @param maxArchive an archive larger than this, packed or unpacked, is none
 */
@ConfigurationProperties("countersign.evidence.gitlab")
record GitlabProperties(
        URI url,
        String token,
        Path tokenFile,
        String webhookSecret,
        Path webhookSecretFile,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("50MB") DataSize maxArchive) {
    GitlabProperties {
        BaseAddress.check("countersign.evidence.gitlab.url", url);
        Hooks.check("countersign.evidence.gitlab", webhookSecret, webhookSecretFile);
        if (url != null && Secret.of("countersign.evidence.gitlab.token", token, tokenFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.gitlab needs token or token-file");
        }
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.gitlab.token", token, tokenFile);
    }

    Secret hook() {
        return Secret.of("countersign.evidence.gitlab.webhook-secret", webhookSecret, webhookSecretFile);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "GitlabProperties[url=" + url + "]";
    }
}
