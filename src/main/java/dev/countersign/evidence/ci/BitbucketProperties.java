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
 * @param url of the API of Bitbucket Cloud: {@code https://api.bitbucket.org/2.0}; without it Bitbucket is not asked
 * @param token that may read repositories, from the environment; or in a file, {@code token-file}, read anew for each call
 * @param webhookSecret of the repository's webhook, at least 16 characters; or in a file, {@code webhook-secret-file}; without one the path is closed
 * @param maxResponse an answer larger than this is none
 */
@ConfigurationProperties("countersign.evidence.bitbucket")
record BitbucketProperties(
        URI url,
        String token,
        Path tokenFile,
        String webhookSecret,
        Path webhookSecretFile,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("10MB") DataSize maxResponse) {
    BitbucketProperties {
        BaseAddress.check("countersign.evidence.bitbucket.url", url);
        Hooks.check("countersign.evidence.bitbucket", webhookSecret, webhookSecretFile);
        if (url != null && Secret.of("countersign.evidence.bitbucket.token", token, tokenFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.bitbucket needs token or token-file");
        }
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.bitbucket.token", token, tokenFile);
    }

    Secret hook() {
        return Secret.of("countersign.evidence.bitbucket.webhook-secret", webhookSecret, webhookSecretFile);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "BitbucketProperties[url=" + url + "]";
    }
}
