package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.DatabaseTest;
import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What a drill has to have gone through itself, and that a service has one place for drills. */
@DatabaseTest
@Tag("M2.6")
class DrillStepsTests {
    private static final String DIGEST = "sha256:" + "d".repeat(64);
    private static int count;

    @Autowired
    private DrillSteps steps;

    @Autowired
    private DrillStore store;

    @Autowired
    private RungStore rungs;

    @Autowired
    private Releases releases;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private String key;

    @BeforeEach
    void begin() {
        key = "drilled@2.6." + ++count;
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, 'drilled', ?, 1, 'standard', 'GATES', ?, false, 'ci', 'production', '6dcb',"
                        + " '[]', ?, '{}', '[]', '[]', ?)")
                .params(
                        key,
                        "2.6." + count,
                        now,
                        "[{\"name\": \"registry.example/drilled\", \"digest\": \"" + DIGEST + "\"}]",
                        now)
                .update();
    }

    @AfterEach
    void leaveThePlace() {
        store.free("drilled", Duration.ofDays(-1));
    }

    private long wanted() {
        Release release = releases.get(key);
        return store.want(
                release,
                new RollbackScript(
                        "rollback.sh", DIGEST, new Procedure("way.md", DIGEST), "team", "ci", Instant.now(), null),
                Duration.ofMinutes(5),
                0.05,
                "operations");
    }

    private String endsWithRungs(String... gone) {
        long drill = wanted();
        store.baseline(drill, "sha256:old");
        store.begin(drill);
        for (String rung : gone) {
            String[] words = rung.split(" ");
            rungs.add(store.descent(key, drill), words[0], words[1], rung);
        }
        DelegateExecution execution = mock(DelegateExecution.class);
        when(execution.getVariable(Drills.VARIABLE)).thenReturn(drill);
        transaction.executeWithoutResult(status -> steps.succeed(key, execution));
        Drills.Drill ended = store.get(key, drill);
        return ended.because() == null ? ended.result() : ended.result() + ": " + ended.because();
    }

    @Test
    void a_drill_succeeds_by_its_own_rungs_and_not_because_the_process_came_to_its_end() {
        assertThat(endsWithRungs())
                .isEqualTo("failed: it ended without having done: move traffic back, withdraw the candidate, validate");
        assertThat(endsWithRungs("flag passed-over", "traffic done", "withdraw passed-over", "proof done"))
                .isEqualTo("failed: it ended without having done: withdraw the candidate");
        assertThat(endsWithRungs("traffic done", "withdraw done", "proof done", "database done", "proof failed"))
                .isEqualTo("failed: it ended without having done: validate");
        assertThat(endsWithRungs("flag passed-over", "traffic failed", "traffic done", "withdraw done", "proof done"))
                .isEqualTo("succeeded");
    }

    @Test
    void a_service_has_one_place_in_staging_which_a_drill_leaves_at_its_end_or_when_it_died_long_ago() {
        long first = wanted();
        assertThatThrownBy(this::wanted).isInstanceOf(DuplicateKeyException.class);
        store.free("drilled", Duration.ofHours(3));
        assertThatThrownBy(this::wanted).isInstanceOf(DuplicateKeyException.class);
        store.end(first, "abandoned", "nothing stands ready");
        long second = wanted();
        store.free("drilled", Duration.ofDays(-1));
        assertThat(wanted()).isGreaterThan(second);
    }
}
