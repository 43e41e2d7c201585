package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("lapseWaiver")
class LapseWaiver extends ReleaseStep {
    private final WaiverDesk waivers;

    LapseWaiver(WaiverDesk waivers) {
        this.waivers = waivers;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        waivers.lapse(releaseKey, (String) execution.getVariable("gate"));
    }
}
