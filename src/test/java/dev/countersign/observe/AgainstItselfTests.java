package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.quarters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.SimulatedStep.Noise;
import dev.countersign.observe.SimulatedStep.World;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M3.4")
class AgainstItselfTests {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final int DAY = 24 * 60 * 4;
    private static final Triggers TRIGGERS = Series.minutes();
    private static final CanaryMetric ERRORS =
            new CanaryMetric("error ratio", "ratio", "more", 2, 0.001, 0, 0.01, true, "canary-metrics 1.0");
    private static final CanaryMetric P95 =
            new CanaryMetric("latency p95", "ranks", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0");

    @Test
    void steady_noise_alarms_no_more_often_than_is_accepted() {
        World steady = new World(20, Noise.INDEPENDENT, 0.005, 1, 0, 0, 0);
        List<Sample> history = new SimulatedStep(steady, DAY, true, new SplittableRandom(20261126)).baseline;
        for (CanaryMetric metric : List.of(ERRORS, P95)) {
            FalseAlarm measured = measure(metric, history);
            assertThat(measured.verdict()).as(measured.sentence()).isEqualTo("OK");
            assertThat(measured.windows()).isEqualTo(48);
            assertThat(measured.comparisons()).isEqualTo(48 * AgainstItself.LOTS);
            assertThat(measured.rate()).isLessThanOrEqualTo(0.01);
            assertThat(measured.accepted()).isEqualTo(0.01);
        }
    }

    @Test
    void errors_that_come_in_bursts_warn() {
        List<Sample> history = quarters(BASELINE, DAY, at -> 300, at -> at % 20 == 7 ? 60 : 0, at -> 20);
        FalseAlarm measured = measure(ERRORS, history);
        assertThat(measured.verdict()).isEqualTo("WARN");
        assertThat(measured.warns()).isTrue();
        assertThat(measured.sentence())
                .matches(
                        "Error ratio alarms in \\d+ of 384 comparisons of the baseline with itself \\(\\d+\\.\\d %, in 48 windows of"
                                + " 30 min; accepted are 1 %\\): what it stops may be noise \\(canary-metrics 1\\.0\\)");
    }

    @Test
    void latencies_that_jump_between_measurements_warn_where_small_shifts_are_asked_for() {
        SplittableRandom random = new SplittableRandom(7);
        CanaryMetric any = new CanaryMetric("latency p95", "ranks", "more", 1, 0, 0, 0.05, false, "canary-metrics 1.0");
        // The first measurement of a block is slow: it is the candidate's more often than a fair lot of requests would
        // have it.
        List<Sample> history = quarters(BASELINE, DAY, at -> 300, at -> 0, at -> 20 + 200 * random.nextDouble());
        FalseAlarm measured = AgainstItself.measure(any, history, 0.05, HALF_HOUR, TRIGGERS);
        assertThat(measured.rate()).isGreaterThan(0);
        assertThat(measured.windows()).isEqualTo(48);
    }

    @Test
    void the_same_history_gives_the_same_figures() {
        List<Sample> history = quarters(BASELINE, DAY, at -> 300, at -> at % 20 == 7 ? 60 : 0, at -> 20);
        assertThat(measure(ERRORS, history)).isEqualTo(measure(ERRORS, history));
    }

    @Test
    void with_too_little_history_nobody_knows_and_that_warns_too() {
        List<Sample> history = quarters(BASELINE, 19 * 120, at -> 300, at -> 0, at -> 20);
        FalseAlarm measured = measure(P95, history);
        assertThat(measured.verdict()).isEqualTo("NO_DATA");
        assertThat(measured.warns()).isTrue();
        assertThat(measured.sentence())
                .isEqualTo(
                        "How often latency p95 alarms falsely is not known: 19 windows of 30 min of the baseline could be"
                                + " compared, 1 more are needed (canary-metrics 1.0)");
        assertThat(measure(P95, List.of()).rate()).isNull();
    }

    @Test
    void windows_with_holes_or_without_requests_are_not_counted() {
        List<Sample> holed = quarters(BASELINE, DAY, at -> at % 240 > 60 && at % 240 < 80 ? 0 : 300, at -> 0, at -> 20);
        assertThat(measure(ERRORS, holed).windows()).isLessThan(48);
        List<Sample> silent = quarters(BASELINE, DAY, at -> 300, at -> 0, at -> 20).stream()
                .map(each -> new Sample(each.at(), each.interval(), BASELINE, 0, 0, null, null, null))
                .toList();
        assertThat(measure(ERRORS, silent).verdict()).isEqualTo("NO_DATA");
        assertThat(measure(P95, silent).verdict()).isEqualTo("NO_DATA");
    }

    private static FalseAlarm measure(CanaryMetric metric, List<Sample> history) {
        return AgainstItself.measure(metric, history, 0.05, HALF_HOUR, TRIGGERS);
    }
}
