package dev.countersign.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** Whether a release was found to be the root of what went wrong around it. */
public interface FoundRoots {
    /** Newest first. */
    List<FoundRoot> of(String releaseKey);

    /**
     * @param occasion {@code watch} (while it is rolled out), {@code breach} (traffic was taken back) or {@code demand} (a person asked)
     * @param askedBy the person; {@code countersign} otherwise
     * @param outcome {@code ROOT}, {@code RULED_OUT} or {@code UNDETERMINED}
     * @param reason one word for why
     * @param service where its doing shows, or who is suspected instead; null where nobody is
     * @param action what followed: {@code rollback}, {@code halt} or {@code record}
     * @param evidence anomalies with their onsets and paths, who carries them, the calls between the services concerned, and what is missing
     */
    record FoundRoot(
            long id,
            String occasion,
            String askedBy,
            Instant computedAt,
            String outcome,
            String reason,
            String service,
            String sentence,
            String action,
            JsonNode evidence,
            String ruleVersion) {}
}
