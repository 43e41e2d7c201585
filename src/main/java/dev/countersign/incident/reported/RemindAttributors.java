package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindAttributors")
class RemindAttributors extends ReleaseStep {
    private final ReportedIncidentStore store;
    private final Attributors attributors;
    private final AttributionMail mail;

    RemindAttributors(ReportedIncidentStore store, Attributors attributors, AttributionMail mail) {
        this.store = store;
        this.attributors = attributors;
        this.mail = mail;
    }

    @Override
    protected void run(String key, DelegateExecution execution) {
        Reported incident = store.find(key).orElseThrow();
        if (!AttributionQuestions.isVoid(incident)) {
            mail.reminder(attributors.askedFor(incident), incident);
        }
    }
}
