package dev.countersign.criteria;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The acceptance criteria of a release and how they came about. */
public interface Criteria {
    /** The newest set; empty before the first proposal. */
    Optional<CriteriaSet> current(String releaseKey);

    /** All sets, oldest first. */
    List<CriteriaSet> history(String releaseKey);

    /** Whether the newest set is agreed: what a model asks to know if the agreement has to begin anew. */
    boolean agreed(String releaseKey);

    /**
     * One version of the criteria.
     *
     * @param round of one negotiation, from 1
     * @param status {@code PROPOSED}, {@code AGREED}, {@code REFUSED} or {@code SUPERSEDED}
     * @param digest {@code sha256:…} over the criteria
     * @param reason why this version was made
     * @param settledBy who agreed, in words; null while it is open
     */
    record CriteriaSet(
            long id,
            String releaseKey,
            int version,
            int round,
            String status,
            String digest,
            String reason,
            String proposedBy,
            Instant proposedAt,
            Instant settledAt,
            String settledBy,
            List<Criterion> criteria,
            List<Position> positions,
            List<Statement> statements,
            List<CounterProposal> counterProposals) {
        public boolean isAgreed() {
            return "AGREED".equals(status);
        }
    }

    /**
     * @param binding what measures it: {@code gate:<name>}, {@code slo:<name>} or {@code metric:<name>}
     * @param limit for example {@code PASS}, {@code >= 99.5 %}, {@code <= 200 ms}
     * @param origin where it comes from, in words
     * @param before what stood here in the set before; null where it did not change
     */
    record Criterion(int number, String text, String binding, String limit, String origin, String before) {}

    /** @param choice {@code AGREE}, {@code COUNTER}, {@code ACCEPT} or {@code REJECT} */
    record Position(String party, String person, String choice, String comment, Instant takenAt) {}

    /** Facts stated by the release manager where the parties disagreed. */
    record Statement(String person, String text, Instant statedAt) {}

    /** @param number the criterion it is about; null for a new one; @param dropped whether the criterion is to go */
    record CounterProposal(
            long id,
            String party,
            String person,
            Integer number,
            boolean dropped,
            String text,
            String binding,
            String limit,
            String reason,
            Instant proposedAt,
            boolean adopted) {}
}
