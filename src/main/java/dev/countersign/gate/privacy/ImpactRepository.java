package dev.countersign.gate.privacy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The table {@code impact_assessment}. */
@Repository
class ImpactRepository {
    private final JdbcClient jdbc;

    ImpactRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Oldest first. */
    List<ImpactAssessment> of(String releaseKey) {
        return jdbc.sql("select * from impact_assessment where release_key = ? order by id")
                .param(releaseKey)
                .query(ImpactRepository::assessment)
                .list();
    }

    Optional<ImpactAssessment> find(long id) {
        return jdbc.sql("select * from impact_assessment where id = ?")
                .param(id)
                .query(ImpactRepository::assessment)
                .optional();
    }

    long insert(String releaseKey, Instant now) {
        var key = new GeneratedKeyHolder();
        jdbc.sql("insert into impact_assessment (release_key, asked_at) values (?, ?)")
                .params(releaseKey, at(now))
                .update(key, "id");
        return Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave the assessment no id");
    }

    void escalate(long id, Instant now) {
        jdbc.sql(
                        "update impact_assessment set escalated_at = coalesce(escalated_at, ?) where id = ? and outcome is null")
                .params(at(now), id)
                .update();
    }

    /** Returns whether it was still waited for. */
    boolean end(long id, String outcome, String person, Instant now) {
        return jdbc.sql(
                                "update impact_assessment set outcome = ?, person = ?, ended_at = ? where id = ? and outcome is null")
                        .params(Arrays.asList(outcome, person, at(now), id))
                        .update()
                == 1;
    }

    void made(long id, String document) {
        jdbc.sql("update impact_assessment set document = ? where id = ?")
                .params(document, id)
                .update();
    }

    private static ImpactAssessment assessment(ResultSet row, int n) throws SQLException {
        return new ImpactAssessment(
                row.getLong("id"),
                row.getString("release_key"),
                instant(row, "asked_at"),
                instant(row, "escalated_at"),
                row.getString("outcome"),
                row.getString("person"),
                instant(row, "ended_at"),
                row.getString("document"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
