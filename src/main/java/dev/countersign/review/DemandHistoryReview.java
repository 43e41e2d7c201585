package dev.countersign.review;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("demandHistoryReview")
class DemandHistoryReview extends ReleaseStep {
    private final HistoryReviewing reviewing;

    DemandHistoryReview(HistoryReviewing reviewing) {
        this.reviewing = reviewing;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        reviewing.demand(releaseKey);
    }
}
