package dev.countersign.rollback;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class RollbackStore implements Rollbacks {
    private static final int LONGEST_TEXT = 2000;
    private final JdbcClient jdbc;
    private final RungStore rungs;
    private final Clock clock;

    RollbackStore(JdbcClient jdbc, RungStore rungs, Clock clock) {
        this.jdbc = jdbc;
        this.rungs = rungs;
        this.clock = clock;
    }

    @Override
    public List<Rung> rungsOf(String releaseKey) {
        return rungs.of(releaseKey, Descent.NO_DRILL);
    }

    @Override
    public Optional<Rollback> find(String releaseKey) {
        return jdbc.sql("select * from rollback where release_key = ?")
                .param(releaseKey)
                .query(this::row)
                .optional();
    }

    Rollback get(String releaseKey) {
        return find(releaseKey)
                .orElseThrow(() -> new IllegalStateException("No rollback of " + releaseKey + " has begun"));
    }

    @Override
    public List<Rollback> ofService(String service, Instant since) {
        return jdbc.sql(
                        """
                select rollback.* from rollback join release on release.key_ = rollback.release_key
                where release.service = ? and rollback.detected_at >= ? order by rollback.detected_at desc""")
                .params(service, since.atOffset(ZoneOffset.UTC))
                .query(this::row)
                .list();
    }

    /** Those that are not proven yet, oldest first. */
    List<Rollback> underWay() {
        return jdbc.sql("select * from rollback where finished_at is null order by detected_at, release_key")
                .query(this::row)
                .list();
    }

    void begin(
            String releaseKey,
            Instant detectedAt,
            String detectedBy,
            String cause,
            Duration budget,
            Instant trafficBackAt,
            boolean exposed) {
        jdbc.sql(
                        """
                insert into rollback (release_key, detected_at, detected_by, cause, budget, started_at, traffic_back_at, exposed)
                values (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        releaseKey,
                        detectedAt.atOffset(ZoneOffset.UTC),
                        detectedBy,
                        fitting(cause),
                        budget.toString(),
                        now(),
                        trafficBackAt == null ? null : trafficBackAt.atOffset(ZoneOffset.UTC),
                        exposed)
                .update();
    }

    void trafficIsBack(String releaseKey) {
        jdbc.sql("update rollback set traffic_back_at = ? where release_key = ? and traffic_back_at is null")
                .params(now(), releaseKey)
                .update();
    }

    void failed(String releaseKey, String rung) {
        jdbc.sql("update rollback set failed_rung = ? where release_key = ?")
                .params(fitting(rung), releaseKey)
                .update();
    }

    void validated(String releaseKey, List<String> checks) {
        jdbc.sql("update rollback set validation = ? where release_key = ?")
                .params(String.join("\n", checks), releaseKey)
                .update();
    }

    /** @param by who answers for its end; null where the platform is to prove it */
    void answeredFor(String releaseKey, String by, String because, String verified) {
        jdbc.sql(
                        "update rollback set ended_by = :by, ended_because = :because, ended_verified = :verified where release_key = :release")
                .param("by", by, Types.VARCHAR)
                .param("because", because == null ? null : fitting(because), Types.VARCHAR)
                .param("verified", verified == null ? null : fitting(verified), Types.VARCHAR)
                .param("release", releaseKey)
                .update();
    }

    /** A person's word, in the place of a proof. */
    record Answered(String by, String because, String verified) {}

    /** Empty where the platform proves it. */
    Optional<Answered> answered(String releaseKey) {
        return jdbc.sql(
                        "select ended_by, ended_because, ended_verified from rollback where release_key = ? and ended_by is not null")
                .param(releaseKey)
                .query((row, number) -> new Answered(row.getString(1), row.getString(2), row.getString(3)))
                .optional();
    }

    void breached(String releaseKey) {
        jdbc.sql("update rollback set breached_at = ? where release_key = ? and breached_at is null")
                .params(now(), releaseKey)
                .update();
    }

    void finish(String releaseKey) {
        jdbc.sql("update rollback set finished_at = ? where release_key = ? and finished_at is null")
                .params(now(), releaseKey)
                .update();
    }

    /** Other systems write these texts, of any length and with any byte in them: none of it may stop a rollback. */
    static String fitting(String text) {
        String readable = text.replace('\0', ' ');
        return readable.length() <= LONGEST_TEXT ? readable : readable.substring(0, LONGEST_TEXT - 1) + "…";
    }

    private Rollback row(ResultSet row, int number) throws SQLException {
        String validation = row.getString("validation");
        return new Rollback(
                row.getString("release_key"),
                instant(row, "detected_at"),
                row.getString("detected_by"),
                row.getString("cause"),
                Duration.parse(row.getString("budget")),
                instant(row, "started_at"),
                instant(row, "traffic_back_at"),
                instant(row, "breached_at"),
                instant(row, "finished_at"),
                row.getString("failed_rung"),
                validation == null ? List.of() : List.of(validation.split("\n")),
                // Until it is read back that users are on the stable version, it is a word and no end.
                row.getObject("finished_at") == null ? null : row.getString("ended_by"),
                row.getBoolean("exposed"));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
