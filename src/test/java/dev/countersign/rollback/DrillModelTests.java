package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ModelEngine;
import java.io.File;
import java.util.ArrayList;
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

/** Every way through the drill's model, on the ladder of production. */
@Tag("M2.6")
class DrillModelTests {
    private final List<String> done = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private boolean routerHangs;
    private ModelEngine engine;

    private void start() {
        Map<Object, Object> beans = new HashMap<>();
        for (String step : new String[] {
            "beginDrill",
            "stageCandidate",
            "exposeStaged",
            "switchFlagOff",
            "moveTrafficBack",
            "withdrawCandidate",
            "redeployStable",
            "downgradeDatabase",
            "validateRollback",
            "recordDrill",
            "failDrill",
            "abandonDrill"
        }) {
            beans.put(step, (JavaDelegate) execution -> step(step, execution));
        }
        engine = new ModelEngine(
                "rollback-drill",
                "checkout@2.0.0",
                beans,
                Map.of(
                        "rollback-drill",
                        Bpmn.readModelFromFile(new File("processes/rollback-drill.bpmn")),
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
        if (step.equals("beginDrill")) {
            execution.setVariable(Drills.VARIABLE, 7L);
        } else {
            assertThat(execution.getVariable(Drills.VARIABLE))
                    .as("the ladder must know that it is a drill: else it would take production back")
                    .isEqualTo(7L);
            assertThat(execution.getProcessBusinessKey()).isEqualTo("checkout@2.0.0");
        }
        if (step.equals("validateRollback")) {
            execution.setVariable("proof", "PROVEN");
        }
        done.add(step);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void a_drill_climbs_the_ladder_of_production_and_keeps_what_it_showed() {
        start();
        assertThat(engine.end()).isEqualTo("drillDone");
        assertThat(done)
                .containsExactly(
                        "beginDrill",
                        "stageCandidate",
                        "exposeStaged",
                        "switchFlagOff",
                        "moveTrafficBack",
                        "withdrawCandidate",
                        "validateRollback",
                        "recordDrill");
    }

    @Test
    void a_way_back_that_is_not_found_is_a_drill_that_failed() {
        failing.addAll(Set.of("moveTrafficBack", "redeployStable"));
        start();
        assertThat(engine.end()).isEqualTo("drillFailed");
        assertThat(done).endsWith("failDrill").doesNotContain("recordDrill");
    }

    @Test
    void a_drill_that_does_not_end_has_failed() {
        routerHangs = true;
        start();
        engine.fire("drillOverdue");
        assertThat(engine.end()).isEqualTo("drillFailed");
    }

    @Test
    void where_staging_cannot_be_made_ready_there_was_no_drill() {
        for (String step : List.of("stageCandidate", "exposeStaged")) {
            failing.add(step);
            start();
            assertThat(engine.end()).isEqualTo("drillAbandoned");
            assertThat(done).endsWith("abandonDrill").doesNotContain("moveTrafficBack", "recordDrill", "failDrill");
            engine.close();
            failing.clear();
        }
        start();
    }
}
