package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.release.ReleaseState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;

/** Rollouts of a service that declares how its capacity is told. */
@Tag("M3.6")
class CapacityRolloutTests extends RolloutTest {
    private static final String DECLARED =
            """
            capacity: checkout
            service: checkout
            replicas: {stable: 4, candidate: 4}
            resources:
              - {name: cpu, utilisation: cpu_used}
              - {name: connections, use: shared, utilisation: connections_used}
            """;

    @Autowired
    @Qualifier("catalogWatch")
    SmartLifecycle catalogWatch;

    @Autowired
    RolloutSteps steps;

    @BeforeEach
    void declare() {
        database.update(
                "insert into catalog_policy (kind, name, digest, content, activated_at, activated_by) values ('capacity', 'checkout.yaml', 'sha256:c', ?, current_timestamp, 'test')",
                DECLARED);
        database.update(
                "insert into catalog_policy_active (kind, name, digest, activated_at, activated_by) values ('capacity', 'checkout.yaml', 'sha256:c', current_timestamp, 'test')");
        lookAgain();
    }

    @AfterEach
    void withdraw() {
        database.update("delete from catalog_policy_active where kind = 'capacity'");
        database.update("delete from catalog_policy where kind = 'capacity'");
        lookAgain();
    }

    private void lookAgain() {
        catalogWatch.stop();
        catalogWatch.start();
    }

    /** Watched, and waiting for an SRE. */
    private String forecast(String... authors) throws Exception {
        String key = atRollout(authors);
        watch(key);
        assertThat(isOpen(key, "confirmCapacity")).isTrue();
        assertThat(target.told).noneMatch(told -> told.startsWith("deploy"));
        return key;
    }

    private void answer(String key, String person, String choice) throws Exception {
        hands.answer(key, "confirmCapacity", person, Map.of("choice", choice, "reason", "Seen"));
        settle();
    }

    @Test
    void an_sre_confirms_what_was_forecast_and_only_then_anything_is_deployed() throws Exception {
        target.measured = 0.3;
        String key = forecast();
        assertThat(told(key, "capacity.forecast"))
                .containsExactly(
                        "Room for two versions: PASS. At most 60 % of connections is used, at step 1, limit 80 %; 2016 of 2016 moments of PT168H were measured");
        assertThat(steps.deploy(key)).as("whatever the process says").isFalse();
        assertThat(target.told).noneMatch(told -> told.startsWith("deploy"));
        answer(key, "sre", "confirm");
        assertThat(target.share).isEqualTo(0.1);
        http.perform(get("/api/releases/{key}/capacity", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.verdict").value("PASS"))
                .andExpect(jsonPath("$.confirmedBy").value("sre"))
                .andExpect(jsonPath("$.figures.length()").value(6))
                .andExpect(jsonPath("$.ruleVersion").value("capacity-limits 1.0"));
        assertThat(told(key, "capacity.confirmed")).hasSize(1);
    }

    @Test
    void without_room_nobody_confirms_until_there_is() throws Exception {
        target.measured = 0.45;
        String key = forecast();
        assertThatThrownBy(() -> answer(key, "sre", "confirm")).hasMessageContaining("90 % of connections");
        target.measured = 0.2;
        answer(key, "sre", "measure");
        assertThat(isOpen(key, "confirmCapacity")).isTrue();
        answer(key, "sre", "confirm");
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void what_is_not_measured_is_no_room() throws Exception {
        String key = forecast();
        assertThat(told(key, "capacity.forecast")).singleElement().asString().contains("NO_DATA");
        assertThatThrownBy(() -> answer(key, "sre", "confirm")).hasMessageContaining("NO_DATA");
        target.metricsDown = true;
        answer(key, "sre", "measure");
        assertThatThrownBy(() -> answer(key, "sre", "confirm"))
                .hasMessageContaining("ERROR")
                .hasMessageContaining("the metrics source is down");
        pass(Duration.ofHours(25));
        assertThat(state(key)).isEqualTo(ReleaseState.REJECTED);
        assertThat(target.told).noneMatch(told -> told.startsWith("deploy"));
    }

    @Test
    void who_wrote_the_release_does_not_confirm_it() throws Exception {
        target.measured = 0.3;
        String key = forecast("sre");
        assertThatThrownBy(() -> answer(key, "sre", "confirm")).hasMessageContaining("wrote or requested");
    }

    @Test
    void an_old_forecast_is_measured_again() throws Exception {
        target.measured = 0.3;
        String key = forecast();
        pass(Duration.ofHours(5));
        assertThatThrownBy(() -> answer(key, "sre", "confirm")).hasMessageContaining("measure again");
        answer(key, "sre", "measure");
        answer(key, "sre", "confirm");
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void a_service_that_declares_nothing_is_asked_nothing_where_the_table_does_not_demand_it() throws Exception {
        withdraw();
        String key = rollingOut();
        assertThat(told(key, "capacity.forecast")).isEmpty();
        assertThat(told(key, "rollout.deploying"))
                .containsExactly(
                        "The candidate is deployed without traffic. No capacity is declared for checkout: whether two versions have room was not forecast");
        assertThat(database.queryForList("select id from capacity_forecast where release_key = ?", key))
                .isEqualTo(List.of());
    }
}
