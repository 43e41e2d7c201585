package dev.countersign.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.DatabaseTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What a transaction keeps of a release whose row it holds, and what it writes at its end. */
@DatabaseTest
@Tag("M8.2")
class HeldFactsTests {
    private final AtomicInteger asked = new AtomicInteger();

    @Autowired
    private JdbcReleases releases;

    @Autowired
    private HeldFacts facts;

    @Autowired
    private Timeline timeline;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    private String key;

    @BeforeEach
    void release() {
        key = "checkout@" + UUID.randomUUID();
        releases.insert(new Release(
                key,
                "checkout",
                key.substring(9),
                1,
                "standard",
                ReleaseState.CRITERIA,
                false,
                null,
                "team",
                "ci",
                "",
                "production",
                "commit",
                null,
                List.of(),
                List.of(),
                Map.of(),
                null,
                null,
                List.of(),
                null,
                List.of(),
                "policy",
                null,
                Instant.now(),
                Instant.now()));
    }

    private int ask() {
        return facts.read(key, "fact", asked::incrementAndGet);
    }

    @Test
    void a_fact_is_read_once_while_the_row_is_held_until_it_is_written() {
        transaction.executeWithoutResult(status -> {
            assertThat(ask()).as("not held yet").isEqualTo(1);
            assertThat(ask()).as("not held yet").isEqualTo(2);
            releases.lock(key);
            assertThat(facts.holds(key)).isTrue();
            assertThat(ask()).isEqualTo(3);
            assertThat(ask()).isEqualTo(3);
            releases.tier(key, "CRITICAL");
            assertThat(ask()).as("the release's row is another fact").isEqualTo(3);
            facts.changed(key, "fact");
            assertThat(ask()).isEqualTo(4);
        });
        assertThat(facts.holds(key)).isFalse();
        assertThat(ask()).as("the next transaction may see something else").isEqualTo(5);
    }

    @Test
    void a_transaction_inside_another_holds_nothing_of_it() {
        var inner = new TransactionTemplate(transaction.getTransactionManager());
        inner.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
        transaction.executeWithoutResult(status -> {
            releases.lock(key);
            assertThat(ask()).isEqualTo(1);
            inner.executeWithoutResult(other -> {
                assertThat(facts.holds(key)).isFalse();
                assertThat(ask()).isEqualTo(2);
            });
            assertThat(ask()).isEqualTo(1);
        });
    }

    @Test
    void the_timeline_reads_in_its_order_what_the_same_transaction_recorded() {
        transaction.executeWithoutResult(status -> {
            timeline.record(key, "first", "ci", "First", Map.of());
            timeline.record(key, "second", "ci", "Second", Map.of());
            assertThat(timeline.of(key)).extracting(Timeline.Entry::type).containsExactly("first", "second");
            timeline.record(key, "third", "ci", "Third", Map.of());
        });

        assertThat(timeline.of(key)).extracting(Timeline.Entry::type).containsExactly("first", "second", "third");
    }

    @Test
    void nothing_of_a_transaction_that_is_rolled_back_is_in_the_timeline_but_its_refusal() {
        transaction.executeWithoutResult(status -> {
            timeline.record(key, "lost", "ci", "Lost", Map.of());
            timeline.refused(key, "refused", "ci", "Refused", Map.of());
            status.setRollbackOnly();
        });

        assertThat(timeline.of(key)).extracting(Timeline.Entry::type).containsExactly("refused");
    }

    @Test
    void a_refusal_that_is_told_before_anything_else_is_kept_with_its_leaf() {
        transaction.executeWithoutResult(status -> {
            timeline.refused(key, "refused", "ci", "Refused", Map.of());
            releases.lock(key);
            timeline.record(key, "done", "ci", "Done", Map.of());
        });

        assertThat(timeline.of(key)).extracting(Timeline.Entry::type).containsExactly("done", "refused");
        assertThat(jdbc.sql("select type from log_outbox where release_key = ? order by id")
                        .param(key)
                        .query(String.class)
                        .list())
                .containsExactly("done", "refused");
    }

    @Test
    void more_rows_than_one_statement_takes_are_all_written() {
        transaction.executeWithoutResult(status -> {
            for (int entry = 0; entry < 250; entry++) {
                timeline.record(key, "entry", "ci", "Entry " + entry, Map.of());
            }
        });

        assertThat(jdbc.sql("select count(*) from release_timeline where release_key = ?")
                        .param(key)
                        .query(Integer.class)
                        .single())
                .isEqualTo(250);
    }

    @Test
    void what_a_transaction_read_is_remembered_only_once_it_is_committed() {
        var remembered = new Remembered<String>();
        transaction.executeWithoutResult(status -> {
            remembered.keep(key, "written by a transaction that fails");
            status.setRollbackOnly();
        });
        assertThat(remembered.find(key)).isEmpty();

        transaction.executeWithoutResult(status -> {
            remembered.keep(key, "there");
            assertThat(remembered.find(key)).isEmpty();
        });
        assertThat(remembered.find(key)).contains("there");
    }
}
