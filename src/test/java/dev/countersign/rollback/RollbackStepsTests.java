package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.DatabaseTest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@DatabaseTest
@Tag("M6.1")
class RollbackStepsTests {
    private static int count;

    @Autowired
    private RollbackSteps steps;

    @Autowired
    private RollbackStore store;

    @Autowired
    private RungLog log;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private String key;

    @BeforeEach
    void begin() {
        key = "checkout@6.1.0-steps." + ++count;
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, 'checkout', ?, 1, 'standard', 'ROLLING_BACK', ?, false, 'ci', 'production', '6dcb',"
                        + " '[]', '[]', '{}', '[]', '[]', ?)")
                .params(key, "6.1.0-steps." + count, now, now)
                .update();
    }

    @Test
    void a_rung_that_failed_calls_those_at_once_who_may_roll_back_by_hand() {
        rollback("errors of 7 %");
        transaction.executeWithoutResult(status -> {
            store.failed(key, "move traffic back: the router does not answer");
            steps.summonHands(key);
        });

        assertThat(jdbc.sql("select groups_ || ' | ' || subject || ' | ' || text_ from mail where release_key = ?")
                        .param(key)
                        .query(String.class)
                        .single())
                .contains("on-call", "operations", "sre")
                .contains("Roll back by hand now: " + key)
                .contains("move traffic back: the router does not answer", "the budget of PT5M")
                .contains(" | Users may still be on the candidate: the budget of 5 min ends at ")
                .contains("roll back by hand now: give the candidate no traffic at its router");
    }

    @Test
    void an_error_text_of_any_length_and_content_is_kept_as_far_as_it_fits() {
        rollback("c".repeat(5000));
        store.failed(key, "validate: \0" + "x".repeat(50_000));

        assertThat(store.get(key).failedRung())
                .hasSize(2000)
                .startsWith("validate:  xxx")
                .endsWith("x…");
        assertThat(store.get(key).cause()).hasSize(2000).endsWith("c…");
    }

    /** Where a stable version that was deployed anew moved users back, no router was told to. */
    @Test
    void what_is_proven_says_that_users_are_back_whichever_rung_moved_them() {
        rollback("errors of 7 %");
        var descent = new Descent(
                key, Descent.NO_DRILL, "checkout", "sha256:c", "sha256:b", 0.05, Instant.now(), Instant.now());
        transaction.executeWithoutResult(status -> log.proven(descent, List.of("The candidate is gone")));

        assertThat(store.get(key).trafficBackAt()).isNotNull();
    }

    private void rollback(String cause) {
        store.begin(key, Instant.now(), "monitoring", cause, Duration.ofMinutes(5), null, true);
    }
}
