package dev.countersign.incident;

import static dev.countersign.incident.IncidentStore.idOf;
import static dev.countersign.incident.IncidentStore.instant;
import static dev.countersign.incident.IncidentStore.time;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.incident.Incidents.Moment;
import dev.countersign.incident.Incidents.PostMortem;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code post_mortem}. */
@Repository
class PostMortemStore {
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    PostMortemStore(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void add(String incidentKey, PostMortem written) {
        jdbc.sql(
                        """
                        insert into post_mortem (incident_id, impact, timeline, contributing_factors, root_cause, went_well,
                          were_lucky, no_actions_because, written_by, written_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        idOf(incidentKey),
                        written.impact(),
                        write(written.timeline()),
                        written.contributingFactors(),
                        written.rootCause(),
                        written.wentWell(),
                        written.wereLucky(),
                        written.noActionsBecause(),
                        written.writtenBy(),
                        time(written.writtenAt()))
                .update();
    }

    Optional<PostMortem> of(String incidentKey) {
        return jdbc.sql("select * from post_mortem where incident_id = ?")
                .param(idOf(incidentKey))
                .query(this::postMortem)
                .optional();
    }

    /** Returns whether they had not been registered until now. */
    boolean registerActions(String incidentKey, Instant at) {
        return jdbc.sql(
                                "update post_mortem set actions_registered_at = ? where incident_id = ? and actions_registered_at is null")
                        .params(time(at), idOf(incidentKey))
                        .update()
                == 1;
    }

    private PostMortem postMortem(ResultSet row, int number) throws SQLException {
        return new PostMortem(
                row.getString("impact"),
                read(row.getString("timeline")),
                row.getString("contributing_factors"),
                row.getString("root_cause"),
                row.getString("went_well"),
                row.getString("were_lucky"),
                row.getString("no_actions_because"),
                row.getString("written_by"),
                instant(row, "written_at"));
    }

    private String write(List<Moment> timeline) {
        try {
            return json.writeValueAsString(timeline);
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<Moment> read(String timeline) {
        try {
            return json.readValue(timeline, new TypeReference<>() {});
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
