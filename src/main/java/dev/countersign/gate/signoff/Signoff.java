package dev.countersign.gate.signoff;

import java.time.Instant;
import java.util.Map;

/**
 * One person's word for one required sign-off.
 *
 * @param outcome {@code APPROVED} or {@code REFUSED}
 * @param dossier the material digest that the person saw
 * @param seen the parts that concern this sign-off, with their digests
 * @param voidedAt when something of that changed; null while it holds
 */
record Signoff(
        long id,
        String name,
        String outcome,
        String person,
        String reason,
        String dossier,
        Map<String, String> seen,
        Instant signedAt,
        Instant voidedAt,
        String voidedBecause) {
    boolean isValid() {
        return voidedAt == null;
    }

    boolean isApproval() {
        return isValid() && "APPROVED".equals(outcome);
    }

    boolean isRefusal() {
        return isValid() && "REFUSED".equals(outcome);
    }
}
