package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ModelEngine;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way through the rollout's models; what the steps do is tested elsewhere. */
@Tag("M3.4")
@Tag("D2")
class RolloutModelTests {
    private final Set<String> unavailable = new HashSet<>();
    private final Map<String, String> refused = new HashMap<>();
    private boolean digestApproved = true;
    private boolean databaseIntact = true;
    private boolean clearanceLost;
    private String verdict = "PASS";
    private boolean byPerson;
    private boolean promoted;
    private int stepsLeft;
    private boolean journeysDeclared;
    private String journeyOutcome = "continue";
    private ModelEngine engine;

    /** Public for the engine's expressions. */
    public static final class People {
        public List<String> onDuty(DelegateExecution execution) {
            return List.of();
        }

        public String onCall(DelegateExecution execution) {
            return "on-call";
        }

        public Date stepEndsAt(DelegateExecution execution) {
            return new Date(System.currentTimeMillis() + 60_000);
        }

        public Date stabilisationEndsAt(DelegateExecution execution) {
            return stepEndsAt(execution);
        }
    }

    /** Public for the engine's expressions. */
    public static final class Journeys {
        private final RolloutModelTests test;

        Journeys(RolloutModelTests test) {
            this.test = test;
        }

        public boolean declared(DelegateExecution execution) {
            return test.journeysDeclared;
        }
    }

    /** The model runs under a caller that tells which error it ended with. */
    private void start(String model) {
        Map<Object, Object> beans = new HashMap<>();
        beans.put("rolloutPeople", new People());
        for (String step : new String[] {
            "planRollout",
            "measureDatabase",
            "deployCandidate",
            "observeStep",
            "holdTraffic",
            "resumeSteps",
            "widenWatch",
            "watchObjectives",
            "promoteCandidate"
        }) {
            beans.put(step, delegate(step, execution -> {}));
        }
        beans.put("verifyDigest", delegate("verifyDigest", e -> e.setVariable("digestApproved", digestApproved)));
        beans.put("checkDatabase", delegate("checkDatabase", e -> e.setVariable("databaseIntact", databaseIntact)));
        beans.put("setSplit", delegate("setSplit", execution -> {
            if (clearanceLost) {
                throw new BpmnError("clearanceLost");
            }
        }));
        beans.put("rolloutJourneys", new Journeys(this));
        beans.put("runJourneys", delegate("runJourneys", e -> e.setVariable("journeyOutcome", journeyOutcome)));
        beans.put("readVerdict", delegate("readVerdict", execution -> {
            execution.setVariable("stepVerdict", verdict);
            execution.setVariable("stepsLeft", stepsLeft);
            execution.setVariable("promotedByPerson", byPerson);
        }));
        beans.put("settlePromotion", delegate("settlePromotion", e -> e.setVariable("stepPromoted", promoted)));
        beans.put("readStability", delegate("readStability", e -> e.setVariable("stabilityVerdict", verdict)));
        engine = new ModelEngine(
                "caller",
                "checkout@2.0.0",
                beans,
                Map.of(
                        model,
                        Bpmn.readModelFromFile(java.nio.file.Path.of("processes", model + ".bpmn")
                                .toFile()),
                        "caller",
                        Bpmn.createExecutableProcess("caller")
                                .camundaHistoryTimeToLive(1)
                                .startEvent()
                                .callActivity("called")
                                .calledElement(model)
                                .endEvent("well")
                                .moveToActivity("called")
                                .boundaryEvent()
                                .error("rollbackNeeded")
                                .endEvent("rollbackNeeded")
                                .moveToActivity("called")
                                .boundaryEvent()
                                .error("clearanceLost")
                                .endEvent("clearanceLost")
                                .moveToActivity("called")
                                .boundaryEvent()
                                .error("notStarted")
                                .endEvent("notStarted")
                                .done()));
    }

    private JavaDelegate delegate(String step, JavaDelegate work) {
        return execution -> {
            if (unavailable.contains(step)) {
                throw new BpmnError("systemUnavailable");
            }
            if (refused.containsKey(step)) {
                throw new BpmnError(refused.get(step));
            }
            work.execute(execution);
        };
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void reachFirstVerdict() {
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.tellAll("candidateRunning");
    }

    @Test
    void each_passed_step_leads_to_the_next_and_the_last_to_the_end() {
        stepsLeft = 1;
        reachFirstVerdict();
        engine.tellAll("stepJudged");
        stepsLeft = 0;
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    @Tag("M5.1")
    void journeys_that_pass_lead_to_the_watch() {
        journeysDeclared = true;
        reachFirstVerdict();
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    @Tag("M5.1")
    void a_journey_that_fails_on_the_canary_alone_leads_to_the_rollback() {
        journeysDeclared = true;
        journeyOutcome = "rollback";
        reachFirstVerdict();
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @ParameterizedTest
    @Tag("M5.1")
    @ValueSource(strings = {"hold", "a word that nobody knows"})
    void journeys_that_say_nothing_of_the_release_ask_a_person(String outcome) {
        journeysDeclared = true;
        journeyOutcome = outcome;
        reachFirstVerdict();
        assertThat(engine.tasks("none")).containsOnlyKeys("decideRollout");
        engine.fire("undecided");
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_step_that_a_person_promotes_leads_to_the_next_one() {
        stepsLeft = 1;
        byPerson = true;
        promoted = true;
        reachFirstVerdict();
        engine.tellAll("stepJudged");
        assertThat(engine.tasks("none")).containsOnlyKeys("promoteStep");
        stepsLeft = 0;
        byPerson = false;
        engine.complete("promoteStep", Map.of());
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    void a_step_that_nobody_promotes_asks_how_to_go_on() {
        byPerson = true;
        reachFirstVerdict();
        engine.tellAll("stepJudged");
        engine.fire("notPromoted");
        assertThat(engine.tasks("none")).containsOnlyKeys("decideRollout");
        engine.fire("undecided");
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_halt_and_changed_evidence_leave_a_step_that_waits_for_its_promotion() {
        byPerson = true;
        reachFirstVerdict();
        engine.tellAll("stepJudged");
        engine.tellAll("rolloutHalted");
        assertThat(engine.tasks("none")).containsOnlyKeys("decideRollout");
        engine.complete("decideRollout", Map.of("resumeRollout", true));
        engine.tellAll("stepJudged");
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void somebody_else_watches_where_the_engineer_on_call_is_silent() {
        start("staged-rollout");
        engine.fire("nobodyOnCall");
        engine.complete("replaceWatch", Map.of());
        engine.tellAll("candidateRunning");
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    void everybody_on_call_is_asked_where_the_one_on_duty_is_silent_and_the_head_of_operations_later() {
        start("staged-rollout");
        engine.fire("dutyUnanswered");
        assertThat(engine.tasks("none")).containsOnlyKeys("acknowledgeWatch");
        engine.fire("nobodyOnCall");
        assertThat(engine.tasks("none")).containsOnlyKeys("replaceWatch");
    }

    @Test
    void nothing_starts_where_nobody_watches() {
        start("staged-rollout");
        engine.fire("nobodyOnCall");
        engine.fire("nobodyWatches");
        assertThat(engine.end()).isEqualTo("notStarted");
    }

    @Test
    void a_second_release_of_a_service_waits_and_goes_on_by_itself() {
        refused.put("planRollout", "serviceBusy");
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.complete("clearTheWay", Map.of());
        refused.clear();
        engine.tellAll("serviceFree");
        engine.tellAll("candidateRunning");
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    void a_target_that_does_not_answer_asks_a_person_and_silence_starts_nothing() {
        unavailable.add("planRollout");
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.fire("neverClear");
        assertThat(engine.end()).isEqualTo("notStarted");
    }

    @Test
    void another_artifact_at_a_step_is_taken_away() {
        refused.put("setSplit", "otherArtifact");
        reachFirstVerdict();
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_candidate_that_cannot_be_deployed_is_taken_away() {
        unavailable.add("deployCandidate");
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_candidate_that_does_not_come_up_is_taken_away() {
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.fire("candidateSilent");
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_digest_that_cannot_be_read_is_not_approved() {
        unavailable.add("verifyDigest");
        reachFirstVerdict();
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void another_digest_than_the_approved_one_is_taken_away() {
        digestApproved = false;
        reachFirstVerdict();
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    @Tag("M3.6")
    void nothing_is_deployed_before_the_capacity_is_confirmed() {
        refused.put("deployCandidate", "capacityUnconfirmed");
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.complete("confirmCapacity", Map.of());
        refused.clear();
        engine.complete("confirmCapacity", Map.of());
        engine.tellAll("candidateRunning");
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    @Tag("M3.6")
    void a_capacity_that_nobody_confirms_ends_the_release_before_it_started() {
        refused.put("deployCandidate", "capacityUnconfirmed");
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.fire("capacityNeverConfirmed");
        assertThat(engine.end()).isEqualTo("notStarted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"systemUnavailable", "databaseUnready"})
    @Tag("M1.6")
    void a_database_that_is_not_ready_is_settled_before_anything_is_deployed(String error) {
        refused.put("measureDatabase", error);
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        refused.clear();
        engine.complete("settleDatabase", Map.of());
        engine.tellAll("candidateRunning");
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    @Tag("M1.6")
    void a_database_that_nobody_settles_ends_the_release_before_it_started() {
        refused.put("measureDatabase", "databaseUnready");
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.fire("databaseNeverReady");
        assertThat(engine.end()).isEqualTo("notStarted");
    }

    @Test
    @Tag("M1.6")
    void a_broken_database_rolls_back_before_the_first_user() {
        databaseIntact = false;
        reachFirstVerdict();
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    @Tag("M1.6")
    void a_database_that_cannot_be_checked_waits_for_a_person_who_lets_it_be_checked_again() {
        unavailable.add("checkDatabase");
        reachFirstVerdict();
        unavailable.clear();
        engine.complete("decideOnDatabase", Map.of());
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    @Tag("M1.6")
    void silence_on_an_unchecked_database_rolls_back() {
        unavailable.add("checkDatabase");
        reachFirstVerdict();
        engine.fire("databaseUndecided");
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_step_without_a_verdict_asks_a_person_who_resumes() {
        reachFirstVerdict();
        verdict = "INCONCLUSIVE";
        engine.fire("stepOverdue");
        verdict = "PASS";
        engine.complete("decideRollout", Map.of("resumeRollout", true));
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    void a_step_that_is_paused_or_woken_before_its_verdict_is_waited_on() {
        reachFirstVerdict();
        verdict = "OPEN";
        engine.fire("stepOverdue");
        engine.tellAll("stepJudged");
        verdict = "PASS";
        engine.tellAll("stepJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    void a_halted_rollout_is_rolled_back_where_a_person_says_so() {
        reachFirstVerdict();
        engine.tellAll("rolloutHalted");
        engine.complete("decideRollout", Map.of("resumeRollout", false));
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_router_that_does_not_answer_asks_a_person_and_silence_rolls_back() {
        unavailable.add("setSplit");
        reachFirstVerdict();
        engine.fire("undecided");
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_clearance_that_is_gone_stops_the_next_step() {
        clearanceLost = true;
        reachFirstVerdict();
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void changed_evidence_leaves_the_rollout() {
        reachFirstVerdict();
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void changed_evidence_leaves_a_rollout_that_stands_still() {
        reachFirstVerdict();
        engine.tellAll("rolloutHalted");
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void changed_evidence_leaves_a_candidate_that_starts() {
        start("staged-rollout");
        engine.complete("acknowledgeWatch", Map.of());
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void changed_evidence_leaves_the_stabilisation() {
        start("stabilisation");
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void changed_evidence_leaves_an_unclear_stabilisation() {
        verdict = "INCONCLUSIVE";
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void changed_evidence_stops_a_promotion_by_hand() {
        unavailable.add("promoteCandidate");
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        engine.tellAll("materialChanged");
        assertThat(engine.end()).isEqualTo("clearanceLost");
    }

    @Test
    void a_halt_stops_a_promotion_by_hand() {
        unavailable.add("promoteCandidate");
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        engine.tellAll("rolloutHalted");
        engine.complete("decideStabilisation", Map.of("watchAgain", false));
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_promotion_that_the_records_do_not_support_asks_a_person() {
        refused.put("promoteCandidate", "promotionRefused");
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        engine.complete("decideStabilisation", Map.of("watchAgain", false));
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void objectives_that_held_make_it_the_stable_version() {
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        assertThat(engine.end()).isEqualTo("well");
    }

    @Test
    void an_unclear_stabilisation_is_watched_again_or_rolled_back() {
        verdict = "NO_DATA";
        start("stabilisation");
        engine.fire("stabilisationOverdue");
        engine.complete("decideStabilisation", Map.of("watchAgain", true));
        engine.tellAll("stabilisationJudged");
        engine.complete("decideStabilisation", Map.of("watchAgain", false));
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void an_unclear_stabilisation_that_nobody_decides_is_rolled_back() {
        verdict = "INCONCLUSIVE";
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        engine.fire("stabilisationUndecided");
        assertThat(engine.end()).isEqualTo("rollbackNeeded");
    }

    @Test
    void a_promotion_that_fails_is_done_by_hand_and_tried_again() {
        unavailable.add("promoteCandidate");
        start("stabilisation");
        engine.tellAll("stabilisationJudged");
        engine.fire("promotionForgotten");
        unavailable.clear();
        engine.complete("promoteByHand", Map.of());
        assertThat(engine.end()).isEqualTo("well");
    }
}
