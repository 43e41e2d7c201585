package dev.countersign.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has been received for a release and counts. */
public interface Evidence {
    List<Document> of(String releaseKey);

    /** The newest document of a type (and source, where given) that speaks of this release. */
    Optional<Document> newest(String releaseKey, String type);

    /**
     * @param subject what it is about: commit, digest or version
     * @param assertedBy {@code document} or the service account that asserted the subject
     * @param summary counts, as in the HTTP contract
     * @param complete false where the tool itself says that it did not finish
     */
    record Document(
            String sha256,
            String type,
            String source,
            long bytes,
            Map<String, String> subject,
            String assertedBy,
            Map<String, Object> summary,
            boolean complete,
            List<Finding> findings,
            Instant receivedAt,
            String receivedBy) {}

    /** @param place where in the document and in the code it stands; the first 200 findings are kept, the document has them all */
    record Finding(String id, String severity, String title, String place) {}

    /** In memory, in the transaction that stored it. */
    record EvidenceArrived(String releaseKey, String type, String sha256) {}
}
