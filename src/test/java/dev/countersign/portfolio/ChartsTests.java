package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import dev.countersign.observe.MetricPlot;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.JourneyWalks;
import dev.countersign.rollout.JourneyWalks.WalkRecord;
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

        assertThat(charts(timeline, List.of(), List.of()).of(KEY).moments())
                .containsExactly(
                        new Charts.Moment(
                                AT.plusSeconds(1).getEpochSecond(),
                                false,
                                "Step 1: the candidate gets 10 % of the traffic"),
                        new Charts.Moment(AT.plusSeconds(3).getEpochSecond(), true, "critical alert HighErrors"),
                        new Charts.Moment(
                                AT.plusSeconds(4).getEpochSecond(), false, "Traffic was taken back: 12 % errors"));
    }

    @Test
    void a_journey_is_a_chart_among_the_others_and_what_needs_eyes_comes_first() {
        var chart = charts(
                        mock(Timeline.class),
                        List.of(plot("error ratio", "PASS"), plot("latency p95", "INCONCLUSIVE")),
                        List.of(
                                walk(1, "CANARY", "PASS", 40),
                                walk(1, "STABLE", "PASS", 35),
                                walk(2, "CANARY", "FAIL", 90),
                                walk(2, "STABLE", "PASS", 36)))
                .of(KEY);

        assertThat(chart.metrics())
                .extracting(MetricPlot::metric, MetricPlot::verdict)
                .containsExactly(
                        tuple("journey buy", "FAIL"),
                        tuple("latency p95", "INCONCLUSIVE"),
                        tuple("error ratio", "PASS"));
        MetricPlot journey = chart.metrics().get(0);
        assertThat(journey.t()).hasSize(2).isSorted();
        assertThat(journey.candidate()).containsExactly(40.0, 90.0);
        assertThat(journey.baseline()).containsExactly(35.0, 36.0);
        assertThat(journey.sentence()).isEqualTo("FAIL on CANARY");
    }

    @Test
    void before_the_rollout_there_is_nothing_to_draw_and_no_journey_is_asked_for() {
        JourneyWalks journeys = mock(JourneyWalks.class);
        Observations observations = mock(Observations.class);
        when(observations.plotted(KEY)).thenReturn(new Observations.Plotted(List.of(), List.of()));
        assertThat(new Charts(releases(), observations, journeys, mock(Timeline.class), Clock.systemUTC())
                        .of(KEY)
                        .metrics())
                .isEmpty();
        verifyNoInteractions(journeys);
    }

    private static Charts charts(Timeline timeline, List<MetricPlot> plots, List<WalkRecord> walks) {
        Observations observations = mock(Observations.class);
        JourneyWalks journeys = mock(JourneyWalks.class);
        List<Observation> observed = plots.isEmpty() ? List.of() : SampleRelease.observations(false);
        when(observations.plotted(KEY)).thenReturn(new Observations.Plotted(observed, plots));
        when(journeys.of(KEY, "checkout")).thenReturn(walks);
        return new Charts(releases(), observations, journeys, timeline, Clock.systemUTC());
    }

    private static Releases releases() {
        Releases releases = mock(Releases.class);
        Release release = mock(Release.class);
        when(release.service()).thenReturn("checkout");
        when(releases.get(KEY)).thenReturn(release);
        return releases;
    }

    private static MetricPlot plot(String metric, String verdict) {
        List<Double> one = List.of(1.0);
        return new MetricPlot(
                metric, metric, "ratio", "", verdict, verdict, null, one, one, one, List.of(), List.of(), List.of());
    }

    private static WalkRecord walk(int step, String side, String verdict, long tookMs) {
        return new WalkRecord(
                "step",
                step,
                1,
                "buy",
                "sha256:journey",
                side,
                verdict,
                verdict + " on " + side,
                tookMs,
                AT.plusSeconds(step));
    }

    private static Timeline.Entry entry(long id, String type, String text) {
        return new Timeline.Entry(id, AT.plusSeconds(id), type, "test", text, Map.of());
    }
}
