package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.observe.Observations;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M5.3")
class ChartsTests {
    private static final String KEY = "checkout@2.0.0";
    private static final Instant AT = Instant.parse("2026-11-24T20:00:00Z");

    @Test
    void alerts_and_changes_of_traffic_are_marked_in_their_order_and_nothing_else_is() {
        Timeline timeline = mock(Timeline.class);
        when(timeline.of(KEY))
                .thenReturn(List.of(
                        entry(4, "breaker.tripped", "Traffic was taken back: 12 % errors"),
                        entry(3, "alert.received", "critical alert HighErrors"),
                        entry(2, "task.completed", "Acknowledged"),
                        entry(1, "rollout.split-set", "Step 1: the candidate gets 10 % of the traffic")));

        assertThat(new Charts(mock(Releases.class), mock(Observations.class), timeline, Clock.systemUTC())
                        .of(KEY)
                        .moments())
                .containsExactly(
                        new Charts.Moment(
                                AT.plusSeconds(1).getEpochSecond(),
                                false,
                                "Step 1: the candidate gets 10 % of the traffic"),
                        new Charts.Moment(AT.plusSeconds(3).getEpochSecond(), true, "critical alert HighErrors"),
                        new Charts.Moment(
                                AT.plusSeconds(4).getEpochSecond(), false, "Traffic was taken back: 12 % errors"));
    }

    private static Timeline.Entry entry(long id, String type, String text) {
        return new Timeline.Entry(id, AT.plusSeconds(id), type, "test", text, Map.of());
    }
}
