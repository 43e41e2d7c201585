package dev.countersign.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.when;

import dev.countersign.gate.Gates;
import dev.countersign.incident.ModelTests;
import dev.countersign.incident.ReleaseFollowUp;
import dev.countersign.learning.Retrospectives.Effect;
import dev.countersign.learning.Retrospectives.Input;
import dev.countersign.learning.Retrospectives.Rating;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import dev.countersign.review.Review;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

@ModelTests
@Tag("M7.1")
class PostReleaseReviewModelTests {
    private static final Instant START = Instant.parse("2026-11-23T09:00:00Z");
    private static int count;

    @Autowired
    ReleaseFollowUp followUp;

    @Autowired
    Retrospectives retrospectives;

    @Autowired
    Releases releases;

    @Autowired
    Timeline timeline;

    @Autowired
    FormService forms;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    TaskService tasks;

    @Autowired
    Gates gates;

    @Autowired
    Review review;

    private String release;

    @BeforeEach
    void becomeStable() {
        ClockUtil.setCurrentTime(Date.from(START));
        release = followUp.release("7.1." + ++count, "SCHEDULED");
        enter(ReleaseState.ROLLING_OUT);
        enter(ReleaseState.STABILISING);
        enter(ReleaseState.STABLE);
        when(gates.of(anyString())).thenReturn(List.of(gate("tests", "required"), gate("licences", "not-applicable")));
        when(review.said(anyString()))
                .thenReturn(List.of(new Review.Said("qa", "GO"), new Review.Said("compliance", "GO")));
    }

    @AfterEach
    void reset() {
        ClockUtil.reset();
    }

    private void enter(ReleaseState state) {
        transaction.executeWithoutResult(status -> releases.enter(release, state, null));
        ClockUtil.setCurrentTime(
                Date.from(ClockUtil.getCurrentTime().toInstant().plusSeconds(723)));
    }

    private static Gates.Gate gate(String name, String required) {
        return new Gates.Gate(
                name, required, "", Verdict.PASS, "412", "1", 412L, "1", "", null, List.of(), START, "qa", null);
    }

    private static Map<String, Object> input(String wentWell) {
        return Map.of("wentWell", wentWell, "toImprove", "Smaller steps", "onGates", "The tests found it");
    }

    private static Map<String, Object> rating(String check, String effect) {
        return Map.of("check", check, "effect", effect, "comment", "because");
    }

    @SafeVarargs
    private static Map<String, Object> summary(Map<String, Object>... ratings) {
        return new HashMap<>(Map.of("retrospectiveSummary", "It went well", "ratings", List.of(ratings)));
    }

    private static final Map<String, Object> TESTS = rating("Gate: tests", "effective");
    private static final Map<String, Object> QA = rating("Approval: qa", "neutral");
    private static final Map<String, Object> COMPLIANCE = rating("Approval: compliance", "not-rated");

    @Test
    void every_team_involved_is_asked_and_the_summary_rates_every_gate_and_approval() {
        String instance = followUp.start("post-release-review", release);
        List<Task> asked = followUp.open(instance);
        assertThat(asked.stream().flatMap(task -> followUp.groupsOf(task).stream()))
                .containsExactlyInAnyOrder("developer", "qa", "security", "operations", "product", "compliance");
        assertThat(followUp.mails(release, "retrospective")).hasSize(1);

        for (Task task : asked) {
            followUp.complete(task, followUp.groupsOf(task).get(0), input("Quick rollout"));
        }

        Task summing = followUp.only(instance);
        assertThat(summing.getTaskDefinitionKey()).isEqualTo("summariseRetrospective");
        var shown = forms.getTaskFormVariables(summing.getId());
        assertThat(shown.get("outcomes").toString()).contains("12 min 3 s", "conversion", "at least 0.031");
        assertThat(shown.get("inputs").toString()).contains("Quick rollout", "compliance");
        assertThat(shown.get("ratings").toString())
                .contains("Gate: tests", "Approval: qa", "Approval: compliance")
                .doesNotContain("licences");

        followUp.complete(summing, "facilitator", summary(TESTS, QA, COMPLIANCE));

        assertThat(followUp.isEnded(instance)).isTrue();
        var kept = retrospectives.of(release).orElseThrow();
        assertThat(kept.summary()).isEqualTo("It went well");
        assertThat(kept.summarisedBy()).isEqualTo("facilitator");
        assertThat(kept.inputs()).hasSize(6).noneMatch(Input::isSilent);
        assertThat(kept.ratings())
                .extracting(Rating::effect)
                .containsExactly(Effect.EFFECTIVE, Effect.NEUTRAL, Effect.NOT_RATED);
        assertThat(kept.outcomes()).extracting(Retrospectives.Outcome::name).contains("Deployment duration");
    }

    @Test
    void nobody_speaks_for_a_team_that_they_are_not_in_whomever_the_model_asks() {
        String instance = followUp.start("post-release-review", release);
        Task task = followUp.open(instance).get(0);
        String team = followUp.groupsOf(task).get(0);
        tasks.addCandidateGroup(task.getId(), "process-owner");
        assertThatThrownBy(() -> followUp.complete(task, "process-owner", input("Quick rollout")))
                .hasMessage("process-owner is not in the group " + team + " and cannot speak for it");
    }

    @Test
    void a_team_that_says_nothing_is_recorded_as_silent_at_the_deadline() {
        String instance = followUp.start("post-release-review", release);
        Task first = followUp.open(instance).get(0);
        String heard = followUp.groupsOf(first).get(0);
        followUp.complete(first, heard, input("Quick rollout"));

        followUp.pass(instance, Duration.ofDays(3));
        assertThat(followUp.mails(release, "reminder")).hasSize(1);
        followUp.pass(instance, Duration.ofDays(2));

        assertThat(followUp.only(instance).getTaskDefinitionKey()).isEqualTo("summariseRetrospective");
        var inputs = retrospectives.of(release).orElseThrow().inputs();
        assertThat(inputs).hasSize(6);
        assertThat(inputs)
                .filteredOn(input -> !input.isSilent())
                .extracting(Input::team)
                .containsExactly(heard);
        assertThat(timeline.of(release)).extracting(Timeline.Entry::type).contains("retrospective.silent");
    }

    @Test
    void a_summary_that_nobody_writes_is_asked_for_without_end() {
        String instance = followUp.start("post-release-review", release);
        followUp.pass(instance, Duration.ofDays(5));
        followUp.pass(instance, Duration.ofDays(15));

        assertThat(followUp.mails(release, "escalation")).hasSize(3);
        Task summing = followUp.only(instance);
        assertThat(summing.getPriority()).isEqualTo(80);
        assertThat(followUp.groupsOf(summing)).containsExactly("facilitator", "head-of-operations", "head-of-product");
        followUp.complete(summing, "head-of-product", summary(TESTS, QA, COMPLIANCE));
        assertThat(followUp.isEnded(instance)).isTrue();
    }

    @Test
    void a_rating_left_out_made_up_or_given_twice_is_refused() {
        String instance = followUp.start("post-release-review", release);
        followUp.pass(instance, Duration.ofDays(5));
        Task summing = followUp.only(instance);

        assertThatThrownBy(() -> followUp.complete(summing, "facilitator", summary(TESTS, QA)))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("Approval: compliance");
        assertThatThrownBy(() -> followUp.complete(
                        summing, "facilitator", summary(TESTS, QA, COMPLIANCE, rating("Gate: made up", "neutral"))))
                .isInstanceOf(TaskRefused.class);
        assertThatThrownBy(() -> followUp.complete(summing, "facilitator", summary(TESTS, TESTS, QA, COMPLIANCE)))
                .isInstanceOf(TaskRefused.class);
        assertThat(retrospectives.of(release).orElseThrow().summary()).isNull();
    }
}
