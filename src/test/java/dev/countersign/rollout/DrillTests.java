package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

/** A drill at the sandbox's staging target, whose versions, router and database are real: the way back of production is gone, and is evidence. */
@Tag("M2.6")
@Tag("M6.2")
class DrillTests extends RolloutTest {
    private static final String PLACE = "inventory@staging";
    private static final String STAGED = sha256("alter table stock drop column if exists reserved");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @Autowired
    Evidence evidence;

    @Autowired
    EvidenceSources sources;

    @Autowired
    Targets targets;

    private String inventory() throws Exception {
        String key = opened();
        send(
                        key,
                        "migration",
                        """
                        {"scripts": [
                          {"name": "V2__reserved.sql", "content": "alter table stock add column reserved integer default 0"},
                          {"name": "U2__reserved.sql", "content": "alter table stock drop column reserved"}]}""")
                .andExpect(status().isOk());
        settle();
        sources.fetch(key, Set.of("migration-rehearsal"));
        return key;
    }

    /** Says that it migrates, and has registered nothing of it yet. */
    private String opened() throws Exception {
        String version = "9.0." + NUMBER.incrementAndGet();
        String key = hands.as(
                        "ci",
                        () -> opening.open(new OpenRelease(
                                "inventory",
                                version,
                                "standard",
                                "Reserved stock",
                                "production",
                                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                                null,
                                List.of("developer"),
                                List.of(new Release.Artifact(
                                        "registry.example/inventory", digest("9.9." + version.hashCode()))),
                                Map.of("databaseMigration", true),
                                null,
                                List.of(),
                                null,
                                List.of())))
                .key();
        settle();
        return key;
    }

    private ResultActions send(String key, String what, String content) throws Exception {
        return http.perform(post("/api/releases/{key}/" + what, key)
                .with(httpBasic("ci", "ci"))
                .contentType("application/json")
                .content(content));
    }

    private ResultActions script(String key, String digest) throws Exception {
        return send(
                key,
                "rollback-script",
                """
                {"path": "rollback.sql", "digest": "%s", "procedure": {"path": "docs/way-back.md", "digest": "%s"}, "owner": "team-fulfilment"}"""
                        .formatted(digest, sha256("how")));
    }

    private ResultActions want(String key, String person) throws Exception {
        return http.perform(post("/api/releases/{key}/rollback-drill", key).with(httpBasic(person, person)));
    }

    private JsonNode drill(String key) throws Exception {
        return json.readTree(http.perform(get("/api/releases/{key}/rollback-drill", key)
                                .with(httpBasic("release-manager", "release-manager")))
                        .andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .path(0);
    }

    /** The sandbox's candidate takes half a second to start: the step asks again. */
    private JsonNode ended(String key) throws Exception {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            pass(Duration.ofSeconds(4));
            return !drill(key).path("result").isNull();
        });
        return drill(key);
    }

    private static String sha256(String text) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(
                                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As the staging database itself says. */
    private static boolean isMigrated() throws Exception {
        try (Connection staging = DriverManager.getConnection(
                        "jdbc:h2:mem:countersign-sample-inventory-staging", "reader", "sample");
                ResultSet column = staging.getMetaData().getColumns(null, null, "STOCK", "RESERVED")) {
            return column.next();
        }
    }

    private void staging() throws Exception {
        target.leaves = PLACE;
        metrics.measure(PLACE, targets.deployerOf(PLACE).stableDigest(PLACE).orElseThrow(), 0);
    }

    @Test
    void the_way_back_is_gone_in_staging_measured_and_counts_for_every_release_with_this_script() throws Exception {
        staging();
        String key = inventory();
        want(key, "release-manager").andExpect(status().isConflict());
        script(key, STAGED).andExpect(status().isOk());
        want(key, "developer").andExpect(status().isForbidden());
        String rolling = rollingOut();
        want(rolling, "release-manager")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.detail").value(containsString("still to come")));
        target.reset();
        target.leaves = PLACE;
        want(key, "release-manager").andExpect(status().isAccepted());
        want(key, "release-manager").andExpect(status().isConflict());
        settle();
        assertThat(isMigrated()).as("the candidate migrates what it runs on").isTrue();

        JsonNode drill = ended(key);

        assertThat(drill.path("because").isNull()).as(drill.toString()).isTrue();
        assertThat(drill.path("result").asText()).isEqualTo("succeeded");
        assertThat(drill.path("rungs").findValuesAsText("rung"))
                .containsExactly("flag", "traffic", "withdraw", "proof", "database", "proof");
        assertThat(isMigrated()).as("the script took it down").isFalse();
        assertThat(targets.deployerOf(PLACE).candidateDigest(PLACE)).isEmpty();
        assertThat(target.told).as("production was left alone").isEmpty();

        String other = inventory();
        script(other, STAGED).andExpect(status().isOk());
        sources.fetch(other, Set.of("rollback-drill"));
        assertThat(evidence.current(other, "rollback-drill")).singleElement().satisfies(document -> {
            assertThat(document.summary())
                    .containsEntry("withinBudget", 1)
                    .containsEntry("failed", 0)
                    .containsEntry("databaseDown", 1);
            assertThat(document.details())
                    .containsEntry("scriptDigest", STAGED)
                    .containsEntry("procedureDigest", sha256("how"))
                    .containsEntry("owner", "team-fulfilment")
                    .containsEntry("environment", "staging");
        });
        script(other, sha256("another")).andExpect(status().isOk());
        sources.fetch(other, Set.of("rollback-drill"));
        assertThat(evidence.current(other, "rollback-drill").stream().map(Document::details))
                .as("nobody has drilled the other script")
                .allSatisfy(details -> assertThat(details).containsEntry("scriptDigest", STAGED));
    }

    @Test
    void a_drill_that_leaves_the_database_where_it_was_to_be_taken_down_has_failed_and_says_why() throws Exception {
        staging();
        String key = opened();
        script(key, STAGED).andExpect(status().isOk());
        want(key, "release-manager").andExpect(status().isAccepted());
        settle();

        JsonNode drill = ended(key);

        assertThat(drill.path("result").asText()).as(drill.toString()).isEqualTo("failed");
        assertThat(drill.path("because").asText())
                .isEqualTo("take the database down: no way back from its migration is registered");
        assertThat(drill.path("rungs").findValuesAsText("rung"))
                .containsExactly("flag", "traffic", "withdraw", "proof", "database");
    }

    @Test
    void a_script_that_does_not_stand_in_staging_is_no_drill_and_keeps_the_release_from_its_clearance()
            throws Exception {
        staging();
        String key = inventory();
        script(key, sha256("never staged")).andExpect(status().isOk());
        assertThatThrownBy(() -> hands.as(
                        "release-manager",
                        () -> runtime.startProcessInstanceByKey("rollback-drill", "x", Map.of("release", "no@1"))))
                .hasMessageContaining("no@1");
        hands.as(
                "release-manager",
                () -> runtime.startProcessInstanceByKey("rollback-drill", (String) null, Map.of("release", key)));
        settle();
        useUpRetries();

        JsonNode drill = drill(key);
        assertThat(drill.path("result").asText()).isEqualTo("abandoned");
        assertThat(drill.path("because").asText())
                .contains("stands " + STAGED, "registered is " + sha256("never staged"));
        assertThat(evidence.current(key, "rollback-drill")).isEmpty();
        assertThat(mailed(key, "Rollback drill")).isNotEmpty();

        target.script = STAGED;
        assertThat(refusal(key)).contains("does not stand ready: at rollback.sql stands " + STAGED);
        target.script = null;
        assertThat(refusal(key)).contains("does not stand ready: nothing stands ready at rollback.sql");
        target.deployerDown = true;
        assertThat(refusal(key)).contains("the target cannot be asked");
        target.deployerDown = false;
        target.script = sha256("never staged");
        assertThat(refusal(key)).doesNotContain("stand ready").doesNotContain("way back");
    }

    private String refusal(String key) {
        try {
            clearances.grant(key);
            return "";
        } catch (dev.countersign.release.StateConflict missing) {
            return missing.getMessage();
        }
    }
}
