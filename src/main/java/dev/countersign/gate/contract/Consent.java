package dev.countersign.gate.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.countersign.evidence.Position;
import java.time.Instant;
import java.util.List;

/**
 * What one consumer of an API says to the changes that break it.
 *
 * @param comparison what it is bound to: SHA-256 over the contract, the one before it and the changes; another comparison asks again
 * @param sha256 the contract that was compared
 * @param base the contract before it, in words
 * @param consumer the consuming service
 * @param owner the group that is asked
 * @param alternate the group that is asked where the owner is silent
 * @param answer {@code CONSENTED}, {@code REFUSED}, {@code SILENT} or {@code MOOT}; null while it is waited for
 */
public record Consent(
        long id,
        @JsonIgnore String releaseKey,
        String comparison,
        String type,
        String sha256,
        String source,
        String base,
        String consumer,
        String owner,
        String alternate,
        List<Change> changes,
        Instant askedAt,
        Instant escalatedAt,
        String answer,
        String person,
        String reason,
        Instant answeredAt) {

    /** A change that breaks somebody, as the comparison names it. */
    public record Change(String id, String title, String place, Position position) {}

    public boolean isOpen() {
        return answer == null;
    }

    boolean isGiven() {
        return "CONSENTED".equals(answer);
    }

    /** The group that is asked now. */
    public String asked() {
        return escalatedAt == null ? owner : alternate;
    }
}
