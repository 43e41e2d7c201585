package dev.countersign.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.rollout.CapacityForecast.Figure;
import java.sql.ResultSet;
import java.sql.SQLException;
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
class CapacityStore {
    private static final int LONGEST = 2000;
    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;

    CapacityStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /** @param confirmedBy null where nobody has */
    record Stored(long id, CapacityForecast forecast, Instant madeAt, String confirmedBy, Instant confirmedAt) {}

    void add(String releaseKey, CapacityForecast forecast) {
        jdbc.sql(
                        """
                insert into capacity_forecast (release_key, verdict, sentence, figures, rule_version, made_at)
                values (?, ?, ?, ?, ?, ?)""")
                .params(
                        releaseKey,
                        forecast.verdict(),
                        cut(forecast.sentence()),
                        write(forecast.figures()),
                        forecast.version(),
                        now())
                .update();
    }

    /** The newest one. */
    Optional<Stored> latest(String releaseKey) {
        return jdbc.sql("select * from capacity_forecast where release_key = ? order by id desc limit 1")
                .param(releaseKey)
                .query(this::row)
                .optional();
    }

    void confirm(long forecast, String person, String because) {
        jdbc.sql(
                        "update capacity_forecast set confirmed_by = ?, confirmed_because = ?, confirmed_at = ? where id = ? and confirmed_at is null")
                .params(person, cut(because), now(), forecast)
                .update();
    }

    boolean isOlder(Instant at, Duration than) {
        return at.plus(than).isBefore(clock.instant());
    }

    private Stored row(ResultSet row, int number) throws SQLException {
        OffsetDateTime confirmed = row.getObject("confirmed_at", OffsetDateTime.class);
        return new Stored(
                row.getLong("id"),
                new CapacityForecast(
                        row.getString("verdict"),
                        row.getString("sentence"),
                        read(row.getString("figures")),
                        row.getString("rule_version")),
                row.getObject("made_at", OffsetDateTime.class).toInstant(),
                row.getString("confirmed_by"),
                confirmed == null ? null : confirmed.toInstant());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static String cut(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private String write(List<Figure> figures) {
        try {
            return json.writeValueAsString(figures);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private List<Figure> read(String figures) {
        try {
            return json.readValue(figures, new TypeReference<>() {});
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("The figures of a forecast are not JSON", broken);
        }
    }
}
