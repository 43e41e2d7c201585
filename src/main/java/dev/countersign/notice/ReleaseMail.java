package dev.countersign.notice;

import java.time.Instant;
import java.util.List;

/** What was written about a release, as far as the person who looks may see it: their own mail, or all of it for those who answer for the process. */
public interface ReleaseMail {
    /** Newest first, at most 50; the mail page has the rest. */
    List<Written> of(String releaseKey);

    /** @param kind for example {@code reminder} */
    record Written(long id, String kind, String subject, Instant at) {}
}
