package dev.countersign.workflow;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What process owners changed, and what became of it. */
public interface PolicyChanges {
    /** What the business key of a change's process begins with; its number follows. */
    String KEY = "policy-change/";

    /** Newest first. */
    List<Change> list(int limit);

    /** Those not decided yet; a refused one counts until its folder changes again. */
    List<Change> open();

    Optional<Change> find(long id);

    /** The groups of which one person approves the change; never whoever submitted it. */
    List<String> approvers(long id);

    /** The business key of the change's process. */
    static String keyOf(long id) {
        return KEY + id;
    }

    static boolean isChange(String businessKey) {
        return businessKey != null && businessKey.startsWith(KEY);
    }

    /** The difference of a change to what was in force when it was found, as unified text, file by file. */
    String difference(long id);

    /** What is in force now; empty before the first start is through. */
    Optional<InForce> inForce(String source);

    /**
     * @param source whose files: {@code models}, or another {@link PolicySource}
     * @param digest of the proposed set
     * @param reasons why it was refused; empty otherwise
     * @param submittedBy who claimed it and said why
     * @param decidedBy who approved or rejected it; the platform where a deadline passed or a newer change took its place
     */
    record Change(
            long id,
            String source,
            String digest,
            State state,
            Instant detectedAt,
            List<String> reasons,
            String submittedBy,
            String why,
            String decidedBy,
            Instant decidedAt,
            String decisionReason) {}

    enum State {
        /** Found in the folder and checked; a process owner must say why. */
        DETECTED,
        /** It breaks the floor or a rule; nothing of it takes effect. */
        REFUSED,
        AWAITING_APPROVAL,
        /** In force. */
        APPROVED,
        REJECTED,
        /** Nobody claimed or approved it in time. */
        LAPSED,
        /** The folder changed again before it was decided. */
        SUPERSEDED,
        /** The first set on an empty database: there was nothing to compare it with. */
        FIRST
    }

    /** @param files name to digest of the content */
    record InForce(String source, String digest, Instant since, Map<String, String> files) {}
}
