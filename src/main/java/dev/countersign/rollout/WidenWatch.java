package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Whoever was on duty by the rota has not answered: everybody who is on call for the service is called. Without a rota they all were from the beginning. */
@Component("widenWatch")
class WidenWatch extends ReleaseStep {
    private static final String TASK = "acknowledgeWatch";
    private static final int URGENT = 75;

    private final RolloutPeople people;
    private final Notices notices;
    private final Timeline timeline;

    WidenWatch(RolloutPeople people, Notices notices, Timeline timeline) {
        this.people = people;
        this.notices = notices;
        this.timeline = timeline;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        String group = people.group(releaseKey);
        TaskUrgency task = TaskUrgency.in(execution);
        // Whom the rota named then: what it names now, or that it cannot be read any more, does not tell who has been
        // called.
        if (!task.isForPersons(TASK)) {
            return;
        }
        task.raise(TASK, any -> true, URGENT);
        timeline.record(
                releaseKey,
                "rollout.widenWatch",
                Actors.PLATFORM,
                "Nobody on duty has confirmed the watch; everybody in " + group + " is called",
                Map.of());
        notices.mail(new Notice(
                releaseKey,
                "escalation",
                Set.of(group),
                Set.of(),
                "Watch a rollout: " + releaseKey,
                List.of(
                        "Whoever is on duty by the rota has not answered. Nothing is deployed before somebody of you confirms in Tasklist to watch; in ten minutes the head of operations is asked."),
                "/releases/" + releaseKey,
                null));
    }
}
