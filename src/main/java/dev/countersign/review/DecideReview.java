package dev.countersign.review;

import dev.countersign.review.Deciding.Next;
import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("decideReview")
class DecideReview extends ReleaseStep {
    private final Deciding deciding;

    DecideReview(Deciding deciding) {
        this.deciding = deciding;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        Next next = deciding.decide(releaseKey);
        execution.setVariable("reviewOutcome", next.name());
        if (next == Next.GO || next == Next.NO_GO) {
            execution.setVariable("decision", next.name());
        }
    }
}
