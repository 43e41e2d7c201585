package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ModelEngine;
import java.io.File;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.Deque;
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

/** Every way through the rollback's model and the ladder that it calls. */
@Tag("M6.1")
@Tag("M6.3")
class RollbackModelTests {
    private final List<String> done = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private final Deque<String> proofs = new ArrayDeque<>();
    private boolean routerHangs;
    private ModelEngine engine;

    /** Public for the engine's expressions. */
    public static final class Budget {
        public Date pageAt(DelegateExecution execution) {
            return new Date(System.currentTimeMillis() + 60_000);
        }

        public Date breachAt(DelegateExecution execution) {
            return new Date(System.currentTimeMillis() + 100_000);
        }
    }

    private void start() {
        Map<Object, Object> beans = new HashMap<>();
        beans.put("rollbackBudget", new Budget());
        for (String step : new String[] {
            "startRollback",
            "switchFlagOff",
            "moveTrafficBack",
            "withdrawCandidate",
            "redeployStable",
            "downgradeDatabase",
            "validateRollback",
            "pageOnCall",
            "escalateBreach",
            "summonHands",
            "callForHands",
            "climbAgain",
            "endByHand",
            "finishRollback",
            "openIncident"
        }) {
            beans.put(step, (JavaDelegate) execution -> step(step, execution));
        }
        engine = new ModelEngine(
                "rollback",
                "checkout@2.0.0",
                beans,
                Map.of(
                        "rollback",
                        Bpmn.readModelFromFile(new File("processes/rollback.bpmn")),
                        "rollback-ladder",
                        Bpmn.readModelFromFile(new File("processes/rollback-ladder.bpmn"))));
    }

    private void step(String step, DelegateExecution execution) {
        if (step.equals("moveTrafficBack") && routerHangs) {
            throw new IllegalStateException("The router does not answer");
        }
        if (failing.contains(step)) {
            throw new BpmnError("systemUnavailable");
        }
        if (step.equals("validateRollback")) {
            execution.setVariable("proof", proofs.isEmpty() ? "PROVEN" : proofs.poll());
        }
        done.add(step);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void users_come_first_then_the_candidate_then_the_proof() {
        start();
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done)
                .containsExactly(
                        "startRollback",
                        "openIncident",
                        "switchFlagOff",
                        "moveTrafficBack",
                        "withdrawCandidate",
                        "validateRollback",
                        "finishRollback");
    }

    @Test
    void a_flag_that_cannot_be_switched_off_keeps_no_user_on_the_candidate() {
        failing.add("switchFlagOff");
        start();
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).containsSubsequence("moveTrafficBack", "withdrawCandidate", "validateRollback");
    }

    @Test
    void where_traffic_or_candidate_stay_the_stable_version_is_deployed_anew() {
        failing.add("moveTrafficBack");
        start();
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done)
                .containsSubsequence("switchFlagOff", "redeployStable", "validateRollback")
                .doesNotContain("withdrawCandidate");
        engine.close();

        done.clear();
        failing.clear();
        failing.add("withdrawCandidate");
        start();
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).containsSubsequence("moveTrafficBack", "redeployStable", "validateRollback");
    }

    @Test
    void what_is_not_proven_says_which_rung_is_next() {
        proofs.addAll(List.of("REDEPLOY", "DOWNGRADE", "PROVEN"));
        start();
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done)
                .containsSubsequence(
                        "validateRollback",
                        "redeployStable",
                        "validateRollback",
                        "downgradeDatabase",
                        "validateRollback",
                        "finishRollback");
    }

    @Test
    @Tag("M6.2")
    void a_person_decides_on_the_database_and_silence_takes_none_down() {
        proofs.addAll(List.of("ASK", "ASK", "ASK"));
        start();
        engine.complete("decideOnDowngrade", Map.of("downgradeAgreed", false));
        assertThat(done).endsWith("summonHands");
        engine.complete("rollBackByHand", Map.of("endedByHand", false));
        engine.fire("nobodyDecides");
        assertThat(done).endsWith("summonHands").doesNotContain("downgradeDatabase");
        engine.complete("rollBackByHand", Map.of("endedByHand", false));
        engine.complete("decideOnDowngrade", Map.of("downgradeAgreed", true));
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).containsSubsequence("downgradeDatabase", "validateRollback", "finishRollback");
    }

    @Test
    @Tag("M6.4")
    void the_incident_is_open_while_the_rollback_still_stands_failed() {
        failing.addAll(Set.of("moveTrafficBack", "redeployStable"));
        start();
        assertThat(done).startsWith("startRollback", "openIncident").endsWith("summonHands");
        engine.fire("budgetExceeded");
        failing.clear();
        engine.complete("rollBackByHand", Map.of("endedByHand", false));
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).containsOnlyOnce("openIncident").endsWith("finishRollback");
    }

    @Test
    void a_rung_that_fails_with_none_after_it_calls_a_person() {
        for (String rung : List.of("validateRollback", "redeployStable", "downgradeDatabase")) {
            done.clear();
            failing.add(rung);
            proofs.clear();
            proofs.add(rung.equals("redeployStable") ? "REDEPLOY" : "DOWNGRADE");
            start();
            assertThat(done).as(rung).endsWith("summonHands");
            engine.close();
            failing.clear();
        }
        proofs.clear();
        proofs.add("HANDS");
        start();
        assertThat(done).endsWith("validateRollback", "summonHands");
    }

    @Test
    void a_person_is_called_and_the_platform_proves_it_afterwards() {
        failing.addAll(Set.of("moveTrafficBack", "redeployStable"));
        start();
        assertThat(done).endsWith("summonHands");
        engine.fire("handsMissing");
        assertThat(done).endsWith("callForHands");
        failing.clear();
        engine.complete("rollBackByHand", Map.of("endedByHand", false));
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).contains("climbAgain", "moveTrafficBack", "validateRollback");
    }

    @Test
    void a_proof_that_cannot_hold_is_ended_by_a_person_and_never_while_users_are_on_the_candidate() {
        failing.addAll(Set.of("validateRollback", "endByHand"));
        start();
        engine.complete("rollBackByHand", Map.of("endedByHand", true));
        assertThat(done).endsWith("summonHands", "summonHands").doesNotContain("endByHand", "finishRollback");
        failing.remove("endByHand");
        engine.complete("rollBackByHand", Map.of("endedByHand", true));
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).endsWith("endByHand", "finishRollback").doesNotContain("climbAgain");
    }

    @Test
    void the_budget_runs_on_while_a_person_works_and_once_however_often_the_ladder_is_climbed() {
        failing.add("validateRollback");
        start();
        engine.fire("budgetNearlyGone");
        assertThat(done).endsWith("summonHands", "pageOnCall");
        engine.complete("rollBackByHand", Map.of("endedByHand", false));
        assertThat(done).endsWith("withdrawCandidate", "summonHands");
        engine.fire("budgetExceeded");
        assertThat(done).endsWith("escalateBreach");
        failing.clear();
        engine.complete("rollBackByHand", Map.of("endedByHand", false));
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).containsOnlyOnce("pageOnCall", "escalateBreach");
    }

    @Test
    void the_budget_pages_first_and_escalates_then() {
        routerHangs = true;
        start();
        assertThat(engine.failure()).hasMessageContaining("does not answer");
        engine.fire("budgetNearlyGone");
        assertThat(done).endsWith("pageOnCall");
        engine.fire("budgetExceeded");
        assertThat(done).endsWith("escalateBreach");
        routerHangs = false;
        engine.revive();
        assertThat(engine.end()).isEqualTo("rolledBack");
    }
}
