package dev.countersign.notice;

import java.time.Instant;
import java.util.Set;

/**
 * A stored notice.
 *
 * @param addresses people outside, by mail address
 * @param tryingSince when it was written, or asked for again by hand; its age decides when to give up
 */
record Mail(
        long id,
        String releaseKey,
        String kind,
        Set<String> groups,
        Set<String> people,
        Set<String> addresses,
        String subject,
        String text,
        String html,
        Notices.Invitation invitation,
        Instant createdAt,
        Instant tryingSince,
        Instant addressedAt,
        int attempts) {}
