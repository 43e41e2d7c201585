package dev.countersign.rollout.marker;

import dev.countersign.release.Release;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

@Repository
class MarkerStore {
    private final JdbcClient jdbc;

    MarkerStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Marker insert(Release release, String phase, String text, Instant at) {
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        jdbc.sql(
                        "insert into deployment_marker (release_key, service, version, phase, text_, at_) values (?, ?, ?, ?, ?, ?)")
                .params(release.key(), release.service(), release.version(), phase, text, at.atOffset(ZoneOffset.UTC))
                .update(key, "id");
        long id = Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave no id");
        return new Marker(id, release.service(), release.version(), phase, text, at);
    }

    boolean has(String releaseKey, String phase) {
        return jdbc.sql("select count(*) from deployment_marker where release_key = ? and phase = ?")
                        .params(releaseKey, phase)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    Optional<Marker> find(long id) {
        return jdbc.sql("select * from deployment_marker where id = ?")
                .param(id)
                .query(MarkerStore::row)
                .optional();
    }

    /** The markers of each service's latest release. */
    List<Marker> latest() {
        return jdbc.sql(
                        "select * from deployment_marker where release_key in (select release_key from deployment_marker"
                                + " where id in (select max(id) from deployment_marker group by service)) order by id")
                .query(MarkerStore::row)
                .list();
    }

    private static Marker row(ResultSet row, int number) throws SQLException {
        return new Marker(
                row.getLong("id"),
                row.getString("service"),
                row.getString("version"),
                row.getString("phase"),
                row.getString("text_"),
                row.getObject("at_", OffsetDateTime.class).toInstant());
    }
}
