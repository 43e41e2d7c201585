package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.Verdict;
import java.time.Instant;
import java.util.List;

/**
 * The outcome of one evaluation.
 *
 * @param evidence the newest document judged; null where there is none
 * @param documents all documents judged
 * @param findings what stands in the way: a waiver names them by id
 * @param controls the outcome of each named control
 * @param validUntil when the oldest document becomes too old; null where no age limit applies
 */
record Judgement(
        Verdict verdict,
        String value,
        String limit,
        Long sample,
        String ruleVersion,
        String sentence,
        String evidence,
        List<String> documents,
        List<Finding> findings,
        List<Gates.Control> controls,
        Instant validUntil) {}
