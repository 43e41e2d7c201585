package dev.countersign.learning.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M7.5")
class BoundsTests {
    /** Newcombe, Statistics in Medicine 17 (1998), table I, method 3; the last two are the closed forms z²/(n+z²) and n/(n+z²). */
    @ParameterizedTest(name = "{0} of {1}: from {2} to {3}")
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0.0000, 0.1611",
        "1, 29, 0.0061, 0.1718",
        "0, 1, 0.0000, 0.7935",
        "1, 1, 0.2065, 1.0000"
    })
    void wilsons_interval_is_the_published_one(long successes, long trials, double low, double high) {
        Bounds<Double> interval = Bounds.wilson(successes, trials);
        assertThat(interval.low()).isCloseTo(low, within(0.00005));
        assertThat(interval.high()).isCloseTo(high, within(0.00005));
    }

    @Test
    void wilsons_interval_holds_the_ratio_and_never_leaves_nought_to_one() {
        for (int trials = 1; trials <= 60; trials++) {
            for (int successes = 0; successes <= trials; successes++) {
                Bounds<Double> interval = Bounds.wilson(successes, trials);
                assertThat(interval.low()).isBetween(0.0, (double) successes / trials);
                assertThat(interval.high()).isBetween((double) successes / trials, 1.0);
            }
        }
    }

    @Test
    void nothing_tried_has_no_interval() {
        assertThat(Bounds.wilson(0, 0)).isNull();
        assertThat(Bounds.rate(0, 0)).isNull();
        assertThat(Bounds.median(spread(0))).isNull();
    }

    /** Ranks of the sign test at 95 %, as in tables: none up to 5, then 1 of 6, 2 of 9, 6 of 20. */
    @ParameterizedTest(name = "of {0} values from the {1}. to the {2}.")
    @CsvSource({"6, 1, 6", "8, 1, 8", "9, 2, 8", "10, 2, 9", "20, 6, 15"})
    void the_median_lies_between_two_of_the_values(int n, int low, int high) {
        Bounds<Duration> interval = Bounds.median(spread(n));
        assertThat(interval.low()).isEqualTo(Duration.ofHours(low));
        assertThat(interval.high()).isEqualTo(Duration.ofHours(high));
    }

    @Test
    void five_values_say_nothing_of_the_median() {
        assertThat(Bounds.median(spread(5))).isNull();
    }

    /** Garwood's limits of a Poisson count, as in tables: 0 to 3.689 of none, 4.795 to 18.390 of ten. */
    @ParameterizedTest(name = "{0} events: from {1} to {2}")
    @CsvSource({"0, 0, 3.6889", "1, 0.0253, 5.5716", "10, 4.7954, 18.3904"})
    void a_rate_has_the_exact_interval_of_a_poisson_count(long events, double low, double high) {
        assertThat(Bounds.rate(events, 1).low()).isCloseTo(low, within(0.0001));
        assertThat(Bounds.rate(events, 1).high()).isCloseTo(high, within(0.0001));
        assertThat(Bounds.rate(events, 2).high()).isCloseTo(high / 2, within(0.0001));
    }

    private static Spread spread(int n) {
        return Spread.of(IntStream.rangeClosed(1, n).mapToObj(Duration::ofHours));
    }
}
