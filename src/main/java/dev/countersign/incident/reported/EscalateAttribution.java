package dev.countersign.incident.reported;

import dev.countersign.identity.Role;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Nobody has said what caused it: release managers may say it too, and the task grows urgent each time. */
@Component("escalateAttribution")
class EscalateAttribution extends ReleaseStep {
    private static final int NORMAL = 50;
    private static final int MORE = 20;
    private static final int HIGHEST = 100;

    private final ReportedIncidentStore store;
    private final Attributors attributors;
    private final AttributionMail mail;
    private final AttributionTask task;

    EscalateAttribution(
            ReportedIncidentStore store, Attributors attributors, AttributionMail mail, AttributionTask task) {
        this.store = store;
        this.attributors = attributors;
        this.mail = mail;
        this.task = task;
    }

    @Override
    protected void run(String key, DelegateExecution execution) {
        Reported incident = store.find(key).orElseThrow();
        if (AttributionQuestions.isVoid(incident)) {
            task.soon(List.of(key));
            return;
        }
        int times = store.escalated(key);
        mail.escalation(attributors.askedFor(incident), incident);
        TaskUrgency.in(execution)
                .raise(
                        "attributeIncident",
                        any -> true,
                        Math.min(HIGHEST, NORMAL + MORE * times),
                        Role.RELEASE_MANAGER.id());
    }
}
