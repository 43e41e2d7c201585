package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.util.List;
import java.util.Map;

/**
 * What a document says.
 *
 * @param producer who wrote it or what it covers, in the document's own words: the source where the sender names none
 * @param stated what the document itself says that it is about
 * @param summary counts, as in the HTTP contract
 * @param details what gates ask beyond the counts, for example the passed cases of each suite
 * @param complete false where the tool itself says that it did not finish
 * @param gap why the document says less than it should (no test cases, a run without results); null where nothing is missing
 * @param findings the gravest first, at most {@value #MOST_FINDINGS}; several with one id have a digest of their words behind it
 */
public record Reading(
        String producer,
        Stated stated,
        Map<String, Object> summary,
        Map<String, Object> details,
        boolean complete,
        String gap,
        List<Finding> findings) {
    public static final int MOST_FINDINGS = 200;

    /** A waiver names findings by their ids: each id is one finding of the document. */
    public Reading {
        findings = Finding.apart(findings);
    }

    /** The commits that the document states. */
    public java.util.Set<String> commits() {
        return stated.commits();
    }
}
