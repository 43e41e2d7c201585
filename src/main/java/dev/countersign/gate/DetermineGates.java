package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("determineGates")
class DetermineGates extends ReleaseStep {
    private final GateClearing clearing;

    DetermineGates(GateClearing clearing) {
        this.clearing = clearing;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        clearing.begin(releaseKey);
    }
}
