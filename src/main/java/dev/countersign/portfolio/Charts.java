package dev.countersign.portfolio;

import dev.countersign.observe.MetricPlot;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.JourneyWalks;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** What was measured of candidate and baseline while the release rolled out: a chart for each metric, and what they have in common. */
@Component
class Charts {
    private static final String ALERTS = "alert.";
    /** What moves traffic, or is said by an alert; the steps and their verdicts are bands. */
    private static final Set<String> MARKED = Set.of(
            "alert.received",
            "alert.resolved",
            "rollout.split-set",
            "rollout.flag-set",
            "rollout.halted",
            "rollout.held",
            "rollout.taken-back",
            "breaker.tripped");

    private final Releases releases;
    private final Observations observations;
    private final JourneyWalks journeys;
    private final Timeline timeline;
    private final Clock clock;

    Charts(Releases releases, Observations observations, JourneyWalks journeys, Timeline timeline, Clock clock) {
        this.releases = releases;
        this.observations = observations;
        this.journeys = journeys;
        this.timeline = timeline;
        this.clock = clock;
    }

    Chart of(String releaseKey) {
        String service = releases.get(releaseKey).service();
        Observations.Plotted plotted = observations.plotted(releaseKey);
        List<MetricPlot> metrics = plotted.observed().isEmpty()
                ? List.of()
                : Stream.concat(plotted.metrics().stream(), JourneyPlots.of(journeys.of(releaseKey, service)).stream())
                        .sorted(Comparator.comparingInt(MetricPlot::gravity))
                        .toList();
        return new Chart(metrics, bands(plotted.observed()), moments(releaseKey));
    }

    private List<Band> bands(List<Observation> observed) {
        var bands = new ArrayList<Band>();
        for (int i = 0; i < observed.size(); i++) {
            Observation one = observed.get(i);
            Instant end = i + 1 < observed.size() ? observed.get(i + 1).since() : end(one);
            bands.add(new Band(
                    one.order().kind(),
                    one.order().share(),
                    one.since().toEpochMilli() / 1000.0,
                    end.toEpochMilli() / 1000.0,
                    one.ended(),
                    one.latest() == null ? null : one.latest().verdict(),
                    one.latest() == null ? null : one.latest().sentence(),
                    one.latest() == null ? null : one.latest().at().toEpochMilli() / 1000.0));
        }
        return bands;
    }

    private List<Moment> moments(String releaseKey) {
        return timeline.of(releaseKey).stream()
                .filter(entry -> MARKED.contains(entry.type()))
                .sorted(Comparator.comparingLong(Timeline.Entry::id))
                .map(entry -> new Moment(
                        entry.at().toEpochMilli() / 1000.0, entry.type().startsWith(ALERTS), entry.text()))
                .toList();
    }

    private Instant end(Observation one) {
        return one.ended() && one.latest() != null ? one.latest().at() : clock.instant();
    }

    /** @param metrics what needs eyes first; empty before the rollout began */
    record Chart(List<MetricPlot> metrics, List<Band> bands, List<Moment> moments) {}

    record Moment(double at, boolean alert, String text) {}

    record Band(
            String kind,
            double share,
            double from,
            double to,
            boolean ended,
            String verdict,
            String sentence,
            Double judgedAt) {}
}
