package dev.countersign.review;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.notice.Notices.Invitation;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Calls the meeting of a review. */
@Component
class Convening {
    private static final Duration LENGTH = Duration.ofMinutes(30);
    private static final Duration NOTICE = Duration.ofHours(4);
    private static final Duration SANDBOX_NOTICE = Duration.ofMinutes(15);

    private final Releases releases;
    private final Catalog catalog;
    private final Seats seats;
    private final Meetings meetings;
    private final ReviewMail mail;
    private final Timeline timeline;
    private final Clock clock;

    Convening(
            Releases releases,
            Catalog catalog,
            Seats seats,
            Meetings meetings,
            ReviewMail mail,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.catalog = catalog;
        this.seats = seats;
        this.meetings = meetings;
        this.mail = mail;
        this.timeline = timeline;
        this.clock = clock;
    }

    /** A later invitation of the same release replaces the earlier one in everybody's calendar. */
    void invite(String releaseKey) {
        Release release = releases.lock(releaseKey);
        Instant start = start(release);
        Instant end = start.plus(LENGTH);
        int sequence = meetings.invite(releaseKey, start.atOffset(ZoneOffset.UTC), end.atOffset(ZoneOffset.UTC));
        var groups = new LinkedHashSet<String>();
        seats.of(releaseKey).forEach(seat -> groups.add(seat.group()));
        groups.add("facilitator");
        groups.add("release-manager");
        mail.invited(
                release,
                groups,
                new Invitation(
                        "readiness-review-" + releaseKey.replace('@', '-') + "@countersign",
                        sequence,
                        false,
                        start,
                        end,
                        "Readiness review " + releaseKey,
                        "/releases/" + releaseKey));
        timeline.record(
                releaseKey,
                "meeting.called",
                Actors.PLATFORM,
                "Invited " + String.join(", ", groups) + " to the readiness review at " + start + ".",
                Map.of("start", start.toString(), "end", end.toString(), "sequence", sequence));
    }

    /** On the next full quarter of an hour after the notice. */
    private Instant start(Release release) {
        boolean sandbox = catalog.service(release.service())
                .map(Service::target)
                .filter("sandbox"::equals)
                .isPresent();
        Instant earliest = clock.instant().plus(sandbox ? SANDBOX_NOTICE : NOTICE);
        Instant quarter = earliest.truncatedTo(ChronoUnit.HOURS);
        while (quarter.isBefore(earliest)) {
            quarter = quarter.plus(15, ChronoUnit.MINUTES);
        }
        return quarter;
    }
}
