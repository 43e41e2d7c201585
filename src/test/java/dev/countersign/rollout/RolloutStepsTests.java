package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.release.ReleaseState;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.schedule.Rotas;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;

/** How a rollout begins, waits for its place, loses its clearance and is given up. */
@Tag("M3.4")
class RolloutStepsTests extends RolloutTest {
    @Autowired
    private Rotas rotas;

    @Test
    void who_is_on_call_is_called_and_then_the_head_of_operations() throws Exception {
        String key = atRollout();
        assertThat(mailed(key, "Watch a rollout")).containsExactly("on-call");
        pass(Duration.ofMinutes(16));
        assertThat(mailed(key, "Nobody watches")).containsExactly("head-of-operations");
    }

    @Test
    void a_candidate_that_is_deployed_again_hours_later_is_waited_for() throws Exception {
        String key = atRollout();
        target.starts = false;
        watch(key);
        database.update(
                "update rollout set started_at = ? where release_key = ?",
                OffsetDateTime.now(ZoneOffset.UTC).minusHours(3),
                key);
        pass(Duration.ofSeconds(2));
        target.candidate = rollout(key).candidate();
        pass(Duration.ofSeconds(2));
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void a_second_release_of_a_service_waits_until_the_first_is_done() throws Exception {
        String first = stabilising();
        String candidate = target.candidate;
        String second = atRollout();
        watch(second);
        assertThat(isOpen(second, "clearTheWay")).isTrue();
        assertThat(mailed(second, "A rollout cannot begin")).hasSize(1);
        assertThat(told(second, "rollout.refused")).singleElement().asString().contains(first);
        assertThat(store.find(second)).isEmpty();
        assertThat(target.candidate).isEqualTo(candidate);

        hands.answer(second, "clearTheWay", "release-manager", Map.of("tryAgain", true));
        settle();
        assertThat(isOpen(second, "clearTheWay")).as("still in the way").isTrue();

        judge(first, "PASS", true);
        assertThat(state(first)).isEqualTo(ReleaseState.STABLE);
        assertThat(isOpen(second, "clearTheWay")).isFalse();
        assertThat(store.holderOf("checkout")).contains(second);
        assertThat(target.share).isEqualTo(0.1);
        assertThat(rollout(second).baseline()).isEqualTo(candidate);
    }

    @Test
    void the_database_lets_no_two_rollouts_of_a_service_stand() throws Exception {
        rollingOut();
        String second = open();
        RolloutPlan plan = rollout(store.holderOf("checkout").orElseThrow()).plan();
        assertThatThrownBy(() -> store.begin(second, "checkout", "sha256:c", "sha256:b", plan))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void a_target_that_does_not_say_what_it_runs_is_a_matter_for_a_person() throws Exception {
        String key = atRollout();
        target.deployerDown = true;
        watch(key);
        useUpRetries();
        assertThat(isOpen(key, "clearTheWay")).isTrue();
        target.deployerDown = false;
        hands.answer(key, "clearTheWay", "sre", Map.of("tryAgain", true));
        settle();
        assertThat(target.share).isEqualTo(0.1);
    }

    @Test
    void a_release_that_waits_for_its_watch_is_withdrawn() throws Exception {
        String key = atRollout();
        act(key, "abort", "release-manager", "Not today").andExpect(status().isOk());
        assertThat(state(key)).isEqualTo(ReleaseState.ABORTED);
        assertThat(isOpen(key, "acknowledgeWatch")).isFalse();
    }

    @Test
    void a_release_of_which_nothing_is_deployed_is_not_halted_and_says_what_stops_it() throws Exception {
        String key = atRollout();
        act(key, "rollout/halt", "monitoring", "An alert")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.detail", containsString("withdraw it or roll it back")));
        assertThat(told(key, "rollout.refused")).singleElement().asString().contains("nothing to halt");
        assertThat(target.told).isEmpty();
        assertThat(isOpen(key, "acknowledgeWatch")).isTrue();
    }

    /** The sample rota of shipping: two persons in turn, one of whom is on duty today. */
    @Test
    @Tag("M5.4")
    void whoever_is_on_duty_is_called_and_after_five_minutes_everybody_on_call_of_whom_any_may_confirm()
            throws Exception {
        service = "shipping";
        String key = atRollout();
        String onDuty = rotas.onDuty("shipping", clock.instant()).first().get(0).person();
        String colleague = onDuty.equals("on-call") ? "on-call-2" : "on-call";
        assertThat(mailed(key)).containsExactly(List.of(onDuty));

        hands.pass(Duration.ofMinutes(6));

        assertThat(told(key, "rollout.widenWatch"))
                .singleElement()
                .asString()
                .contains("everybody in on-call is called");
        assertThat(mailed(key)).containsExactly(List.of(onDuty), List.of("on-call"));
        hands.answer(key, "acknowledgeWatch", colleague, Map.of("acknowledged", true));
        assertThat(isOpen(key, "acknowledgeWatch")).isFalse();
    }

    /** It cannot be read any more, or is not named any more: whoever was called has not answered all the same. */
    @Test
    @Tag("M5.4")
    void everybody_on_call_is_called_though_the_rota_names_nobody_any_more() throws Exception {
        service = "shipping";
        String key = atRollout();
        assertThat(mailed(key)).hasSize(1);
        database.update("update release set service = 'checkout' where key_ = ?", key);

        hands.pass(Duration.ofMinutes(6));

        assertThat(mailed(key)).hasSize(2).last().isEqualTo(List.of("on-call"));
    }

    /** Whom each notice about the watch is meant for, persons and groups. */
    private List<List<String>> mailed(String key) {
        return database.query(
                "select people, groups_ from mail where release_key = ? and subject like 'Watch a rollout%' order by id",
                (row, number) -> Stream.of(row.getString("people"), row.getString("groups_"))
                        .flatMap(names -> Stream.of(names.split("[^a-z0-9-]+")))
                        .filter(name -> !name.isEmpty())
                        .toList(),
                key);
    }

    @Test
    void a_release_that_waits_for_its_watch_is_rolled_back() throws Exception {
        String key = atRollout();
        act(key, "rollback", "on-call", "Not today")
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.status").value("NOT_DEPLOYED"));
        assertThat(isOpen(key, "acknowledgeWatch")).isFalse();
        assertThat(timeline.of(key)).anyMatch(entry -> entry.text().contains("→ ROLLING_BACK"));
        assertThat(isCleared(key)).isFalse();
        assertThat(target.told).isEmpty();
    }

    @Test
    @Tag("M6.5")
    void a_rollback_before_deployment_keeps_who_demanded_it_and_why_and_counts_for_nothing() throws Exception {
        String key = atRollout();
        act(key, "rollback", "on-call", "Not today");

        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
        http.perform(get("/api/releases/{key}", key).with(httpBasic("release-manager", "release-manager")))
                .andExpect(jsonPath("$.rollback.cause").value("Not today"))
                .andExpect(jsonPath("$.rollback.detectedBy").value("on-call"))
                .andExpect(jsonPath("$.rollback.exposed").value(false))
                .andExpect(jsonPath("$.incident.cause").value("Not today"))
                .andExpect(jsonPath("$.incident.detectedBy").value("on-call"))
                .andExpect(jsonPath("$.incident.severity").value("SEV3"))
                .andExpect(jsonPath("$.standing.sentence")
                        .value(startsWith("No user was ever on the release; nobody has to act; seen at ")))
                .andExpect(jsonPath("$.standing.sentence").value(containsString(" by on-call: Not today; ")));
        assertThat(database.queryForObject(
                        "select count(*) from incident where release_key = ? and rollback", Integer.class, key))
                .isZero();
    }

    @Test
    void a_deployed_release_is_not_withdrawn() throws Exception {
        String key = rollingOut();
        act(key, "abort", "release-manager", "Not today").andExpect(status().isConflict());
    }

    @Test
    void a_changed_dossier_leaves_a_rollout_that_stands_still() throws Exception {
        String key = rollingOut();
        act(key, "rollout/halt", "sre", "Stop");
        changeDossier(key);
        assertThat(isOpen(key, "decideRollout")).isFalse();
        assertThat(state(key)).isEqualTo(ReleaseState.CRITERIA);
    }

    @Test
    void a_changed_dossier_takes_traffic_back_and_a_new_clearance_goes_on_at_the_same_step() throws Exception {
        String key = rollingOut();
        judge(key, "PASS", true);
        assertThat(target.share).isEqualTo(0.5);
        changeDossier(key);
        assertThat(target.share).isZero();
        assertThat(state(key)).isEqualTo(ReleaseState.CRITERIA);
        clear(key);
        runtime.createProcessInstanceModification(instance(key, "release"))
                .startBeforeActivity("rollOut")
                .cancelAllForActivity("agreeCriteria")
                .execute();
        settle();
        watch(key);
        assertThat(target.share).isEqualTo(0.5);
        assertThat(rollout(key).status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void a_resumed_rollout_needs_records_that_still_support_it() throws Exception {
        String key = rollingOut();
        act(key, "rollout/halt", "sre", "Stop");
        hands.answer(key, "decideRollout", "sre", Map.of("choice", "resume", "reason", "All good"));
        settle();
        assertThat(target.share).isZero();
        assertThat(told(key, "rollout.refused")).singleElement().asString().contains("cannot be cleared");
        assertThat(state(key)).as("it is cleared again").isEqualTo(ReleaseState.CRITERIA);
    }

    @Test
    void a_given_up_release_takes_its_own_candidate_away_and_frees_its_place() throws Exception {
        String key = rollingOut();
        changeDossier(key);
        act(key, "abort", "release-manager", "Given up").andExpect(status().isOk());
        assertThat(target.candidate).isNull();
        assertThat(store.holderOf("checkout")).isEmpty();
        assertThat(rollout(key).isBack()).isTrue();
    }

    @Test
    void a_given_up_release_leaves_anothers_candidate_alone() throws Exception {
        String key = rollingOut();
        changeDossier(key);
        target.candidate = "sha256:" + "e".repeat(64);
        act(key, "abort", "release-manager", "Given up").andExpect(status().isOk());
        assertThat(target.candidate).isEqualTo("sha256:" + "e".repeat(64));
        assertThat(told(key, "rollout.candidate-withdrawn"))
                .singleElement()
                .asString()
                .contains("left alone");
        assertThat(store.holderOf("checkout")).isEmpty();
    }

    @Test
    void a_given_up_release_keeps_its_place_until_its_candidate_is_gone() throws Exception {
        String key = rollingOut();
        changeDossier(key);
        target.deployerDown = true;
        act(key, "abort", "release-manager", "Given up").andExpect(status().isOk());
        assertThat(store.holderOf("checkout")).contains(key);
        target.deployerDown = false;
        pass(Duration.ofSeconds(11));
        assertThat(target.candidate).isNull();
        assertThat(store.holderOf("checkout")).isEmpty();
    }
}
