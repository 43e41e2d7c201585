package dev.countersign.learning;

import dev.countersign.incident.Incidents;
import dev.countersign.learning.Retrospectives.Outcome;
import dev.countersign.release.Release;
import dev.countersign.release.Release.SuccessMetric;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The figures of a release, computed from the record, never typed. */
@Component
class Outcomes {
    private static final String NONE = "not measured";

    private final Timeline timeline;
    private final Incidents incidents;

    Outcomes(Timeline timeline, Incidents incidents) {
        this.timeline = timeline;
        this.incidents = incidents;
    }

    List<Outcome> of(Release release) {
        List<Timeline.Entry> entries = timeline.of(release.key());
        Optional<Instant> begun = entered(entries, ReleaseState.ROLLING_OUT);
        Optional<Instant> rolledOut = entered(entries, ReleaseState.STABILISING);
        Optional<Instant> stable = entered(entries, ReleaseState.STABLE);
        var outcomes = new ArrayList<Outcome>();
        outcomes.add(new Outcome("Deployment duration", between(begun, rolledOut), null));
        outcomes.add(new Outcome("Stabilisation", between(rolledOut, stable), null));
        outcomes.add(new Outcome(
                "From commit to stable", between(Optional.ofNullable(release.committedAt()), stable), null));
        outcomes.add(new Outcome(
                "Incidents of the service since the rollout began",
                begun.map(since -> String.valueOf(
                                incidents.ofService(release.service(), since).size()))
                        .orElse(NONE),
                null));
        release.successMetrics().forEach(metric -> outcomes.add(new Outcome(metric.name(), NONE, target(metric))));
        return outcomes;
    }

    private static String target(SuccessMetric metric) {
        String direction = "decrease".equals(metric.direction()) ? "at most" : "at least";
        return String.format(Locale.ROOT, "%s %s", direction, number(metric.target()));
    }

    private static String number(double value) {
        return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static Optional<Instant> entered(List<Timeline.Entry> entries, ReleaseState state) {
        return entries.stream()
                .filter(entry -> "state.entered".equals(entry.type())
                        && state.name().equals(entry.detail().get("to")))
                .map(Timeline.Entry::at)
                .findFirst();
    }

    private static String between(Optional<Instant> from, Optional<Instant> to) {
        return from.flatMap(start -> to.map(end -> inWords(Duration.between(start, end))))
                .orElse(NONE);
    }

    static String inWords(Duration time) {
        if (time.toDays() > 0) {
            return "%d d %d h".formatted(time.toDays(), time.toHoursPart());
        }
        if (time.toHours() > 0) {
            return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d s".formatted(time.toSeconds());
    }
}
