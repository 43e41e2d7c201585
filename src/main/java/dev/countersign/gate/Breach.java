package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.Position;
import dev.countersign.release.Verdict;
import java.util.Comparator;
import java.util.List;

/** A limit that does not hold, with what stands behind it. */
record Breach(Verdict verdict, String value, String limit, String sentence, List<Finding> findings) {
    /** The gravest first: what did not work, what failed, what was not shown. */
    static final Comparator<Breach> GRAVEST_FIRST = Comparator.comparingInt(
            breach -> List.of(Verdict.ERROR, Verdict.FAIL, Verdict.NO_DATA, Verdict.INCONCLUSIVE)
                    .indexOf(breach.verdict()));

    /** A breach that no single finding of a document explains. */
    static Breach of(Verdict verdict, String id, String value, String limit, String sentence) {
        return of(verdict, id, value, limit, sentence, null);
    }

    /** The same of a document as a whole, which begins at its first line; null where there is none. */
    static Breach of(Verdict verdict, String id, String value, String limit, String sentence, Document document) {
        return new Breach(
                verdict,
                value,
                limit,
                sentence,
                List.of(new Finding(
                        id,
                        verdict.name(),
                        sentence,
                        document == null ? "" : "the document of " + document.source(),
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        document == null ? null : new Position(1, null, null, document.sha256()))));
    }
}
