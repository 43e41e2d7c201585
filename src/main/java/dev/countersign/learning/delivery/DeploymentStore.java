package dev.countersign.learning.delivery;

import dev.countersign.learning.delivery.Deployment.WayBack;
import dev.countersign.release.ReleaseState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Deployments by the platform, joined from the tables of release, rollout and rollback in one statement: figures over a hundred thousand releases cannot ask each
 * module for each of them. It reads, and writes nothing.
 */
@Repository
class DeploymentStore {
    private static final int AT_ONCE = 1000;
    private static final String PREFIX = "INC-";
    private static final String COLUMNS =
            """
            select o.release_key, o.service, r.kind, r.state, r.committed_at, r.fixes, o.started_at,
              case when o.status = 'COMPLETE' then o.finished_at end as completed_at,
              coalesce(b.detected_at, o.tripped_at) as detected_at, b.release_key as rolled_back,
              coalesce(b.traffic_back_at, o.traffic_back_at) as users_back_at, b.finished_at as proven_at, b.exposed
            from rollout o join release r on r.key_ = o.release_key
              left join rollback b on b.release_key = o.release_key
            """;

    private final JdbcClient jdbc;

    DeploymentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those that began from {@code from} until before {@code to}, oldest first. */
    List<Deployment> between(Instant from, Instant to, Scope scope) {
        if (scope.isEmpty()) {
            return List.of();
        }
        Map<String, Object> values = new HashMap<>();
        values.put("from", at(from));
        values.put("to", at(to));
        return jdbc.sql(COLUMNS
                        + " where o.started_at >= :from and o.started_at < :to and r.environment = 'production'"
                        + scope.sql(values) + " order by o.started_at, o.release_key")
                .params(values)
                .query(DeploymentStore::row)
                .list();
    }

    /** @param before when a release of its service was deployed last before it; null where none was */
    record Hotfix(Deployment deployment, Instant before) {}

    /** Hotfixes of all services that were deployed since a time, oldest first: what one of them remedies may be of another service. */
    List<Hotfix> hotfixesSince(Instant from) {
        return jdbc.sql(COLUMNS.replace(
                                "from rollout o join",
                                ", (select x.started_at from rollout x where x.service = o.service"
                                        + " and x.started_at < o.started_at order by x.started_at desc fetch first 1 rows only) as before_at from rollout o join")
                        + " where o.started_at >= :from and r.kind = 'hotfix' and r.environment = 'production'"
                        + " order by o.started_at, o.release_key")
                .param("from", at(from))
                .query((row, number) -> new Hotfix(row(row, number), instant(row, "before_at")))
                .list();
    }

    /**
     * Which of these words are keys of releases, or of incidents that a rollback opened; with the key of the release that each stands for.
     */
    Map<String, String> releasesNamed(Set<String> words) {
        Map<String, String> named = new LinkedHashMap<>();
        List<String> all = List.copyOf(words);
        for (int begin = 0; begin < all.size(); begin += AT_ONCE) {
            List<String> some = all.subList(begin, Math.min(all.size(), begin + AT_ONCE));
            jdbc.sql(
                            """
                    select key_ as word, key_ as release_key from release where key_ in (:words)
                    union all
                    select concat('INC-', id), release_key from incident where id in (:ids) and release_key is not null""")
                    .param("words", some)
                    .param("ids", ids(some))
                    .query((RowCallbackHandler) row -> named.put(row.getString("word"), row.getString("release_key")));
        }
        return named;
    }

    private static List<Long> ids(Collection<String> words) {
        List<Long> ids = new ArrayList<>();
        // No incident has it, and a list must hold something.
        ids.add(-1L);
        words.stream()
                .filter(word -> word.startsWith(PREFIX))
                .map(word -> Long.parseLong(word.substring(PREFIX.length())))
                .forEach(ids::add);
        return ids;
    }

    private static Deployment row(ResultSet row, int number) throws SQLException {
        return new Deployment(
                row.getString("release_key"),
                row.getString("service"),
                row.getString("kind"),
                ReleaseState.valueOf(row.getString("state")),
                instant(row, "started_at"),
                instant(row, "completed_at"),
                instant(row, "committed_at"),
                row.getString("fixes"),
                wayBack(row),
                null);
    }

    /** Traffic is taken back before the process has begun the rollback that says so: users had met it then. */
    private static WayBack wayBack(ResultSet row) throws SQLException {
        Instant detectedAt = instant(row, "detected_at");
        if (detectedAt == null) {
            return null;
        }
        return new WayBack(
                detectedAt,
                instant(row, "users_back_at"),
                instant(row, "proven_at"),
                row.getString("rolled_back") == null || row.getBoolean("exposed"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
