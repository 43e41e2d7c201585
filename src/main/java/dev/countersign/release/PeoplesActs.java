package dev.countersign.release;

import dev.countersign.workflow.AnswerRefused;
import dev.countersign.workflow.TaskAnswered;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What people did in tasks, and what they were refused, stands in the timeline whatever the task was. */
@Component
class PeoplesActs {
    private final JdbcReleases releases;
    private final Timeline timeline;

    PeoplesActs(JdbcReleases releases, Timeline timeline) {
        this.releases = releases;
        this.timeline = timeline;
    }

    @EventListener
    void on(TaskAnswered answered) {
        String key = answered.task().releaseKey();
        if (key == null || !releases.isKnown(key)) {
            return; // a process beyond one release, for example a change of policy
        }
        timeline.record(
                key,
                "task.completed",
                answered.answer().actor(),
                "Completed '%s'".formatted(answered.task().name()),
                Map.of(
                        "task",
                        answered.task().taskKey(),
                        "answer",
                        answered.answer().fields()));
    }

    @EventListener
    void on(AnswerRefused refused) {
        if (refused.releaseKey() != null && releases.isKnown(refused.releaseKey())) {
            timeline.refused(
                    refused.releaseKey(),
                    "task.refused",
                    refused.actor(),
                    "Refused at '%s': %s".formatted(refused.taskKey(), refused.reason()),
                    Map.of("task", refused.taskKey()));
        }
    }
}
