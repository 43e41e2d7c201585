package dev.countersign.evidence.rotation;

import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.catalog.Rotation.Store;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Asks a store how old a secret is, without its value wherever the store can say one without the other. */
interface SecretCheck {
    boolean keeps(Store store);

    Seen look(Secret secret) throws InterruptedException;

    /**
     * @param rotatedAt null where the store did not say it, and for certificates
     * @param certificates of a secret of kind certificate
     */
    record Seen(Secret secret, Instant rotatedAt, List<X509Certificate> certificates, List<Fault> faults) {
        static Seen rotated(Secret secret, Instant at) {
            return new Seen(secret, at, List.of(), List.of());
        }

        static Seen failed(Secret secret, String code, String what) {
            return new Seen(secret, null, List.of(), List.of(new Fault(code, what)));
        }
    }
}
