package dev.countersign.gate.signoff;

import dev.countersign.gate.signoff.SignoffPolicy.Required;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What those who are asked for a sign-off are told by mail. */
@Component
class SignoffNotices {
    private final Signoffs signoffs;
    private final Notices notices;

    SignoffNotices(Signoffs signoffs, Notices notices) {
        this.signoffs = signoffs;
        this.notices = notices;
    }

    void remind(String releaseKey) {
        Set<String> groups =
                signoffs.missing(releaseKey).stream().map(Required::group).collect(Collectors.toSet());
        if (groups.isEmpty()) {
            return;
        }
        notices.mail(new Notice(
                releaseKey,
                "reminder",
                groups,
                Set.of(),
                "Sign-off of %s is awaited".formatted(releaseKey),
                List.of(
                        "The release %s waits for your sign-off in Tasklist.".formatted(releaseKey),
                        "After a day the head of security decides whether it is waited for. Silence never signs."),
                "/releases/" + releaseKey,
                null));
    }
}
