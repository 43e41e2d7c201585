package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("recordGatesMissed")
class RecordGatesMissed extends ReleaseStep {
    private final GateClearing clearing;

    RecordGatesMissed(GateClearing clearing) {
        this.clearing = clearing;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        clearing.missed(releaseKey);
        execution.setVariable("gatesClear", false);
    }
}
