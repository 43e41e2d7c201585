package dev.countersign.notice;

import dev.countersign.notice.Notices.Notice;
import java.time.Instant;

/**
 * A notice was stored; published in its transaction, for the ways out beside mail.
 *
 * @param mail the id of its mail
 * @param link absolute; null where the notice has none
 */
public record NoticeGiven(long mail, Notice notice, String subject, String link, Instant at) {}
