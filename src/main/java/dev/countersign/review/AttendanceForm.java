package dev.countersign.review;

import dev.countersign.identity.People;
import dev.countersign.release.Timeline;
import dev.countersign.review.Meetings.Attendance;
import dev.countersign.review.Meetings.Presence;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.TaskRefused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Who was there and what was said. A meeting is closed only when every mandatory seat was present or delegated. */
@Component
class AttendanceForm {
    private final ReviewBriefing facts;
    private final Seats seats;
    private final Meetings meetings;
    private final People people;
    private final Timeline timeline;

    AttendanceForm(ReviewBriefing facts, Seats seats, Meetings meetings, People people, Timeline timeline) {
        this.facts = facts;
        this.seats = seats;
        this.meetings = meetings;
        this.people = people;
        this.timeline = timeline;
    }

    /** @param suggested what the list begins with; the person who records the meeting corrects it */
    Map<String, Object> briefing(String releaseKey, Presence suggested) {
        var briefing = facts.of(releaseKey);
        meetings.latest(releaseKey)
                .ifPresent(meeting -> briefing.put("meetingTime", ReviewBriefing.time(meeting.startsAt())));
        var attendance = meetings.attendance(releaseKey);
        briefing.put(
                "attendance",
                seats.of(releaseKey).stream()
                        .filter(seat -> seat.meeting()
                                && !(attendance.containsKey(seat.id())
                                        && attendance.get(seat.id()).represents()))
                        .map(seat -> Map.<String, Object>of(
                                "seat", seat.id(), "presence", suggested.name().toLowerCase(Locale.ROOT)))
                        .toList());
        return briefing;
    }

    void complete(String releaseKey, Answer answer) {
        var entries = read(releaseKey, answer.list("attendance"));
        var meeting = meetings.latest(releaseKey)
                .orElseThrow(() -> TaskRefused.stale("No meeting was called for " + releaseKey));
        meetings.attend(meeting.id(), entries, answer.actor());
        var absent = meetings.unrepresented(releaseKey, seats.of(releaseKey));
        if (!absent.isEmpty()) {
            throw TaskRefused.invalid(
                    "attendance",
                    "The meeting cannot be closed without " + String.join(", ", absent)
                            + ": each mandatory seat is present or names a delegate");
        }
        meetings.held(meeting.id(), answer.actor(), answer.text("minutes"));
        timeline.record(
                releaseKey,
                "meeting.held",
                answer.actor(),
                "The meeting of the readiness review was held; every mandatory seat was present or delegated.",
                Map.of(
                        "attendance",
                        entries.stream()
                                .map(entry -> entry.seat() + " " + entry.presence()
                                        + (entry.person() == null ? "" : " " + entry.person()))
                                .toList()));
    }

    private List<Attendance> read(String releaseKey, List<Map<String, Object>> rows) {
        var known = new HashSet<String>();
        seats.of(releaseKey).forEach(seat -> known.add(seat.id()));
        var entries = new ArrayList<Attendance>();
        for (Map<String, Object> row : rows) {
            String seat = text(row, "seat");
            if (seat == null || !known.remove(seat)) {
                throw TaskRefused.invalid("attendance", "Each seat of this release once: not " + seat);
            }
            Presence presence = Presence.valueOf(text(row, "presence").toUpperCase(Locale.ROOT));
            String person = text(row, "person");
            if (presence == Presence.DELEGATED && person == null) {
                throw TaskRefused.invalid("attendance", "Name the delegate of " + seat);
            }
            if (person != null && people.find(person).isEmpty()) {
                throw TaskRefused.invalid("attendance", "Nobody knows " + person + ", named for " + seat);
            }
            entries.add(new Attendance(seat, presence, person));
        }
        return entries;
    }

    private static String text(Map<String, Object> row, String field) {
        Object value = row.get(field);
        return value == null || value.toString().isBlank()
                ? null
                : value.toString().strip();
    }
}
