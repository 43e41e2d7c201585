package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.identity.Actors;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.jobexecutor.ExecuteJobHelper;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutorContext;
import org.camunda.bpm.engine.runtime.Job;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

/** Whoever moves traffic, and what the router makes of it. */
@Tag("M3.4")
@Tag("M6.1")
class TrafficControlTests extends RolloutTest {
    @Autowired
    ProcessEngineConfigurationImpl engine;

    @Autowired
    private Messages messages;

    @Autowired
    private FormService forms;

    @Test
    void a_halt_takes_the_share_to_zero_ends_the_clearance_and_calls_a_person() throws Exception {
        String key = rollingOut();
        assertThat(isCleared(key)).isTrue();
        int epoch = rollout(key).epoch();
        act(key, "rollout/halt", "sre", "Customers complain")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.status").value("HALTED"))
                .andExpect(jsonPath("$.split.actual").value(0.0));
        assertThat(target.share).isZero();
        assertThat(rollout(key).epoch()).isEqualTo(epoch + 1);
        assertThat(isWatched(key)).isFalse();
        assertThat(isCleared(key)).isFalse();
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(mailed(key, "Decide on a rollout"))
                .singleElement()
                .asString()
                .contains("release-manager");
    }

    @Test
    void a_pause_keeps_the_share_and_a_resume_goes_on() throws Exception {
        String key = rollingOut();
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
        assertThat(rollout(key).status()).isEqualTo(Status.PAUSED);
        assertThat(target.share).isEqualTo(0.1);
        assertThat(isCleared(key)).isTrue();
        act(key, "rollout/halt", "on-call", "Worse than it looked").andExpect(status().isOk());
        assertThat(target.share).isZero();
        act(key, "rollout/resume", "sre", "Again").andExpect(status().isConflict());

        String other = open();
        act(other, "rollout/pause", "sre", "Too early").andExpect(status().isConflict());
    }

    @Test
    void a_rollout_whose_model_cannot_wait_on_is_not_paused() throws Exception {
        String key = rollingOut();
        String policy = releases.get(key).policy();
        database.update("update release set policy = 'older' where key_ = ?", key);
        act(key, "rollout/pause", "sre", "A look at the logs")
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("cannot wait for the end of a pause")));
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        database.update("update release set policy = ? where key_ = ?", policy, key);
        judge(key, "PASS", true);
        assertThat(target.share).isEqualTo(0.5);
    }

    @Test
    void a_paused_rollout_is_resumed_with_a_full_window() throws Exception {
        String key = rollingOut();
        act(key, "rollout/pause", "sre", "A look at the logs");
        act(key, "rollout/resume", "sre", "Nothing found").andExpect(status().isOk());
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        judge(key, "PASS", true);
        assertThat(target.share).isEqualTo(0.5);
    }

    @Test
    void a_paused_step_waits_beyond_its_maximum_and_counts_it_anew_when_it_is_resumed() throws Exception {
        String key = rollingOut();
        Duration maximum = rollout(key).plan().step(1).maximum();
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
        assertThat(waitsFor(key))
                .isBetween(Duration.ofHours(4), Duration.ofHours(4).plusMinutes(1));
        assertThat(rollout(key).because()).startsWith("until ").endsWith("A look at the logs");
        database.update(
                "update rollout_step set clock_since = ? where release_key = ?",
                clock.instant().minus(maximum).minus(maximum).atOffset(ZoneOffset.UTC),
                key);
        ends(key);
        assertThat(rollout(key).status()).isEqualTo(Status.PAUSED);
        assertThat(target.share).isEqualTo(0.1);
        act(key, "rollout/resume", "sre", "Nothing found").andExpect(status().isOk());
        assertThat(waitsFor(key)).isBetween(maximum, maximum.plusMinutes(1));
        ends(key);
        assertThat(rollout(key).status()).as("its maximum is not over").isEqualTo(Status.RUNNING);
        database.update(
                "update rollout_step set clock_since = ? where release_key = ?",
                clock.instant().minus(maximum).atOffset(ZoneOffset.UTC),
                key);
        ends(key);
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(target.share).isZero();
    }

    @Test
    void a_pause_that_nobody_ends_takes_traffic_back_after_four_hours_and_asks_a_person() throws Exception {
        String key = rollingOut();
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
        database.update(
                "update rollout_step set paused_at = ? where release_key = ?",
                clock.instant().minus(StepClock.LONGEST_PAUSE).atOffset(ZoneOffset.UTC),
                key);
        ends(key);
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(target.share).isZero();
        assertThat(told(key, "rollout.held")).singleElement().asString().contains("nobody resumed it");
    }

    /** How long the wait for the current step's verdict lasts yet. */
    private Duration waitsFor(String key) {
        return Duration.between(clock.instant(), overdue(key).getDuedate().toInstant());
    }

    /** The wait's timer fires. */
    private void ends(String key) {
        management.executeJob(overdue(key).getId());
        settle();
    }

    private Job overdue(String key) {
        return management
                .createJobQuery()
                .activityId("stepOverdue")
                .processInstanceId(instance(key, "staged-rollout"))
                .singleResult();
    }

    @Test
    void a_pause_at_the_moment_of_a_pass_keeps_the_share_and_the_watch() throws Exception {
        String key = rollingOut();
        store(key, "PASS", true);
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
        assertThat(rollout(key).status()).isEqualTo(Status.PAUSED);
        assertThat(target.share).isEqualTo(0.1);
        assertThat(isWatched(key)).isTrue();
        assertThat(isOpen(key, "decideRollout")).isFalse();
        act(key, "rollout/resume", "sre", "Nothing found").andExpect(status().isOk());
        assertThat(rollout(key).step()).as("with a full window").isEqualTo(1);
        judge(key, "PASS", true);
        assertThat(target.share).isEqualTo(0.5);
    }

    @Test
    void nothing_is_paused_between_two_steps() throws Exception {
        String key = rollingOut();
        target.reported = 0.1;
        judge(key, "PASS", true);
        act(key, "rollout/pause", "sre", "A look at the logs")
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("on its way")));
        target.reported = null;
        retry();
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        assertThat(target.share).isEqualTo(0.5);
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
    }

    @Test
    void a_second_click_on_a_promotion_and_a_message_that_is_left_over_end_no_later_step() throws Exception {
        String key = rollingOut();
        act(key, "rollout/promote", "release-manager", "The load test said so").andExpect(status().isAccepted());
        for (int click = 0; click < 2; click++) {
            confirm(key, "sre").andExpect(status().isOk());
        }
        confirm(key, "release-manager-2").andExpect(status().isConflict());
        pass(Duration.ofSeconds(3));
        messages.send("stepJudged", key);
        pass(Duration.ofSeconds(25));
        assertThat(told(key, "rollout.promotion-waived")).hasSize(2);
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        assertThat(rollout(key).step()).isEqualTo(2);
        assertThat(target.share).isEqualTo(0.5);
        assertThat(isWatched(key)).isTrue();
    }

    /** And nothing happens yet. */
    private ResultActions confirm(String key, String person) throws Exception {
        return http.perform(post("/api/releases/{key}/rollout/promote", key)
                .with(httpBasic(person, person))
                .contentType("application/json")
                .content("{\"reason\": \"I saw it too\"}"));
    }

    @Test
    void a_step_is_promoted_early_by_two_persons_neither_of_whom_wrote_it() throws Exception {
        String key = rollingOut("sre");
        act(key, "rollout/promote", "sre", "I know it is good").andExpect(status().isForbidden());
        act(key, "rollout/promote", "release-manager", "The load test said so").andExpect(status().isAccepted());
        act(key, "rollout/promote", "release-manager", "Twice is two").andExpect(status().isConflict());
        assertThat(target.share).isEqualTo(0.1);
        act(key, "rollout/promote", "release-manager-2", "I saw it too").andExpect(status().isOk());
        assertThat(target.share).isEqualTo(0.5);
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void a_demanded_rollback_takes_traffic_back_before_the_engine_hears_of_it() throws Exception {
        String key = rollingOut();
        act(key, "rollback", "monitoring", "x".repeat(5_000)).andExpect(status().isAccepted());
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trafficBackAt()).isNotNull();
        assertThat(rollout(key).trippedBecause()).hasSize(2_000);
        assertThat(told(key, "breaker.tripped")).singleElement().asString().contains("x".repeat(3_900));
        assertThat(isCleared(key)).isFalse();
        assertThat(timeline.of(key))
                .filteredOn(entry -> entry.type().equals("state.entered"))
                .anyMatch(entry -> entry.text().contains("ROLLING_BACK"));
        assertThatThrownBy(() -> traffic.forward(key)).isInstanceOf(StateConflict.class);
    }

    /** Between clearance and watch a day may lie: what is left of a budget is asked again. */
    @Test
    @Tag("M5.3")
    void a_budget_that_was_spent_since_the_clearance_begins_no_rollout_and_ends_the_clearance() throws Exception {
        String key = atRollout();
        start.against = "checkout is closed for it: its budget is spent";
        watch(key);
        assertThat(store.find(key)).isEmpty();
        assertThat(target.told).noneMatch(told -> told.startsWith("deploy"));
        assertThat(isCleared(key)).isFalse();
        assertThat(told(key, "clearance.revoked")).singleElement().asString().contains("its budget is spent");
        assertThat(told(key, "rollout.refused")).singleElement().asString().contains("does not begin");
        assertThat(state(key)).isNotEqualTo(ReleaseState.ROLLING_OUT);
    }

    @Test
    @Tag("M5.3")
    void a_budget_that_nobody_knows_for_a_moment_keeps_the_clearance_and_is_asked_again() throws Exception {
        String key = atRollout();
        start.unknown = "checkout is closed for it: nothing is measured";
        watch(key);
        assertThat(store.find(key)).as("it has not begun").isEmpty();
        assertThat(isCleared(key)).isTrue();
        start.unknown = null;
        retry();
        assertThat(store.find(key)).isPresent();
    }

    @Test
    @Tag("M5.3")
    void a_budget_that_stays_unknown_begins_no_rollout_and_a_person_decides() throws Exception {
        String key = atRollout();
        start.unknown = "checkout is closed for it: nothing is measured";
        watch(key);
        useUpRetries();
        assertThat(store.find(key)).isEmpty();
        assertThat(target.told).noneMatch(told -> told.startsWith("deploy"));
        assertThat(isOpen(key, "clearTheWay")).isTrue();
        start.unknown = null;
        hands.answer(key, "clearTheWay", "sre", Map.of("tryAgain", true));
        settle();
        assertThat(target.share).isEqualTo(0.1);
    }

    /** A whole batch is locked at once, and each job waits for its turn. */
    @Test
    void a_step_whose_job_has_waited_is_locked_anew_without_losing_a_try_and_leaves_the_lock_of_another_node_alone()
            throws Exception {
        String key = atRollout();
        hands.answer(key, "acknowledgeWatch", "on-call", Map.of("acknowledged", true));
        Job waiting = management
                .createJobQuery()
                .processInstanceId(instance(key, "staged-rollout"))
                .messages()
                .singleResult();
        String own = engine.getJobExecutor().getLockOwner();
        lock(waiting, "another-node", 20);
        assertThatThrownBy(() -> runAsExecutor(waiting)).isInstanceOf(OptimisticLockingException.class);
        assertThat(lockedBy(waiting)).isEqualTo("another-node");

        lock(waiting, own, 5);
        assertThatThrownBy(() -> runAsExecutor(waiting)).isInstanceOf(OptimisticLockingException.class);
        assertThat(lockedBy(waiting)).isNull();
        assertThat(retries(waiting)).isGreaterThanOrEqualTo(waiting.getRetries());
        assertThat(store.find(key)).isEmpty();

        int before = retries(waiting);
        lock(waiting, own, 5);
        assertThatThrownBy(() -> runAsExecutor(waiting)).isInstanceOf(OptimisticLockingException.class);
        assertThat(retries(waiting)).isEqualTo(before);

        lock(waiting, own, 20);
        runAsExecutor(waiting);
        assertThat(store.find(key)).isPresent();
    }

    private void lock(Job job, String owner, int seconds) {
        database.update(
                "update ACT_RU_JOB set LOCK_OWNER_ = ?, LOCK_EXP_TIME_ = ? where ID_ = ?",
                owner,
                Timestamp.from(clock.instant().plusSeconds(seconds)),
                job.getId());
    }

    private String lockedBy(Job job) {
        return database.queryForObject("select LOCK_OWNER_ from ACT_RU_JOB where ID_ = ?", String.class, job.getId());
    }

    private int retries(Job job) {
        return management.createJobQuery().jobId(job.getId()).singleResult().getRetries();
    }

    private void runAsExecutor(Job job) {
        Context.setJobExecutorContext(new JobExecutorContext());
        try {
            ExecuteJobHelper.executeJob(job.getId(), engine.getCommandExecutorTxRequired());
        } finally {
            Context.removeJobExecutorContext();
        }
    }

    @ParameterizedTest
    @CsvSource({"rollout/pause, 422", "rollout/promote, 422", "rollout/halt, 200"})
    void a_long_reason_is_refused_but_never_stops_a_stop(String act, int expected) throws Exception {
        String key = rollingOut();
        var answer = act(key, act, "sre", "y".repeat(2_001)).andExpect(status().is(expected));
        if (expected == 422) {
            answer.andExpect(content().string(containsString("/reason")));
            assertThat(target.share).isEqualTo(0.1);
        } else {
            assertThat(target.share).isZero();
            assertThat(rollout(key).because()).hasSize(2_000);
        }
    }

    @Test
    void a_router_that_reports_another_share_has_not_moved_traffic() throws Exception {
        String key = rollingOut();
        target.reported = 0.4;
        assertThatThrownBy(() -> traffic.forward(key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("told 0.100 and reports 0.400");
        target.reported = Double.NaN;
        assertThatThrownBy(() -> traffic.forward(key)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.004})
    void a_router_that_lies_is_told_again_until_it_reports_zero(double left) throws Exception {
        String key = rollingOut();
        target.reported = left;
        act(key, "rollout/halt", "sre", "Stop").andExpect(status().isOk());
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(rollout(key).actual()).as("nobody knows").isNull();
        assertThat(told(key, "rollout.router-failed")).isNotEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(rollout(key).actual()).isNull();
        target.reported = null;
        pass(Duration.ofSeconds(3));
        assertThat(rollout(key).actual()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a backend is not found", "(silence)"})
    void what_a_router_says_besides_is_told_and_does_not_hold_up_the_way_back(String said) throws Exception {
        String key = rollingOut();
        target.reservation = said;
        act(key, "rollback", "monitoring", "Errors").andExpect(status().isAccepted());
        assertThat(target.share).isZero();
        assertThat(rollout(key).trafficBackAt()).isNotNull();
        assertThat(told(key, "rollout.router-failed")).isEmpty();
        if (said.startsWith("(")) {
            assertThat(told(key, "rollout.router-reservation")).isEmpty();
        } else {
            assertThat(told(key, "rollout.router-reservation"))
                    .first()
                    .asString()
                    .contains(said);
        }
    }

    @Test
    void a_router_that_is_down_at_a_halt_is_told_when_it_is_back() throws Exception {
        String key = rollingOut();
        target.routerDown = true;
        act(key, "rollout/halt", "sre", "Stop").andExpect(status().isOk());
        assertThat(target.share).isEqualTo(0.1);
        assertThat(told(key, "rollout.halted")).singleElement().asString().contains("not proven to be back");
        assertThat(mailText(key))
                .contains("users may still be on the new version")
                .doesNotContain("Users are on");
        String task = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("decideRollout")
                .singleResult()
                .getId();
        assertThat(hands.as("sre", () -> forms.getTaskFormVariables(task).get("users")))
                .asString()
                .contains("may still be on the new version");
        target.routerDown = false;
        pass(Duration.ofSeconds(3));
        assertThat(target.share).isZero();
    }

    private String mailText(String key) {
        return database.queryForObject(
                "select text_ from mail where release_key = ? and subject like 'Decide on a rollout%'",
                String.class, key);
    }

    @Test
    void a_halt_ends_its_step_and_no_later_verdict_is_put_down_to_it() throws Exception {
        String key = rollingOut();
        act(key, "rollout/halt", "sre", "It looks odd").andExpect(status().isOk());
        assertThat(mailText(key)).contains("Users are on the stable version");
        assertThat(store.stepsOf(key)).singleElement().satisfies(step -> {
            assertThat(step.verdict()).isEqualTo("INCONCLUSIVE");
            assertThat(step.sentence()).isEqualTo("Stopped: It looks odd");
            assertThat(step.endedAt()).isNotNull();
        });
        traffic.trip(key, Actors.PLATFORM, "An objective was missed", clock.instant());
        assertThat(store.stepsOf(key))
                .singleElement()
                .extracting(Rollouts.StepRecord::sentence)
                .isEqualTo("Stopped: It looks odd");
    }

    @Test
    void two_persons_waive_a_window_and_not_that_anybody_met_the_candidate() throws Exception {
        String key = rollingOut();
        target.arrived = new TrafficRouter.Arrived(0, 0);
        act(key, "rollout/promote", "release-manager", "The load test said so")
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("counts no request")));
        target.arrived = new TrafficRouter.Arrived(100, 1_000);
        act(key, "rollout/promote", "release-manager", "The load test said so").andExpect(status().isAccepted());
        confirm(key, "sre").andExpect(status().isOk());
        target.arrived = new TrafficRouter.Arrived(0, 1_000);
        settle();
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(target.share).isZero();
    }

    @Test
    void the_retry_leaves_a_step_alone_that_somebody_resumed() throws Exception {
        String key = rollingOut();
        target.routerDown = true;
        act(key, "rollout/halt", "sre", "Stop");
        target.routerDown = false;
        clear(key);
        store.status(key, Status.RUNNING, null, rollout(key).epoch() + 1);
        traffic.forward(key);
        pass(Duration.ofSeconds(3));
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void a_step_whose_router_fails_for_good_waits_for_a_person_without_traffic() throws Exception {
        String key = rollingOut();
        target.reported = 0.1;
        judge(key, "PASS", true);
        assertThat(target.share).as("told, but it reports something else").isEqualTo(0.5);
        target.reported = 0.0;
        useUpRetries();
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(target.share).isZero();
        assertThat(state(key)).isEqualTo(ReleaseState.HELD);
    }

    @Test
    void a_step_without_a_verdict_leaves_nobody_on_a_candidate_that_is_not_watched() throws Exception {
        String key = rollingOut();
        judge(key, "PASS", true);
        assertThat(target.share).isEqualTo(0.5);
        judge(key, "INCONCLUSIVE", true);
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(isCleared(key)).isFalse();
    }

    @Test
    void a_halt_waits_for_a_step_in_flight_and_lands_after_it() throws Exception {
        String key = rollingOut();
        target.told.clear();
        race(
                () -> {
                    traffic.forward(key);
                    return true;
                },
                () -> {
                    traffic.halt(key, "Stop");
                    return true;
                });
        assertThat(target.told).containsExactly("share 0.1", "share 0.0");
        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.HALTED);
        assertThat(rollout(key).actual()).isZero();
    }

    /** The second asks to stop while the first waits for its router: it acts once that answered, and with nothing between. */
    @Test
    @Tag("M3.5")
    void a_trip_that_arrives_during_a_call_acts_right_after_it() throws Exception {
        String key = rollingOut();
        target.told.clear();
        Duration waited = stopDuring(key, () -> {
            target.block();
            return target;
        });
        assertThat(target.told).containsExactly("share 0.1", "share 0.0");
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(waited).as("after the router answered").isLessThan(Duration.ofSeconds(10));
    }

    @Test
    @Tag("M3.5")
    void a_trip_that_arrives_before_a_share_is_raised_keeps_it_from_being_raised() throws Exception {
        String key = rollingOut();
        target.told.clear();
        stopDuring(key, () -> {
            target.blockDigest();
            return target;
        });
        assertThat(target.told).containsExactly("share 0.0");
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(database.queryForList("select id from rollout_stop_demand")).isEmpty();
    }

    /** Nobody stops it any more, and the next step must not be held up for as long as a demand counts. */
    @Test
    @Tag("M3.5")
    void a_stop_that_is_refused_leaves_no_demand_behind() throws Exception {
        String key = rollingOut();
        traffic.trip(key, "monitoring", "Errors", clock.instant());
        ExecutorService people = Executors.newFixedThreadPool(1);
        try {
            Future<?> halt = transaction.execute(held -> {
                releases.lock(key);
                Future<?> waiting = people.submit(() -> traffic.halt(key, "Stop"));
                await().atMost(Duration.ofSeconds(20))
                        .until(() ->
                                database.queryForObject("select count(*) from rollout_stop_demand", Integer.class) > 0);
                return waiting;
            });
            assertThatThrownBy(() -> halt.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(StateConflict.class)
                    .hasMessageContaining("there is nothing to halt");
            assertThat(database.queryForList("select id from rollout_stop_demand"))
                    .isEmpty();
        } finally {
            people.shutdownNow();
        }
    }

    /** @return from the target's answer until traffic was back */
    private Duration stopDuring(String key, Callable<ScriptedTarget> slow) throws Exception {
        ExecutorService people = Executors.newFixedThreadPool(2);
        try {
            slow.call();
            Future<?> step = people.submit(() -> {
                traffic.forward(key);
                return null;
            });
            target.awaitBlocked();
            Future<?> trip = people.submit(() -> traffic.trip(key, "monitoring", "Errors", clock.instant()));
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            database.queryForObject("select count(*) from rollout_stop_demand", Integer.class) > 0);
            long answered = System.nanoTime();
            target.letGo();
            trip.get(20, TimeUnit.SECONDS);
            try {
                step.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException refused) {
                assertThat(refused).hasCauseInstanceOf(StateConflict.class).hasMessageContaining("is being stopped");
            }
            return Duration.ofNanos(System.nanoTime() - answered);
        } finally {
            target.letGo();
            people.shutdownNow();
        }
    }

    @Test
    void a_step_that_comes_after_a_halt_moves_nothing() throws Exception {
        String key = rollingOut();
        target.told.clear();
        boolean moved = race(
                () -> {
                    traffic.halt(key, "Stop");
                    return true;
                },
                () -> {
                    try {
                        traffic.forward(key);
                        return true;
                    } catch (StateConflict halted) {
                        return false;
                    }
                });
        assertThat(moved).isFalse();
        assertThat(target.told).containsExactly("share 0.0");
        assertThat(target.share).isZero();
    }

    /** The first holds the row while its router is slow; the second comes meanwhile. @return what the second found */
    private boolean race(Callable<Boolean> first, Callable<Boolean> second) throws Exception {
        ExecutorService people = Executors.newFixedThreadPool(2);
        try {
            target.block();
            Future<Boolean> slow = people.submit(first);
            target.awaitBlocked();
            Future<Boolean> other = people.submit(second);
            target.letGo();
            assertThat(slow.get(20, TimeUnit.SECONDS)).isTrue();
            return other.get(20, TimeUnit.SECONDS);
        } finally {
            people.shutdownNow();
        }
    }

    @Test
    void another_artifact_at_the_target_gets_no_traffic_and_is_taken_away() throws Exception {
        String key = rollingOut();
        target.candidate = "sha256:" + "e".repeat(64);
        target.told.clear();
        judge(key, "PASS", true);
        assertThat(told(key, "rollout.refused")).singleElement().asString().contains("approved was");
        assertThat(target.told).doesNotContain("share 0.5").contains("share 0.0");
        assertThat(timeline.of(key)).anyMatch(entry -> entry.text().contains("→ ROLLING_BACK"));
    }

    @Test
    void a_candidate_is_deployed_behind_a_share_that_was_read_back_as_zero() throws Exception {
        String key = atRollout();
        target.share = 0.3;
        target.starts = false;
        watch(key);
        assertThat(target.told).startsWith("share 0.0").anyMatch(told -> told.startsWith("deploy "));
        assertThat(target.share).isZero();
    }

    @Test
    void nothing_is_deployed_where_the_router_does_not_report_zero() throws Exception {
        String key = atRollout();
        target.reported = 0.3;
        watch(key);
        useUpRetries();
        assertThat(target.told).noneMatch(told -> told.startsWith("deploy "));
        assertThat(timeline.of(key)).anyMatch(entry -> entry.text().contains("→ ROLLING_BACK"));
    }
}
