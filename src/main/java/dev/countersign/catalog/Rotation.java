package dev.countersign.catalog;

import java.util.List;

/**
 * What of a service has to be rotated.
 *
 * @param digest of the file's exact bytes: the version
 * @param nothing why there is neither an endpoint nor a secret; null where there is one
 */
public record Rotation(
        String name, String service, String digest, String nothing, List<Endpoint> endpoints, List<Secret> secrets)
        implements Declaration.Declared {

    /** @param serverName that the certificate must be for */
    public record Endpoint(String id, String host, int port, String serverName) {
        /** {@code host:port}; an address of IPv6 in brackets. */
        public String at() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** Where secrets are kept. */
    public enum Store {
        VAULT_KV,
        VAULT_DATABASE,
        KUBERNETES;

        /** As files and documents write it. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param kind in the table {@code rotation-limits}
     * @param container mount or namespace
     * @param name path, role or name in it
     * @param rotatedAt the annotation that says when it was rotated; null where none is named
     */
    public record Secret(String id, String kind, Store store, String container, String name, String rotatedAt) {
        /** The kind whose certificates are looked at, not its age. */
        public static final String CERTIFICATE = "certificate";

        public String at() {
            return "%s %s/%s".formatted(store.id(), container, name);
        }

        public boolean isCertificate() {
            return kind.equals(CERTIFICATE);
        }
    }
}
