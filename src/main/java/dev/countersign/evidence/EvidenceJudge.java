package dev.countersign.evidence;

import dev.countersign.release.Verdict;
import java.util.List;

/** Decides on new evidence at once, in the transaction that stores it, so that the sender's answer can say how it counts. */
public interface EvidenceJudge {
    List<Judged> arrived(String releaseKey, String type);

    record Judged(String gate, Verdict verdict) {}
}
