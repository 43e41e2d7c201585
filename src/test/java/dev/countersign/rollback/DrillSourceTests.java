package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.TestDatabase;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.release.Release;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which of a script's drills a release is shown. */
@Tag("M2.6")
@Tag("database")
class DrillSourceTests {
    private static final String DIGEST = "sha256:script";
    private static final OffsetDateTime DAY =
            OffsetDateTime.ofInstant(Instant.parse("2026-11-24T20:00:00Z"), ZoneOffset.UTC);

    private final JdbcTemplate database = new JdbcTemplate(TestDatabase.with(
            "V20__release.sql", "V180__rollback_ladder.sql", "V181__rollback_drill.sql", "V220__drill_slot.sql"));
    private final RollbackScripts scripts = mock(RollbackScripts.class);
    private final Release release = mock(Release.class);
    private final DrillSource source = new DrillSource(
            scripts,
            new DrillStore(JdbcClient.create(database), Clock.systemUTC()),
            new RungStore(JdbcClient.create(database), Clock.systemUTC()),
            new ObjectMapper());

    @BeforeEach
    void aScript() {
        when(release.key()).thenReturn("checkout@2.0.0");
        when(release.service()).thenReturn("checkout");
        when(release.commit()).thenReturn("6dcb");
        when(scripts.of("checkout@2.0.0"))
                .thenReturn(Optional.of(new RollbackScript(
                        "rollback.sh", DIGEST, new Procedure("way.md", DIGEST), "team", "ci", Instant.EPOCH, null)));
        database.update(
                "insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values ('checkout@2.0.0', 'checkout', '2.0.0', 1, 'standard', 'GATES', current_timestamp, false, 'ci',"
                        + " 'production', '6dcb', '[]', '[]', '{}', '[]', '[]', current_timestamp)");
    }

    private void migrates(boolean migrates) {
        when(release.changes()).thenReturn(Map.of("databaseMigration", migrates));
    }

    private void drilled(int hours, String result, String database) {
        this.database.update(
                "insert into rollback_drill (release_key, service, environment, script_path, script_digest, procedure_path,"
                        + " procedure_digest, owner, budget, max_error_rate, wanted_by, wanted_at, candidate, began_at, ended_at, result)"
                        + " values ('checkout@2.0.0', 'checkout', 'staging', 'rollback.sh', ?, 'way.md', ?, 'team', 'PT5M', 0.05,"
                        + " 'sre', ?, 'sha256:new', ?, ?, ?)",
                DIGEST,
                DIGEST,
                DAY,
                DAY,
                DAY.plusHours(hours),
                result);
        if (database != null) {
            this.database.update(
                    "insert into rollback_rung (release_key, drill, rung, outcome, said, from_, at_)"
                            + " select 'checkout@2.0.0', max(id), 'database', ?, 'said', ?, ? from rollback_drill",
                    database,
                    DAY,
                    DAY);
        }
    }

    /** The hour in which the drill ended that is shown. */
    private String shown() throws Exception {
        try (InputStream document = source.fetch(new Asked(release, "production"), Duration.ofSeconds(1))
                .documents()
                .get(0)
                .body()
                .open()) {
            return new ObjectMapper().readTree(document).path("at").asText();
        }
    }

    @Test
    void a_newer_drill_that_left_the_database_alone_does_not_hide_the_one_that_took_it_down() throws Exception {
        drilled(1, "succeeded", "done");
        drilled(2, "succeeded", null);
        migrates(true);
        assertThat(shown()).isEqualTo("2026-11-24T21:00:00Z");
        migrates(false);
        assertThat(shown()).as("nothing to take down: the newest").isEqualTo("2026-11-24T22:00:00Z");
    }

    @Test
    void a_newer_drill_that_failed_is_not_hidden_by_an_older_one_that_succeeded() throws Exception {
        drilled(1, "succeeded", "done");
        drilled(2, "failed", null);
        drilled(3, "succeeded", null);
        migrates(true);
        assertThat(shown()).isEqualTo("2026-11-24T22:00:00Z");
        drilled(4, "succeeded", "done");
        assertThat(shown()).isEqualTo("2026-11-25T00:00:00Z");
    }

    @Test
    void where_no_drill_took_the_database_down_the_newest_says_what_is_missing() throws Exception {
        drilled(1, "succeeded", "failed");
        drilled(2, "succeeded", null);
        migrates(true);
        assertThat(shown()).isEqualTo("2026-11-24T22:00:00Z");
    }
}
