package dev.countersign.learning;

import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What people are told about a retrospective. */
@Component
class RetrospectiveNotices {
    private final Notices notices;

    RetrospectiveNotices(Notices notices) {
        this.notices = notices;
    }

    void opened(Release release, Set<String> teams) {
        mail(
                release,
                "retrospective",
                teams,
                "How was the release of %s?".formatted(release.key()),
                "%s is stable. What went well, what should be better next time, and which gates helped? One of each team answers in Tasklist within five days."
                        .formatted(release.key()));
    }

    void teamReminder(Release release, Set<String> teams) {
        mail(
                release,
                "reminder",
                teams,
                "Two days left: how was the release of %s?".formatted(release.key()),
                "Your team has not said anything about %s yet. Afterwards the retrospective goes on without it, and says so."
                        .formatted(release.key()));
    }

    void facilitatorReminder(Release release) {
        mail(
                release,
                "reminder",
                Set.of(Role.FACILITATOR.id()),
                "Please summarise the retrospective of %s".formatted(release.key()),
                "The teams have answered. The summary of %s is due soon.".formatted(release.key()));
    }

    void summaryOverdue(Release release) {
        mail(
                release,
                "escalation",
                Set.of(Role.FACILITATOR.id(), Role.HEAD_OF_PRODUCT.id(), Role.HEAD_OF_OPERATIONS.id()),
                "Overdue: summary of the retrospective of %s".formatted(release.key()),
                "The retrospective of %s has not been summarised in time. The heads of product and operations may do it too, or see that it gets done. You will be asked again until it is."
                        .formatted(release.key()));
    }

    private void mail(Release release, String kind, Set<String> groups, String subject, String line) {
        notices.mail(new Notices.Notice(
                release.key(), kind, groups, Set.of(), subject, List.of(line), "/releases/" + release.key(), null));
    }
}
