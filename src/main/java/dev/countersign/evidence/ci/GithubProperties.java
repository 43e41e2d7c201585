package dev.countersign.evidence.ci;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of the API: {@code https://api.github.com}, or {@code https://github.example/api/v3}; without it GitHub is not asked
 * @param token that may read actions, from the environment; or in a file, {@code token-file}, read anew for each call
 * @param webhookSecret shared with the webhook, at least 16 characters; or in a file, {@code webhook-secret-file}; without one the path is closed
 * @param artifacts regular expression for the names of artifacts that hold reports
 * @param maxArchive an archive larger than this, packed or unpacked, is none
 */
@ConfigurationProperties("countersign.evidence.github")
record GithubProperties(
        URI url,
        String token,
        Path tokenFile,
        String webhookSecret,
        Path webhookSecretFile,
        @DefaultValue("(?i).*(test|junit|surefire|sarif|scan|report).*") Pattern artifacts,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("50MB") DataSize maxArchive) {
    GithubProperties {
        BaseAddress.check("countersign.evidence.github.url", url);
        Hooks.check("countersign.evidence.github", webhookSecret, webhookSecretFile);
        if (url != null && Secret.of("countersign.evidence.github.token", token, tokenFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.github needs token or token-file");
        }
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.github.token", token, tokenFile);
    }

    Secret hook() {
        return Secret.of("countersign.evidence.github.webhook-secret", webhookSecret, webhookSecretFile);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "GithubProperties[url=" + url + "]";
    }
}
