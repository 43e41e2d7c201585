package dev.countersign.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.Statements;
import dev.countersign.workflow.EngineFact;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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
    private final Statements statements = new Statements();
    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private OutboxLeaves leaves;

    @BeforeEach
    void setUp() {
        var database = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/migration/V10__audit.sql"),
                        new ClassPathResource("db/migration/V105__personal_values.sql"))
                .execute(database);
        var counted = statements.around(database);
        jdbc = new JdbcTemplate(counted);
        var transactions = new JdbcTransactionManager(counted);
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

    @Test
    void persons_and_what_they_wrote_are_commitments_and_machine_facts_are_clear() {
        transaction.executeWithoutResult(status -> leaves.record(
                "task.completed",
                "checkout@2.0.0",
                "qa",
                Map.of(
                        "task",
                        "voteOnReadiness",
                        "text",
                        "Quality assurance completed 'Vote on readiness'",
                        "requestedBy",
                        "release-manager",
                        "answer",
                        Map.of(
                                "vote",
                                "NO_GO",
                                "dossier",
                                "sha256:aa",
                                "reason",
                                "Quality assurance fears the migration",
                                "conditions",
                                List.of(Map.of(
                                        "owner", "release-manager", "beforeRollout", true, "due", "2026-12-01"))))));

        String leaf = content();
        assertThat(leaf)
                .contains(
                        "\"task\":\"voteOnReadiness\"",
                        "\"vote\":\"NO_GO\"",
                        "\"dossier\":\"sha256:aa\"",
                        "\"beforeRollout\":true",
                        "\"due\":\"2026-12-01\"")
                .doesNotContainIgnoringCase("quality assurance")
                .doesNotContainIgnoringCase("release-manager");
        assertThat(jdbc.queryForObject("select actor from log_outbox", String.class))
                .matches("sha256:[0-9a-f]{64}");
        assertThat(jdbc.queryForList("select path || ' ' || value_ from personal_value order by path", String.class))
                .containsExactly(
                        "/actor \"qa\"",
                        "/answer/conditions/0/owner \"release-manager\"",
                        "/answer/reason \"Quality assurance fears the migration\"",
                        "/requestedBy \"release-manager\"",
                        "/text \"Quality assurance completed 'Vote on readiness'\"");
    }

    @Test
    void a_commitment_opens_with_its_salt_and_value_only_and_equal_values_are_told_apart() throws Exception {
        transaction.executeWithoutResult(status -> {
            leaves.record("release.aborted", "checkout@2.0.0", "countersign", Map.of("reason", "a mistake"));
            leaves.record("release.aborted", "basket@1.0.0", "countersign", Map.of("reason", "a mistake"));
        });
        var kept = jdbc.queryForList("select content, salt, value_ from personal_value join log_outbox"
                + " on log_outbox.leaf_id = personal_value.leaf_id order by id");
        assertThat(kept).hasSize(2).extracting(row -> row.get("content")).doesNotHaveDuplicates();
        for (var row : kept) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(HexFormat.of().parseHex((String) row.get("salt")));
            String opened = HexFormat.of()
                    .formatHex(sha256.digest(((String) row.get("value_")).getBytes(StandardCharsets.UTF_8)));
            assertThat(row.get("content")).isEqualTo("{\"reason\":{\"commitment\":\"" + opened + "\"}}");
        }
        jdbc.update("delete from personal_value");
        assertThat(jdbc.queryForList("select content from log_outbox", String.class))
                .hasSize(2)
                .noneMatch(leaf -> leaf.contains("mistake"));
    }

    @Test
    void a_transaction_that_is_rolled_back_keeps_neither_leaf_nor_value() {
        transaction.executeWithoutResult(status -> {
            leaves.record("release.aborted", "checkout@2.0.0", "qa", Map.of("reason", "a mistake"));
            status.setRollbackOnly();
        });
        assertThat(jdbc.queryForObject("select count(*) from log_outbox", Long.class))
                .isZero();
        assertThat(jdbc.queryForObject("select count(*) from personal_value", Long.class))
                .isZero();
    }

    @Test
    void all_values_of_a_transaction_are_one_call_beside_the_leaves() {
        statements.on();
        transaction.executeWithoutResult(status -> {
            for (int vote = 0; vote < 20; vote++) {
                leaves.record("vote.cast", "checkout@2.0.0", "qa", Map.of("reason", "because", "text", "words"));
            }
        });
        statements.off();
        assertThat(statements.byTable().get("log_outbox").calls()).isOne();
        assertThat(statements.byTable().get("personal_value").calls()).isOne();
        assertThat(jdbc.queryForObject("select count(*) from personal_value", Long.class))
                .isEqualTo(60);
    }

    @Test
    void what_is_written_into_a_form_is_personal_and_what_is_chosen_in_one_is_not() throws Exception {
        try (Stream<Path> forms = Files.list(Path.of("forms"))) {
            for (Path form : forms.toList()) {
                for (JsonNode field : new ObjectMapper().readTree(form.toFile()).findParents("key")) {
                    String key = field.path("key").asText();
                    String type = field.path("type").asText();
                    if ("textarea".equals(type)) {
                        assertThat(PersonalData.isChoice(key))
                                .as(form + ": " + key)
                                .isFalse();
                    } else if ("radio".equals(type)) {
                        assertThat(PersonalData.isChoice(key))
                                .as(form + ": " + key)
                                .isTrue();
                    }
                }
            }
        }
    }

    private String content() {
        return jdbc.queryForObject("select content from log_outbox", String.class);
    }
}
