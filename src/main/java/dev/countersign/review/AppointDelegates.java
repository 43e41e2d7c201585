package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("appointDelegates")
class AppointDelegates implements HumanTask {
    private final AttendanceForm form;

    AppointDelegates(AttendanceForm form) {
        this.form = form;
    }

    @Override
    public String id() {
        return "appointDelegates";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return form.briefing(task.releaseKey(), Meetings.Presence.DELEGATED);
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        form.complete(task.releaseKey(), answer);
        return Map.of();
    }
}
