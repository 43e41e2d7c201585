package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.util.ArrayList;
import java.util.List;

/** Keeps the gravest findings of a document that may have a million. */
final class Findings {
    private final List<List<Finding>> byGravity = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    /** @param gravity 0 for what usually stops a release, 1 for a warning, 2 for a note */
    void add(int gravity, Finding finding) {
        List<Finding> kept = byGravity.get(gravity);
        if (kept.size() < Reading.MOST_FINDINGS) {
            kept.add(finding);
        }
    }

    List<Finding> gravestFirst() {
        return byGravity.stream()
                .flatMap(List::stream)
                .limit(Reading.MOST_FINDINGS)
                .toList();
    }
}
