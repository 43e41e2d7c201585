package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.release.ReleaseState;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.PolicySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.util.ReflectionTestUtils;

/** Releases of a service that has a journey, on the real models. */
@Tag("M5.1")
class JourneyRolloutTests extends RolloutTest {
    private static final String JOURNEYS =
            """
            journeys: checkout
            service: checkout
            run:
              - id: buy
                steps: [{id: pay, path: /pay, expect: {status: 200, contains: [paid]}}]
            """;
    private final Map<Side, HttpServer> servers = new EnumMap<>(Side.class);

    @Autowired
    List<PolicySource> policies;

    @Autowired
    Catalog catalog;

    @BeforeEach
    void declare() throws IOException {
        declare(Map.of("checkout.yaml", JOURNEYS.getBytes(StandardCharsets.UTF_8)));
        for (Side side : Side.values()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.start();
            servers.put(side, server);
        }
        target.answers = Map.of(Side.CANARY, at(Side.CANARY), Side.STABLE, at(Side.STABLE));
    }

    @AfterEach
    void takeOut() {
        declare(Map.of());
        servers.values().forEach(server -> server.stop(0));
    }

    private void declare(Map<String, byte[]> files) {
        policies.stream().filter(policy -> policy.name().equals("journeys")).forEach(policy -> policy.activate(files));
        ReflectionTestUtils.invokeMethod(catalog, "refresh");
    }

    private URI at(Side side) {
        return URI.create("http://127.0.0.1:" + servers.get(side).getAddress().getPort());
    }

    private final Map<Side, Integer> statuses = new java.util.concurrent.ConcurrentHashMap<>();

    private void answers(Side side, int status) {
        if (statuses.put(side, status) != null) {
            return;
        }
        servers.get(side).createContext("/pay", exchange -> {
            byte[] body = "paid".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(statuses.get(side), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @Test
    void a_step_whose_journeys_pass_is_watched_and_the_walks_are_told() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = atRollout();
        watch(key);
        assertThat(isWatched(key)).isTrue();
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).as("its journeys bear it out").isEqualTo(2);
        assertThat(told(key, "rollout.journeys-walked"))
                .containsExactly(
                        "Step 1: every journey passed on the canary and on the stable version (2 walks)",
                        "Step 2: every journey passed on the canary and on the stable version (2 walks)");
        assertThat(told(key, "rollout.journeys-walked-again"))
                .containsExactly(
                        "End of step 1: every journey passed on the canary and on the stable version (2 walks)");
        http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("sre", "sre")))
                .andExpect(jsonPath("$.journeys.length()").value(6))
                .andExpect(jsonPath("$.journeys[2].phase").value("end"))
                .andExpect(jsonPath("$.journeys[0].side").value("CANARY"))
                .andExpect(jsonPath("$.journeys[0].verdict").value("PASS"));
    }

    @Test
    void a_journey_that_fails_on_the_canary_alone_takes_traffic_back_and_rolls_back() throws Exception {
        answers(Side.CANARY, 500);
        answers(Side.STABLE, 200);
        String key = atRollout();
        watch(key);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trippedBecause())
                .startsWith(
                        "Journey buy failed on the canary at 'pay': answered 500, must be 200. Journey buy passed on the stable version")
                .endsWith("(journey-outcomes 1.0)");
        assertThat(timeline.of(key)).anyMatch(entry -> entry.text().contains("→ ROLLING_BACK"));
        assertThat(isOpen(key, "decideRollout")).isFalse();
        assertThat(isWatched(key)).isFalse();
    }

    @Test
    void a_journey_that_fails_on_both_is_not_the_releases_doing_and_a_person_decides() throws Exception {
        answers(Side.CANARY, 500);
        answers(Side.STABLE, 500);
        String key = atRollout();
        watch(key);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(state(key)).isEqualTo(ReleaseState.HELD);
        assertThat(rollout(key).because()).contains("failed on the canary", "failed on the stable version");
    }

    @Test
    void a_journey_that_breaks_while_its_step_is_watched_rolls_back_instead_of_passing() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = atRollout();
        watch(key);
        answers(Side.CANARY, 500);
        judge(key, "PASS", true);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(rollout(key).trippedBecause()).startsWith("Journey buy failed on the canary at 'pay'");
        assertThat(store.stepsOf(key)).extracting(Rollouts.StepRecord::verdict).containsExactly("FAIL");
        assertThat(timeline.of(key)).anyMatch(entry -> entry.text().contains("→ ROLLING_BACK"));
        assertThat(isOpen(key, "decideRollout")).isFalse();
    }

    @Test
    void a_journey_that_breaks_on_both_while_its_step_is_watched_asks_a_person() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = atRollout();
        watch(key);
        answers(Side.CANARY, 500);
        answers(Side.STABLE, 500);
        judge(key, "PASS", true);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(store.stepsOf(key)).extracting(Rollouts.StepRecord::verdict).containsExactly("INCONCLUSIVE");
        assertThat(isOpen(key, "decideRollout")).isTrue();
    }

    @Test
    void a_journey_that_breaks_while_the_release_stabilises_keeps_it_from_becoming_stable() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = stabilising();
        answers(Side.CANARY, 500);
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trippedBecause()).startsWith("Journey buy failed on the canary at 'pay'");
        assertThat(timeline.of(key)).anyMatch(entry -> entry.text().contains("→ ROLLING_BACK"));
        assertThat(isOpen(key, "decideStabilisation")).isFalse();
    }

    @Test
    void a_release_whose_journeys_cannot_be_told_before_it_becomes_stable_is_watched_again() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = stabilising();
        answers(Side.CANARY, 500);
        answers(Side.STABLE, 500);
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(target.share).isEqualTo(1);
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        assertThat(isWatched(key)).isTrue();
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        hands.answer(
                key, "decideStabilisation", "sre", Map.of("choice", "watch", "reason", "The probe's user was locked"));
        settle();
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(rollout(key).candidate());
        assertThat(told(key, "rollout.journeys-walked-again"))
                .last()
                .isEqualTo(
                        "Before it becomes stable: every journey passed on the canary and on the stable version (2 walks)");
    }

    @Test
    void a_version_that_cannot_be_asked_holds() throws Exception {
        answers(Side.CANARY, 200);
        target.answers = Map.of(Side.CANARY, at(Side.CANARY));
        String key = atRollout();
        watch(key);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(rollout(key).because()).contains("could not be walked on the stable version");
    }

    /** As under a model whose condition leads around the journeys, or with a token that was put behind them. */
    @Test
    void a_step_that_got_around_its_journeys_passes_by_no_verdict_until_they_are_walked() throws Exception {
        declare(Map.of());
        String key = atRollout();
        watch(key);
        assertThat(isWatched(key)).isTrue();
        declare(Map.of("checkout.yaml", JOURNEYS.getBytes(StandardCharsets.UTF_8)));
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(rollout(key).because()).isEqualTo("Journey buy of checkout was not walked in step 1 as it stands");
        assertThat(target.share).isZero();
        assertThat(store.stepsOf(key)).extracting(Rollouts.StepRecord::verdict).containsExactly("INCONCLUSIVE");
        assertThat(isOpen(key, "decideRollout")).isTrue();
    }

    @Test
    void a_journey_that_comes_in_force_while_a_step_is_watched_is_owed_with_the_next_step() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = atRollout();
        watch(key);
        pass(Duration.ofSeconds(1));
        String more = JOURNEYS + "  - id: %s\n    steps: [{id: pay, path: /pay, expect: {status: 200}}]\n";
        String fresh = "buy-again-" + System.nanoTime();
        declare(Map.of("checkout.yaml", more.formatted(fresh).getBytes(StandardCharsets.UTF_8)));
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).isEqualTo(2);
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        assertThat(told(key, "rollout.journeys-walked").get(1)).contains("Step 2", "(4 walks)");
        database.update("delete from journey_walk where release_key = ? and step = 2 and journey = ?", key, fresh);
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).isEqualTo(2);
        assertThat(rollout(key).because()).startsWith("Journey " + fresh + " of checkout was not walked in step 2");
    }

    @Test
    void two_persons_who_waive_the_rest_of_a_window_do_not_waive_its_journeys() throws Exception {
        declare(Map.of());
        String key = atRollout();
        watch(key);
        declare(Map.of("checkout.yaml", JOURNEYS.getBytes(StandardCharsets.UTF_8)));
        act(key, "rollout/promote", "release-manager", "It is good");
        act(key, "rollout/promote", "release-manager-2", "I saw it too");
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
    }

    @Test
    void a_pause_at_the_moment_of_a_pass_keeps_what_was_walked_at_this_share() throws Exception {
        answers(Side.CANARY, 200);
        answers(Side.STABLE, 200);
        String key = atRollout();
        watch(key);
        store(key, "PASS", true);
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
        act(key, "rollout/resume", "sre", "Nothing found").andExpect(status().isOk());
        assertThat(rollout(key).step()).isEqualTo(1);
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).isEqualTo(2);
        assertThat(target.share).isEqualTo(0.5);
    }

    @Test
    void a_rollout_that_was_halted_before_its_journeys_ended_asks_how_to_go_on() throws Exception {
        answers(Side.STABLE, 200);
        servers.get(Side.CANARY).createContext("/pay", exchange -> {
            transaction.executeWithoutResult(status -> database.update("update rollout set status = 'HALTED'"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        String key = atRollout();
        watch(key);
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(isWatched(key)).isFalse();
    }
}
