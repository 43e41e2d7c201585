package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.release.ReleaseState;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.Rollouts.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Only what was rolled out to everybody, is cleared and has held its objectives becomes the stable version. */
@Tag("M3.4")
@Tag("M2.2")
class StabilisationTests extends RolloutTest {
    @Autowired
    private Stabilisation stabilisation;

    @Test
    void objectives_that_held_make_it_the_stable_version_and_free_its_place() throws Exception {
        String key = stabilising();
        String candidate = rollout(key).candidate();
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(candidate);
        assertThat(state(key)).isEqualTo(ReleaseState.STABLE);
        assertThat(store.holderOf("checkout")).isEmpty();
        assertThat(store.stepsOf(key)).last().satisfies(step -> assertThat(step.verdict())
                .isEqualTo("PASS"));
    }

    @Test
    void a_release_that_is_rolling_out_is_not_promoted_whoever_starts_it_there() throws Exception {
        String key = rollingOut();
        promoteByForce(key);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(told(key, "rollout.refused"))
                .isNotEmpty()
                .allMatch(text -> text.contains("promoteCandidate") && text.contains("RUNNING"));
    }

    @Test
    void a_halted_release_is_not_promoted_whoever_starts_it_there() throws Exception {
        String key = rollingOut();
        act(key, "rollout/halt", "sre", "Stop");
        promoteByForce(key);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(told(key, "rollout.refused"))
                .isNotEmpty()
                .allMatch(text -> text.contains("promoteCandidate") && text.contains("no clearance"));
    }

    @Test
    void a_release_at_full_traffic_is_not_promoted_without_a_stored_verdict() throws Exception {
        String key = stabilising();
        promoteByForce(key);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(told(key, "rollout.refused")).isNotEmpty().allMatch(text -> text.contains("No verdict"));
    }

    @Test
    void a_release_without_a_rollout_is_not_promoted() throws Exception {
        String key = open();
        promoteByForce(key);
        assertThat(target.told).isEmpty();
        assertThat(told(key, "rollout.refused")).isNotEmpty().allMatch(text -> text.contains("has no rollout"));
    }

    @Test
    void a_stabilisation_does_not_begin_before_every_user_is_on_it() throws Exception {
        String key = rollingOut();
        assertThatThrownBy(() -> stabilisation.begin(key))
                .isInstanceOf(StateConflict.class)
                .hasMessageContaining("RUNNING");
    }

    @Test
    void the_breaker_stays_armed_while_a_person_decides_on_an_unclear_stabilisation() throws Exception {
        String key = stabilising();
        judge(key, "INCONCLUSIVE", true);
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        assertThat(mailed(key, "Decide on an unclear stabilisation"))
                .singleElement()
                .asString()
                .contains("release-manager");
        assertThat(target.share).isEqualTo(1);
        assertThat(isWatched(key)).isTrue();
        judge(key, "FAIL", true);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(isOpen(key, "decideStabilisation")).isFalse();
    }

    @Test
    void a_person_who_watches_again_begins_a_full_window() throws Exception {
        String key = stabilising();
        judge(key, "NO_DATA", true);
        hands.answer(key, "decideStabilisation", "sre", Map.of("choice", "watch", "reason", "The source was away"));
        settle();
        assertThat(observations.ofRelease(key).stream()
                        .filter(observation -> !observation.ended())
                        .map(observation -> observation.order().kind()))
                .containsExactly("stabilisation");
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(rollout(key).candidate());
    }

    @Test
    void an_unwatched_release_is_rolled_back_and_nothing_watches_it_any_more() throws Exception {
        String key = stabilising();
        judge(key, "NO_DATA", true);
        pass(Duration.ofMinutes(61));
        assertThat(rollout(key).isBack()).isTrue();
        assertThat(target.share).isZero();
        assertThat(isWatched(key)).isFalse();
        assertThat(isCleared(key)).isFalse();
    }

    @Test
    void a_changed_dossier_takes_a_stabilising_release_back_to_its_clearance() throws Exception {
        String key = stabilising();
        changeDossier(key);
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(state(key)).isEqualTo(ReleaseState.CRITERIA);
    }

    @Test
    void a_changed_dossier_leaves_an_unclear_stabilisation_too() throws Exception {
        String key = stabilising();
        judge(key, "INCONCLUSIVE", true);
        changeDossier(key);
        assertThat(target.share).isZero();
        assertThat(state(key)).isEqualTo(ReleaseState.CRITERIA);
    }

    @Test
    void a_deployment_system_that_is_away_asks_for_hands_and_calls_them() throws Exception {
        String key = stabilising();
        target.deployerDown = true;
        judge(key, "PASS", true);
        useUpRetries();
        assertThat(isOpen(key, "promoteByHand")).isTrue();
        assertThat(mailed(key, "Make a version the stable one by hand"))
                .singleElement()
                .asString()
                .contains("operations");
    }

    @Test
    @Tag("M3.5")
    void a_halt_while_somebody_is_asked_to_promote_by_hand_asks_how_to_go_on_instead() throws Exception {
        String key = stabilising();
        target.deployerDown = true;
        judge(key, "PASS", true);
        useUpRetries();
        act(key, "rollout/halt", "sre", "The queue grows")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.because")
                        .value("Halted, and nobody makes it the stable version by hand either: The queue grows"));
        assertThat(isOpen(key, "promoteByHand")).isFalse();
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        assertThat(isWatched(key)).as("the breaker stays armed").isTrue();
    }

    /** As where the model is older than the way from that task to the decision. */
    @Test
    @Tag("M3.5")
    void nobody_confirms_a_promotion_by_hand_that_no_pass_supports_any_more() throws Exception {
        String key = stabilising();
        target.deployerDown = true;
        judge(key, "PASS", true);
        useUpRetries();
        store.status(
                key, Status.COMPLETE, "Halted: The queue grows", rollout(key).epoch() + 1);
        assertThatThrownBy(() -> hands.answer(key, "promoteByHand", "sre", Map.of("done", true, "reason", "By hand")))
                .hasMessageContaining("must not become the stable version by hand")
                .hasMessageContaining("The queue grows");
        assertThat(isOpen(key, "promoteByHand")).isTrue();
    }

    /** Users stay: the step back is the bigger move, and the version is watched. */
    @Test
    @Tag("M3.5")
    void a_halt_while_it_stabilises_keeps_it_from_becoming_stable_until_a_person_lets_it_go_on() throws Exception {
        String key = stabilising();
        act(key, "rollout/pause", "sre", "The queue grows")
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("a halt keeps it from becoming")));
        act(key, "rollout/halt", "sre", "The queue grows").andExpect(status().isOk());

        assertThat(target.share).isEqualTo(1);
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        assertThat(store.stepsOf(key)).last().satisfies(step -> {
            assertThat(step.verdict()).isEqualTo("INCONCLUSIVE");
            assertThat(step.sentence()).isEqualTo("Halted: The queue grows");
        });
        assertThat(observations.ofRelease(key).stream()
                        .filter(observation -> !observation.ended())
                        .map(observation -> observation.order().kind()))
                .as("the breaker stays armed, and nothing can pass")
                .containsExactly(Stabilisation.HELD);
        http.perform(get("/api/releases/" + key).with(httpBasic("sre", "sre")))
                .andExpect(
                        jsonPath("$.standing.sentence")
                                .value(
                                        "All users are on it, and it becomes stable only if a person decides so: Halted: The queue grows"));
        act(key, "rollout/halt", "sre", "Again").andExpect(status().isConflict());
        promoteByForce(key);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);

        hands.answer(key, "decideStabilisation", "sre", Map.of("choice", "watch", "reason", "The queue is empty"));
        settle();
        assertThat(rollout(key).because()).as("somebody has decided about it").isNull();
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(rollout(key).candidate());
        act(key, "rollout/halt", "sre", "Too late").andExpect(status().isConflict());
    }

    @Test
    @Tag("M3.5")
    void a_halt_that_waits_for_the_promotion_is_told_that_it_is_stable() throws Exception {
        String key = stabilising();
        CompletableFuture<String> answer = new CompletableFuture<>();
        target.whileItPromotes = () -> {
            Thread person = new Thread(() -> {
                try {
                    answer.complete(http.perform(post("/api/releases/{key}/rollout/halt", key)
                                    .with(httpBasic("sre", "sre"))
                                    .contentType("application/json")
                                    .content("{\"reason\": \"Wait\"}"))
                            .andExpect(status().isConflict())
                            .andReturn()
                            .getResponse()
                            .getContentAsString());
                } catch (Exception | AssertionError failed) {
                    answer.completeExceptionally(failed);
                }
            });
            person.start();
            // It has seen a release that stabilises, and waits for the row that the promotion holds.
            await().until(() -> answer.isDone()
                    || Arrays.stream(person.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("lockWhereThere")));
        };
        judge(key, "PASS", true);
        assertThat(answer.get(20, TimeUnit.SECONDS)).contains("is the stable version: there is nothing to halt");
        assertThat(target.stable).isEqualTo(rollout(key).candidate());
    }

    /** The table of its policy answers nothing there, which halts. */
    @Test
    @Tag("M3.5")
    void an_alert_that_came_before_its_watch_began_and_fires_still_keeps_it_from_becoming_stable() throws Exception {
        String key = stabilising();
        act(key, "rollout/halt", "sre", "The queue grows");
        String policy = releases.get(key).policy();
        database.update("update release set policy = 'older' where key_ = ?", key);
        assertThat(alert(key, "critical")).isEqualTo("RECORDED");
        database.update("update release set policy = ? where key_ = ?", policy, key);

        hands.answer(key, "decideStabilisation", "sre", Map.of("choice", "watch", "reason", "The queue is empty"));
        settle();
        judge(key, "PASS", true);
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        assertThat(isWatched(key)).as("the breaker stays armed").isTrue();
        assertThat(rollout(key).because()).contains("HighErrors", "which fires still");

        hands.answer(key, "decideStabilisation", "sre", Map.of("choice", "watch", "reason", "It is another's"));
        settle();
        judge(key, "PASS", true);
        assertThat(target.stable)
                .as("a person has decided in its knowledge")
                .isEqualTo(rollout(key).candidate());
    }

    @Test
    @Tag("M3.5")
    void an_alert_that_came_while_a_step_stood_still_and_fires_still_keeps_the_step_from_passing() throws Exception {
        String key = rollingOut();
        act(key, "rollout/halt", "sre", "The queue grows");
        assertThat(alert(key, "warning")).isEqualTo("RECORDED");
        resume(key);
        judge(key, "PASS", true);
        assertThat(target.share).isZero();
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(store.stepsOf(key)).last().satisfies(step -> assertThat(step.sentence())
                .contains("HighErrors", "which fires still"));
        resume(key);
        judge(key, "PASS", true);
        assertThat(target.share).as("a person has decided in its knowledge").isEqualTo(0.5);
    }

    private void resume(String key) throws Exception {
        hands.answer(key, "decideRollout", "sre", Map.of("choice", "resume", "reason", "The queue is empty"));
        settle();
        // Whatever takes traffic back ends the clearance too.
        clear(key);
        runtime.createProcessInstanceModification(instance(key, "release"))
                .startBeforeActivity("rollOut")
                .cancelAllForActivity("agreeCriteria")
                .execute();
        settle();
        watch(key);
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    @Tag("M3.5")
    void a_halt_after_the_pass_stops_the_promotion_that_is_under_way() throws Exception {
        String key = stabilising();
        target.deployerDown = true;
        judge(key, "PASS", true);
        act(key, "rollout/halt", "sre", "Wait").andExpect(status().isOk());
        target.deployerDown = false;
        retry();
        assertThat(target.stable).isEqualTo(ScriptedTarget.STABLE);
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        judge(key, "FAIL", true);
        assertThat(target.share).as("the breaker stayed armed").isZero();
    }

    private void promoteByForce(String key) throws Exception {
        hands.as("admin", () -> runtime.createProcessInstanceByKey("stabilisation")
                .businessKey(key)
                .startBeforeActivity("promoteCandidate")
                .execute());
        settle();
    }
}
