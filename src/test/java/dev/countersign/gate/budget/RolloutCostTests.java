package dev.countersign.gate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.countersign.catalog.Slo;
import dev.countersign.gate.budget.ErrorBudgets.Cost;
import dev.countersign.gate.budget.ErrorBudgets.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M5.3")
@Tag("M1.1")
class RolloutCostTests {
    private static final Duration FOUR_WEEKS = Duration.ofDays(28);
    /** One tenth of the users for half an hour, at most two; then all for an hour, at most four. */
    private static final List<Exposure> PARTS = List.of(
            new Exposure("step 1", 0.1, Duration.ofMinutes(30), Duration.ofHours(2)),
            new Exposure("stabilisation", 1, Duration.ofHours(1), Duration.ofHours(4)));

    private static Slo slo(String kind, double target, String budgeting, Double sliceTarget) {
        return new Slo(
                "promised",
                "checkout",
                kind,
                target,
                null,
                FOUR_WEEKS,
                "d",
                null,
                budgeting,
                sliceTarget,
                sliceTarget == null ? null : Duration.ofMinutes(1),
                Map.of(),
                null,
                null,
                null);
    }

    @Test
    void share_times_time_times_the_worst_tolerated_ratio_is_held_against_the_budget_of_the_window() {
        Cost cost = RolloutCost.of(slo("errors", 0.99, "Occurrences", null), PARTS, 0.05);
        // 0.1 · 0.5 h and 1 · 1 h with 5 % errors, of 672 h with 1 %
        assertThat(cost.planned()).isCloseTo((0.05 + 1) * 0.05 / 6.72, within(1e-12));
        assertThat(cost.longest()).isCloseTo((0.2 + 4) * 0.05 / 6.72, within(1e-12));
        assertThat(cost.worst()).isEqualTo(0.05);
    }

    @Test
    void no_trigger_looks_at_the_bound_of_a_latency_so_that_all_of_the_candidate_may_be_slow() {
        Cost cost = RolloutCost.of(slo("latency", 0.95, "Occurrences", null), PARTS, 0.05);
        assertThat(cost.worst()).isEqualTo(1);
        assertThat(cost.planned()).isCloseTo((0.05 + 1) / 33.6, within(1e-12));
    }

    /** The error trigger bounds failed requests; of nothing else does it say how much may be bad. */
    @ParameterizedTest
    @CsvSource({
        "unspecified, ratio, 1",
        "unspecified, threshold, 1",
        "availability, threshold, 1",
        "availability, ratio, 0.05",
        "errors, raw, 0.05"
    })
    void what_no_trigger_bounds_may_be_bad_as_a_whole(String kind, String shape, double worst) {
        Slo slo = new Slo(
                "promised",
                "checkout",
                kind,
                0.9,
                null,
                FOUR_WEEKS,
                "d",
                null,
                "Occurrences",
                null,
                null,
                Map.of(),
                null,
                new Slo.Source(shape, null, null, null, null, Map.of(), null),
                null);
        assertThat(RolloutCost.of(slo, PARTS, 0.05).worst()).isEqualTo(worst);
    }

    @ParameterizedTest
    @CsvSource({
        // slices are good with 0.5 % bad in a tenth of the users, and bad with 5 % in all
        "0.99, 1",
        // bad in each
        "0.999, 1.5",
        // good in each
        "0.9, 0"
    })
    void a_time_slice_is_bad_as_a_whole_or_not_at_all(double sliceTarget, double badHours) {
        Cost cost = RolloutCost.of(slo("availability", 0.99, "Timeslices", sliceTarget), PARTS, 0.05);
        assertThat(cost.planned()).isCloseTo(badHours / 6.72, within(1e-12));
    }
}
