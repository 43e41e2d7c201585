package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("evaluateGate")
class EvaluateGate extends ReleaseStep {
    private final GateClearing clearing;

    EvaluateGate(GateClearing clearing) {
        this.clearing = clearing;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        execution.setVariable("gateOutcome", clearing.look(releaseKey, (String) execution.getVariable("gate")));
    }
}
