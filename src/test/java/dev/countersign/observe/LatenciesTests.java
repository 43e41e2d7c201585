package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M1.2")
class LatenciesTests {
    private static Latencies histogram(Map<Double, Long> counts) {
        return Latencies.ofBuckets(new TreeMap<>(counts));
    }

    @Test
    void a_percentile_of_another_systems_histogram_is_interpolated_between_its_own_bounds() {
        Latencies latencies = histogram(Map.of(100.0, 0L, 250.0, 100L, Double.POSITIVE_INFINITY, 0L));
        // Between our own bounds it would lie between 200 and 250.
        assertThat(latencies.percentile(0.5)).isCloseTo(175, within(1e-9));
        assertThat(Latencies.parse(latencies.toString()).percentile(0.5)).isCloseTo(175, within(1e-9));
        assertThat(Latencies.sum(List.of(latencies, latencies)).percentile(0.5)).isCloseTo(175, within(1e-9));
    }

    @Test
    void a_percentile_beyond_the_last_bound_is_that_bound_and_said_to_exceed_it() {
        Latencies latencies = histogram(Map.of(250.0, 90L, Double.POSITIVE_INFINITY, 10L));
        assertThat(latencies.percentile(0.95)).isEqualTo(250);
        assertThat(latencies.exceedsBounds(0.95)).isTrue();
        assertThat(latencies.exceedsBounds(0.9)).isFalse();
        assertThat(Latencies.NONE.exceedsBounds(0.95)).isFalse();
    }

    @Test
    void a_candidate_slower_than_its_histogram_can_tell_is_never_within_the_limit() {
        Triggers triggers = Series.seconds();
        List<Sample> baseline = List.of(sample(Series.BASELINE, Map.of(100.0, 100L, Double.POSITIVE_INFINITY, 0L)));
        List<Sample> slow = List.of(sample(Series.CANDIDATE, Map.of(100.0, 10L, Double.POSITIVE_INFINITY, 90L)));
        LatencyTrigger trigger = LatencyTrigger.scan(
                slow, baseline, null, triggers, Series.START, Series.START.plus(triggers.latencyWindow()), false);

        assertThat(trigger.breach()).isNull();
        assertThat(trigger.held()).isZero();
        assertThat(trigger.latest()).isNull();
    }

    private static Sample sample(String version, Map<Double, Long> counts) {
        return new Sample(Series.START, Duration.ofSeconds(1), version, 100, 0, null, null, null, histogram(counts));
    }
}
