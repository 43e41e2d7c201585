package dev.countersign.evidence.reader;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Tells who has signed an envelope, by the keys that operators trust. A signature's key id is a hint: every key is tried on every signature. */
@Component
class TrustedKeys {
    private final List<TrustedKey> keys;

    TrustedKeys(TrustProperties properties) {
        this.keys = properties.keys().stream().map(TrustedKey::of).toList();
    }

    /**
     * @param signers names of the keys that signed it and count for it
     * @param why in words, where nobody did whose signature counts; null otherwise
     */
    record Signed(Set<String> signers, String why) {}

    /** @throws Unreadable where a signature says by its key id that a trusted key made it, and none fits: the payload or the signature was changed */
    Signed signed(Envelope envelope, String predicate, String service, String place) throws Unreadable {
        Set<String> signers = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        byte[] encoded = envelope.encoded();
        for (Envelope.Signed signature : envelope.signatures()) {
            Set<TrustedKey> fitting = keys.stream()
                    .filter(key -> key.verifies(encoded, signature.bytes()))
                    .collect(Collectors.toSet());
            if (fitting.isEmpty()) {
                refuseForged(signature, place);
            }
            fitting.forEach(key -> (key.counts(predicate, service) ? signers : others).add(key.name()));
        }
        return new Signed(signers, signers.isEmpty() ? why(envelope, predicate, service, others) : null);
    }

    /** A statement outside an envelope. */
    static Signed bare() {
        return new Signed(Set.of(), "it is not signed");
    }

    private void refuseForged(Envelope.Signed signature, String place) throws Unreadable {
        List<String> named = keys.stream()
                .filter(key -> key.ids().contains(signature.keyId()))
                .map(TrustedKey::name)
                .toList();
        if (!named.isEmpty()) {
            throw new Unreadable(
                    "the signature that names the key %s does not fit the payload"
                            .formatted(String.join(" or ", named)),
                    place);
        }
    }

    private String why(Envelope envelope, String predicate, String service, Set<String> others) {
        if (envelope.signatures().isEmpty()) {
            return "it is not signed";
        } else if (keys.isEmpty()) {
            return "no trusted key is configured";
        } else if (!others.isEmpty()) {
            return "%s signed it, which does not count for %s of %s"
                    .formatted(
                            String.join(", ", others), Words.of(predicate), service == null ? "any service" : service);
        }
        return "no trusted key fits its signature";
    }
}
