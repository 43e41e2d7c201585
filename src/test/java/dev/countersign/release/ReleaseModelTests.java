package dev.countersign.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ModelEngine;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every way through the release's own model; a task stands for each process that it calls. */
@Tag("D2")
class ReleaseModelTests {
    private static final List<String> CALLED = List.of(
            "acceptance-criteria",
            "release-gates",
            "security-signoff",
            "release-preparation",
            "readiness-review",
            "staged-rollout",
            "stabilisation",
            "rollback",
            "post-mortem",
            "post-release-review");

    private ModelEngine engine;
    private boolean refuseClearance;

    /** Opens for this step of the model's bean; public for the engine's expressions. */
    public static final class Window {
        public Date opensAt(DelegateExecution execution) {
            return new Date();
        }
    }

    @BeforeEach
    void open() {
        Map<Object, Object> beans = new HashMap<>();
        JavaDelegate nothing = execution -> {};
        beans.put("registerRelease", nothing);
        beans.put("assessRisk", nothing);
        beans.put("closeRelease", nothing);
        beans.put("releaseWindow", new Window());
        beans.put("grantClearance", (JavaDelegate) execution -> {
            if (refuseClearance) {
                throw new BpmnError("clearanceRefused");
            }
        });
        Map<String, BpmnModelInstance> called = new HashMap<>();
        CALLED.forEach(process -> called.put(process, standIn(process)));
        engine = new ModelEngine("release", "checkout@2.0.0", beans, called);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** One task, and an end for each error that the process may end with. */
    private static BpmnModelInstance standIn(String process) {
        return Bpmn.createExecutableProcess(process)
                .camundaHistoryTimeToLive(1)
                .startEvent()
                .userTask("in-" + process)
                .exclusiveGateway("how")
                .condition("well", "${outcome == null}")
                .endEvent()
                .moveToNode("how")
                .condition("notStarted", "${outcome == 'notStarted'}")
                .endEvent()
                .error("notStarted")
                .moveToNode("how")
                .condition("rollbackNeeded", "${outcome == 'rollbackNeeded'}")
                .endEvent()
                .error("rollbackNeeded")
                .moveToNode("how")
                .condition("clearanceLost", "${outcome == 'clearanceLost'}")
                .endEvent()
                .error("clearanceLost")
                .done();
    }

    private void ends(String process, String outcome) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("outcome", outcome);
        engine.complete("in-" + process, variables);
    }

    private void ends(String process, String variable, Object value) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("outcome", null);
        variables.put(variable, value);
        engine.complete("in-" + process, variables);
    }

    private void reachReview() {
        ends("acceptance-criteria", "criteriaAgreed", true);
        ends("release-gates", "gatesClear", true);
        ends("security-signoff", "signedOff", true);
        ends("release-preparation", "prepared", true);
    }

    private void reachRollout() {
        reachReview();
        ends("readiness-review", "decision", "GO");
        engine.fire("windowOpens");
    }

    @Test
    void a_good_release_ends_stable() {
        reachRollout();
        ends("staged-rollout", null);
        ends("stabilisation", null);
        ends("post-release-review", null);
        assertThat(engine.end()).isEqualTo("stable");
    }

    @Test
    void without_agreement_it_is_rejected() {
        ends("acceptance-criteria", "criteriaAgreed", false);
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    void gates_that_never_become_clear_reject_it() {
        ends("acceptance-criteria", "criteriaAgreed", true);
        ends("release-gates", "gatesClear", false);
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    void a_refused_sign_off_rejects_it() {
        ends("acceptance-criteria", "criteriaAgreed", true);
        ends("release-gates", "gatesClear", true);
        ends("security-signoff", "signedOff", false);
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    @Tag("M1.4")
    @Tag("M2.5")
    void a_release_that_is_not_prepared_is_rejected() {
        ends("acceptance-criteria", "criteriaAgreed", true);
        ends("release-gates", "gatesClear", true);
        ends("security-signoff", "signedOff", true);
        ends("release-preparation", "prepared", false);
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    void a_no_go_rejects_it() {
        reachReview();
        ends("readiness-review", "decision", "NO_GO");
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    void evidence_that_changes_during_the_sign_off_leads_back_to_the_criteria() {
        ends("acceptance-criteria", "criteriaAgreed", true);
        ends("release-gates", "gatesClear", true);
        assertThat(engine.tell("materialChanged")).isEqualTo(1);
        assertThat(engine.tasks("none")).containsOnlyKeys("in-acceptance-criteria");
    }

    @Test
    void evidence_that_changes_during_the_preparation_leads_back_to_the_criteria() {
        ends("acceptance-criteria", "criteriaAgreed", true);
        ends("release-gates", "gatesClear", true);
        ends("security-signoff", "signedOff", true);
        assertThat(engine.tell("materialChanged")).isEqualTo(1);
        assertThat(engine.tasks("none")).containsOnlyKeys("in-acceptance-criteria");
    }

    @Test
    void changed_evidence_leads_back_to_the_criteria() {
        reachReview();
        assertThat(engine.tell("materialChanged")).isEqualTo(1);
        assertThat(engine.tasks("none")).containsOnlyKeys("in-acceptance-criteria");
    }

    @Test
    void a_refused_clearance_is_resolved_by_a_person() {
        refuseClearance = true;
        reachRollout();
        refuseClearance = false;
        engine.complete("resolveRefusedClearance", Map.of("clearAgain", true));
        assertThat(engine.tasks("none")).containsOnlyKeys("in-acceptance-criteria");
    }

    @Test
    void a_refused_clearance_may_be_given_up() {
        refuseClearance = true;
        reachRollout();
        engine.complete("resolveRefusedClearance", Map.of("clearAgain", false));
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    void a_refused_clearance_that_nobody_resolves_is_given_up() {
        refuseClearance = true;
        reachRollout();
        engine.fire("refusedTooLong");
        assertThat(engine.end()).isEqualTo("rejectedEnd");
    }

    @Test
    void a_rollout_that_nobody_watches_does_not_start() {
        reachRollout();
        ends("staged-rollout", "notStarted");
        assertThat(engine.end()).isEqualTo("notStartedEnd");
    }

    @Test
    void a_lost_clearance_leads_back_to_the_criteria() {
        reachRollout();
        ends("staged-rollout", "clearanceLost");
        assertThat(engine.tasks("none")).containsOnlyKeys("in-acceptance-criteria");
    }

    @Test
    void a_rollout_that_must_go_is_rolled_back_and_learned_from() {
        reachRollout();
        ends("staged-rollout", "rollbackNeeded");
        ends("rollback", null);
        ends("post-mortem", null);
        assertThat(engine.end()).isEqualTo("rolledBack");
    }

    @Test
    void a_demand_to_roll_back_leaves_the_stabilisation_at_once() {
        reachRollout();
        ends("staged-rollout", null);
        assertThat(engine.tell("rollbackDemanded")).isEqualTo(1);
        assertThat(engine.tasks("none")).containsOnlyKeys("in-rollback");
    }

    @Test
    void a_withdrawal_ends_everything() {
        reachReview();
        engine.tell("releaseAborted");
        assertThat(engine.tasks("none")).isEmpty();
        assertThat(engine.tell("materialChanged")).isZero();
    }
}
