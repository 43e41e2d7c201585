package dev.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.workflow.EngineFact;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxLeavesTests {
    private static final EngineFact FACT = new EngineFact("activity.end", "42", Map.of("activity", "setSplit"));
    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private OutboxLeaves leaves;

    @BeforeEach
    void setUp() {
        var database = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V10__audit.sql")).execute(database);
        jdbc = new JdbcTemplate(database);
        var transactions = new JdbcTransactionManager(database);
        transaction = new TransactionTemplate(transactions);
        leaves = new OutboxLeaves(jdbc, new ObjectMapper(), Clock.systemUTC(), transactions);
    }

    @Test
    void a_fact_without_a_transaction_is_refused_and_not_forgotten() {
        assertThatThrownBy(() -> leaves.recordEngine(FACT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A fact is logged in the transaction that makes it: activity.end");
        assertThatThrownBy(() -> leaves.record("gate.evaluated", "checkout@2.0.0", "countersign", Map.of()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_engines_facts_of_a_transaction_are_one_leaf() {
        transaction.executeWithoutResult(status -> {
            leaves.recordEngine(FACT);
            leaves.recordEngine(FACT);
        });
        assertThat(jdbc.queryForList("select type from log_outbox", String.class))
                .containsExactly("engine.history");
    }
}
