package dev.countersign.gate;

import dev.countersign.evidence.EvidenceSources;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** A system that does not answer is no failure of this step: it stands in the gate's sentence, and is asked again outside the engine. */
@Component("fetchEvidence")
class FetchEvidence extends ReleaseStep {
    private final EvidenceSources sources;
    private final GateEvaluation evaluation;
    private final Releases releases;

    FetchEvidence(EvidenceSources sources, GateEvaluation evaluation, Releases releases) {
        this.sources = sources;
        this.evaluation = evaluation;
        this.releases = releases;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        String gate = (String) execution.getVariable("gate");
        sources.fetch(
                releaseKey,
                evaluation.requirement(releases.get(releaseKey), gate).types());
    }

    @Override
    protected boolean remote() {
        return true;
    }
}
