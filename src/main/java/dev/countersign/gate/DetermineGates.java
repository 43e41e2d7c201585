package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("determineGates")
class DetermineGates extends ReleaseStep {
    private final GateEvaluation evaluation;

    DetermineGates(GateEvaluation evaluation) {
        this.evaluation = evaluation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        evaluation.determine(releaseKey);
    }
}
