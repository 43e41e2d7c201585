package dev.countersign.gate.privacy;

import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What those who assess the impact are told by mail. */
@Component
class ImpactNotices {
    private final Notices notices;

    ImpactNotices(Notices notices) {
        this.notices = notices;
    }

    void asked(Release release) {
        mail(release, "request", Set.of(ImpactDesk.ASSESSOR.id()), "Assess the impact on personal data: ");
    }

    void remind(Release release, ImpactAssessment open) {
        Set<String> groups = open.escalatedAt() == null
                ? Set.of(ImpactDesk.ASSESSOR.id())
                : Set.of(ImpactDesk.ASSESSOR.id(), ImpactDesk.ALTERNATE.id());
        mail(release, "reminder", groups, "Still to be assessed, the impact on personal data: ");
    }

    void escalated(Release release) {
        mail(
                release,
                "escalation",
                Set.of(ImpactDesk.ASSESSOR.id(), ImpactDesk.ALTERNATE.id(), "release-manager"),
                "Nobody has assessed the impact on personal data: ");
    }

    private void mail(Release release, String kind, Set<String> groups, String subject) {
        notices.mail(new Notice(
                release.key(),
                kind,
                groups,
                Set.of(),
                subject + release.key(),
                List.of(
                        "%s %s changes what is done with personal data. A questionnaire in Tasklist asks what, why, at which risk, and for a decision."
                                .formatted(release.service(), release.version()),
                        "An assessment that was made elsewhere can be sent as a document instead; the task then goes away. Silence approves nothing."),
                "/releases/" + release.key(),
                null));
    }
}
