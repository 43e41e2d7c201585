package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The form of a vote: the seat's own and its alternate's ask and answer the same. */
@Component
class VoteForm {
    private final ReviewBriefing facts;
    private final Seats seats;
    private final Votes votes;

    VoteForm(ReviewBriefing facts, Seats seats, Votes votes) {
        this.facts = facts;
        this.seats = seats;
        this.votes = votes;
    }

    Map<String, Object> briefing(OpenTask task) {
        String seat = task.text("seat");
        var briefing = facts.of(task.releaseKey());
        briefing.putAll(facts.prepared(task.releaseKey()));
        briefing.putAll(facts.budget(task.releaseKey()));
        briefing.put("seat", seat);
        seats.find(task.releaseKey(), seat).ifPresent(row -> {
            briefing.put("flag", row.flag());
            briefing.put("because", row.because());
        });
        briefing.put("changedSince", facts.changedSince(task.releaseKey(), seat));
        return briefing;
    }

    /** No variables: simultaneous votes of one multi-instance must not meet in a variable's row. */
    Map<String, Object> complete(OpenTask task, Answer answer, String capacity) {
        votes.cast(
                task.releaseKey(),
                task.text("seat"),
                capacity,
                answer.actor(),
                new Votes.Statement(
                        Choice.valueOf(answer.text("vote")),
                        answer.text("reason"),
                        answer.text("criterion"),
                        StatedConditions.read(answer.list("conditions")),
                        answer.text("dossier")));
        return Map.of();
    }
}
