package dev.countersign.evidence.pact;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of the broker; without it none is asked
 * @param user of basic authentication; without it the secret is a bearer token
 * @param secret password or token, from the environment; or in a file, {@code secret-file}, read anew for each call
 * @param pacticipants what the broker calls a service, where it is not the service's name
 * @param version what a version of a pacticipant is there: the release's {@code commit}, or its {@code version}
 * @param environment into which the version is to be deployed
 */
@ConfigurationProperties("countersign.evidence.pact-broker")
record PactBrokerProperties(
        URI url,
        String user,
        String secret,
        Path secretFile,
        Map<String, String> pacticipants,
        @DefaultValue("commit") String version,
        @DefaultValue("production") String environment,
        @DefaultValue("PT4S") Duration timeout,
        @DefaultValue("5MB") DataSize maxResponse) {
    PactBrokerProperties {
        BaseAddress.check("countersign.evidence.pact-broker.url", url);
        if (url != null && Secret.of("countersign.evidence.pact-broker.secret", secret, secretFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.pact-broker needs secret or secret-file");
        }
        if (!Set.of("commit", "version").contains(version)) {
            throw new IllegalArgumentException("countersign.evidence.pact-broker.version is commit or version");
        }
        if (environment.isBlank()) {
            throw new IllegalArgumentException("countersign.evidence.pact-broker.environment is missing");
        }
        pacticipants = pacticipants == null ? Map.of() : Map.copyOf(pacticipants);
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.pact-broker.secret", secret, secretFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "PactBrokerProperties[url=" + url + "]";
    }
}
