package dev.countersign.review;

import java.time.OffsetDateTime;
import java.util.Map;

/**
 * @param capacity {@code seat} or {@code alternate}
 * @param onBehalfOf the principal where a delegate voted; null otherwise
 * @param seen digest of each part that concerns the seat, when the vote was cast
 */
record VoteRow(
        long id,
        String seat,
        String capacity,
        String voter,
        String onBehalfOf,
        Choice vote,
        String reason,
        String criterion,
        String dossier,
        Map<String, String> seen,
        OffsetDateTime castAt,
        OffsetDateTime voidedAt,
        String voidedBecause) {

    static final String SEAT = "seat";
    static final String ALTERNATE = "alternate";

    boolean isAlternate() {
        return ALTERNATE.equals(capacity);
    }
}
