package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.release.ReleaseState;
import dev.countersign.rollout.RolloutPlan.Promotion;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A plan that says of a step that a person promotes it. */
@Tag("M3.4")
class StepPromotionTests extends RolloutTest {
    private static final Map<String, Object> PROMOTE = Map.of("choice", "promote", "reason", "Support sees nothing");

    @Autowired
    private FormService forms;

    /** At its first step, which has passed. */
    private String passed(String... authors) throws Exception {
        String key = rollingOut(authors);
        byPerson(key);
        judge(key, "PASS", true);
        assertThat(isOpen(key, "promoteStep")).isTrue();
        return key;
    }

    private void byPerson(String key) {
        String plan = database.queryForObject("select plan from rollout where release_key = ?", String.class, key);
        assertThat(plan).contains("\"promotion\":\"automatic\"");
        database.update(
                "update rollout set plan = ? where release_key = ?",
                plan.replaceFirst("\"promotion\":\"automatic\"", "\"promotion\":\"person\""),
                key);
    }

    private void promote(String key, String person) throws Exception {
        hands.answer(key, "promoteStep", person, PROMOTE);
        settle();
    }

    /** What the tick stores about the watch that goes on after the pass. */
    private void measuredSince(String key, String verdict, OffsetDateTime unbrokenSince) {
        int rows = database.update(
                "update observation set verdict = ?, sentence = 'measured by the test', judged_at = ?, unbroken_since = ?"
                        + " where release_key = ? and kind = 'held' and ended = false",
                verdict,
                now(),
                unbrokenSince,
                key);
        assertThat(rows).isEqualTo(1);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    @Test
    void a_passed_step_keeps_its_share_and_is_watched_until_a_person_promotes_it() throws Exception {
        String key = passed();
        assertThat(target.share).isEqualTo(0.1);
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLING_OUT);
        assertThat(isCleared(key)).isTrue();
        assertThat(isWatched(key)).as("the breaker stays armed").isTrue();
        assertThat(mailed(key, "Promote a step")).singleElement().asString().contains("release-manager", "operations");
        http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.awaitsPromotion").value(true))
                .andExpect(jsonPath("$.plan.steps[0].promotion").value("person"))
                .andExpect(jsonPath("$.plan.steps[1].promotion").value("automatic"))
                .andExpect(jsonPath("$.steps[0].verdict").value("PASS"));

        promote(key, "operations");
        assertThat(target.share).isEqualTo(0.5);
        assertThat(rollout(key).step()).isEqualTo(2);
        assertThat(told(key, "rollout.promoteStep"))
                .singleElement()
                .asString()
                .contains("operations promotes the step");
        http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.awaitsPromotion").value(false));

        judge(key, "PASS", true);
        assertThat(target.share).as("the second step is automatic").isEqualTo(1);
    }

    @Test
    void a_release_that_a_person_promotes_at_its_last_step_is_rolled_out_to_all() throws Exception {
        String key = rollingOut();
        String plan = database.queryForObject("select plan from rollout where release_key = ?", String.class, key);
        int last = plan.lastIndexOf("\"automatic\"");
        database.update(
                "update rollout set plan = ? where release_key = ?",
                plan.substring(0, last) + "\"person\"" + plan.substring(last + "\"automatic\"".length()),
                key);
        for (int step = 0; step < 3; step++) {
            judge(key, "PASS", true);
        }
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
        promote(key, "release-manager");
        assertThat(rollout(key).status()).isEqualTo(Status.COMPLETE);
        assertThat(state(key)).isEqualTo(ReleaseState.STABILISING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sre", "qa", "ci"})
    void nobody_else_promotes_it(String stranger) throws Exception {
        String key = passed();
        assertThatThrownBy(() -> promote(key, stranger)).isInstanceOf(ProcessEngineException.class);
        assertThat(rollout(key).step()).isEqualTo(1);
    }

    @Test
    void a_model_that_asks_others_makes_nobody_entitled() throws Exception {
        String key = passed();
        Task task = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("promoteStep")
                .singleResult();
        tasks.addCandidateGroup(task.getId(), "sre");
        assertThatThrownBy(() -> promote(key, "sre"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("operations");
        assertThat(isOpen(key, "promoteStep")).isTrue();
    }

    @Test
    void whoever_wrote_the_release_does_not_promote_it() throws Exception {
        String key = passed("operations");
        assertThatThrownBy(() -> promote(key, "operations"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("wrote or requested");
        promote(key, "release-manager");
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void silence_takes_traffic_back_and_never_promotes() throws Exception {
        String key = passed();
        pass(Duration.ofHours(4).plusMinutes(1));
        assertThat(target.share).isZero();
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(isCleared(key)).isFalse();
        assertThat(rollout(key).because()).contains("nobody promoted it");
        pass(Duration.ofHours(1).plusMinutes(1));
        assertThat(rollout(key).isBack()).isTrue();
    }

    @Test
    void a_person_who_does_not_promote_has_traffic_taken_back() throws Exception {
        String key = passed();
        hands.answer(key, "promoteStep", "release-manager", Map.of("choice", "hold", "reason", "Complaints"));
        settle();
        assertThat(target.share).isZero();
        assertThat(isOpen(key, "decideRollout")).isTrue();
        assertThat(rollout(key).step()).isEqualTo(1);
    }

    @Test
    void a_breach_while_it_waits_trips_the_breaker() throws Exception {
        String key = passed();
        judge(key, "FAIL", true);
        assertThat(target.share).isZero();
        assertThat(rollout(key).isBack()).isTrue();
        assertThat(isOpen(key, "promoteStep")).isFalse();
    }

    @Test
    void a_halt_while_it_waits_ends_the_promotion() throws Exception {
        String key = passed();
        act(key, "rollout/halt", "monitoring", "An alert").andExpect(status().isOk());
        assertThat(target.share).isZero();
        assertThat(isOpen(key, "promoteStep")).isFalse();
        assertThat(isOpen(key, "decideRollout")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"FAIL, it is FAIL", "NO_DATA, it is NO_DATA", "ERROR, it is ERROR"})
    void a_pass_that_the_measurements_since_do_not_bear_out_is_not_promoted(String verdict, String why)
            throws Exception {
        String key = passed();
        measuredSince(key, verdict, null);
        assertThatThrownBy(() -> promote(key, "release-manager"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("out of date")
                .hasMessageContaining(why);
        assertThat(isOpen(key, "promoteStep")).isTrue();

        measuredSince(key, "INCONCLUSIVE", now().minusHours(1));
        promote(key, "release-manager");
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void too_few_requests_since_the_pass_are_excused_for_a_moment_and_a_figure_that_got_worse_is_not()
            throws Exception {
        String key = passed();
        measuredSince(key, "INCONCLUSIVE", null);
        about(key, "kpi orders");
        assertThatThrownBy(() -> promote(key, "release-manager"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("measured by the test");
        about(key, "requests");
        promote(key, "release-manager");
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    private void about(String key, String metric) {
        database.update(
                "update observation set metric = ? where release_key = ? and kind = 'held' and ended = false",
                metric,
                key);
    }

    @Test
    void a_breach_since_the_pass_asks_for_a_full_window_again() throws Exception {
        String key = passed();
        OffsetDateTime breach = now().plusMinutes(10);
        pass(Duration.ofMinutes(10));
        measuredSince(key, "INCONCLUSIVE", breach);
        assertThatThrownBy(() -> promote(key, "release-manager"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("restarted the window");
        pass(Duration.ofMinutes(1));
        promote(key, "release-manager");
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void a_pass_that_nobody_watches_any_more_is_not_promoted() throws Exception {
        String key = passed();
        measuredSince(key, "INCONCLUSIVE", now().minusHours(1));
        pass(Duration.ofMinutes(20));
        assertThatThrownBy(() -> promote(key, "release-manager"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("measured last at");
        measuredSince(key, "INCONCLUSIVE", now().minusHours(1));
        promote(key, "release-manager");
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void a_pass_after_which_too_little_was_measured_grows_old() throws Exception {
        String key = passed();
        pass(Duration.ofMinutes(30));
        assertThatThrownBy(() -> promote(key, "release-manager"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("nothing was measured since");
    }

    @Test
    void a_pass_that_grows_stale_between_the_answer_and_the_step_is_not_promoted() throws Exception {
        String key = passed();
        hands.answer(key, "promoteStep", "release-manager", PROMOTE);
        measuredSince(key, "NO_DATA", null);
        settle();
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(target.share).isZero();
        assertThat(rollout(key).because()).contains("out of date");
        assertThat(isOpen(key, "decideRollout")).isTrue();
    }

    @Test
    void a_paused_rollout_is_resumed_before_it_is_promoted() throws Exception {
        String key = passed();
        act(key, "rollout/pause", "sre", "A look at the logs").andExpect(status().isOk());
        assertThatThrownBy(() -> promote(key, "release-manager"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("PAUSED");
        act(key, "rollout/resume", "sre", "Nothing found").andExpect(status().isOk());
        promote(key, "release-manager");
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void there_is_no_window_left_to_waive() throws Exception {
        String key = passed();
        act(key, "rollout/promote", "release-manager", "Go")
                .andExpect(status().isConflict())
                .andExpect(content().string(containsString("Promote the step")));
    }

    @Test
    void two_persons_who_waive_the_rest_of_the_window_have_promoted_the_step() throws Exception {
        String key = rollingOut();
        byPerson(key);
        act(key, "rollout/promote", "release-manager", "The load test said so").andExpect(status().isAccepted());
        act(key, "rollout/promote", "release-manager-2", "I saw it too").andExpect(status().isOk());
        assertThat(isOpen(key, "promoteStep")).isFalse();
        assertThat(rollout(key).step()).isEqualTo(2);
    }

    @Test
    void the_form_shows_what_was_measured_since() throws Exception {
        String key = passed();
        measuredSince(key, "INCONCLUSIVE", now());
        Task task = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("promoteStep")
                .singleResult();
        Object since = hands.as("release-manager", () -> forms.getTaskFormVariables(task.getId())
                .get("since"));
        assertThat(since).isEqualTo("measured by the test");
    }

    @Test
    void a_plan_frozen_before_there_was_a_choice_is_automatic_and_an_unknown_word_asks_a_person() throws Exception {
        RolloutPlan.Step old = json.readValue(
                "{\"number\": 1, \"share\": 0.1, \"window\": \"PT1M\", \"maximum\": \"PT5M\"}", RolloutPlan.Step.class);
        assertThat(old.promotion()).isEqualTo(Promotion.AUTOMATIC);
        assertThat(Promotion.of(null)).isEqualTo(Promotion.AUTOMATIC);
        assertThat(Promotion.of("automatic")).isEqualTo(Promotion.AUTOMATIC);
        assertThat(Promotion.of("person")).isEqualTo(Promotion.PERSON);
        assertThat(Promotion.of("autmatic")).isEqualTo(Promotion.PERSON);
    }
}
