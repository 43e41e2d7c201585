package dev.countersign.criteria;

import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Release;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Mail about criteria. */
@Component
class CriteriaNotices {
    private final Notices notices;

    CriteriaNotices(Notices notices) {
        this.notices = notices;
    }

    void asked(Release release, int version, String reason) {
        mail(
                release,
                "request",
                Party.all(),
                "Agree on the acceptance criteria: " + release.service() + " " + release.version(),
                List.of(
                        "Version " + version + " of the acceptance criteria of " + release.key() + " is on the table: "
                                + reason + ".",
                        "Agree or make a counter-proposal in Tasklist. Silence agrees to nothing."));
    }

    void reminded(Release release, Collection<String> missing) {
        mail(
                release,
                "reminder",
                missing,
                "Still open: acceptance criteria of " + release.service() + " " + release.version(),
                List.of(
                        "Your agreement on the acceptance criteria of " + release.key() + " is missing.",
                        "At the deadline the release manager and then the heads decide. Silence agrees to nothing."));
    }

    void escalated(Release release, Collection<String> groups, String text) {
        mail(
                release,
                "escalation",
                groups,
                "Decide on acceptance criteria: " + release.service() + " " + release.version(),
                List.of(text));
    }

    private void mail(Release release, String kind, Collection<String> groups, String subject, List<String> lines) {
        notices.mail(new Notice(
                release.key(), kind, Set.copyOf(groups), Set.of(), subject, lines, "/releases/" + release.key(), null));
    }
}
