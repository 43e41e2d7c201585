package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Rule 2 on a metric of the team's own canary configuration: the ranks of its means in the blocks of a window, in the direction and beyond the part that the team tolerates. */
final class OwnLook {
    private final CanaryMetric metric;
    private final OwnWindow window;
    private final Blocks blocks;
    private final double alpha;

    private OwnLook(CanaryMetric metric, OwnWindow window, double alpha) {
        this.metric = metric;
        this.window = window;
        this.blocks = window.blocks();
        this.alpha = alpha;
    }

    /** Of several values that the metric tells apart the worst: one zone that fails is not outweighed by the others. Who looks at so many alarms as many times as often. */
    static RankLook at(CanaryMetric metric, OwnWindow window) {
        Set<String> keys = window.keysOf(metric);
        OwnLook look = new OwnLook(metric, window, metric.alpha() / Math.max(1, keys.size()));
        if (keys.isEmpty()) {
            return look.unknown(
                    Outcome.NO_DATA,
                    0,
                    window.blocks().end(),
                    "nothing was measured of either version" + look.unanswered(),
                    "");
        }
        return keys.stream()
                .map(look::compare)
                .min(Comparator.comparing((RankLook each) -> !each.rollsBack())
                        .thenComparing(each -> MetricPlot.gravity(each.outcome())))
                .orElseThrow();
    }

    private boolean isKnown(Sample sample) {
        return !sample.values().containsKey(ValueKeys.unknown(metric));
    }

    /** Why values are missing, where somebody can mend it; empty where there are simply none. */
    private String unanswered() {
        long without = Stream.of(window.candidate(), window.baseline())
                .flatMap(List::stream)
                .flatMap(List::stream)
                .filter(sample -> !isKnown(sample))
                .count();
        return without == 0
                ? ""
                : "; in %d measurements its query had no answer, no number, or several for one value"
                        .formatted(without);
    }

    private static long count(List<List<Sample>> side, Predicate<Sample> which) {
        return side.stream().flatMap(List::stream).filter(which).count();
    }

    private RankLook compare(String key) {
        String which = ValueKeys.labels(metric, key);
        boolean silentIsZero = metric.own().replaces() && !metric.own().mustHaveData();
        long measured = count(window.candidate(), sample -> sample.values().containsKey(key));
        long known = silentIsZero ? count(window.candidate(), this::isKnown) : measured;
        long beside = count(
                window.baseline(),
                sample -> silentIsZero ? isKnown(sample) : sample.values().containsKey(key));
        if (known == 0 || beside == 0) {
            return unknown(
                    Outcome.NO_DATA,
                    measured,
                    blocks.end(),
                    "nothing was measured of the %s%s".formatted(known == 0 ? "candidate" : "baseline", unanswered()),
                    which);
        }
        double[] own = new double[blocks.count()];
        double[] other = new double[blocks.count()];
        for (int block = blocks.count() - 1; block >= 0; block--) {
            Double mine = mean(window.candidate().get(block), key);
            Double theirs = mean(window.baseline().get(block), key);
            if (mine == null || theirs == null) {
                return unknown(
                        Outcome.INCONCLUSIVE,
                        measured,
                        blocks.end(block),
                        "no value of the %s in a block of %s, a sixth of the window%s"
                                .formatted(
                                        mine == null ? "candidate" : "baseline",
                                        Words.span(blocks.length()),
                                        unanswered()),
                        which);
            }
            own[block] = mine;
            other[block] = theirs;
        }
        return judged(own, other, measured, which);
    }

    /** Null where nothing is known. */
    private Double mean(List<Sample> block, String key) {
        return block.stream()
                .map(sample ->
                        sample.values().getOrDefault(key, metric.own().replaces() && isKnown(sample) ? 0.0 : null))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .average()
                .stream()
                .boxed()
                .findFirst()
                .orElse(null);
    }

    /** @param part of the baseline's mean that is tolerated, @param surely beyond which a critical metric rolls back */
    private record Side(Classification as, RankComparison comparison, double part, double surely) {}

    private RankLook judged(double[] own, double[] other, long measured, String which) {
        boolean either = "either".equals(metric.worse());
        // Who looks both ways alarms twice as often.
        double alpha = either ? this.alpha / 2 : this.alpha;
        if (!RankLook.tells(blocks.count(), alpha)) {
            return unknown(
                    Outcome.INCONCLUSIVE,
                    measured,
                    blocks.end(),
                    "%d blocks can never show a difference with %s confidence"
                            .formatted(blocks.count(), Words.limit(1 - alpha)),
                    which);
        }
        CanaryMetric.Own tolerated = metric.own();
        List<Side> sides = new ArrayList<>();
        if (!"less".equals(metric.worse())) {
            sides.add(new Side(
                    Classification.HIGH,
                    RankComparison.of(own, other, 1 - alpha),
                    tolerated.increase() - 1,
                    tolerated.criticalIncrease() - 1));
        }
        if (!"more".equals(metric.worse())) {
            sides.add(new Side(
                    Classification.LOW,
                    RankComparison.of(other, own, 1 - alpha),
                    1 - tolerated.decrease(),
                    1 - tolerated.criticalDecrease()));
        }
        double mean = Arrays.stream(other).average().orElse(0);
        Side failed = sides.stream()
                .filter(side -> side.comparison().worse(side.part() * Math.abs(mean), 1 - alpha))
                .findFirst()
                .orElse(null);
        boolean worse = failed != null;
        Side told = worse ? failed : sides.get(0);
        boolean rollsBack = worse
                && metric.critical()
                && told.comparison().worse(Math.max(told.part(), told.surely()) * Math.abs(mean), 1 - alpha);
        return new RankLook(
                metric,
                worse ? Outcome.FAIL : Outcome.PASS,
                told.comparison(),
                blocks,
                measured,
                worse ? blocks.end() : null,
                sentence(told, Arrays.stream(own).average().orElse(0), mean, measured, which, alpha),
                told.part() * Math.abs(mean),
                worse ? told.as() : Classification.PASS,
                rollsBack);
    }

    private String sentence(Side side, double own, double mean, long measured, String which, double alpha) {
        return "%s%s: %s in the mean of %d measurements against %s of the baseline, in %d blocks of %s %s %s it (between %s and %s with %s confidence), %s (%s) tolerated (%s)"
                .formatted(
                        metric.name(),
                        which,
                        Words.figure(own),
                        measured,
                        Words.figure(mean),
                        blocks.count(),
                        Words.span(blocks.length()),
                        Words.figure(side.comparison().shift()),
                        side.as() == Classification.HIGH ? "over" : "under",
                        Words.figure(side.comparison().lower()),
                        Words.figure(side.comparison().upper()),
                        Words.limit(1 - alpha),
                        Words.figure(side.part() * Math.abs(mean)),
                        Words.limit(side.part()),
                        metric.ruleVersion());
    }

    private RankLook unknown(Outcome outcome, long measured, Instant again, String why, String which) {
        return new RankLook(
                metric,
                outcome,
                null,
                blocks,
                measured,
                again,
                "%s%s: %s (%s)".formatted(metric.name(), which, why, metric.ruleVersion()),
                null,
                outcome == Outcome.NO_DATA && metric.own().mustHaveData()
                        ? Classification.NODATA_FAIL_METRIC
                        : Classification.NODATA,
                false);
    }

    /** How the metric counts in the score. */
    static CanaryScore.Metric scored(RankLook look) {
        CanaryMetric metric = look.metric();
        // What is worse by less than the team calls critical does not leave nothing of the score.
        boolean critical = metric.critical() && (look.outcome() != Outcome.FAIL || look.rollsBack());
        return new CanaryScore.Metric(
                metric.ownName(),
                look.classification().word(),
                critical,
                metric.own().muted(),
                metric.own().groups());
    }
}
