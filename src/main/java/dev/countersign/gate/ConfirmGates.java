package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("confirmGates")
class ConfirmGates extends ReleaseStep {
    private final GateClearing clearing;

    ConfirmGates(GateClearing clearing) {
        this.clearing = clearing;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        execution.setVariable("gatesClear", clearing.areAllClear(releaseKey));
    }
}
