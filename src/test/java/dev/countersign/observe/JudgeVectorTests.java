package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.minutes;
import static dev.countersign.observe.Series.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M3.4")
class JudgeVectorTests {
    @Test
    void the_shift_of_1_2_3_4_to_10_20_30_40_is_22_and_a_half_between_6_and_39() {
        RankComparison comparison = RankComparison.of(new double[] {10, 20, 30, 40}, new double[] {1, 2, 3, 4}, 0.95);
        assertThat(comparison.shift()).isEqualTo(22.5);
        assertThat(comparison.lower()).isEqualTo(6);
        assertThat(comparison.upper()).isEqualTo(39);
        assertThat(comparison.pValue()).isLessThan(0.05);
        assertThat(comparison.worse(5, 0.95)).isTrue();
        assertThat(comparison.worse(6, 0.95)).isFalse();
    }

    @Test
    void equal_values_are_no_difference() {
        RankComparison comparison =
                RankComparison.of(new double[] {5, 5, 5, 5, 5, 5}, new double[] {5, 5, 5, 5, 5, 5}, 0.95);
        assertThat(comparison.shift()).isZero();
        assertThat(comparison.worse(0, 0.95)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0.1, 2", "3, 3, 0.1, 2", "6, 20, 0.05, 1.5", "1, 40, 0.25, 2", "80, 100, 0.5, 1", "5, 60, 0.1, 3"
    })
    void evidence_agrees_with_the_integral_that_defines_it(long k, long n, double share, double tolerated) {
        assertThat(ErrorRatio.evidence(k, n, share, tolerated))
                .isCloseTo(
                        integral(k, n, share, tolerated), within(1e-6 * Math.max(1, integral(k, n, share, tolerated))));
    }

    @ParameterizedTest
    @CsvSource({"10, 0.1, 2", "50, 0.05, 1.5", "200, 0.5, 1"})
    void at_the_boundary_evidence_is_one_on_average_and_below_it_less(int n, double share, double tolerated) {
        double boundary = tolerated * share / (tolerated * share + 1 - share);
        assertThat(expectation(n, boundary, share, tolerated)).isCloseTo(1, within(1e-6));
        assertThat(expectation(n, boundary * 0.8, share, tolerated)).isLessThan(1);
        assertThat(ErrorRatio.evidence(0, n, share, tolerated))
                .as("a better candidate")
                .isLessThan(1);
    }

    @Test
    void looked_at_after_every_error_it_alarms_falsely_in_less_than_one_of_a_hundred() {
        SplittableRandom random = new SplittableRandom(20261124);
        double share = 0.1;
        double boundary = 2 * share / (2 * share + 1 - share);
        int alarms = 0;
        for (int rollout = 0; rollout < 1000; rollout++) {
            alarms += alarmsWithin(200, boundary, share, random) ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(10 + 9); // three standard deviations
    }

    @Test
    void ten_times_the_errors_are_found_within_sixty_errors() {
        SplittableRandom random = new SplittableRandom(20261125);
        double share = 0.1;
        double truth = 10 * share / (10 * share + 1 - share);
        int found = 0;
        for (int rollout = 0; rollout < 1000; rollout++) {
            found += alarmsWithin(60, truth, share, random) ? 1 : 0;
        }
        assertThat(found).isGreaterThan(950);
    }

    @Test
    void the_error_trigger_alarms_falsely_at_one_percent_errors_in_few_half_hours_and_never_misses_twenty() {
        SplittableRandom random = new SplittableRandom(20261126);
        int falseAlarms = 0;
        int missed = 0;
        for (int rollout = 0; rollout < 60; rollout++) {
            falseAlarms += fails(0.01, random) ? 1 : 0;
            missed += fails(0.20, random) ? 0 : 1;
        }
        assertThat(falseAlarms).isLessThanOrEqualTo(3);
        assertThat(missed).isZero();
    }

    /** A candidate at 5 % of 20 requests a second. */
    private static boolean fails(double errorRate, SplittableRandom random) {
        List<Sample> candidate = new ArrayList<>();
        List<Sample> baseline = new ArrayList<>();
        for (int at = 0; at < 1800; at++) {
            candidate.add(Series.second(at, CANDIDATE, 1, random.nextDouble() < errorRate ? 1 : 0, 20));
            baseline.add(Series.second(at, BASELINE, 19, 0, 20));
        }
        Course course =
                Series.course(step(minutes(), Duration.ofMinutes(30), Duration.ofHours(2)), candidate, baseline, 1800);
        assertThat(course.since()).isEqualTo(START);
        return Judge.rule(course).orElseThrow().is(Outcome.FAIL);
    }

    private static boolean alarmsWithin(int errors, double probability, double share, SplittableRandom random) {
        int ofCandidate = 0;
        for (int n = 1; n <= errors; n++) {
            ofCandidate += random.nextDouble() < probability ? 1 : 0;
            if (ErrorRatio.evidence(ofCandidate, n, share, 2) >= 100) {
                return true;
            }
        }
        return false;
    }

    private static double expectation(int n, double probability, double share, double tolerated) {
        double sum = 0;
        double log = n * Math.log(1 - probability);
        for (int k = 0; k <= n; k++) {
            sum += Math.exp(log) * ErrorRatio.evidence(k, n, share, tolerated);
            log += Math.log((double) (n - k) / (k + 1)) + Math.log(probability) - Math.log(1 - probability);
        }
        return sum;
    }

    /** Simpson's rule over the definition in the design. */
    private static double integral(long k, long n, double share, double tolerated) {
        double p0 = tolerated * share / (tolerated * share + 1 - share);
        double a = 50 * p0;
        double b = 50 * (1 - p0);
        int steps = 20_000;
        double width = (1 - p0) / steps;
        double above = 0;
        double prior = 0;
        for (int i = 0; i <= steps; i++) {
            double p = Math.min(1 - 1e-12, p0 + i * width);
            double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            double beta = Math.exp((a - 1) * Math.log(p) + (b - 1) * Math.log(1 - p));
            double ratio = Math.exp(k * Math.log(p / p0) + (n - k) * Math.log((1 - p) / (1 - p0)));
            above += weight * beta * ratio;
            prior += weight * beta;
        }
        return above / prior;
    }
}
