package dev.countersign.release;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("closeRelease")
class CloseRelease extends ReleaseStep {
    private final Releases releases;

    CloseRelease(Releases releases) {
        this.releases = releases;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        releases.close(releaseKey);
    }
}
