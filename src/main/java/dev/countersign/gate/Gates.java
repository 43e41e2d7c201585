package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.Verdict;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The gates of a release and how they stand. */
public interface Gates {
    /** Put off for a hotfix: stops nothing now, and is made up for in its review. */
    String AFTERWARDS = "afterwards";

    /** The types in the column {@code reads}: behind a colon stands what a document of the type was made for. */
    static List<String> types(String reads) {
        return reads.isBlank()
                ? List.of()
                : Arrays.stream(reads.split("\\s*,\\s*"))
                        .map(entry -> entry.split(":", 2)[0])
                        .distinct()
                        .toList();
    }

    List<Gate> of(String releaseKey);

    Optional<Gate> find(String releaseKey, String gate);

    /** Every evaluation of a gate, the newest first. */
    List<Evaluated> evaluations(String releaseKey, String gate, int most);

    /** Every waiver that was asked for, whatever became of it, the newest first. */
    List<Waiver> waivers(String releaseKey, String gate);

    /**
     * @param required {@code required}, {@code afterwards}, {@code advisory} or {@code not-applicable}
     * @param rule what decided that, in words, from the table {@code required-gates}
     * @param sentence value, limit, sample, rule version and document in one sentence
     * @param evidence sha256 of the document judged; null where there is none
     * @param findings what stands in the way, the gravest first
     * @param controls named controls of regulations, each with its own outcome; empty where the gate has none
     * @param waiver the one that covers everything in the way now; null where none does
     * @param reads types of documents that it judges, separated by commas
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
            List<Control> controls,
            Instant evaluatedAt,
            String owner,
            Waiver waiver,
            String reads) {
        /** A gate that shows no named control. */
        public Gate(
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
            this(
                    name,
                    required,
                    rule,
                    verdict,
                    value,
                    limit,
                    sample,
                    ruleVersion,
                    sentence,
                    evidence,
                    findings,
                    List.of(),
                    evaluatedAt,
                    owner,
                    waiver,
                    "");
        }

        /** The types of documents that it judges. */
        public List<String> types() {
            return Gates.types(reads);
        }

        /** Moves a release on: passed, waived, or not required. */
        public boolean isClear() {
            return !"required".equals(required) || isGood();
        }

        /** Passed or waived, whether it is required or not. */
        public boolean isGood() {
            return verdict == Verdict.PASS || (waiver != null && waiver.isActive());
        }

        public boolean isPutOff() {
            return AFTERWARDS.equals(required);
        }
    }

    /**
     * One evaluation that was kept.
     *
     * @param documents sha256 of all documents judged
     * @param waived whether a waiver covered everything in the way then
     */
    record Evaluated(
            Instant at,
            Verdict verdict,
            String sentence,
            List<String> documents,
            List<Finding> findings,
            boolean waived) {}

    /**
     * A control of a regulation that a gate shows.
     *
     * @param id as the table names it, for example {@code HIPAA 164.312(a)(2)(iv)}
     * @param title what it is about; empty where the service need not show it
     * @param required whether the service must show it
     * @param verdict {@code PASS}, {@code FAIL}, or {@code NO_DATA} where no check looked at it
     * @param checks those that show it and ran
     */
    record Control(String id, String title, boolean required, Verdict verdict, String sentence, List<Check> checks) {}

    /**
     * @param id as the tool names it
     * @param ran how many results it has
     * @param failed how many of them failed or broke
     * @param document sha256 of the report
     */
    record Check(String tool, String id, long ran, long failed, String document) {}

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
