package dev.countersign.observe;

import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Compares a version with itself (A/A). Each window of its history is dealt by lot: a share of the measurements plays the candidate, the rest the baseline. Whole
 * measurements are dealt and not single requests, so that what comes in bursts stays together, as it would on a candidate's machines. Lots depend on nothing but the
 * window's time: the same history gives the same figures.
 */
final class AgainstItself {
    static final int LOTS = 8;
    /** With fewer nothing is said. */
    static final int LEAST_WINDOWS = 20;

    private static final double SURE = 0.05;
    private final CanaryMetric metric;
    private final double share;
    private final Duration window;
    private final Triggers triggers;
    private int windows;
    private int comparisons;
    private int alarms;

    private AgainstItself(CanaryMetric metric, double share, Duration window, Triggers triggers) {
        this.metric = metric;
        this.share = share;
        this.window = window;
        this.triggers = triggers;
    }

    /** @param history of one version, by time */
    static FalseAlarm measure(
            CanaryMetric metric, List<Sample> history, double share, Duration window, Triggers triggers) {
        AgainstItself measured = new AgainstItself(metric, share, window, triggers);
        measured.compare(history);
        return measured.said();
    }

    private void compare(List<Sample> history) {
        int next = 0;
        while (next < history.size()) {
            Instant from = history.get(next).at();
            List<Sample> inWindow = new ArrayList<>();
            while (next < history.size() && history.get(next).at().isBefore(from.plus(window))) {
                inWindow.add(history.get(next++));
            }
            if (isWhole(inWindow, from)) {
                compare(inWindow, from);
            }
        }
    }

    private boolean isWhole(List<Sample> inWindow, Instant from) {
        Duration hole = triggers.latencyWindow();
        return Gaps.restart(inWindow, from, hole) == null
                && Gaps.knownUntil(inWindow, from).plus(hole).isAfter(from.plus(window));
    }

    private void compare(List<Sample> inWindow, Instant from) {
        int told = 0;
        for (int lot = 0; lot < LOTS; lot++) {
            SplittableRandom random = new SplittableRandom(from.toEpochMilli() * LOTS + lot);
            Outcome outcome =
                    metric.isOfErrors() ? byEvidence(inWindow, from, random) : byRanks(inWindow, from, random);
            told += outcome == Outcome.INCONCLUSIVE ? 0 : 1;
            alarms += outcome == Outcome.FAIL ? 1 : 0;
        }
        comparisons += told;
        windows += told == 0 ? 0 : 1;
    }

    private Outcome byEvidence(List<Sample> inWindow, Instant from, SplittableRandom random) {
        List<Sample> candidate = new ArrayList<>();
        List<Sample> baseline = new ArrayList<>();
        deal(inWindow, candidate, baseline, random);
        if (LatencyTrigger.requests(candidate) == 0
                || LatencyTrigger.requests(candidate) + LatencyTrigger.requests(baseline) < triggers.minRequests()) {
            return Outcome.INCONCLUSIVE;
        }
        // What the lot left out is no hole.
        ErrorEvidence evidence = ErrorEvidence.scan(metric, List.of(), share, candidate, baseline, from, window);
        return evidence.restart() == null ? Outcome.PASS : Outcome.FAIL;
    }

    private Outcome byRanks(List<Sample> inWindow, Instant from, SplittableRandom random) {
        List<Sample> candidate = new ArrayList<>();
        List<Sample> baseline = new ArrayList<>();
        for (List<Sample> block : Blocks.of(from, window).split(inWindow)) {
            deal(block, candidate, baseline, random);
        }
        return RankLook.at(metric, candidate, baseline, from, window, triggers).outcome();
    }

    /** At least one measurement plays the candidate. */
    private void deal(List<Sample> samples, List<Sample> candidate, List<Sample> baseline, SplittableRandom random) {
        long wanted = Math.max(1, Math.round(samples.size() * share));
        int left = samples.size();
        for (Sample sample : samples) {
            if (random.nextInt(left--) < wanted) {
                candidate.add(sample);
                wanted--;
            } else {
                baseline.add(sample);
            }
        }
    }

    private FalseAlarm said() {
        if (windows < LEAST_WINDOWS) {
            return said(
                    "NO_DATA",
                    "How often %s alarms falsely is not known: %d windows of %s of the baseline could be compared, %d more are needed (%s)"
                            .formatted(
                                    metric.name(),
                                    windows,
                                    Words.span(window),
                                    LEAST_WINDOWS - windows,
                                    metric.ruleVersion()));
        }
        String figures =
                "%s alarms in %d of %d comparisons of the baseline with itself (%s, in %d windows of %s; accepted are %s)"
                        .formatted(
                                metric.name(),
                                alarms,
                                comparisons,
                                Words.percent((double) alarms / comparisons),
                                windows,
                                Words.span(window),
                                Words.limit(metric.alpha()));
        return isTooOften()
                ? said(
                        "WARN",
                        "%s: what it stops may be noise (%s)".formatted(Words.sentence(figures), metric.ruleVersion()))
                : said("OK", "%s (%s)".formatted(Words.sentence(figures), metric.ruleVersion()));
    }

    /** Lots of one window are alike, so they count as one: hardly as many windows would alarm if the table were right. */
    private boolean isTooOften() {
        int alarmed = (int) Math.floor((double) alarms * windows / comparisons);
        return alarmed > 0 && BinomialDistribution.of(windows, metric.alpha()).survivalProbability(alarmed - 1) < SURE;
    }

    private FalseAlarm said(String verdict, String sentence) {
        return new FalseAlarm(
                metric.name(),
                verdict,
                windows,
                comparisons,
                alarms,
                comparisons == 0 ? null : (double) alarms / comparisons,
                metric.alpha(),
                metric.ruleVersion(),
                sentence);
    }
}
