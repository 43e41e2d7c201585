package dev.countersign.gate;

import dev.countersign.gate.Gates.Control;
import dev.countersign.release.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Every evaluation of a security gate in a period, for those who must show them to a regulator (M4.5). */
public interface GateOutcomes {
    /** Newest first, at most {@code size}; one statement however many there are. */
    List<Outcome> list(Wanted wanted, Position after, int size);

    /** How often each gate of each service came to each verdict in the period. */
    List<Count> counts(Wanted wanted);

    /**
     * @param from inclusive
     * @param to exclusive
     * @param services null for all
     * @param release null for all
     * @param control a gate, or a control of a regulation that a gate shows; null for all
     */
    record Wanted(Instant from, Instant to, Set<String> services, String release, String control) {}

    /** Where a page ended. */
    record Position(Instant at, long id) {}

    /**
     * @param required as the table says for the release now; null where it names the gate no more
     * @param evidence sha256 of the newest document judged; null where there was none
     * @param documents sha256 of all documents judged
     * @param controls of regulations, each with its own outcome
     * @param waiver the one that covered everything in the way; null where none did
     */
    record Outcome(
            long id,
            Instant evaluatedAt,
            String service,
            String release,
            String gate,
            String required,
            Verdict verdict,
            String value,
            String limit,
            Long sample,
            String ruleVersion,
            String sentence,
            String evidence,
            List<String> documents,
            List<Control> controls,
            Cover waiver) {
        public Position position() {
            return new Position(evaluatedAt, id);
        }
    }

    /** A waiver, and who gave it. */
    record Cover(
            long id,
            String reason,
            String requestedBy,
            String decidedBy,
            Instant decidedAt,
            String decisionReason,
            Instant expires) {}

    /** @param waived how many of them a waiver covered */
    record Count(String service, String gate, Verdict verdict, long count, long waived) {}
}
