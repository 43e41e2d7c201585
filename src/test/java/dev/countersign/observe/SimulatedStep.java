package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What a source would have measured in a step: intervals of 15 seconds at a share of 5 %. Noise multiplies the error rate and the latency of an interval; where it is
 * autocorrelated its logarithm is an AR(1) process.
 */
final class SimulatedStep {
    static final double SHARE = 0.05;
    static final Duration INTERVAL = Duration.ofSeconds(15);

    /** Persistence from one interval to the next: a disturbance lasts about two and a half minutes. */
    private static final double PHI = 0.9;

    private static final double MEDIAN_MS = 100;
    private static final double SPREAD = 0.5;
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** {@code SHARED} disturbs both versions at once, as a slow database does; {@code OWN} each for itself, as a noisy machine does. */
    enum Noise {
        INDEPENDENT("independent"),
        SHARED("autocorrelated, shared"),
        OWN("autocorrelated, own");

        final String words;

        Noise(String words) {
            this.words = words;
        }
    }

    /**
     * @param perSecond requests to both versions
     * @param errorRate of the baseline
     * @param ratio of the candidate's error rate to it
     * @param shiftMs added to each of the candidate's requests
     * @param errorNoise standard deviation of the logarithm of an interval's error rate
     * @param latencyNoise likewise of its latency
     */
    record World(
            int perSecond,
            Noise noise,
            double errorRate,
            double ratio,
            double shiftMs,
            double errorNoise,
            double latencyNoise) {}

    final List<Sample> candidate = new ArrayList<>();
    final List<Sample> baseline = new ArrayList<>();
    private final World world;
    private final boolean withLatencies;
    private final SplittableRandom random;

    SimulatedStep(World world, int intervals, boolean withLatencies, SplittableRandom random) {
        this.world = world;
        this.withLatencies = withLatencies;
        this.random = random;
        double own = random.nextGaussian();
        double other = random.nextGaussian();
        for (int at = 0; at < intervals; at++) {
            own = next(own);
            other = world.noise == Noise.OWN ? next(other) : own;
            boolean quiet = world.noise == Noise.INDEPENDENT;
            candidate.add(sample(at, CANDIDATE, SHARE, world.ratio, world.shiftMs, quiet ? 0 : own));
            baseline.add(sample(at, BASELINE, 1 - SHARE, 1, 0, quiet ? 0 : other));
        }
    }

    private double next(double before) {
        return PHI * before + Math.sqrt(1 - PHI * PHI) * random.nextGaussian();
    }

    private Sample sample(int at, String version, double share, double ratio, double shiftMs, double noise) {
        double expected = world.perSecond * INTERVAL.toSeconds() * share;
        // The logarithm's mean is set so that the rate's mean is what it is without noise.
        double rate = Math.min(
                1,
                world.errorRate
                        * ratio
                        * Math.exp(
                                world.errorNoise * noise - (noise == 0 ? 0 : world.errorNoise * world.errorNoise / 2)));
        Latencies latencies = withLatencies ? latencies(expected, shiftMs, Math.exp(world.latencyNoise * noise)) : null;
        long requests = latencies == null ? poisson(expected) : latencies.total();
        long errors = Math.min(requests, poisson(requests * rate));
        return new Sample(
                START.plus(INTERVAL.multipliedBy(at)),
                INTERVAL,
                version,
                requests,
                errors,
                latencies == null ? Double.valueOf(20) : latencies.percentile(0.5),
                latencies == null ? Double.valueOf(20) : latencies.percentile(0.95),
                latencies == null ? Double.valueOf(20) : latencies.percentile(0.99),
                latencies);
    }

    /** Lognormal, counted in buckets that grow by an eighth. */
    private Latencies latencies(double expected, double shiftMs, double factor) {
        SortedMap<Double, Long> counts = new TreeMap<>();
        double below = 0;
        for (double bound = 10; bound < 5000; bound *= 1.125) {
            double scaled = (bound - shiftMs) / (MEDIAN_MS * factor);
            double upTo = scaled <= 0 ? 0 : NORMAL.cumulativeProbability(Math.log(scaled) / SPREAD);
            counts.put(bound, poisson(expected * (upTo - below)));
            below = upTo;
        }
        counts.put(Double.POSITIVE_INFINITY, poisson(expected * (1 - below)));
        return Latencies.ofBuckets(counts);
    }

    /** By Knuth's product of chances; a large one as the normal distribution that it hardly differs from. */
    private long poisson(double mean) {
        if (mean > 50) {
            return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        long count = -1;
        double limit = Math.exp(-mean);
        double product = 1;
        do {
            count++;
            product *= random.nextDouble();
        } while (product > limit);
        return count;
    }
}
