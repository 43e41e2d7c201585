package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.observe.FalseAlarms.Measured;
import dev.countersign.release.Timeline;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says it in the timeline where a step's metric alarms on the baseline itself more often than its table accepts, or where nobody knows. */
@Component
class MetricWarnings {
    private final Timeline timeline;

    MetricWarnings(Timeline timeline) {
        this.timeline = timeline;
    }

    @EventListener
    void on(Measured measured) {
        List<FalseAlarm> doubtful =
                measured.metrics().stream().filter(FalseAlarm::warns).toList();
        if (!doubtful.isEmpty()) {
            timeline.record(
                    measured.releaseKey(),
                    "rollout.metric-doubted",
                    Actors.PLATFORM,
                    doubtful.stream().map(FalseAlarm::sentence).collect(Collectors.joining(". ")),
                    Map.of(
                            "observation",
                            measured.observation(),
                            "metrics",
                            doubtful.stream().map(FalseAlarm::metric).toList()));
        }
    }
}
