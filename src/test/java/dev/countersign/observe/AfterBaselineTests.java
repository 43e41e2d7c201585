package dev.countersign.observe;

import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Reading.Counts;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Once everybody is on the candidate: in the step that gives it everything, and while it stabilises, in windows of 10 seconds whose requests are all well. */
class AfterBaselineTests {
    private static final String RULE = "canary-metrics 1.0";
    private static final Counts LAST = new Counts(2700, 9000, null, START.minusSeconds(5));

    private static final List<Objective> OBJECTIVES = List.of(
            new Objective("checkout-availability", "availability", 0.995, null, "d"),
            new Objective("checkout-latency", "latency", 0.95, 900.0, "d"),
            new Objective("checkout-errors", "errors", 0.99, null, "d"));

    private static CanaryMetric kpi(String rule, String worse, boolean critical, boolean concurrent, boolean seasonal) {
        return new CanaryMetric(
                "kpi orders",
                rule,
                worse,
                1,
                0,
                0,
                0.01,
                critical,
                RULE,
                new CanaryMetric.Kpi("orders", "visits", "sha256:file", 0.1, concurrent, seasonal));
    }

    private static CanaryMetric pages(String name, double minimumRate, double minimumShift) {
        return new CanaryMetric(name, "p75", "more", 1, minimumRate, minimumShift, 0.01, false, RULE);
    }

    private static Reading orders(long orders, long visits, Double... season) {
        return new Reading(
                "kpi orders",
                START.plusSeconds(12),
                Duration.ofSeconds(1),
                new Counts(orders, visits, null, START.plusSeconds(12)),
                Counts.NONE,
                List.of(season));
    }

    private static Reading told(String metric, double value) {
        return new Reading(
                metric, START.plusSeconds(12), Duration.ofSeconds(1), paints(60, value), Counts.NONE, List.of());
    }

    private static Counts paints(int pages, double value) {
        double[] values = new double[pages];
        Arrays.fill(values, value);
        return new Counts(0, pages, Latencies.of(values).toString(), START.plusSeconds(12));
    }

    private static BaselineLast last(CanaryMetric metric, Counts counts) {
        return new BaselineLast(metric.name(), counts);
    }

    /** Twelve seconds of it. */
    private static Ruling judged(String kind, CanaryMetric metric, Reading reading, BaselineLast... last) {
        Order order = new Order(
                "checkout@2.0.0/" + kind,
                "checkout@2.0.0",
                "checkout",
                kind,
                CANDIDATE,
                kind.equals("stabilisation") ? null : Series.BASELINE,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Series.seconds().with(metric == null ? List.of() : List.of(metric)));
        return ruling(order, 20.0, 12, healthy(CANDIDATE, 0, 12, 100), reading, List.of(last));
    }

    private static Ruling ruling(
            Order order,
            Double reference,
            int seconds,
            List<Sample> candidate,
            Reading reading,
            List<BaselineLast> last) {
        return ruling(
                order, reference, seconds, candidate, reading, last, order.baseline() == null ? OBJECTIVES : List.of());
    }

    private static Ruling ruling(
            Order order,
            Double reference,
            int seconds,
            List<Sample> candidate,
            Reading reading,
            List<BaselineLast> last,
            List<Objective> objectives) {
        return Judge.rule(Courses.after(
                        Courses.course(
                                order,
                                START,
                                false,
                                reference,
                                objectives,
                                List.of(),
                                candidate,
                                List.of(),
                                START.plusSeconds(seconds),
                                START.plusSeconds(seconds),
                                null,
                                reading == null ? List.of() : List.of(reading)),
                        last))
                .orElseThrow();
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({
        // rule, direction, orders of 1000 where the baseline had 300 of each 1000 last; the verdict of a whole window
        "window, less, 300, PASS",
        "window, less, 275, PASS",
        "window, less, 200, INCONCLUSIVE",
        "events, less, 330, PASS",
        "events, less, 262, PASS",
        "events, less, 150, INCONCLUSIVE",
        "events, less, 0, INCONCLUSIVE",
        "events, more, 400, INCONCLUSIVE",
        "events, more, 0, PASS"
    })
    void what_is_surely_worse_than_the_baselines_last_holds_and_never_rolls_back(
            String rule, String worse, long orders, String verdict) {
        for (String kind : List.of("step", "stabilisation")) {
            CanaryMetric metric = kpi(rule, worse, true, true, false);
            Ruling ruling = judged(kind, metric, orders(orders, 1000), last(metric, LAST));
            String sentence = ruling.judgement().sentence();
            assertThat(ruling.judgement().verdict()).as(sentence).isEqualTo(verdict);
            assertThat(ruling.last()).isEqualTo(verdict.equals("PASS"));
            assertThat(sentence).contains("until 2026-11-24T19:59:55Z, so the hours differ");
            if (!verdict.equals("PASS")) {
                assertThat(sentence)
                        .startsWith("Held back: Kpi orders of the candidate is ")
                        .contains("than what the baseline had last (0.3 for each of 9000", "10 % tolerated");
                assertThat(ruling.unbrokenSince()).as("the window begins anew").isNull();
            }
        }
    }

    @Test
    @Tag("M5.6")
    void the_wait_for_a_person_after_the_last_step_is_judged_as_the_step_is() {
        CanaryMetric metric = kpi("events", "less", true, true, false);
        assertThat(judged("held", metric, orders(150, 1000), last(metric, LAST))
                        .judgement()
                        .sentence())
                .startsWith("Held back: Kpi orders");
        Ruling well = judged("held", metric, orders(300, 1000), last(metric, LAST));
        assertThat(well.judgement().verdict()).as("nothing passes meanwhile").isEqualTo("INCONCLUSIVE");
        assertThat(well.judgement().sentence()).contains("; kpi orders 0.3 for each of 1000 against 0.3 that");
    }

    @Test
    @Tag("M5.6")
    void the_chance_in_the_baselines_own_count_is_known() {
        CanaryMetric metric = kpi("events", "less", true, true, false);
        Counts few = new Counts(9, 30, null, START);
        assertThat(judged("stabilisation", metric, orders(200, 1000), last(metric, few))
                        .judgement()
                        .verdict())
                .as("a third less than 9 of 30 may be chance")
                .isEqualTo("PASS");
    }

    @ParameterizedTest
    @Tag("M5.6")
    @ValueSource(strings = {"step", "stabilisation"})
    void a_critical_figure_that_never_had_a_baseline_holds_and_of_any_other_it_is_said(String kind) {
        Ruling critical = judged(kind, kpi("events", "less", true, true, false), orders(300, 1000));
        assertThat(critical.judgement().verdict()).isEqualTo("NO_DATA");
        assertThat(critical.last()).isFalse();
        Ruling other = judged(kind, kpi("events", "less", false, true, false), orders(300, 1000));
        assertThat(other.judgement().verdict()).isEqualTo("PASS");
        assertThat(other.judgement().sentence())
                .contains(
                        "; kpi orders is compared with nothing: the baseline never had enough beside it in this rollout");
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({"less, true, NO_DATA", "less, false, PASS", "more, true, INCONCLUSIVE"})
    void none_of_the_baseline_says_nothing_where_fewer_are_worse(String worse, boolean critical, String verdict) {
        CanaryMetric metric = kpi("events", worse, critical, true, false);
        Ruling ruling =
                judged("stabilisation", metric, orders(300, 1000), last(metric, new Counts(0, 9000, null, START)));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
        assertThat(ruling.judgement().sentence().contains("the baseline had none either"))
                .isEqualTo(worse.equals("less"));
    }

    @Test
    @Tag("M5.6")
    void what_was_compared_and_is_not_counted_any_more_holds() {
        CanaryMetric metric = kpi("events", "less", false, true, false);
        assertThat(judged("stabilisation", metric, null, last(metric, LAST))
                        .judgement()
                        .verdict())
                .isEqualTo("NO_DATA");
        assertThat(judged("stabilisation", metric, orders(3, 10), last(metric, LAST))
                        .judgement()
                        .sentence())
                .startsWith("Kpi orders: 10 of the candidate, 10 more are needed");
        Reading silent = new Reading(
                "kpi orders",
                START.plusSeconds(5),
                Duration.ofSeconds(1),
                new Counts(300, 1000, null, START.plusSeconds(5)),
                Counts.NONE,
                List.of());
        assertThat(judged("stabilisation", metric, silent, last(metric, LAST))
                        .judgement()
                        .sentence())
                .startsWith("Kpi orders: nothing of the candidate has been counted since");
    }

    /** By day the baseline had three of ten; at night one of ten is what every week has. */
    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({"100, PASS", "50, FAIL"})
    void a_figure_with_a_season_is_held_against_that_and_not_against_another_hour(long orders, String verdict) {
        CanaryMetric metric = kpi("events", "less", true, true, true);
        Ruling night = judged("stabilisation", metric, orders(orders, 1000, 0.1, 0.1, 0.1, 0.1), last(metric, LAST));
        assertThat(night.judgement().verdict()).as(night.judgement().sentence()).isEqualTo(verdict);
        assertThat(night.last()).isTrue();
        assertThat(night.judgement().sentence()).contains("the median of this hour over four weeks");
    }

    @Test
    @Tag("M5.6")
    void a_season_that_is_not_known_keeps_a_release_from_becoming_stable() {
        Ruling ruling = judged("stabilisation", kpi("events", "less", false, true, true), orders(300, 1000, 0.3));
        assertThat(ruling.judgement().verdict()).isEqualTo("NO_DATA");
        assertThat(ruling.judgement().sentence()).contains("1 of 4 weeks are known");
        assertThat(ruling.last()).isFalse();
    }

    @ParameterizedTest
    @Tag("M3.3")
    @CsvSource({
        "step, 2400, INCONCLUSIVE",
        "step, 1850, PASS",
        "stabilisation, 2400, INCONCLUSIVE",
        "stabilisation, 1850, PASS"
    })
    void pages_are_held_against_what_the_baselines_last_ones_told(String kind, double paint, String verdict) {
        CanaryMetric metric = pages("rum LCP", 0, 200);
        Ruling ruling = judged(kind, metric, told("rum LCP", paint), last(metric, paints(90, 1800)));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
        assertThat(ruling.judgement().sentence()).contains("of 90 of the baseline's last (until");
        Ruling nobody = judged(kind, metric, told("rum LCP", paint));
        assertThat(nobody.judgement().verdict()).isEqualTo("PASS");
        assertThat(nobody.judgement().sentence()).contains("; rum LCP is compared with nothing");
    }

    @Test
    @Tag("M3.3")
    void errors_of_scripts_are_held_against_the_baselines_last_pages() {
        CanaryMetric metric = pages("rum JS errors", 0.005, 0);
        Reading reading = new Reading(
                "rum JS errors",
                START.plusSeconds(12),
                Duration.ofSeconds(1),
                new Counts(12, 100, null, START.plusSeconds(12)),
                Counts.NONE,
                List.of());
        Ruling ruling = judged("stabilisation", metric, reading, last(metric, new Counts(9, 900, null, START)));
        assertThat(ruling.judgement().sentence())
                .startsWith("Held back: Rum JS errors: 12.0 % of 100 pages of real users against 1.0 % of 900 of");
    }

    private static Ruling stabilising(Double reference, int seconds, List<Sample> candidate) {
        return ruling(
                Series.stabilisation(Duration.ofSeconds(10), Duration.ofSeconds(60)),
                reference,
                seconds,
                candidate,
                null,
                List.of());
    }

    /** Slow for the first six of its seconds, and as fast as the baseline was after them. */
    private static List<Sample> slowAtFirst(int seconds) {
        return Series.join(
                Series.of(CANDIDATE, 0, Math.min(6, seconds), at -> 100, at -> 0, 400),
                healthy(CANDIDATE, 6, seconds, 100));
    }

    @Test
    @Tag("M1.2")
    void a_stabilisation_over_the_limit_begins_its_window_anew_and_passes_once_it_is_as_fast_again() {
        Ruling held = stabilising(20.0, 12, slowAtFirst(12));
        assertThat(held.judgement().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(held.judgement().metric()).isEqualTo("latency p95 over baseline");
        assertThat(held.judgement().value()).isGreaterThan(200);
        assertThat(held.judgement().limit()).isEqualTo(200);
        assertThat(held.judgement().sample()).isEqualTo(200);
        assertThat(held.judgement().ruleVersion()).isEqualTo("rollback-triggers 1.0");
        assertThat(held.judgement().sentence())
                .startsWith("Held back, the window began anew: p95 latency ")
                .contains(
                        "over the 20 ms of the baseline's slowest window before everybody left it, over the limit of +200 ms in 2 of 3 windows of 2 s, and the hours differ (rollback-triggers 1.0). So far",
                        "unbroken for 6 s of 10 s");
        assertThat(held.unbrokenSince()).isEqualTo(START.plusSeconds(6));
        assertThat(held.last()).isFalse();
        Ruling atTheBreach = stabilising(20.0, 6, slowAtFirst(6));
        assertThat(atTheBreach.judgement().metric()).isEqualTo("latency p95 over baseline");
        assertThat(stabilising(20.0, 15, slowAtFirst(15)).last()).isFalse();
        Ruling passed = stabilising(20.0, 16, slowAtFirst(16));
        assertThat(passed.judgement().verdict()).isEqualTo("PASS");
        assertThat(passed.judgement().sentence())
                .startsWith("All 3 objectives held")
                .contains("; p95 latency 20 ms of 200 requests against the 20 ms of the baseline's slowest window");
    }

    @Test
    @Tag("M1.2")
    void one_slow_window_is_no_breach_and_without_a_reference_that_is_said() {
        List<Sample> once =
                Series.join(Series.of(CANDIDATE, 0, 2, at -> 100, at -> 0, 400), healthy(CANDIDATE, 2, 12, 100));
        assertThat(stabilising(20.0, 12, once).judgement().verdict()).isEqualTo("PASS");
        Ruling unknown = stabilising(null, 12, Series.of(CANDIDATE, 0, 12, at -> 100, at -> 0, 400));
        assertThat(unknown.judgement().verdict()).isEqualTo("PASS");
        assertThat(unknown.judgement().sentence())
                .endsWith("; latency is compared with nothing: what the baseline took last is not known");
    }

    @Test
    @Tag("M1.2")
    void a_latency_over_the_limit_keeps_no_missed_objective_from_rolling_back_at_the_windows_end() {
        List<Sample> slowAndFailing = Series.of(CANDIDATE, 0, 60, at -> 100, at -> 2, 400);
        Ruling before = stabilising(20.0, 9, slowAndFailing.subList(0, 9));
        assertThat(before.last()).as(before.judgement().sentence()).isFalse();
        Ruling missed = stabilising(20.0, 12, slowAndFailing.subList(0, 12));
        assertThat(missed.judgement().verdict())
                .as(missed.judgement().sentence())
                .isEqualTo("FAIL");
        assertThat(missed.judgement().sentence())
                .startsWith("Objective checkout-availability was missed: 98 % of 1000 requests in 10 s");
        assertThat(missed.last()).isTrue();
        Ruling held = stabilising(20.0, 12, Series.of(CANDIDATE, 0, 12, at -> 100, at -> 0, 400));
        assertThat(held.judgement().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(held.judgement().metric()).isEqualTo("latency p95 over baseline");
        assertThat(held.last()).isFalse();
        Ruling later = stabilising(20.0, 25, Series.of(CANDIDATE, 0, 25, at -> 100, at -> at < 14 ? 0 : 2, 400));
        assertThat(later.judgement().verdict())
                .as("while it is held, the objectives are those of the latest window")
                .isEqualTo("FAIL");
    }

    /** A source whose buckets end at 100 ms, of a baseline that took 20. */
    @Test
    @Tag("M1.2")
    void a_latency_beyond_what_its_source_can_tell_is_over_the_limit_while_it_stabilises() {
        SortedMap<Double, Long> buckets = new TreeMap<>(Map.of(50.0, 0L, 100.0, 60L, Double.POSITIVE_INFINITY, 40L));
        List<Sample> untold = IntStream.range(0, 12)
                .mapToObj(at -> new Sample(
                        START.plusSeconds(at),
                        Series.SECOND,
                        CANDIDATE,
                        100,
                        0,
                        null,
                        null,
                        null,
                        Latencies.ofBuckets(buckets)))
                .toList();
        List<Objective> inTime = List.of(
                OBJECTIVES.get(0), new Objective("checkout-latency", "latency", 0.5, 100.0, "d"), OBJECTIVES.get(2));
        Ruling held = ruling(
                Series.stabilisation(Duration.ofSeconds(10), Duration.ofSeconds(60)),
                20.0,
                12,
                untold,
                null,
                List.of(),
                inTime);
        assertThat(held.judgement().verdict()).as(held.judgement().sentence()).isEqualTo("INCONCLUSIVE");
        assertThat(held.judgement().sentence())
                .startsWith(
                        "Held back, the window began anew: p95 latency of 200 requests is at least 100 ms, and its source cannot tell more: against the 20 ms of");
    }

    @Test
    @Tag("M1.2")
    void a_latency_that_stays_over_the_limit_is_a_persons_decision_in_the_end() {
        Ruling late = stabilising(20.0, 60, Series.of(CANDIDATE, 0, 60, at -> 100, at -> 0, 400));
        assertThat(late.judgement().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(late.last()).isTrue();
        assertThat(late.judgement().sentence())
                .startsWith("No verdict after 60 s: Held back, the window began anew: p95 latency");
    }

    @Test
    void a_stabilisation_that_began_before_anything_was_kept_is_judged_as_it_was() {
        Order order = new Order(
                "checkout@2.0.0/stabilisation",
                "checkout@2.0.0",
                "checkout",
                "stabilisation",
                CANDIDATE,
                null,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Series.seconds().with(List.of(kpi("events", "less", true, true, true))));
        Ruling ruling = ruling(order, null, 12, healthy(CANDIDATE, 0, 12, 100), null, null);
        assertThat(ruling.judgement().verdict()).isEqualTo("PASS");
        assertThat(ruling.judgement().sentence()).doesNotContain("latency is compared", "kpi");
    }
}
