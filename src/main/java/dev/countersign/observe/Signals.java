package dev.countersign.observe;

import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.SignalLook.Against;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The judge's rules on what is known beside requests. Nothing where the release's table and its service have none. Once everybody is on the candidate, a season or what the
 * baseline had last stands for the baseline.
 */
final class Signals {
    private final Course course;
    private final List<CanaryMetric> metrics;
    private final Map<String, Reading> readings = new HashMap<>();
    private final Map<String, Reading.Counts> last = new HashMap<>();

    Signals(Course course) {
        this.course = course;
        this.metrics = course.order().triggers().metrics().stream()
                .filter(CanaryMetric::isSignal)
                .filter(metric -> isBeside() || isAfter() || isOfSeasonAlone(metric))
                .toList();
        course.readings().forEach(reading -> readings.put(reading.metric(), reading));
        if (isAfter()) {
            course.last().forEach(each -> last.put(each.metric(), each.counts()));
        }
    }

    /** What the baseline had last was looked for when it began. */
    private boolean isAfter() {
        return course.last() != null;
    }

    /** As observations were judged that began before anything of the baseline was kept, and as one is while a person decides on a release that nothing serves beside. */
    private boolean isOfSeasonAlone(CanaryMetric metric) {
        return metric.isOfKpi() && !course.order().kind().equals("stabilisation");
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
        Triggers triggers = course.order().triggers();
        Instant begin = course.until().minus(course.order().window());
        Reading known = readings.getOrDefault(metric.name(), Reading.begin(metric.name()));
        if (isBeside() || !isAfter() || !AfterBaseline.concerns(metric)) {
            return SignalLook.atWindow(metric, known, triggers, isBeside(), begin, course.until());
        }
        SignalLook look = AfterBaseline.compare(metric, known.candidate(), last.get(metric.name()), triggers);
        return SignalLook.unlessSilent(look, known, triggers, false, begin, course.until());
    }

    /** At the end of a window, the gravest first; empty where the table has none. */
    List<SignalLook> atWindow() {
        return metrics.stream()
                .map(this::atWindow)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingInt(this::gravity))
                .toList();
    }

    private int gravity(SignalLook look) {
        return rollsBack(look) ? 0 : look.outcome() == Outcome.FAIL ? 1 : 2;
    }

    Optional<Ruling> rollback(Findings findings, List<SignalLook> looks) {
        return looks.stream()
                .filter(this::rollsBack)
                .findFirst()
                .map(look -> new Ruling(findings.signal(Outcome.FAIL, look, ""), null, true));
    }

    /** What keeps a complete window from passing, where it is worse or not known. */
    Optional<Ruling> ruling(Findings findings, List<SignalLook> looks) {
        for (SignalLook look : looks) {
            if (rollsBack(look)) {
                return Optional.of(new Ruling(findings.signal(Outcome.FAIL, look, ""), null, true));
            }
            if (holds(look)) {
                boolean worse = look.outcome() == Outcome.FAIL;
                return Optional.of(Ruling.open(
                        findings.signal(
                                worse ? Outcome.INCONCLUSIVE : look.outcome(), look, worse ? "Held back: " : ""),
                        null));
            }
        }
        return Optional.empty();
    }

    /** Worse than the version beside it; or, with nobody beside it, than its season. Never for what was counted in other hours. */
    private boolean rollsBack(SignalLook look) {
        boolean surely = look.against() == Against.BESIDE || look.against() == Against.SEASON && !isBeside();
        return look.outcome() == Outcome.FAIL && look.metric().critical() && surely;
    }

    /** What can be compared with nothing is only said, unless it is critical. */
    private static boolean holds(SignalLook look) {
        return look.outcome() != Outcome.PASS
                && (look.against() != Against.NOTHING || look.metric().critical());
    }

    static String figures(List<SignalLook> looks) {
        return looks.stream().map(look -> "; " + look.sentence()).collect(Collectors.joining());
    }
}
