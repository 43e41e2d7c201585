package dev.countersign.gate;

import dev.countersign.release.Verdict;
import java.time.Instant;
import java.util.List;

/** The gates of a release and how they stand. */
public interface Gates {
    List<Gate> of(String releaseKey);

    /**
     * @param required {@code required}, {@code advisory} or {@code not-applicable}
     * @param rule what decided that, in words, from the table {@code required-gates}
     * @param sentence value, limit, sample, rule version and document in one sentence
     * @param evidence sha256 of the document judged; null where there is none
     * @param waiver null where none was granted
     */
    record Gate(
            String name,
            String required,
            String rule,
            Verdict verdict,
            String value,
            String limit,
            Long sample,
            String ruleVersion,
            String sentence,
            String evidence,
            Instant evaluatedAt,
            String owner,
            Waiver waiver) {
        /** Moves a release on: passed, waived, or not required. */
        public boolean isClear() {
            return !"required".equals(required) || verdict == Verdict.PASS || (waiver != null && waiver.isActive());
        }
    }

    record Waiver(
            long id,
            List<String> findings,
            String reason,
            Instant expires,
            String requestedBy,
            String decidedBy,
            String status) {
        public boolean isActive() {
            return "APPROVED".equals(status) && expires.isAfter(Instant.now());
        }
    }
}
