package dev.countersign.gate.contract;

import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** What consumers, and those who wait for them, are told by mail. */
@Component
class ConsentNotices {
    private static final int NAMED = 10;
    private final Notices notices;

    ConsentNotices(Notices notices) {
        this.notices = notices;
    }

    void asked(Release release, Consent consent) {
        mail(release, "request", Set.of(consent.owner()), subject(release, consent), lines(release, consent));
    }

    void remind(Release release, Consent consent) {
        mail(
                release,
                "reminder",
                Set.of(consent.asked()),
                "Still open: " + subject(release, consent),
                lines(release, consent));
    }

    void escalated(Release release, Consent consent) {
        List<String> lines = lines(release, consent);
        lines.add(0, "%s has not answered for %s.".formatted(consent.owner(), consent.consumer()));
        mail(release, "escalation", Set.of(consent.alternate(), consent.owner()), subject(release, consent), lines);
    }

    void notGiven(Release release, Consent consent, String reason) {
        Set<String> groups = new TreeSet<>(Set.of(consent.owner(), consent.alternate()));
        if (release.owner() != null) {
            groups.add(release.owner());
        }
        mail(
                release,
                "decision",
                groups,
                "No consent of %s to %s".formatted(consent.consumer(), release.key()),
                List.of(
                        "%s does not consent to the changes of %s that break it: %s"
                                .formatted(consent.consumer(), release.key(), reason),
                        "The gate fails on it. Send a contract that does not break it, or ask for a waiver that names the consent."));
    }

    private static String subject(Release release, Consent consent) {
        return "%s breaks %s: do you consent?".formatted(release.key(), consent.consumer());
    }

    private static List<String> lines(Release release, Consent consent) {
        List<String> lines = new ArrayList<>();
        lines.add("%s %s changes an API that %s consumes, compared with %s. Silence is no consent."
                .formatted(release.service(), release.version(), consent.consumer(), consent.base()));
        consent.changes().stream().limit(NAMED).forEach(change -> lines.add("- " + change.title()));
        if (consent.changes().size() > NAMED) {
            lines.add("and %d more".formatted(consent.changes().size() - NAMED));
        }
        return lines;
    }

    private void mail(Release release, String kind, Set<String> groups, String subject, List<String> lines) {
        notices.mail(
                new Notice(release.key(), kind, groups, Set.of(), subject, lines, "/releases/" + release.key(), null));
    }
}
