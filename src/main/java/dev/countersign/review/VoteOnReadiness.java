package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("voteOnReadiness")
class VoteOnReadiness implements HumanTask {
    private final VoteForm form;

    VoteOnReadiness(VoteForm form) {
        this.form = form;
    }

    @Override
    public String id() {
        return "voteOnReadiness";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return form.briefing(task);
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        return form.complete(task, answer, VoteRow.SEAT);
    }
}
