package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.release.Release;
import java.util.List;

/** Judges what documents list by a table of its own, before their counts are held against limits. */
interface Assessment {
    boolean concerns(Requirement gate);

    Assessed of(Requirement gate, Release release, List<Document> documents);

    /**
     * @param documents as they were, with what the table says as counts and findings
     * @param version the table's, to stand beside that of the limits; null where it was not asked
     * @param controls named controls of regulations and how they stand; empty where the gate has none
     */
    record Assessed(List<Document> documents, String version, List<Gates.Control> controls) {
        static Assessed unchanged(List<Document> documents) {
            return new Assessed(documents, null, List.of());
        }
    }
}
