package dev.countersign.evidence.reader;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whose signatures of in-toto statements count. Named by operators only; without a key no statement counts.
 *
 * @param keys to change a key, list the new one beside the old one, and take the old one away when nothing is signed by it any more
 */
@ConfigurationProperties("countersign.evidence.trust")
record TrustProperties(List<Key> keys) {
    /**
     * @param name by which the key is shown, for example {@code build-2026}
     * @param file PEM, {@code BEGIN PUBLIC KEY}: Ed25519, ECDSA P-256 or RSA of 2048 bits at least; read at start
     * @param keyid what signers call it, where they call it something else than the SHA-256 of its encoding; a hint only
     * @param predicates the predicate types that it may sign, whole or by a beginning that ends in {@code *}; all where left out
     * @param services the services whose statements it may sign; all where left out
     */
    record Key(String name, Path file, String keyid, List<String> predicates, List<String> services) {
        Key {
            predicates = predicates == null ? List.of() : List.copyOf(predicates);
            services = services == null ? List.of() : List.copyOf(services);
            if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,59}")) {
                throw new IllegalArgumentException(
                        "countersign.evidence.trust.keys[].name must be letters, digits, '.', '_' and '-', at most 60");
            }
            if (file == null) {
                throw new IllegalArgumentException("countersign.evidence.trust.keys[].file is missing for " + name);
            }
        }
    }

    TrustProperties {
        keys = keys == null ? List.of() : List.copyOf(keys);
        if (keys.stream().map(Key::name).distinct().count() < keys.size()) {
            throw new IllegalArgumentException("countersign.evidence.trust.keys[].name is given twice");
        }
    }
}
