package dev.countersign.evidence.rotation;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param allow {@code host:port} that may be connected to, {@code *.example.com:443} for all names below; nothing else is, so left out none is
 * @param networks networks that are not public and may be connected to all the same, {@code 10.1.0.0/16}
 * @param trustFile certificates of private roots in PEM, read anew each time, beside the roots that Java brings along
 * @param timeout of one endpoint or one secret
 * @param vault where secrets are kept; without it a secret in Vault is an error
 * @param kubernetes likewise
 */
@ConfigurationProperties("countersign.evidence.certificates")
record RotationProperties(
        List<String> allow,
        List<String> networks,
        Path trustFile,
        @DefaultValue("PT3S") Duration timeout,
        @DefaultValue Vault vault,
        @DefaultValue Kubernetes kubernetes,
        @DefaultValue("1MB") DataSize maxResponse) {
    private static final String KEY = "countersign.evidence.certificates.";

    RotationProperties {
        allow = allow == null ? List.of() : List.copyOf(allow);
        networks = networks == null ? List.of() : List.copyOf(networks);
        AllowedAddresses.check(allow, networks);
        require(timeout.toMillis() > 0 && timeout.toSeconds() <= 10, "timeout is at most PT10S");
    }

    /**
     * @param token from the environment; or in a file, {@code token-file}, read anew for each call
     * @param namespace of Vault Enterprise; left out for none
     * @param caFile roots in PEM that Vault is trusted by, read at the start; left out for those of Java
     */
    record Vault(URI url, String token, Path tokenFile, String namespace, Path caFile) {
        Vault {
            BaseAddress.check(KEY + "vault.url", url);
            require(
                    url == null || Secret.of(KEY + "vault.token", token, tokenFile) != null,
                    "vault needs token or token-file");
        }

        Secret credentials() {
            return Secret.of(KEY + "vault.token", token, tokenFile);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Vault[url=" + url + "]";
        }
    }

    /**
     * @param url of the API server
     * @param token from the environment; or in a file, {@code token-file}, read anew for each call
     * @param caFile roots in PEM that the API server is trusted by, read at the start; left out for those of Java
     */
    record Kubernetes(URI url, String token, Path tokenFile, Path caFile) {
        Kubernetes {
            BaseAddress.check(KEY + "kubernetes.url", url);
            require(
                    url == null || Secret.of(KEY + "kubernetes.token", token, tokenFile) != null,
                    "kubernetes needs token or token-file");
        }

        Secret credentials() {
            return Secret.of(KEY + "kubernetes.token", token, tokenFile);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Kubernetes[url=" + url + "]";
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(KEY + otherwise);
        }
    }
}
