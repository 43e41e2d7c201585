package dev.countersign.review;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** One bean for all reminders of the model: the reminding event's id says whom. */
@Component("remindReviewers")
class RemindReviewers extends ReleaseStep {
    private final Reminders reminders;

    RemindReviewers(Reminders reminders) {
        this.reminders = reminders;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        reminders.send(releaseKey, execution.getCurrentActivityId());
    }
}
