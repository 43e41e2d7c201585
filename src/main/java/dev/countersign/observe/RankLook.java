package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Rule 2 at the end of a window. Unlike evidence it is no longer what it says when it is looked at again and again, so it is asked once for each window.
 *
 * @param outcome PASS (not worse than matters), FAIL, or INCONCLUSIVE
 * @param comparison null where there was too little to compare
 * @param requests of the candidate in the blocks; of the team's own metrics its measurements
 * @param again where the window begins anew; null for PASS
 * @param limit of the shift; null where it is not known
 * @param rollsBack it is critical, and worse by what rolls back
 */
record RankLook(
        CanaryMetric metric,
        Outcome outcome,
        RankComparison comparison,
        Blocks blocks,
        long requests,
        Instant again,
        String sentence,
        Double limit,
        Classification classification,
        boolean rollsBack) {
    /** Of a latency. */
    RankLook(
            CanaryMetric metric,
            Outcome outcome,
            RankComparison comparison,
            Blocks blocks,
            long requests,
            Instant again,
            String sentence) {
        this(
                metric,
                outcome,
                comparison,
                blocks,
                requests,
                again,
                sentence,
                metric.minimumShiftMs(),
                outcome == Outcome.PASS
                        ? Classification.PASS
                        : outcome == Outcome.FAIL ? Classification.HIGH : Classification.NODATA,
                outcome == Outcome.FAIL && metric.critical());
    }

    static RankLook at(
            CanaryMetric metric,
            List<Sample> candidate,
            List<Sample> baseline,
            Instant from,
            Duration window,
            Triggers triggers) {
        if (metric.isOwn()) {
            return OwnLook.at(metric, OwnWindow.of(candidate, baseline, from, window));
        }
        Blocks blocks = Blocks.of(from, window);
        List<List<Sample>> own = blocks.split(candidate);
        List<List<Sample>> other = blocks.split(baseline);
        long requests = own.stream().mapToLong(LatencyTrigger::requests).sum();
        double[] ownValues = new double[blocks.count()];
        double[] otherValues = new double[blocks.count()];
        for (int block = blocks.count() - 1; block >= 0; block--) {
            String thin = thin("candidate", own.get(block), metric, blocks, triggers);
            thin = thin != null ? thin : thin("baseline", other.get(block), metric, blocks, triggers);
            if (thin != null) {
                return new RankLook(metric, Outcome.INCONCLUSIVE, null, blocks, requests, blocks.end(block), thin);
            }
            ownValues[block] = LatencyTrigger.percentile(own.get(block), metric.quantile());
            otherValues[block] = LatencyTrigger.percentile(other.get(block), metric.quantile());
        }
        if (!tells(blocks.count(), metric)) {
            return new RankLook(
                    metric,
                    Outcome.INCONCLUSIVE,
                    null,
                    blocks,
                    requests,
                    blocks.end(),
                    "%s: %d blocks can never show a difference with %s confidence, %d are needed (%s)"
                            .formatted(
                                    metric.name(),
                                    blocks.count(),
                                    Words.limit(metric.confidence()),
                                    needed(metric),
                                    metric.ruleVersion()));
        }
        boolean more = "more".equals(metric.worse());
        RankComparison comparison =
                RankComparison.of(more ? ownValues : otherValues, more ? otherValues : ownValues, metric.confidence());
        boolean worse = comparison.worse(metric.minimumShiftMs(), metric.confidence());
        return new RankLook(
                metric,
                worse ? Outcome.FAIL : Outcome.PASS,
                comparison,
                blocks,
                requests,
                worse ? blocks.end() : null,
                sentence(metric, comparison, blocks, requests));
    }

    /** Null where the block says enough. */
    private static String thin(String side, List<Sample> block, CanaryMetric metric, Blocks blocks, Triggers triggers) {
        long enough = blocks.enough(triggers);
        long there = LatencyTrigger.requests(block);
        if (block.isEmpty()) {
            // More requests would not help where measurements are longer than a block.
            return "%s: no measurement of the %s began in a block of %s, a sixth of the window (%s)"
                    .formatted(metric.name(), side, Words.span(blocks.length()), metric.ruleVersion());
        }
        if (there < enough) {
            return "%s: %d requests of the %s in a block of %s, %d more are needed to compare (%s)"
                    .formatted(
                            metric.name(),
                            there,
                            side,
                            Words.span(blocks.length()),
                            enough - there,
                            metric.ruleVersion());
        }
        if (LatencyTrigger.percentile(block, metric.quantile()) == null) {
            return "%s: %d requests of the %s in a block of %s have no measured latency (%s)"
                    .formatted(metric.name(), there, side, Words.span(blocks.length()), metric.ruleVersion());
        }
        return exceedsBounds(block, metric.quantile())
                ? "%s: the %s is slower than its source can tell in a block of %s of %d requests (%s)"
                        .formatted(metric.name(), side, Words.span(blocks.length()), there, metric.ruleVersion())
                : null;
    }

    private static boolean exceedsBounds(List<Sample> block, double quantile) {
        return Latencies.sum(block.stream()
                        .map(Sample::latencies)
                        .filter(Objects::nonNull)
                        .toList())
                .exceedsBounds(quantile);
    }

    /** Whether the greatest possible difference of so many blocks would be told from chance. */
    static boolean tells(int blocks, CanaryMetric metric) {
        return tells(blocks, metric.alpha());
    }

    static boolean tells(int blocks, double alpha) {
        if (blocks < 2) {
            return false;
        }
        double[] low = new double[blocks];
        double[] high = new double[blocks];
        Arrays.setAll(low, block -> block);
        Arrays.setAll(high, block -> blocks + block);
        return RankComparison.of(high, low, 1 - alpha).pValue() < alpha;
    }

    /** In the way of a pass: all but what the team muted. */
    boolean isInTheWay() {
        return again != null && !(metric.isOwn() && metric.own().muted());
    }

    private static int needed(CanaryMetric metric) {
        int blocks = 2;
        while (!tells(blocks, metric) && blocks < 100) {
            blocks++;
        }
        return blocks;
    }

    private static String sentence(CanaryMetric metric, RankComparison comparison, Blocks blocks, long requests) {
        return "%s of %d requests in %d blocks of %s is %s %s the baseline's (between %s and %s with %s confidence), the limit is %s (%s)"
                .formatted(
                        metric.name(),
                        requests,
                        blocks.count(),
                        Words.span(blocks.length()),
                        Words.shift(comparison.shift()),
                        "more".equals(metric.worse()) ? "over" : "under",
                        Words.shift(comparison.lower()),
                        Words.shift(comparison.upper()),
                        Words.limit(metric.confidence()),
                        Words.millis(metric.minimumShiftMs()),
                        metric.ruleVersion());
    }
}
