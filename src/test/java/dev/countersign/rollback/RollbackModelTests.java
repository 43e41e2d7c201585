package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ModelEngine;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every way through the rollback's model. */
@Tag("M6.1")
@Tag("M6.3")
class RollbackModelTests {
    private final List<String> done = new ArrayList<>();
    private boolean routerFails;
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
            "withdrawCandidate",
            "validateRollback",
            "pageOnCall",
            "escalateBreach",
            "summonHands",
            "callForHands",
            "climbAgain",
            "finishRollback",
            "openIncident"
        }) {
            beans.put(step, (JavaDelegate) execution -> done.add(step));
        }
        beans.put("moveTrafficBack", (JavaDelegate) execution -> {
            if (routerHangs) {
                throw new IllegalStateException("The router does not answer");
            }
            if (routerFails) {
                throw new BpmnError("systemUnavailable");
            }
            done.add("moveTrafficBack");
        });
        engine = new ModelEngine("rollback", "checkout@2.0.0", beans);
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
                        "moveTrafficBack",
                        "withdrawCandidate",
                        "validateRollback",
                        "finishRollback",
                        "openIncident");
    }

    @Test
    void a_failed_rung_asks_a_person_and_the_platform_proves_it_afterwards() {
        routerFails = true;
        start();
        assertThat(done).endsWith("summonHands");
        engine.fire("handsMissing");
        assertThat(done).endsWith("callForHands");
        routerFails = false;
        engine.complete("rollBackByHand", Map.of());
        assertThat(engine.end()).isEqualTo("rolledBack");
        assertThat(done).contains("climbAgain", "moveTrafficBack", "validateRollback", "openIncident");
    }

    @Test
    void the_budget_runs_on_while_a_person_works_and_once_however_often_the_ladder_is_climbed() {
        routerFails = true;
        start();
        engine.fire("budgetNearlyGone");
        assertThat(done).endsWith("summonHands", "pageOnCall");
        engine.complete("rollBackByHand", Map.of());
        assertThat(done).endsWith("climbAgain", "summonHands");
        engine.fire("budgetExceeded");
        assertThat(done).endsWith("escalateBreach");
        routerFails = false;
        engine.complete("rollBackByHand", Map.of());
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
