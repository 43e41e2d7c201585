package dev.countersign.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The judge's rules on what is known beside requests. Nothing where the release's table and its service have none. */
final class Signals {
    private final Course course;
    private final List<CanaryMetric> metrics;
    private final Map<String, Reading> readings = new HashMap<>();

    Signals(Course course) {
        this.course = course;
        this.metrics = course.order().kind().equals("stabilisation")
                ? List.of()
                : course.order().triggers().metrics().stream()
                        .filter(CanaryMetric::isSignal)
                        // Of pages there is nothing to compare with once nobody is on the baseline.
                        .filter(metric -> isBeside() || metric.isOfKpi())
                        .toList();
        course.readings().forEach(reading -> readings.put(reading.metric(), reading));
    }

    /** The baseline serves at the same time; also while a step that passed waits for a person. */
    private boolean isBeside() {
        double share = course.order().share();
        return course.order().baseline() != null && share > 0 && share < 1;
    }

    /** What rolls back or holds at any time; null where nothing does. */
    SignalLook always(boolean critical) {
        if (!isBeside()) {
            return null;
        }
        return metrics.stream()
                .filter(metric -> metric.critical() == critical)
                .map(metric -> SignalLook.always(metric, readings.get(metric.name())))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Each as it stands now, whatever the others say. */
    List<SignalLook> looks() {
        return metrics.stream()
                .map(metric -> {
                    SignalLook worse = isBeside() ? SignalLook.always(metric, readings.get(metric.name())) : null;
                    return worse != null ? worse : atWindow(metric);
                })
                .filter(Objects::nonNull)
                .toList();
    }

    private SignalLook atWindow(CanaryMetric metric) {
        return SignalLook.atWindow(
                metric,
                readings.get(metric.name()),
                course.order().triggers(),
                isBeside(),
                course.until().minus(course.order().window()),
                course.until());
    }

    /** At the end of a window, the gravest first; empty where the table has none. */
    List<SignalLook> atWindow() {
        return metrics.stream()
                .map(this::atWindow)
                .filter(Objects::nonNull)
                .sorted((one, other) -> Boolean.compare(rollsBack(other), rollsBack(one)))
                .toList();
    }

    /** Worse than the version beside it; or, with nobody beside it, than its season. */
    boolean rollsBack(SignalLook look) {
        return look.outcome() == Outcome.FAIL && look.metric().critical() && (look.attributed() || !isBeside());
    }

    static String figures(List<SignalLook> looks) {
        return looks.stream().map(look -> "; " + look.sentence()).collect(Collectors.joining());
    }
}
