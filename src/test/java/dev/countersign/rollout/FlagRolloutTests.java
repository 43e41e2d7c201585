package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.release.ReleaseState;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.RolloutPlan.Exposure;
import dev.countersign.rollout.RolloutPlan.Promotion;
import dev.countersign.rollout.RolloutPlan.Step;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.ResultActions;

/** Releases that a flag exposes, with the flag in the test's hands too. */
@Tag("M3.2")
class FlagRolloutTests extends RolloutTest {
    private static final int ROUNDS = 15;

    @Autowired
    FlagSwitch killSwitch;

    @Autowired
    FlagChange exposure;

    @Autowired
    RolloutSteps steps;

    @Override
    String flag() {
        return "one-page";
    }

    /** At the first step of a plan that ramps the flag alone. */
    private String ramping(String... authors) throws Exception {
        String key = atRollout(authors);
        watch(key);
        assertThat(target.flag).isEqualTo(0.1);
        assertThat(target.share).isZero();
        return key;
    }

    /** As the metrics source would have counted both versions, in this step. */
    private void arrived(String key, long candidate, long baseline) {
        database.update("delete from observation_sample");
        for (boolean of : List.of(true, false)) {
            database.update(
                    """
                    insert into observation_sample (observation, candidate, at_, interval_ms, requests, errors)
                    select no_, ?, since, 1000, ?, 0 from observation where release_key = ? and ended = false""",
                    of,
                    of ? candidate : baseline,
                    key);
        }
    }

    private ResultActions expose(String key, String person, double share) throws Exception {
        ResultActions answer = http.perform(put("/api/releases/{key}/exposure", key)
                .with(httpBasic(person, person))
                .contentType("application/json")
                .content(json.writeValueAsString(Map.of("share", share, "reason", "The test says so"))));
        settle();
        return answer;
    }

    @Test
    void each_step_ramps_the_flag_and_leaves_traffic_where_it_is() throws Exception {
        String key = ramping();
        arrived(key, 100, 900);
        judge(key, "PASS", true);
        assertThat(target.flag).isEqualTo(0.5);
        arrived(key, 500, 500);
        judge(key, "PASS", true);
        assertThat(target.flag).isEqualTo(1);
        arrived(key, 1000, 0);
        judge(key, "PASS", true);
        assertThat(state(key)).isEqualTo(ReleaseState.STABILISING);
        assertThat(target.told).doesNotContain("share 0.1", "share 0.5", "share 1.0");
        http.perform(get("/api/releases/{key}/exposure", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.flag").value("one-page"))
                .andExpect(jsonPath("$.share").value(1.0))
                .andExpect(jsonPath("$.changedElsewhere").value(false))
                .andExpect(jsonPath("$.history.length()").value(4))
                .andExpect(jsonPath("$.history[0].because").value("step 3 of the rollout"));
        assertThat(told(key, "rollout.flag-set")).hasSize(3);
        assertThat(database.queryForList(
                        "select text_ from deployment_marker where release_key = ? and phase = 'step' order by id",
                        String.class,
                        key))
                .allMatch(text -> !text.contains("traffic"))
                .first()
                .asString()
                .endsWith("step 1, the flag is on for 10 % of the users");
    }

    @Test
    void a_share_of_users_that_did_not_arrive_is_halted_whatever_the_router_counts() throws Exception {
        String key = ramping();
        arrived(key, 600, 400);
        judge(key, "PASS", true);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(rollout(key).because()).contains("60.0 % of 1000 requests", "the metrics source");
        assertThat(target.flag).isZero();
    }

    @Test
    void a_failed_verdict_switches_the_flag_off_and_nothing_switches_it_on_again() throws Exception {
        String key = ramping();
        judge(key, "FAIL", true);
        assertThat(target.flag).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trafficBackAt()).isNotNull();
        assertThatThrownBy(() -> traffic.forward(key)).isInstanceOf(StateConflict.class);
        assertThat(target.flag).isZero();
    }

    @Test
    void without_its_clearance_a_flag_goes_no_further() throws Exception {
        String key = ramping();
        clearances.revoke(key, "the test");
        assertThatThrownBy(() -> traffic.forward(key)).isInstanceOf(StateConflict.class);
        assertThat(target.flag).isEqualTo(0.1);
    }

    @Test
    void users_are_not_said_to_be_safe_while_the_flag_alone_exposes_them_and_its_system_is_down() throws Exception {
        String key = ramping();
        target.flagDown = true;
        judge(key, "FAIL", true);
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trafficBackAt()).isNull();
        assertThat(rollout(key).actual()).as("nobody knows").isNull();
        assertThat(told(key, "rollout.flag-failed")).isNotEmpty();
        target.flagDown = false;
        pass(Duration.ofSeconds(3));
        assertThat(target.flag).isZero();
        assertThat(rollout(key).trafficBackAt()).isNotNull();
    }

    @Test
    @Tag("M6.1")
    void the_kill_switch_proves_that_the_flag_is_off_and_may_be_used_again() throws Exception {
        String key = ramping();
        assertThat(killSwitch.governs(key)).isTrue();
        target.flagDown = true;
        assertThatThrownBy(() -> killSwitch.switchOff(key))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("not proven to be off");
        assertThat(rollout(key).isBack()).as("no step in flight may land").isTrue();
        target.flagDown = false;
        killSwitch.switchOff(key);
        killSwitch.switchOff(key);
        assertThat(target.flag).isZero();
        assertThat(told(key, "rollout.flag-off")).isNotEmpty();
        assertThatThrownBy(() -> traffic.forward(key)).isInstanceOf(StateConflict.class);
    }

    @Test
    @Tag("M6.1")
    void a_kill_switch_whose_client_breaks_has_ended_the_rollout_all_the_same() throws Exception {
        String key = ramping();
        int epoch = rollout(key).epoch();
        target.flagBroken = new IllegalStateException("a field is missing in the answer");
        assertThatThrownBy(() -> killSwitch.switchOff(key)).hasMessageContaining("a field is missing");
        assertThat(rollout(key).isBack()).isTrue();
        assertThat(rollout(key).epoch()).isEqualTo(epoch + 1);
        target.flagBroken = null;
        assertThatThrownBy(() -> traffic.forward(key)).isInstanceOf(StateConflict.class);
    }

    /** Whoever changes an exposure, takes traffic back and goes on locks the release first and then its rollout. */
    @Test
    void an_exposure_changed_while_the_rollout_is_resumed_and_held_waits_and_never_deadlocks() throws Exception {
        String key = ramping();
        expose(key, "sre", 0);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        List<Callable<?>> acts = List.of(
                () -> hands.as("sre", () -> {
                    exposure.to(key, 0, "The test says so");
                    return null;
                }),
                () -> {
                    steps.resume(key);
                    return null;
                },
                () -> {
                    traffic.takeBack(key, "the test");
                    return null;
                });
        ExecutorService threads = Executors.newFixedThreadPool(acts.size());
        try {
            for (int round = 0; round < ROUNDS; round++) {
                CyclicBarrier together = new CyclicBarrier(acts.size());
                List<Callable<Exception>> racing = acts.stream()
                        .<Callable<Exception>>map(act -> () -> {
                            together.await();
                            try {
                                act.call();
                                return null;
                            } catch (StateConflict refused) {
                                return null;
                            } catch (Exception other) {
                                return other;
                            }
                        })
                        .toList();
                for (Future<Exception> ended : threads.invokeAll(racing, 60, TimeUnit.SECONDS)) {
                    assertThat(ended.get()).isNull();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(target.flag).isZero();
    }

    @Test
    void traffic_moves_with_the_flag_off_and_the_flag_stands_on_the_traffic() throws Exception {
        String key = ramping();
        plan(key, step(1, 0.1, Exposure.TRAFFIC), step(2, 1, Exposure.TRAFFIC), step(3, 0.05, Exposure.FLAG));
        target.told.clear();
        traffic.forward(key);
        assertThat(target.flag).isZero();
        assertThat(target.share).isEqualTo(0.1);
        store.step(key, 3);
        traffic.forward(key);
        assertThat(target.share).isEqualTo(1);
        assertThat(target.flag).isEqualTo(0.05);
        assertThat(target.told).containsExactly("flag 0.0", "share 0.1", "share 1.0", "flag 0.05");
        assertThat(rollout(key).wanted()).isEqualTo(0.05);

        target.flagDown = true;
        act(key, "rollback", "monitoring", "Errors").andExpect(status().isAccepted());
        assertThat(target.share).isZero();
        assertThat(rollout(key).trafficBackAt())
                .as("whatever the flag says, nobody meets the candidate")
                .isNotNull();
        target.flagDown = false;
        pass(Duration.ofSeconds(3));
        assertThat(target.flag).isZero();
    }

    @Test
    void up_needs_a_release_manager_a_clearance_and_a_rollout_that_has_come_so_far() throws Exception {
        String key = ramping("release-manager-2");
        target.flag = 0.02;
        expose(key, "sre", 0.1).andExpect(status().isForbidden());
        expose(key, "release-manager-2", 0.1).andExpect(status().isForbidden());
        expose(key, "qa", 0).andExpect(status().isForbidden());
        expose(key, "release-manager", 0.3)
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("bears out 10 %")));
        assertThat(target.flag).isEqualTo(0.02);
        assertThat(told(key, "exposure.refused")).hasSize(4);
        http.perform(get("/api/releases/{key}/exposure", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.changedElsewhere").value(true));
        expose(key, "release-manager", 0.1).andExpect(status().isOk());
        assertThat(target.flag).isEqualTo(0.1);

        store.finish(key, Status.COMPLETE);
        expose(key, "release-manager", 1).andExpect(status().isOk());
        database.update("update release set state = 'STABLE' where key_ = ?", key);
        expose(key, "sre", 0.25).andExpect(status().isOk());
        assertThat(target.flag).isEqualTo(0.25);
        clearances.revoke(key, "the test");
        expose(key, "release-manager", 0.5).andExpect(status().isConflict());
        expose(key, "sre", 0).andExpect(status().isOk());
        assertThat(target.flag).isZero();
        assertThat(told(key, "exposure.changed")).hasSize(4);
    }

    @Test
    void down_during_a_rollout_is_a_halt_and_is_never_held_up() throws Exception {
        String key = ramping();
        expose(key, "sre", 0.05).andExpect(status().isConflict());
        assertThat(target.flag).isEqualTo(0.1);
        expose(key, "sre", 0).andExpect(status().isOk());
        assertThat(target.flag).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(isOpen(key, "decideRollout")).isTrue();
    }

    /** With every user on it, and its objectives watched. */
    private String settling() throws Exception {
        String key = ramping();
        for (long percent : new long[] {10, 50, 100}) {
            arrived(key, percent * 10, 1000 - percent * 10);
            judge(key, "PASS", true);
        }
        assertThat(state(key)).isEqualTo(ReleaseState.STABILISING);
        return key;
    }

    @Test
    void a_stable_release_does_not_raise_the_flag_that_another_one_ramps() throws Exception {
        String stable = settling();
        judge(stable, "PASS", true);
        assertThat(state(stable)).isEqualTo(ReleaseState.STABLE);
        String next = ramping();
        expose(stable, "release-manager", 1)
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("in the hands of " + next)));
        assertThat(target.flag).as("as far as the rollout has come").isEqualTo(0.1);
        expose(stable, "sre", 0).andExpect(status().isOk());
        assertThat(target.flag).isZero();
        assertThat(rollout(next).status()).as("whose users were taken away").isEqualTo(Status.HALTED);
        assertThat(rollout(next).because()).contains("asked for at " + stable);
    }

    @Test
    void a_rollout_that_takes_the_flag_over_meanwhile_keeps_it_as_it_has_set_it() throws Exception {
        String stable = settling();
        judge(stable, "PASS", true);
        String next = ramping();
        database.update("update rollout set slot = null where release_key = ?", next);
        target.whileFlagIsSet = () -> database.update("update rollout set slot = service where release_key = ?", next);
        expose(stable, "release-manager", 1)
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString(next + " has taken the flag of " + stable)));
        assertThat(target.told).as("it was raised first").endsWith("flag 1.0", "flag 0.1");
        assertThat(target.flag).isEqualTo(0.1);
        assertThat(rollout(next).status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void a_step_whose_flag_was_turned_elsewhere_does_not_pass() throws Exception {
        String key = ramping();
        arrived(key, 100, 900);
        target.flag = 0;
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(rollout(key).because()).isEqualTo("The flag one-page is on for 0.0 %, and the step exposes 10.0 %");
        assertThat(store.stepsOf(key)).extracting(Rollouts.StepRecord::verdict).containsExactly("INCONCLUSIVE");
        assertThat(isOpen(key, "decideRollout")).isTrue();
    }

    @Test
    void a_step_whose_flag_cannot_be_read_does_not_pass() throws Exception {
        String key = ramping();
        arrived(key, 100, 900);
        target.flagDown = true;
        judge(key, "PASS", true);
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(rollout(key).because()).contains("is not known: the flags' system is down");
    }

    @Test
    void a_flag_switched_off_while_the_release_settles_is_traffic_taken_back() throws Exception {
        String key = settling();
        expose(key, "sre", 0.5).andExpect(status().isConflict());
        assertThat(target.flag).isEqualTo(1);
        expose(key, "sre", 0).andExpect(status().isOk());
        assertThat(target.flag).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(isCleared(key)).isFalse();
        assertThat(told(key, "breaker.tripped")).singleElement().asString().contains("The flag was switched off");
        assertThat(state(key)).isIn(ReleaseState.ROLLING_BACK, ReleaseState.ROLLED_BACK);
        expose(key, "release-manager", 1).andExpect(status().isConflict());
        assertThat(target.flag).isZero();
    }

    @Test
    void a_system_that_does_not_answer_is_said_and_never_shown_as_off() throws Exception {
        String key = ramping();
        store.finish(key, Status.COMPLETE);
        target.flagDown = true;
        expose(key, "release-manager", 0.05)
                .andExpect(status().isServiceUnavailable())
                .andExpect(content().string(containsString("the flags' system is down")));
        http.perform(get("/api/releases/{key}/exposure", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.share").doesNotExist())
                .andExpect(jsonPath("$.unknownBecause").value("the flags' system is down"));
    }

    @Test
    void pages_show_and_change_the_exposure() throws Exception {
        String key = ramping();
        var manager = user("release-manager").authorities(new SimpleGrantedAuthority("release-manager"));
        http.perform(get("/releases/{key}/exposure", key).with(manager))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("10.0 %")))
                .andExpect(content().string(containsString("step 1 of the rollout")))
                .andExpect(content().string(containsString("Change the exposure")));
        http.perform(put("/releases/{key}/exposure", key)
                        .param("percent", "60")
                        .param("reason", "Now")
                        .with(manager)
                        .with(csrf()))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("bears out 10 %")));
        http.perform(get("/services/checkout/exposure").with(manager))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString(key)));
        http.perform(get("/releases/{key}", key).with(manager))
                .andExpect(content().string(containsString("for whom it is on")));
    }

    private static Step step(int number, double share, Exposure exposure) {
        return new Step(number, share, Duration.ofMinutes(1), Duration.ofMinutes(5), Promotion.AUTOMATIC, exposure);
    }

    private void plan(String key, Step... steps) throws Exception {
        Rollout rollout = rollout(key);
        RolloutPlan plan = new RolloutPlan(
                List.of(steps),
                rollout.plan().stabilisationWindow(),
                rollout.plan().stabilisationMaximum(),
                rollout.plan().triggers(),
                rollout.plan().version());
        database.update("update rollout set plan = ? where release_key = ?", json.writeValueAsString(plan), key);
    }
}
