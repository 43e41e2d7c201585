package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every way through the model. */
@Tag("M2.2")
class ReadinessReviewTests extends ReviewFixture {

    @Test
    @Tag("M2.1")
    void a_critical_release_holds_its_meeting_reviews_its_history_votes_and_goes() throws Exception {
        release("critical", noChange());
        start();

        var mandatory = List.of("developer", "qa", "security", "operations", "compliance");
        var rows = mandatory.stream()
                .map(seat -> Map.of("seat", seat, "presence", "present"))
                .toList();
        complete(
                open("holdMeeting").get(0),
                "facilitator",
                Map.of("attendance", rows, "minutes", "All agreed", "dossier", dossier()));
        reviewHistory();
        assertThat(open("voteOnReadiness")).hasSize(6);
        everybodyVotesGoBut();

        assertThat(process()).isNull();
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).decision()).isEqualTo("GO");
    }

    @Test
    void a_standard_release_needs_no_meeting() throws Exception {
        standardRelease();
        start();
        reviewHistory();
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
        assertThatThrownBy(() -> open("voteOnReadiness").get(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
