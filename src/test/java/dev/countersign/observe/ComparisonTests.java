package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.course;
import static dev.countersign.observe.Series.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules 2 and 3 in the verdict of a step, on measurements of 15 seconds as Prometheus gives them. */
@Tag("M3.4")
class ComparisonTests {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final int INTERVALS = 120;
    /** Rule 1 lets all of this pass. */
    private static final Triggers LENIENT =
            new Triggers(0.5, Duration.ofMinutes(5), 100, 10_000, Duration.ofMinutes(1), 2, 3, "rollback-triggers 1.0");

    @Test
    void six_percent_errors_in_10_of_30_minutes_against_none_fail_by_the_evidence_alone() {
        List<Sample> candidate = of(CANDIDATE, at -> 50, at -> at >= 40 && at < 80 ? 3 : 0, at -> 20);
        List<Sample> baseline = of(BASELINE, at -> 450, at -> 0, at -> 20);
        Ruling ruling = rule(course(step(LENIENT.with(List.of(errors(2, true)))), candidate, baseline, 1800));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.last()).isTrue();
        assertThat(ruling.judgement().metric()).isEqualTo("error ratio");
        assertThat(ruling.judgement().ruleVersion()).isEqualTo("canary-metrics 1.0");
        assertThat(ruling.judgement().limit()).isCloseTo(100, within(1e-9));
        assertThat(ruling.judgement().value()).isGreaterThanOrEqualTo(100);
        assertThat(ruling.judgement().sentence())
                .matches(
                        "Errors \\d+ of \\d+ requests against 0 of \\d+ of the baseline, evidence \\d+ that this is over 2"
                                + " times as often \\(limit 100\\) \\(canary-metrics 1\\.0\\)");
    }

    @Test
    void the_rank_test_alone_passes_it_with_a_tolerance_so_it_is_not_asked_about_errors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanaryMetric("error ratio", "ranks", "more", 1, 0, 25, 0.05, true, "1.0"))
                .withMessageContaining("rule 'ranks'");
    }

    @Test
    void a_failure_is_told_in_the_same_words_whenever_it_is_looked_at() {
        List<Sample> candidate = of(CANDIDATE, at -> 50, at -> at >= 40 ? 3 : 0, at -> 20);
        List<Sample> baseline = of(BASELINE, at -> 450, at -> 0, at -> 20);
        Order order = step(LENIENT.with(List.of(errors(2, true))));
        Ruling first = null;
        for (int seconds = 15; first == null && seconds <= 1800; seconds += 15) {
            first = Judge.rule(course(order, until(candidate, seconds), until(baseline, seconds), seconds))
                    .filter(ruling -> ruling.is(Outcome.FAIL))
                    .orElse(null);
        }
        assertThat(first).isNotNull();
        assertThat(rule(course(order, candidate, baseline, 1800)).judgement().sentence())
                .isEqualTo(first.judgement().sentence());
    }

    @ParameterizedTest
    @CsvSource({
        // errors in each interval of the candidate's 50 and the baseline's 450 requests, tolerated ratio, verdict
        "0, 0, 2, PASS",
        "1, 9, 2, PASS", // as often as the baseline
        "2, 18, 2, PASS",
        "2, 9, 2, PASS", // twice as often is tolerated
        "4, 9, 2, FAIL",
        "4, 9, 3, FAIL",
        "3, 0, 2, FAIL",
        "0, 90, 2, PASS" // better
    })
    void errors_fail_beyond_the_tolerated_ratio(long candidate, long baseline, double tolerated, String verdict) {
        Ruling ruling = rule(course(
                step(LENIENT.with(List.of(errors(tolerated, true)))),
                of(CANDIDATE, at -> 50, at -> candidate, at -> 20),
                of(BASELINE, at -> 450, at -> baseline, at -> 20),
                1800));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
    }

    @Test
    void more_errors_that_are_too_few_to_matter_stop_nothing() {
        List<Sample> candidate = of(CANDIDATE, at -> 50_000, at -> at % 2, at -> 20);
        List<Sample> baseline = of(BASELINE, at -> 450_000, at -> 0, at -> 20);
        Ruling ruling = rule(course(step(LENIENT.with(List.of(errors(2, true)))), candidate, baseline, 1800));
        assertThat(ruling.is(Outcome.PASS)).as(ruling.judgement().sentence()).isTrue();
        assertThat(ruling.judgement().sentence()).contains("errors 60 of 6000000 requests against 0 of 54000000");
    }

    @Test
    void a_metric_that_is_not_critical_holds_until_a_person_decides_and_never_passes() {
        IntToLongFunction bad = at -> 5;
        Order order = step(LENIENT.with(List.of(errors(2, false))));
        List<Sample> baseline = of(BASELINE, at -> 450, at -> 0, at -> 20);
        Ruling held = rule(course(order, of(CANDIDATE, at -> 50, bad, at -> 20), baseline, 1800));
        assertThat(held.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(held.last()).isFalse();
        assertThat(held.judgement().sentence()).startsWith("Held back, the window begins anew: Errors 600 of 6000");
        assertThat(held.unbrokenSince()).isEqualTo(START.plusSeconds(1800));
        Ruling late = rule(Courses.course(
                order,
                START,
                false,
                null,
                List.of(),
                List.of(),
                of(CANDIDATE, at -> 50, bad, at -> 20),
                baseline,
                START.plusSeconds(1800),
                START.plus(order.maximum()),
                null));
        assertThat(late.last()).isTrue();
        assertThat(late.judgement().sentence()).startsWith("No verdict after 2 h: Held back");
    }

    @Test
    void evidence_of_earlier_steps_multiplies() {
        Order order = step(LENIENT.with(List.of(errors(2, true))));
        List<Sample> candidate = of(CANDIDATE, at -> 50, at -> at % 12 == 0 ? 3 : 0, at -> 20);
        List<Sample> baseline = of(BASELINE, at -> 450, at -> at % 12 == 0 ? 6 : 0, at -> 20);
        assertThat(rule(course(order, candidate, baseline, 1800)).is(Outcome.PASS))
                .isTrue();
        List<Segment> before =
                List.of(new Segment(0.05, 6000, 20, 114_000, 90), new Segment(0.25, 6000, 60, 18_000, 50));
        assertThat(before).allSatisfy(each -> assertThat(each.logEvidence(2)).isBetween(0.5, Math.log(99)));
        Ruling together = rule(after(order, before, candidate, baseline));
        assertThat(together.is(Outcome.FAIL))
                .as(together.judgement().sentence())
                .isTrue();
    }

    @Test
    void a_segment_of_the_same_share_goes_on_and_counts_once() {
        Segment one = new Segment(0.1, 100, 3, 900, 5);
        Segment two = new Segment(0.1, 200, 4, 1800, 6);
        Segment other = new Segment(0.25, 10, 1, 30, 1);
        assertThat(Segment.joined(List.of(one, two, other, one)))
                .containsExactly(new Segment(0.1, 300, 7, 2700, 11), other, one);
        Order order = step(LENIENT.with(List.of(errors(2, true))));
        List<Sample> candidate = of(CANDIDATE, at -> 50, at -> at % 60 == 0 ? 1 : 0, at -> 20);
        List<Sample> baseline = of(BASELINE, at -> 450, at -> 0, at -> 20);
        Ruling ruling = rule(after(order, List.of(one), candidate, baseline));
        assertThat(ruling.judgement().sentence()).contains("errors 5 of 6100 requests against 5 of 54900");
    }

    @Test
    void a_step_that_was_good_among_many_errors_hides_nothing_of_what_comes_after() {
        Segment good = new Segment(0.05, 60_000, 600, 1_140_000, 11_400);
        assertThat(good.logEvidence(2)).isCloseTo(Math.log(Segment.HELD_BACK), within(0.02));
        Order order = step(LENIENT.with(List.of(errors(2, true))));
        Ruling ruling = rule(after(
                order,
                List.of(good),
                of(CANDIDATE, at -> 50, at -> 3, at -> 20),
                of(BASELINE, at -> 450, at -> 0, at -> 20)));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
    }

    @Test
    void errors_while_the_baseline_was_not_measured_are_not_compared() {
        List<Sample> candidate = of(CANDIDATE, at -> 50, at -> at >= 40 && at < 80 ? 3 : 0, at -> 20);
        List<Sample> baseline = of(BASELINE, at -> at >= 40 && at < 80 ? 0 : 450, at -> 0, at -> 20);
        Segment counted = Segment.of(0.1, candidate, baseline, START, Duration.ofMinutes(1));
        assertThat(counted).isEqualTo(new Segment(0.1, 80 * 50, 0, 80 * 450, 0));
        Ruling ruling = rule(course(step(LENIENT.with(List.of(errors(2, true)))), candidate, baseline, 1800));
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
    }

    @Test
    void a_router_that_sends_the_candidate_more_does_not_make_it_look_worse() {
        Segment more = new Segment(0.05, 3000, 30, 7000, 70);
        assertThat(more.effectiveShare()).isEqualTo(0.3);
        assertThat(more.logEvidence(2)).isLessThan(0);
        assertThat(new Segment(0.05, 10, 1, 0, 0).logEvidence(2)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // milliseconds over the baseline's, verdict
        "0, PASS",
        "45, PASS", // slower, but not by what matters
        "80, INCONCLUSIVE",
        "-80, PASS"
    })
    void a_slower_candidate_holds_at_the_end_of_its_window(double more, String verdict) {
        Ruling ruling = rule(latencies(p95(false), at -> 100 + more + at % 5, at -> 100 + at % 7));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
    }

    @Test
    void what_holds_says_shift_interval_limit_and_sample_in_a_sentence() {
        Ruling ruling = rule(latencies(p95(false), at -> 180, at -> 100));
        assertThat(ruling.judgement().metric()).isEqualTo("latency p95");
        assertThat(ruling.judgement().limit()).isEqualTo(50);
        assertThat(ruling.judgement().sample()).isEqualTo(6000);
        assertThat(ruling.judgement().value()).isBetween(70.0, 90.0);
        assertThat(ruling.judgement().sentence())
                .matches(
                        "Held back, the window began anew: latency p95 of 6000 requests in 6 blocks of 5 min is \\d+ ms over the"
                                + " baseline's \\(between \\d+ ms and \\d+ ms with 99 % confidence\\), the limit is 50 ms"
                                + " \\(canary-metrics 1\\.0\\); unbroken for 0 s of 30 min");
        assertThat(ruling.unbrokenSince()).isEqualTo(START.plusSeconds(1800));
    }

    @Test
    void a_critical_latency_rolls_back() {
        Ruling ruling = rule(latencies(p95(true), at -> 180, at -> 100));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.last()).isTrue();
        assertThat(ruling.judgement().sentence()).startsWith("latency p95 of 6000 requests");
    }

    @Test
    void before_the_window_is_complete_the_ranks_are_not_asked() {
        Course whole = latencies(p95(true), at -> 180, at -> 100);
        Ruling early = rule(course(whole.order(), until(whole.candidate(), 1785), until(whole.baseline(), 1785), 1785));
        assertThat(early.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(early.judgement().sentence()).startsWith("No breach so far");
    }

    @Test
    void where_less_is_worse_the_other_direction_holds() {
        CanaryMetric less =
                new CanaryMetric("latency p50", "ranks", "less", 1, 0, 50, 0.01, true, "canary-metrics 1.0");
        assertThat(rule(latencies(less, at -> 180, at -> 100)).is(Outcome.PASS)).isTrue();
        Ruling ruling = rule(latencies(less, at -> 100, at -> 180));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.judgement().sentence()).contains("ms under the baseline's");
    }

    @Test
    void a_slow_beginning_holds_once_and_the_next_window_passes() {
        IntToDoubleFunction slowAtFirst = at -> at < INTERVALS ? 180 : 100;
        List<Sample> candidate = of(CANDIDATE, 2 * INTERVALS, at -> 50, at -> 0, slowAtFirst);
        List<Sample> baseline = of(BASELINE, 2 * INTERVALS, at -> 450, at -> 0, at -> 100);
        Order order = step(LENIENT.with(List.of(p95(false))));
        assertThat(rule(course(order, until(candidate, 3585), until(baseline, 3585), 3585))
                        .is(Outcome.INCONCLUSIVE))
                .isTrue();
        Ruling ruling = rule(course(order, candidate, baseline, 3600));
        assertThat(ruling.is(Outcome.PASS)).as(ruling.judgement().sentence()).isTrue();
        assertThat(ruling.unbrokenSince()).isEqualTo(START.plusSeconds(1800));
    }

    @Test
    void at_full_share_there_is_nothing_concurrent_and_the_sentence_says_so() {
        Order shared = step(LENIENT.with(List.of(errors(2, true), p95(true))));
        Order all = new Order(
                shared.id(),
                shared.releaseKey(),
                shared.service(),
                "step",
                CANDIDATE,
                BASELINE,
                1,
                shared.window(),
                shared.maximum(),
                shared.triggers());
        Instant end = START.plusSeconds(1800);
        Ruling ruling = rule(Courses.course(
                all,
                START,
                false,
                20.0,
                List.of(),
                List.of(),
                of(CANDIDATE, at -> 500, at -> 0, at -> 20),
                List.of(),
                end,
                end,
                null));
        assertThat(ruling.is(Outcome.PASS)).isTrue();
        assertThat(ruling.judgement().sentence()).endsWith("nothing concurrent to compare with (canary-metrics 1.0)");
    }

    @Test
    void what_the_table_does_not_apply_is_named() {
        CanaryMetric off =
                new CanaryMetric("latency p95", "not applied", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0");
        Ruling ruling = rule(latencies(off, at -> 180, at -> 100));
        assertThat(ruling.is(Outcome.PASS)).isTrue();
        assertThat(ruling.judgement().sentence()).endsWith("; not compared by the table: latency p95");
    }

    // While a person decides

    private static Order held(Triggers triggers) {
        Order step = step(triggers);
        return new Order(
                "checkout@2.0.0/promotion-1#1",
                step.releaseKey(),
                step.service(),
                "held",
                step.candidate(),
                step.baseline(),
                step.share(),
                HALF_HOUR,
                Duration.ofDays(2),
                triggers);
    }

    /** Two hours of measurements, of 450 requests of the baseline in each interval beside 50 of the candidate. */
    private static Course waiting(CanaryMetric metric, IntToLongFunction errors, IntToDoubleFunction milliseconds) {
        return course(
                held(LENIENT.with(List.of(metric))),
                of(CANDIDATE, 480, at -> 50, errors, milliseconds),
                of(BASELINE, 480, at -> 450, at -> 0, at -> 100),
                7200);
    }

    @Test
    @Tag("M3.5")
    void errors_that_begin_while_a_person_decides_fail_by_the_evidence() {
        Ruling ruling = rule(waiting(errors(2, true), at -> at >= 400 ? 3 : 0, at -> 100));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.last()).isTrue();
        assertThat(ruling.judgement().metric()).isEqualTo("error ratio");
    }

    @Test
    @Tag("M3.5")
    void a_candidate_that_grows_slower_while_a_person_decides_fails_by_ranks_in_a_later_window() {
        CanaryMetric metric = p95(true);
        Ruling ruling = rule(waiting(metric, at -> 0, at -> at >= 240 ? 180 : 100));
        assertThat(ruling.is(Outcome.FAIL)).as(ruling.judgement().sentence()).isTrue();
        assertThat(ruling.judgement().metric()).isEqualTo("latency p95");
        Ruling early = rule(course(
                held(LENIENT.with(List.of(metric))),
                of(CANDIDATE, 240, at -> 50, at -> 0, at -> 100),
                of(BASELINE, 240, at -> 450, at -> 0, at -> 100),
                3600));
        assertThat(early.is(Outcome.FAIL)).isFalse();
    }

    @Test
    void a_metric_that_only_holds_begins_the_window_anew_while_a_person_decides() {
        Ruling ruling = rule(waiting(p95(false), at -> 0, at -> at >= 240 && at < 360 ? 180 : 100));
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.last()).isFalse();
        assertThat(ruling.unbrokenSince()).isEqualTo(START.plusSeconds(360 * 15));
    }

    @ParameterizedTest
    @CsvSource({"latency p95", "error ratio"})
    void whatever_goes_well_while_a_person_decides_it_does_not_pass(String name) {
        CanaryMetric metric = name.equals("error ratio") ? errors(2, true) : p95(true);
        Ruling ruling = rule(waiting(metric, at -> 0, at -> 100));
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.last()).isFalse();
        assertThat(ruling.unbrokenSince()).isEqualTo(START);
        assertThat(ruling.judgement().sentence())
                .contains("unbroken for 2 h", name.equals("latency p95") ? name : "errors 0");
    }

    private static CanaryMetric errors(double tolerated, boolean critical) {
        return new CanaryMetric(
                "error ratio", "ratio", "more", tolerated, 0.001, 0, 0.01, critical, "canary-metrics 1.0");
    }

    private static CanaryMetric p95(boolean critical) {
        return new CanaryMetric("latency p95", "ranks", "more", 1, 0, 50, 0.01, critical, "canary-metrics 1.0");
    }

    private static Course latencies(CanaryMetric metric, IntToDoubleFunction candidate, IntToDoubleFunction baseline) {
        return course(
                step(LENIENT.with(List.of(metric))),
                of(CANDIDATE, at -> 50, at -> 0, candidate),
                of(BASELINE, at -> 450, at -> 0, baseline),
                1800);
    }

    private static Order step(Triggers triggers) {
        return Series.step(triggers, HALF_HOUR, Duration.ofHours(2));
    }

    private static Course after(Order order, List<Segment> earlier, List<Sample> candidate, List<Sample> baseline) {
        Instant end = START.plusSeconds(1800);
        return Courses.course(order, START, false, null, List.of(), earlier, candidate, baseline, end, end, null);
    }

    private static List<Sample> of(
            String version, IntToLongFunction requests, IntToLongFunction errors, IntToDoubleFunction milliseconds) {
        return of(version, INTERVALS, requests, errors, milliseconds);
    }

    private static List<Sample> of(
            String version,
            int intervals,
            IntToLongFunction requests,
            IntToLongFunction errors,
            IntToDoubleFunction milliseconds) {
        return Series.quarters(version, intervals, requests, errors, milliseconds);
    }

    private static List<Sample> until(List<Sample> samples, int seconds) {
        return samples.stream()
                .filter(sample -> !sample.end().isAfter(START.plusSeconds(seconds)))
                .toList();
    }

    private static Ruling rule(Course course) {
        return Judge.rule(course).orElseThrow();
    }
}
