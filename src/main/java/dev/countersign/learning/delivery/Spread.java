package dev.countersign.learning.delivery;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/** Durations in their order. A quantile between two of them is interpolated, as spreadsheets do it (type 7 of Hyndman and Fan). */
final class Spread {
    private static final Quantile QUANTILE = Quantile.withDefaults().with(EstimationMethod.HF7);
    private final double[] sorted;

    private Spread(double[] sorted) {
        this.sorted = sorted;
    }

    /** Those that are null are not among them. */
    static Spread of(Stream<Duration> durations) {
        double[] millis = durations
                .filter(Objects::nonNull)
                .mapToDouble(Duration::toMillis)
                .toArray();
        Arrays.sort(millis);
        return new Spread(millis);
    }

    int n() {
        return sorted.length;
    }

    /** Counted from 1, shortest first. */
    Duration rank(int rank) {
        return duration(sorted[rank - 1]);
    }

    Duration median() {
        return quantile(0.5);
    }

    Duration p90() {
        return quantile(0.9);
    }

    Duration mean() {
        return sorted.length == 0
                ? null
                : duration(Arrays.stream(sorted).average().orElseThrow());
    }

    private Duration quantile(double p) {
        return sorted.length == 0 ? null : duration(QUANTILE.evaluate(sorted.length, at -> sorted[at], p));
    }

    private static Duration duration(double millis) {
        return Duration.ofMillis(Math.round(millis));
    }
}
