package dev.countersign.review;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ReleaseStep;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("requestVotes")
class RequestVotes extends ReleaseStep {
    private final Releases releases;
    private final ReviewQuestions questions;
    private final ReviewMail mail;

    RequestVotes(Releases releases, ReviewQuestions questions, ReviewMail mail) {
        this.releases = releases;
        this.questions = questions;
        this.mail = mail;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        // Held, so that the seats are read once for all whom the model asks next.
        Release release = releases.lock(releaseKey);
        var groups = questions.seatsToAsk(releaseKey).stream()
                .map(seat -> questions.groupOf(releaseKey, seat))
                .collect(Collectors.toSet());
        if (!groups.isEmpty()) {
            mail.voteAsked(release, groups);
        }
    }
}
