package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.Signal.Count;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds when a count began to rise, by a scan over every interval of what is watched.
 *
 * <p>For each possible beginning τ: of all K events, those after τ are Bin(K, share of the exposure after τ) where nothing changed (conditional comparison of two Poisson rates). The
 * smallest tail, times the number of τ (Bonferroni), must stay below {@link #CHANCE}. Neighbouring intervals are alike and bursts are not Poisson: counts are divided by the dispersion
 * that the quiet time before shows, in single intervals or in blocks of six or 24, whichever is more. The beginning is the τ of the largest likelihood ratio; the interval around it holds
 * every τ whose doubled log ratio is within 7.35 of it, 95 % by the asymptotic law of the maximum (Siegmund 1988, Confidence sets in change-point problems).
 */
final class ChangePoint {
    /** That noise alone raises an alarm, for each service and kind of signal. */
    static final double CHANCE = 0.001;

    /** A rise below these matters to nobody, however sure. */
    static final double LEAST_RATIO = 1.5;

    static final double LEAST_RISE = 0.005;
    private static final double LEAST_EVENTS = 5;
    private static final double WITHIN = 7.35 / 2;
    private static final int LEAST_BLOCKS = 5;
    private static final int[] BLOCKS = {1, 6, 24};

    private ChangePoint() {}

    /** @param quietUntil what was counted until then shows what is usual; what came later is searched */
    static Optional<Onset> find(Signal signal, Instant quietUntil) {
        List<Count> counts = signal.counts();
        int first = 0;
        double exposure = 0;
        double events = 0;
        double all = 0;
        double allEvents = 0;
        for (Count count : counts) {
            if (!count.end().isAfter(quietUntil)) {
                first++;
                exposure += count.exposure();
                events += count.events();
            }
            all += count.exposure();
            allEvents += count.events();
        }
        int searched = counts.size() - first;
        if (exposure <= 0 || searched <= 0) {
            return Optional.empty();
        }
        double dispersion = dispersion(counts.subList(0, first), events / exposure);
        double[] ratios = new double[searched];
        int best = -1;
        double chance = 1;
        for (int tau = 0; tau < searched; tau++) {
            double before = exposure;
            double eventsBefore = events;
            double after = all - exposure;
            double eventsAfter = allEvents - events;
            Count next = counts.get(first + tau);
            exposure += next.exposure();
            events += next.events();
            if (!rises(before, eventsBefore, after, eventsAfter)) {
                continue;
            }
            ratios[tau] = logRatio(before, eventsBefore, after, eventsAfter) / dispersion;
            chance = Math.min(
                    chance, Tail.atLeast(eventsAfter / dispersion, allEvents / dispersion, after / (before + after)));
            best = best < 0 || ratios[tau] > ratios[best] ? tau : best;
        }
        if (best < 0 || chance * searched > CHANCE) {
            return Optional.empty();
        }
        return Optional.of(onset(counts, first, best, ratios, chance * searched));
    }

    private static boolean rises(double before, double eventsBefore, double after, double eventsAfter) {
        double usual = eventsBefore / before;
        double now = after <= 0 ? 0 : eventsAfter / after;
        return eventsAfter >= LEAST_EVENTS && now - usual >= LEAST_RISE && now >= LEAST_RATIO * usual;
    }

    private static double logRatio(double before, double eventsBefore, double after, double eventsAfter) {
        double usual = (eventsBefore + eventsAfter) / (before + after);
        return part(eventsBefore, before, usual) + part(eventsAfter, after, usual);
    }

    private static double part(double events, double exposure, double usual) {
        return events <= 0 ? 0 : events * Math.log(events / exposure / usual);
    }

    private static Onset onset(List<Count> counts, int first, int best, double[] ratios, double chance) {
        int from = best;
        int to = best;
        for (int tau = 0; tau < ratios.length; tau++) {
            if (ratios[tau] > 0 && ratios[tau] >= ratios[best] - WITHIN) {
                from = Math.min(from, tau);
                to = Math.max(to, tau);
            }
        }
        double[] sums = new double[4];
        for (int i = 0; i < counts.size(); i++) {
            int side = i < first + best ? 0 : 2;
            sums[side] += counts.get(i).events();
            sums[side + 1] += counts.get(i).exposure();
        }
        // The change may lie within the interval before the first that shows it, or in a gap between the two.
        Count earliest = counts.get(first + from);
        Instant before = first + from == 0
                ? earliest.at().minus(earliest.length())
                : counts.get(first + from - 1).at();
        return new Onset(
                counts.get(first + best).at(),
                before,
                counts.get(first + to).end(),
                sums[0] / sums[1],
                sums[2] / sums[3],
                Math.min(1, chance));
    }

    /** How many times more than by chance the quiet counts vary; never less than once. */
    private static double dispersion(List<Count> quiet, double rate) {
        return IntStream.of(BLOCKS)
                .mapToDouble(block -> dispersion(quiet, rate, block))
                .reduce(1, Math::max);
    }

    private static double dispersion(List<Count> quiet, double rate, int block) {
        double sum = 0;
        int blocks = 0;
        for (int i = 0; i + block <= quiet.size() && rate > 0; i += block) {
            double exposure = 0;
            double events = 0;
            for (Count count : quiet.subList(i, i + block)) {
                exposure += count.exposure();
                events += count.events();
            }
            double expected = exposure * rate;
            if (expected > 0) {
                sum += (events - expected) * (events - expected) / expected;
                blocks++;
            }
        }
        return blocks < LEAST_BLOCKS ? 1 : sum / (blocks - 1);
    }
}
