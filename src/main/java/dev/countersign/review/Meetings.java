package dev.countersign.review;

import dev.countersign.release.Rows;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Meetings of a review: when, who was there, what was said. */
@Component
class Meetings {
    private final JdbcClient db;
    private final Clock clock;

    Meetings(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    enum Presence {
        PRESENT,
        DELEGATED,
        ABSENT
    }

    record Meeting(
            long id,
            int sequence,
            OffsetDateTime startsAt,
            OffsetDateTime endsAt,
            OffsetDateTime heldAt,
            String recordedBy,
            String minutes) {}

    /** @param person who was there, or who speaks for the seat; null where only the seat is known */
    record Attendance(String seat, Presence presence, String person) {
        boolean represents() {
            return presence != Presence.ABSENT;
        }
    }

    Optional<Meeting> latest(String releaseKey) {
        return db
                .sql("select * from review_meeting where release_key = ? order by id desc")
                .param(releaseKey)
                .query((rs, row) -> new Meeting(
                        rs.getLong("id"),
                        rs.getInt("sequence_"),
                        rs.getObject("starts_at", OffsetDateTime.class),
                        rs.getObject("ends_at", OffsetDateTime.class),
                        rs.getObject("held_at", OffsetDateTime.class),
                        rs.getString("recorded_by"),
                        rs.getString("minutes")))
                .list()
                .stream()
                .findFirst();
    }

    /** The newest entry of each seat. */
    Map<String, Attendance> attendance(String releaseKey) {
        var newest = new LinkedHashMap<String, Attendance>();
        db.sql("select a.seat, a.status, a.person from review_attendance a join review_meeting m on m.id = a.meeting_id"
                        + " where m.release_key = ? order by a.id")
                .param(releaseKey)
                .query((rs, row) -> new Attendance(
                        rs.getString("seat"), Presence.valueOf(rs.getString("status")), rs.getString("person")))
                .list()
                .forEach(entry -> newest.put(entry.seat(), entry));
        return newest;
    }

    /** Mandatory seats that were neither present nor delegated. */
    List<String> unrepresented(String releaseKey, List<SeatRow> seats) {
        var attendance = attendance(releaseKey);
        return seats.stream()
                .filter(SeatRow::meeting)
                .map(SeatRow::id)
                .filter(seat ->
                        !attendance.containsKey(seat) || !attendance.get(seat).represents())
                .toList();
    }

    /** The sequence number for a calendar's update: one more than the last invitation of this release. */
    int invite(String releaseKey, OffsetDateTime start, OffsetDateTime end) {
        int sequence = latest(releaseKey).map(meeting -> meeting.sequence() + 1).orElse(0);
        db.sql("insert into review_meeting (release_key, sequence_, starts_at, ends_at, invited_at) values (?,?,?,?,?)")
                .params(releaseKey, sequence, start, end, OffsetDateTime.now(clock))
                .update();
        return sequence;
    }

    void attend(long meeting, List<Attendance> entries, String recordedBy) {
        Rows rows = new Rows("review_attendance (meeting_id, seat, status, person, recorded_by, recorded_at)");
        OffsetDateTime now = OffsetDateTime.now(clock);
        for (Attendance entry : entries) {
            rows.add(meeting, entry.seat(), entry.presence().name(), entry.person(), recordedBy, now);
        }
        rows.insert(db);
    }

    void held(long meeting, String recordedBy, String minutes) {
        db.sql("update review_meeting set held_at = ?, recorded_by = ?, minutes = ? where id = ?")
                .params(OffsetDateTime.now(clock), recordedBy, minutes, meeting)
                .update();
    }
}
