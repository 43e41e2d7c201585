package dev.countersign.notice;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Mail to people. Stored and scheduled in the current transaction, sent after its commit, retried until done: neither lost nor sent
 * for a transaction that is rolled back. Nothing ever waits for a mail server.
 */
public interface Notices {
    void mail(Notice notice);

    /**
     * @param kind for example {@code invitation}, {@code reminder}, {@code escalation}, {@code decision}, {@code incident}
     * @param groups groups whose members receive it
     * @param people further persons by id
     * @param lines paragraphs of plain text
     * @param link path of our page that shows more, for example {@code /releases/checkout@2.0.0}
     * @param invitation null where the mail is no calendar invitation
     * @param addresses people outside, by mail address: see {@link MailAddress}
     */
    record Notice(
            String releaseKey,
            String kind,
            Set<String> groups,
            Set<String> people,
            String subject,
            List<String> lines,
            String link,
            Invitation invitation,
            Set<String> addresses) {
        public Notice {
            addresses = Set.copyOf(addresses);
        }

        /** To people of the platform only. */
        public Notice(
                String releaseKey,
                String kind,
                Set<String> groups,
                Set<String> people,
                String subject,
                List<String> lines,
                String link,
                Invitation invitation) {
            this(releaseKey, kind, groups, people, subject, lines, link, invitation, Set.of());
        }
    }

    /** @param uid stable over updates; a higher sequence replaces an earlier one; cancelled takes it back */
    record Invitation(
            String uid, int sequence, boolean cancelled, Instant start, Instant end, String summary, String location) {}
}
