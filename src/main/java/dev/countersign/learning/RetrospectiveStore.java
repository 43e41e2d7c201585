package dev.countersign.learning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.learning.Retrospectives.Effect;
import dev.countersign.learning.Retrospectives.Input;
import dev.countersign.learning.Retrospectives.Outcome;
import dev.countersign.learning.Retrospectives.Rating;
import dev.countersign.learning.Retrospectives.Retrospective;
import dev.countersign.release.Rows;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code retrospective*}. */
@Repository
class RetrospectiveStore {
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    RetrospectiveStore(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    boolean isOpened(String releaseKey) {
        return jdbc.sql("select count(*) from retrospective where release_key = ?")
                        .param(releaseKey)
                        .query(Long.class)
                        .single()
                > 0;
    }

    void open(String releaseKey, Instant at) {
        jdbc.sql("insert into retrospective (release_key, opened_at) values (?, ?)")
                .params(releaseKey, time(at))
                .update();
    }

    void add(String releaseKey, Input input) {
        jdbc.sql(
                        """
                        insert into retrospective_input (release_key, team, person, went_well, to_improve, on_gates, given_at)
                        values (?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        releaseKey,
                        input.team(),
                        input.person(),
                        input.wentWell(),
                        input.toImprove(),
                        input.onGates(),
                        time(input.givenAt()))
                .update();
    }

    List<Input> inputsOf(String releaseKey) {
        return jdbc.sql("select * from retrospective_input where release_key = ? order by id")
                .param(releaseKey)
                .query((row, n) -> new Input(
                        row.getString("team"),
                        row.getString("person"),
                        row.getString("went_well"),
                        row.getString("to_improve"),
                        row.getString("on_gates"),
                        instant(row, "given_at")))
                .list();
    }

    void summarise(
            String releaseKey, String summary, String improvements, String person, List<Outcome> outcomes, Instant at) {
        jdbc.sql(
                        """
                        update retrospective set summary = ?, improvements = ?, summarised_by = ?, summarised_at = ?, outcomes = ?
                        where release_key = ?
                        """)
                .params(summary, improvements, person, time(at), write(outcomes), releaseKey)
                .update();
    }

    void add(String releaseKey, List<Rating> ratings, Instant at) {
        Rows rows = new Rows("retrospective_rating (release_key, kind, name, rating, comment_, rated_at)");
        ratings.forEach(rating -> rows.add(
                releaseKey, rating.kind(), rating.name(), rating.effect().name(), rating.comment(), time(at)));
        rows.insert(jdbc);
    }

    private List<Rating> ratingsOf(String releaseKey) {
        return jdbc.sql("select * from retrospective_rating where release_key = ? order by id")
                .param(releaseKey)
                .query((row, n) -> new Rating(
                        row.getString("kind"),
                        row.getString("name"),
                        Effect.valueOf(row.getString("rating")),
                        row.getString("comment_")))
                .list();
    }

    Optional<Retrospective> find(String releaseKey) {
        List<Input> inputs = inputsOf(releaseKey);
        List<Rating> ratings = ratingsOf(releaseKey);
        return jdbc.sql("select * from retrospective where release_key = ?")
                .param(releaseKey)
                .query((row, n) -> new Retrospective(
                        releaseKey,
                        instant(row, "opened_at"),
                        inputs,
                        read(row.getString("outcomes")),
                        ratings,
                        row.getString("summary"),
                        row.getString("improvements"),
                        row.getString("summarised_by"),
                        instant(row, "summarised_at")))
                .optional();
    }

    private String write(List<Outcome> outcomes) {
        try {
            return json.writeValueAsString(outcomes);
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<Outcome> read(String outcomes) {
        try {
            return outcomes == null ? List.of() : json.readValue(outcomes, new TypeReference<>() {});
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
