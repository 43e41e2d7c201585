package dev.countersign.review;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether the history of the service asks for mitigations: yes or no, with the reason and the figures seen. */
@Component
class HistoryReviews {
    private final JdbcClient db;
    private final Json json;
    private final Clock clock;

    HistoryReviews(JdbcClient db, Json json, Clock clock) {
        this.db = db;
        this.json = json;
        this.clock = clock;
    }

    record HistoryReview(boolean mitigationNeeded, String reason, String reviewedBy, OffsetDateTime reviewedAt) {}

    Optional<HistoryReview> latest(String releaseKey) {
        return db
                .sql("select * from review_history where release_key = ? order by id desc")
                .param(releaseKey)
                .query((rs, row) -> new HistoryReview(
                        rs.getBoolean("mitigation_needed"),
                        rs.getString("reason"),
                        rs.getString("reviewed_by"),
                        rs.getObject("reviewed_at", OffsetDateTime.class)))
                .list()
                .stream()
                .findFirst();
    }

    void add(String releaseKey, boolean mitigationNeeded, String reason, Map<String, Object> shown, String person) {
        db.sql("insert into review_history (release_key, mitigation_needed, reason, shown, reviewed_by, reviewed_at)"
                        + " values (?,?,?,?,?,?)")
                .params(releaseKey, mitigationNeeded, reason, json.write(shown), person, OffsetDateTime.now(clock))
                .update();
    }
}
