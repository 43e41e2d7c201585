package dev.countersign.review;

import java.time.OffsetDateTime;

/**
 * @param voteId the vote that demands it; null where the review of the history does
 * @param owner a person's or a group's id
 */
record ConditionRow(
        long id,
        String releaseKey,
        Long voteId,
        String seat,
        String text,
        String owner,
        OffsetDateTime due,
        boolean beforeRollout,
        String check,
        String statedBy,
        OffsetDateTime metAt,
        String metBy,
        String metHow) {

    boolean isOpen() {
        return metAt == null;
    }

    boolean isOverdue(OffsetDateTime now) {
        return !due.isAfter(now);
    }
}
