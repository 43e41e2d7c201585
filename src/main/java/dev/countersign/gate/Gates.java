package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The gates of a release and how they stand. */
public interface Gates {
    List<Gate> of(String releaseKey);

    Optional<Gate> find(String releaseKey, String gate);

    /**
     * @param required {@code required}, {@code advisory} or {@code not-applicable}
     * @param rule what decided that, in words, from the table {@code required-gates}
     * @param sentence value, limit, sample, rule version and document in one sentence
     * @param evidence sha256 of the document judged; null where there is none
     * @param findings what stands in the way, the gravest first
     * @param waiver the one that covers everything in the way now; null where none does
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
            List<Finding> findings,
            Instant evaluatedAt,
            String owner,
            Waiver waiver) {
        /** Moves a release on: passed, waived, or not required. */
        public boolean isClear() {
            return !"required".equals(required) || verdict == Verdict.PASS || (waiver != null && waiver.isActive());
        }
    }

    /** @param status {@code REQUESTED}, {@code APPROVED}, {@code REFUSED}, {@code LAPSED} or {@code EXPIRED}, as of the reading */
    record Waiver(
            long id,
            String gate,
            List<String> findings,
            String reason,
            Instant expires,
            String authority,
            String requestedBy,
            Instant requestedAt,
            String decidedBy,
            Instant decidedAt,
            String decisionReason,
            String status) {
        public boolean isActive() {
            return "APPROVED".equals(status);
        }
    }
}
