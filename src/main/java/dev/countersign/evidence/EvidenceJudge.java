package dev.countersign.evidence;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.Verdict;
import java.util.Collection;
import java.util.List;

/** Decides on new evidence at once, in the transaction that stores it, so that the sender's answer can say how it counts. */
public interface EvidenceJudge {
    List<Judged> arrived(String releaseKey, String type);

    /** A system that holds documents of these types was asked and brought nothing new: why it did not, or how young its word is, may have changed. */
    default void asked(String releaseKey, Collection<String> types) {}

    /** What of the documents of a release stands in the way of something now. */
    default List<InTheWay> inTheWay(String releaseKey) {
        return List.of();
    }

    record Judged(String gate, Verdict verdict) {}

    record InTheWay(String gate, Finding finding) {}
}
