package dev.countersign.preparation;

import java.time.Instant;

/**
 * One person's word for one item of a checklist.
 *
 * @param checklist the version of the checklist
 * @param evidence a link or the sha256 of a document; null where none was given
 * @param seen the parts that concern the role, as they were
 * @param voidedAt when something of that changed; null while it holds
 */
record Tick(
        long id,
        String checklist,
        String item,
        String role,
        String person,
        String evidence,
        Seen seen,
        Instant tickedAt,
        Instant voidedAt) {}
