package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("holdMeeting")
class HoldMeeting implements HumanTask {
    private final AttendanceForm form;

    HoldMeeting(AttendanceForm form) {
        this.form = form;
    }

    @Override
    public String id() {
        return "holdMeeting";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return form.briefing(task.releaseKey(), Meetings.Presence.PRESENT);
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        form.complete(task.releaseKey(), answer);
        return Map.of();
    }
}
