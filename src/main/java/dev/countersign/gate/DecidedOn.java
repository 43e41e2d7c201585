package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;

/** A policy's decision counts for the change facts that it was told: once more has changed it shows nothing, until it has been asked anew. */
final class DecidedOn {
    static final String TYPE = "opa";

    private DecidedOn() {}

    static List<Document> apply(Release release, List<Document> documents) {
        return documents.stream()
                .map(document -> isStale(release, document)
                        ? document.showingNothing("it was decided on other change facts than the release has now")
                        : document)
                .toList();
    }

    private static boolean isStale(Release release, Document document) {
        return document.type().equals(TYPE)
                && document.gap() == null
                && document.details().get("decidedOn") instanceof Map<?, ?> told
                && !told.equals(release.changes());
    }
}
