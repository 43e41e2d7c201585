package dev.countersign.rollout;

import dev.countersign.release.BegunRollouts;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** When rollouts began, for those who look for what caused an incident. */
@Repository
class StoredBeginnings implements BegunRollouts {
    private final JdbcClient jdbc;

    StoredBeginnings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Begun> of(Collection<String> services, Instant from, Instant to) {
        if (services.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("select release_key, service, started_at from rollout where service in (:services)"
                        + " and started_at between :from and :to order by started_at desc, release_key")
                .param("services", services)
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("to", to.atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Begun(
                        row.getString("release_key"),
                        row.getString("service"),
                        row.getObject("started_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    @Override
    public Optional<Instant> beganAt(String releaseKey) {
        return jdbc.sql("select started_at from rollout where release_key = ?")
                .param(releaseKey)
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }
}
