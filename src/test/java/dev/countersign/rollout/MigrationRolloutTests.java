package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.TestDatabase;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.migration.BusyChangelogs;
import dev.countersign.evidence.migration.Databases;
import dev.countersign.evidence.migration.Databases.Of;
import dev.countersign.release.ReleaseState;
import dev.countersign.rollback.Rollbacks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** A release that migrates its service's database, which is a real one beside the platform's. */
@Tag("M1.6")
class MigrationRolloutTests extends RolloutTest {
    private static final Of ORDERS = TestDatabase.isPostgres() ? Databases.postgresql() : Databases.h2();

    private static final Of SCRATCH = TestDatabase.isPostgres() ? Databases.postgresql() : Databases.h2();

    @TempDir
    static Path folder;

    @Autowired
    Evidence evidence;

    @Autowired
    Rollbacks rollbacks;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) throws IOException {
        Path declared = Files.createDirectories(folder.resolve("checks"));
        Files.writeString(
                declared.resolve("checkout.yaml"),
                """
                integrityChecks: checkout-data
                service: checkout
                database: checkout
                checks:
                  - {id: rows, kind: row-count, table: orders, difference: {absolute: 1}}
                  - {id: totals, kind: checksum, table: orders, columns: [total], key: [id]}
                  - {id: no-debts, kind: constraint, sql: select id from orders where total < 0}
                """);
        Path password = Files.writeString(folder.resolve("password"), "read\n");
        properties.add("countersign.catalog.integrity-checks", declared::toString);
        properties.add("countersign.migrations.databases.checkout.target.url", ORDERS::url);
        properties.add("countersign.migrations.databases.checkout.target.username", () -> "reader");
        properties.add("countersign.migrations.databases.checkout.target.password-file", password::toString);
        properties.add("countersign.migrations.databases.checkout.scratch.url", SCRATCH::url);
        properties.add("countersign.migrations.databases.checkout.scratch.username", () -> "builder");
        properties.add("countersign.migrations.databases.checkout.scratch.password", () -> "build");
    }

    @BeforeEach
    void fill() throws SQLException {
        for (Of one : List.of(ORDERS, SCRATCH)) {
            one.run(
                    "drop table if exists orders",
                    "create table orders (id integer primary key, total numeric(10,2))",
                    "insert into orders values (1, 10), (2, 20)");
        }
        if (TestDatabase.isPostgres()) {
            SCRATCH.run("alter table orders owner to builder");
        }
    }

    private String register(String key, String... scripts) throws Exception {
        List<Map<String, String>> files = new ArrayList<>();
        for (int i = 0; i < scripts.length; i += 2) {
            files.add(Map.of("name", scripts[i], "content", scripts[i + 1]));
        }
        String answer = http.perform(post("/api/releases/{key}/migration", key)
                        .with(httpBasic("ci", "ci"))
                        .contentType("application/json")
                        .content(json.writeValueAsString(Map.of("scripts", files))))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString();
        settle();
        return json.readTree(answer).path("digest").asText();
    }

    private JsonNode gate(String key, String name) throws Exception {
        return json.readTree(
                http.perform(get("/api/releases/{key}/gates/{gate}", key, name).with(httpBasic("ci", "ci")))
                        .andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString());
    }

    @Override
    Map<String, Boolean> changes() {
        return Map.of("databaseMigration", true);
    }

    /** The candidate is deployed and comes up when the test says so: what a migration does, it does in between. */
    private String deployed() throws Exception {
        String key = atRollout();
        target.starts = false;
        watch(key);
        assertThat(rollout(key).step()).isEqualTo(1);
        return key;
    }

    private void comesUp(String key) {
        target.candidate = rollout(key).candidate();
        pass(Duration.ofSeconds(2));
    }

    private Document document(String key, String phase) {
        return evidence.current(key, "migration-check").stream()
                .filter(document -> phase.equals(document.details().get("phase")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_migration_that_keeps_the_data_goes_on_and_both_measurements_are_evidence() throws Exception {
        String key = deployed();
        assertThat(document(key, "before").summary()).containsEntry("passed", 1).containsEntry("measured", 2);
        assertThat(ORDERS.value("select count(*) from orders")).isEqualTo("2");
        ORDERS.run("alter table orders add column note varchar(20)");

        comesUp(key);

        assertThat(target.share).isEqualTo(0.1);
        assertThat(document(key, "after").summary()).containsEntry("passed", 3).containsEntry("failed", 0);
        assertThat(document(key, "after").source()).isEqualTo("platform: checkout-data after deployment");
        assertThat(isCleared(key))
                .as("what the rollout measures itself voids no clearance")
                .isTrue();
    }

    @Test
    void a_migration_that_loses_data_is_rolled_back_before_any_user_with_its_reason() throws Exception {
        String key = deployed();
        ORDERS.run("update orders set total = -1 where id = 2");

        comesUp(key);

        assertThat(target.share).isZero();
        assertThat(target.told).noneMatch(told -> told.contains("0.1"));
        assertThat(document(key, "after").summary()).containsEntry("failed", 2);
        assertThat(rollbacks.find(key).orElseThrow().cause())
                .contains("Integrity checks failed after the migration")
                .contains("no-debts: expected 0, is 1");
        assertThat(rollout(key).trippedBy()).isEqualTo("countersign");
        assertThat(isCleared(key)).isFalse();
    }

    @Test
    @Tag("M6.3")
    void what_is_taken_back_is_proven_by_its_data_and_what_users_wrote_since_holds_nothing_up() throws Exception {
        String key = deployed();
        comesUp(key);
        ORDERS.run("insert into orders values (3, 30), (4, 40)");
        metrics.measure("checkout", target.stable, 0);

        act(key, "rollback", "release-manager", "not wanted");

        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
        assertThat(rollbacks.find(key).orElseThrow().checks()).anySatisfy(check -> assertThat(check)
                .contains("3 data checks hold; otherwise than before the deployment: rows: before 2, is 4"));
        assertThat(evidence.current(key, "migration-check"))
                .extracting(Document::source)
                .contains("platform: checkout-data after rollback");
        assertThat(told(key, "rollback.database-stays"))
                .as("no way back is registered")
                .hasSize(1);
    }

    @Test
    @Tag("M6.3")
    void data_that_cannot_be_looked_at_afterwards_is_not_proven_and_calls_a_person() throws Exception {
        String key = deployed();
        comesUp(key);
        ORDERS.run("alter table orders rename to sales");
        metrics.measure("checkout", target.stable, 0);

        act(key, "rollback", "release-manager", "not wanted");
        for (int attempt = 0; attempt < 4 && !isOpen(key, "rollBackByHand"); attempt++) {
            retry();
        }

        assertThat(isOpen(key, "rollBackByHand")).isTrue();
        assertThat(rollbacks.find(key).orElseThrow().failedRung()).contains("could not be measured");
        assertThat(target.share).isZero();
        ORDERS.run("alter table sales rename to orders");
    }

    @Test
    void a_difference_within_its_bound_passes_and_one_beyond_does_not() throws Exception {
        String key = deployed();
        ORDERS.run("insert into orders values (3, 0), (4, 0)");
        comesUp(key);
        assertThat(told(key, "migration.checked-after"))
                .singleElement()
                .asString()
                .contains("rows: before 2, is 4");
        assertThat(rollbacks.find(key)).isPresent();
    }

    @Test
    void a_check_that_cannot_run_afterwards_holds_and_never_promotes() throws Exception {
        String key = deployed();
        ORDERS.run("alter table orders rename to sales");
        comesUp(key);
        useUpRetries();
        assertThat(isOpen(key, "decideOnDatabase")).isTrue();
        assertThat(state(key)).isEqualTo(ReleaseState.HELD);
        assertThat(mailed(key, "A migrated database could not be checked")).hasSize(1);
        assertThat(target.share).isZero();
        assertThat(document(key, "after").summary()).containsEntry("error", 3);

        ORDERS.run("alter table sales rename to orders");
        hands.answer(key, "decideOnDatabase", "sre", Map.of("tryAgain", true, "reason", "renamed it back"));
        settle();
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLING_OUT);
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void silence_on_a_check_that_cannot_run_rolls_back() throws Exception {
        String key = deployed();
        ORDERS.run("drop table orders");
        comesUp(key);
        useUpRetries();
        pass(Duration.ofMinutes(61));
        assertThat(rollbacks.find(key)).isPresent();
        assertThat(target.share).isZero();
    }

    @Test
    void a_database_that_breaks_a_rule_before_is_settled_before_anything_is_deployed() throws Exception {
        ORDERS.run("insert into orders values (3, -5)");
        String key = atRollout();
        watch(key);
        assertThat(isOpen(key, "settleDatabase")).isTrue();
        assertThat(mailed(key, "A database is not ready")).hasSize(1);
        assertThat(target.candidate).isNull();

        ORDERS.run("delete from orders where id = 3");
        hands.answer(key, "settleDatabase", "operations", Map.of("tryAgain", true, "reason", "paid"));
        settle();
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void a_release_that_migrates_nothing_asks_no_database() throws Exception {
        ORDERS.run("drop table orders");
        String key = atRollout();
        database.update(
                "update release set changes = ? where key_ = ?",
                json.writeValueAsString(Map.of("databaseMigration", false)),
                key);
        database.update("delete from release_clearance where release_key = ?", key);
        transaction.executeWithoutResult(status -> dossiers.changed(key, "no migration"));
        clear(key);
        watch(key);
        assertThat(target.share).isEqualTo(0.1);
        assertThat(evidence.current(key, "migration-check")).isEmpty();
    }

    @Test
    void nobody_sends_what_only_the_platform_measures() throws Exception {
        String key = open();
        http.perform(post("/api/releases/{key}/evidence", key)
                        .param("source", "x")
                        .queryParam("source", "platform: checkout-data after deployment")
                        .queryParam("type", "migration-check")
                        .with(httpBasic("ci", "ci"))
                        .content("document: migration-check"))
                .andExpect(status().isUnprocessableEntity());
        assertThat(evidence.current(key, List.of("migration-check"))).isEmpty();
    }

    @Test
    @Tag("M6.2")
    void nobody_sends_a_rehearsal_where_the_platform_rehearses_itself() throws Exception {
        String key = open();
        http.perform(post("/api/releases/{key}/evidence", key)
                        .queryParam("type", "migration-rehearsal")
                        .queryParam("source", "by hand")
                        .with(httpBasic("ci", "ci"))
                        .content("document: migration-rehearsal"))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/type"))
                .andExpect(jsonPath("$.detail").value(containsString("the platform finds it out itself")));
        assertThat(evidence.current(key, List.of("migration-rehearsal"))).isEmpty();
    }

    @Test
    @Tag("M6.2")
    void registered_scripts_are_rehearsed_and_their_gate_passes() throws Exception {
        String key = open();
        String digest = register(
                key,
                "V2__note.sql",
                "alter table orders add column note varchar(20)",
                "U2__note.sql",
                "alter table orders drop column note");
        assertThat(gate(key, "downgrade-rehearsal").path("verdict").asText())
                .as(gate(key, "downgrade-rehearsal").toString())
                .isEqualTo("PASS");
        assertThat(evidence.current(key, List.of("migration-rehearsal")))
                .singleElement()
                .satisfies(document -> {
                    assertThat(document.details()).containsEntry("scripts", digest);
                    assertThat(document.source()).isEqualTo("migration-rehearsal: checkout");
                    assertThat(document.receivedBy()).isEqualTo("countersign");
                });
        assertThat(dossiers.of(key).parts().get("migration").material()).isTrue();
    }

    @Test
    @Tag("M6.2")
    void other_scripts_than_the_rehearsed_ones_show_nothing_until_they_are_rehearsed_too() throws Exception {
        String key = open();
        register(key, "V2__a.sql", "select 1", "U2__a.sql", "select 1");
        database.update("update migration_registration set digest = 'sha256:other' where release_key = ?", key);
        assertThat(evidence.current(key, List.of("migration-rehearsal")))
                .singleElement()
                .extracting(Document::gap)
                .asString()
                .contains("registered are sha256:other");
        String digest = register(key, "V2__a.sql", "select 2", "U2__a.sql", "select 1");
        assertThat(evidence.current(key, List.of("migration-rehearsal")))
                .singleElement()
                .satisfies(document -> assertThat(document.details()).containsEntry("scripts", digest));
        assertThat(gate(key, "downgrade-rehearsal").path("verdict").asText()).isEqualTo("PASS");
    }

    @Test
    @Tag("M6.2")
    void a_migration_without_a_way_back_fails_by_a_finding_that_names_its_scripts() throws Exception {
        String key = open();
        String digest = register(key, "V2__gone.sql", "alter table orders drop column total");
        JsonNode gate = gate(key, "downgrade-rehearsal");
        assertThat(gate.path("verdict").asText()).isEqualTo("FAIL");
        assertThat(gate.path("findings")).hasSize(1);
        assertThat(gate.path("findings").get(0).path("id").asText()).isEqualTo("irreversible:V2__gone.sql@" + digest);
        assertThat(SCRATCH.value("select count(total) from orders")).isEqualTo("2");
    }

    @Test
    @Tag("M6.2")
    void scripts_stay_what_they_were_once_the_release_rolls_out() throws Exception {
        String key = atRollout();
        http.perform(post("/api/releases/{key}/migration", key)
                        .with(httpBasic("ci", "ci"))
                        .contentType("application/json")
                        .content("{\"scripts\":[{\"name\":\"V2__a.sql\",\"content\":\"select 1\"}]}"))
                .andExpect(status().isConflict());
    }

    /** What is sent may take its time to be read: somebody else holds the release meanwhile. */
    @Test
    @Tag("M2.6")
    void scripts_are_read_before_the_release_is_held() throws Exception {
        String key = open();
        String hostile = json.writeValueAsString(Map.of(
                "scripts",
                List.of(Map.of(
                        "name", "a.yaml", "content", "databaseChangeLog:\n- changeSet: {changes: [{stop: {}}]}\n"))));
        MvcResult answer = transaction.execute(status -> {
            releases.lock(key);
            return CompletableFuture.supplyAsync(() -> send(key, hostile)).join();
        });
        assertThat(answer.getResponse().getStatus()).isEqualTo(422);
        assertThat(answer.getResponse().getContentAsString()).contains("a.yaml line 2: stop is not read");
    }

    @Test
    @Tag("M2.6")
    void who_waits_too_long_for_the_changelogs_of_others_is_told_to_send_again() throws Exception {
        String key = open();
        String scripts = json.writeValueAsString(Map.of(
                "scripts",
                List.of(
                        Map.of(
                                "name",
                                "a.yaml",
                                "content",
                                "databaseChangeLog:\n- changeSet: {id: 1, author: a, context: test, changes: [{sql: {sql: select 1}}]}\n")),
                "contexts",
                "test"));
        MvcResult busy = BusyChangelogs.answerOf(() -> send(key, scripts));
        assertThat(busy.getResponse().getStatus()).isEqualTo(503);
        assertThat(busy.getResponse().getContentType()).contains("problem+json");
        assertThat(busy.getResponse().getContentAsString()).contains("send it again");
        assertThat(send(key, scripts).getResponse().getStatus()).isEqualTo(200);
        settle();
    }

    /** What only the target can tell stands with the scripts, in the timeline and on the gate, and nobody takes it for asked. */
    @Test
    @Tag("M2.6")
    void a_precondition_that_was_not_asked_is_said() throws Exception {
        String key = open();
        register(
                key,
                "a.sql",
                """
                --liquibase formatted sql
                --changeset ann:1
                --preconditions onFail:MARK_RAN
                --precondition-sql-check expectedResult:0 select count(*) from orders where total < 0
                alter table orders add column note varchar(10);
                --rollback alter table orders drop column note;
                """);
        JsonNode gate = gate(key, "downgrade-rehearsal");
        assertThat(gate.path("verdict").asText()).isEqualTo("PASS");
        assertThat(gate.path("sentence").asText()).contains("worth a look: skipped 1 (at most 0)");
        assertThat(send(get("/api/releases/{key}/evidence", key)).getResponse().getContentAsString())
                .contains("precondition of a.sql#ann:1 was not asked: runs where sqlCheck, else it is left out");
        assertThat(json.readTree(send(get("/api/releases/{key}/migration", key))
                                .getResponse()
                                .getContentAsString())
                        .path("conditions")
                        .get(0)
                        .asText())
                .isEqualTo("a.sql#ann:1 runs where sqlCheck, else it is left out for ever");
    }

    private MvcResult send(MockHttpServletRequestBuilder request) throws Exception {
        return http.perform(request.with(httpBasic("ci", "ci"))).andReturn();
    }

    private MvcResult send(String key, String scripts) {
        try {
            return http.perform(post("/api/releases/{key}/migration", key)
                            .with(httpBasic("ci", "ci"))
                            .contentType("application/json")
                            .content(scripts))
                    .andReturn();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
