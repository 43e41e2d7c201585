package dev.countersign.review;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("determineSeats")
class DetermineSeats extends ReleaseStep {
    private final Seats seats;
    private final Meetings meetings;
    private final HistoryReviews histories;
    private final HistoryReviewing history;

    DetermineSeats(Seats seats, Meetings meetings, HistoryReviews histories, HistoryReviewing history) {
        this.seats = seats;
        this.meetings = meetings;
        this.histories = histories;
        this.history = history;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        var unrepresented = meetings.unrepresented(releaseKey, seats.determine(releaseKey));
        execution.setVariable("meetingNeeded", !unrepresented.isEmpty());
        execution.setVariable("historyNeeded", histories.latest(releaseKey).isEmpty() && !history.isPutOff(releaseKey));
    }
}
