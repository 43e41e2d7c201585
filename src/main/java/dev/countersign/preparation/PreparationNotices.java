package dev.countersign.preparation;

import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Releases;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** What those who are awaited are told by mail. */
@Component
class PreparationNotices {
    private final Preparedness preparedness;
    private final Planning planning;
    private final Releases releases;
    private final Notices notices;

    PreparationNotices(Preparedness preparedness, Planning planning, Releases releases, Notices notices) {
        this.preparedness = preparedness;
        this.planning = planning;
        this.releases = releases;
        this.notices = notices;
    }

    void remind(String releaseKey) {
        Set<String> groups = new TreeSet<>(preparedness.rolesAsked(releaseKey));
        if (preparedness.planIsMissing(releaseKey)) {
            groups.addAll(planning.planners(releases.get(releaseKey)));
        }
        if (groups.isEmpty()) {
            return;
        }
        notices.mail(new Notice(
                releaseKey,
                "reminder",
                groups,
                Set.of(),
                "The preparation of %s is awaited".formatted(releaseKey),
                List.of(
                        "The release %s waits for you in Tasklist: %s."
                                .formatted(releaseKey, String.join("; ", preparedness.missing(releaseKey))),
                        "After a day the release manager or the head of product decides whether it is waited for."
                                + " Silence never ticks anything."),
                "/releases/" + releaseKey,
                null));
    }
}
