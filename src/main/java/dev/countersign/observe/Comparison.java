package dev.countersign.observe;

import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Rules 2 and 3 on one step, or on the wait of a person after it: how the candidate compares with the baseline that serves beside it. Nothing where there is none. */
final class Comparison {
    private final Course course;
    private final Triggers triggers;
    private final List<ErrorEvidence> evidence;
    private final List<CanaryMetric> ranked;

    private Comparison(Course course) {
        this.course = course;
        this.triggers = course.order().triggers();
        List<CanaryMetric> metrics = course.isConcurrent() ? triggers.metrics() : List.of();
        this.evidence = metrics.stream()
                .filter(CanaryMetric::isOfErrors)
                .map(metric -> ErrorEvidence.scan(
                        metric,
                        course.earlier(),
                        course.order().share(),
                        course.candidate(),
                        course.baseline(),
                        course.since(),
                        triggers.latencyWindow()))
                .toList();
        this.ranked = metrics.stream().filter(CanaryMetric::isOfRanks).toList();
    }

    static Comparison of(Course course) {
        return new Comparison(course);
    }

    boolean isAsked() {
        return !evidence.isEmpty() || !ranked.isEmpty();
    }

    List<ErrorEvidence> evidence() {
        return evidence;
    }

    List<CanaryMetric> ranked() {
        return ranked;
    }

    /** The first evidence of a critical metric that is enough to fail; null where there is none. */
    ErrorEvidence breach() {
        return evidence.stream()
                .filter(each -> each.breach() != null)
                .min((one, other) -> one.breach().at().compareTo(other.breach().at()))
                .orElse(null);
    }

    /** Evidence that holds, at this moment; null where there is none. */
    ErrorEvidence holding() {
        return evidence.stream()
                .filter(each -> each.breach() == null
                        && each.restart() != null
                        && !each.restart().isBefore(each.latest().at()))
                .findFirst()
                .orElse(null);
    }

    /** When evidence last began the window anew; null where it never did. */
    Instant restart() {
        return evidence.stream()
                .map(ErrorEvidence::restart)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }

    /**
     * How the windows went that are complete.
     *
     * @param unbrokenSince where the present one began, or the first of those that have passed one after the other while a person decides
     * @param looks at the window that passed; empty where none is complete
     * @param failed what rolls back; null where nothing does
     * @param held why the last one began anew; null where none did
     * @param score of the team's own configuration, of the last one that was complete; null without such a configuration, and until one is
     */
    record Windows(Instant unbrokenSince, List<RankLook> looks, RankLook failed, RankLook held, CanaryScore score) {
        /** Of the last complete window, that began anew for what it says. */
        boolean isHeld() {
            return held != null || looks.isEmpty() && score != null && score.isUnderPass();
        }
    }

    /**
     * Asks the ranks once for each complete window. One that is held back or says too little is followed by a new one; while a person decides, one that passed
     * is too.
     */
    Windows windows(Instant unbrokenSince, Instant known) {
        return windows(ranked, unbrokenSince, known);
    }

    /** The same as if the team had no configuration of its own: what that holds must not keep other rules from rolling back. */
    Windows windowsWithoutOwn(Instant unbrokenSince, Instant known) {
        return windows(ranked.stream().filter(metric -> !metric.isOwn()).toList(), unbrokenSince, known);
    }

    boolean hasOwn() {
        return ranked.stream().anyMatch(CanaryMetric::isOwn);
    }

    private Windows windows(List<CanaryMetric> asked, Instant unbrokenSince, Instant known) {
        Instant from = unbrokenSince;
        Instant unbroken = unbrokenSince;
        List<RankLook> passed = List.of();
        Duration window = course.order().window();
        RankLook held = null;
        CanaryScore score = null;
        while (!asked.isEmpty() && !known.isBefore(from.plus(window))) {
            Instant begin = from;
            OwnWindow own = asked.stream().anyMatch(CanaryMetric::isOwn)
                    ? OwnWindow.of(course.candidate(), course.baseline(), begin, window)
                    : null;
            List<RankLook> looks = asked.stream()
                    .map(metric -> metric.isOwn()
                            ? OwnLook.at(metric, own)
                            : RankLook.at(metric, course.candidate(), course.baseline(), begin, window, triggers))
                    .toList();
            score = score(looks);
            for (RankLook look : looks) {
                if (look.rollsBack()) {
                    return new Windows(from, looks, look, held, score);
                }
            }
            RankLook worst = looks.stream()
                    .filter(RankLook::isInTheWay)
                    .max(Comparator.comparing(RankLook::again).thenComparing(look -> look.outcome() == Outcome.NO_DATA))
                    .orElse(null);
            boolean low = score != null && score.isUnderPass();
            if (worst == null && !low && !course.isHeld()) {
                return new Windows(from, looks, null, null, score);
            } else if (worst == null && low) {
                held = null;
                passed = List.of();
                from = from.plus(window);
                unbroken = from;
            } else if (worst == null) {
                held = null;
                passed = looks;
                from = from.plus(window);
            } else {
                held = worst;
                passed = List.of();
                from = worst.again();
                unbroken = from;
            }
        }
        return new Windows(unbroken, passed, null, held, score);
    }

    /** Null where the team has no configuration of its own. */
    private CanaryScore score(List<RankLook> looks) {
        boolean own = looks.stream().anyMatch(look -> look.metric().isOwn());
        return triggers.score() == null || triggers.score().fault() != null || !own
                ? null
                : CanaryScore.of(
                        triggers.score(),
                        looks.stream()
                                .filter(look -> look.metric().isOwn())
                                .map(OwnLook::scored)
                                .toList());
    }

    /** Requests of the baseline that the evidence was gathered beside; none are too few to compare with. */
    long baselineRequests() {
        return evidence.stream()
                .mapToLong(each -> each.latest().segment().baselineRequests())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** For the sentence of a verdict: what was compared, and why nothing was. */
    String figures(List<RankLook> looks) {
        if (triggers.metrics().isEmpty() || !course.isCompared()) {
            return "";
        }
        if (!course.isConcurrent()) {
            return "; nothing concurrent to compare with (%s)"
                    .formatted(triggers.metrics().get(0).ruleVersion());
        }
        String notApplied = triggers.metrics().stream()
                .filter(metric -> CanaryMetric.NOT_APPLIED.equals(metric.rule()))
                .map(CanaryMetric::name)
                .collect(Collectors.joining(", "));
        String of = evidence.stream()
                .map(each -> "; %s (%s)"
                        .formatted(each.figures(each.latest()), each.metric().ruleVersion()))
                .collect(Collectors.joining());
        String byRanks = looks.stream().map(look -> "; " + look.sentence()).collect(Collectors.joining());
        return of + byRanks + (notApplied.isEmpty() ? "" : "; not compared by the table: " + notApplied);
    }
}
