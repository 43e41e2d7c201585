package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.quarters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which other canary tools have let a version pass of which they knew nothing. None of them passes here, at any time, with every rule asked. */
@Tag("M3.4")
class JudgeFailsClosedTests {
    private static final List<CanaryMetric> METRICS = List.of(
            new CanaryMetric("error ratio", "ratio", "more", 2, 0.001, 0, 0.01, true, "canary-metrics 1.0"),
            new CanaryMetric("latency p95", "ranks", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0"));

    private static final Triggers TRIGGERS = Series.minutes().with(METRICS);
    private static final int INTERVALS = 120;

    @Test
    void with_everything_there_it_passes_so_that_the_tests_below_can_fail() {
        Ruling ruling = rule(good(CANDIDATE, 50), good(BASELINE, 450), 1800);
        assertThat(ruling.is(Outcome.PASS)).as(ruling.judgement().sentence()).isTrue();
        assertThat(ruling.judgement().sentence())
                .contains("errors 0 of 6000 requests against 0 of 54000", "latency p95 of 6000 requests in 6 blocks");
    }

    @ParameterizedTest
    @CsvSource({"candidate", "baseline", "both"})
    void no_data_or_an_empty_answer(String silent) {
        List<Sample> candidate = silent.equals("baseline") ? good(CANDIDATE, 50) : List.of();
        List<Sample> baseline = silent.equals("candidate") ? good(BASELINE, 450) : List.of();
        neverPasses(candidate, baseline);
        assertThat(rule(candidate, baseline, 1800).is(Outcome.NO_DATA)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void a_latency_that_is_no_number(double none) {
        neverPasses(quarters(CANDIDATE, INTERVALS, at -> 50, at -> 0, at -> none), good(BASELINE, 450));
        neverPasses(good(CANDIDATE, 50), quarters(BASELINE, INTERVALS, at -> 450, at -> 0, at -> none));
        neverPasses(quarters(CANDIDATE, INTERVALS, at -> 50, at -> 0, at -> at > 110 ? none : 20), good(BASELINE, 450));
    }

    @Test
    void latencies_that_were_not_measured() {
        List<Sample> without = good(CANDIDATE, 50).stream()
                .map(each -> new Sample(
                        each.at(), each.interval(), each.version(), each.requests(), each.errors(), null, null, null))
                .toList();
        neverPasses(without, good(BASELINE, 450));
    }

    @Test
    void latencies_beyond_the_last_bucket_of_the_source() {
        SortedMap<Double, Long> beyond = new TreeMap<>();
        beyond.put(100.0, 10L);
        beyond.put(Double.POSITIVE_INFINITY, 40L);
        List<Sample> candidate = withBuckets(good(CANDIDATE, 50), beyond);
        SortedMap<Double, Long> same = new TreeMap<>();
        same.put(100.0, 90L);
        same.put(Double.POSITIVE_INFINITY, 360L);
        neverPasses(candidate, withBuckets(good(BASELINE, 450), same));
    }

    @Test
    void a_query_that_fails_holds_whatever_is_known_already() {
        for (int seconds : new int[] {0, 1800, 7199}) {
            assertThat(ruleIn(good(CANDIDATE, 50), good(BASELINE, 450), seconds, "503 Service Unavailable")
                            .is(Outcome.ERROR))
                    .isTrue();
        }
        Ruling late = ruleIn(good(CANDIDATE, 50), good(BASELINE, 450), 7200, "503 Service Unavailable");
        assertThat(late.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(late.last()).isTrue();
    }

    @Test
    void a_step_for_everybody_without_what_the_baseline_took_before() {
        Order all = new Order(
                "checkout@2.0.0/step-5#1",
                "checkout@2.0.0",
                "checkout",
                "step",
                CANDIDATE,
                BASELINE,
                1,
                Duration.ofMinutes(30),
                Duration.ofHours(2),
                TRIGGERS);
        for (int seconds = 0; seconds < 7200; seconds += 60) {
            Instant at = START.plusSeconds(seconds);
            Judge.rule(Courses.course(
                            all,
                            START,
                            false,
                            null,
                            List.of(),
                            List.of(),
                            good(CANDIDATE, 500),
                            List.of(),
                            at,
                            at,
                            null))
                    .ifPresent(ruling -> assertThat(ruling.is(Outcome.PASS)).isFalse());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60, 119})
    void an_analysis_that_was_cut_short(int intervals) {
        List<Sample> candidate = quarters(CANDIDATE, intervals, at -> 50, at -> 0, at -> 20);
        neverPasses(candidate, good(BASELINE, 450));
        neverPasses(good(CANDIDATE, 50), quarters(BASELINE, intervals, at -> 450, at -> 0, at -> 20));
    }

    @Test
    void counts_of_zero_are_no_error_rate_of_zero() {
        List<Sample> zero = good(CANDIDATE, 50).stream()
                .map(each -> new Sample(each.at(), each.interval(), each.version(), 0, 0, 0.0, 0.0, 0.0))
                .toList();
        neverPasses(zero, good(BASELINE, 450));
        Ruling ruling = rule(zero, good(BASELINE, 450), 1800);
        assertThat(ruling.judgement().sentence())
                .startsWith("0 requests of the candidate in 5 min, 100 more are needed to say anything");
        List<Sample> none = zero.stream()
                .map(each -> new Sample(each.at(), each.interval(), BASELINE, 0, 0, 0.0, 0.0, 0.0))
                .toList();
        neverPasses(good(CANDIDATE, 50), none);
    }

    @Test
    void a_block_with_too_few_requests_says_how_many_more_it_needs() {
        Triggers patient = new Triggers(
                0.05,
                Duration.ofMinutes(15),
                100,
                10_000,
                Duration.ofMinutes(15),
                1,
                2,
                "rollback-triggers 1.0",
                METRICS);
        Order order = Series.step(patient, Duration.ofMinutes(30), Duration.ofHours(2));
        // Enough in a quarter of an hour, but nearly all of it at once.
        List<Sample> candidate = quarters(CANDIDATE, INTERVALS, at -> at % 60 == 0 ? 60 : 2, at -> 0, at -> 20);
        Ruling whole = Judge.rule(Series.course(order, candidate, good(BASELINE, 450), 1800))
                .orElseThrow();
        assertThat(whole.is(Outcome.PASS)).as(whole.judgement().sentence()).isTrue();
        List<Sample> thin = quarters(CANDIDATE, INTERVALS, at -> at % 60 == 30 ? 110 : 1, at -> 0, at -> 20);
        Ruling ruling = Judge.rule(Series.course(order, thin, good(BASELINE, 450), 1800))
                .orElseThrow();
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.judgement().sentence())
                .contains(
                        "latency p95: 20 requests of the candidate in a block of 5 min, 14 more are needed to compare (canary-metrics 1.0)");
    }

    @Test
    void a_window_of_fewer_measurements_than_blocks_says_that_it_is_not_for_want_of_requests() {
        Triggers brisk = new Triggers(
                0.05,
                Duration.ofSeconds(30),
                20,
                10_000,
                Duration.ofSeconds(30),
                1,
                2,
                "rollback-triggers 1.0",
                METRICS);
        Order order = Series.step(brisk, Duration.ofMinutes(1), Duration.ofHours(2));
        Ruling ruling = Judge.rule(Series.course(order, good(CANDIDATE, 50), good(BASELINE, 450), 1800))
                .orElseThrow();
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.judgement().sentence())
                .contains("no measurement of the candidate began in a block of 10 s, a sixth of the window");
    }

    @Test
    void blocks_that_can_never_tell_say_how_many_could() {
        CanaryMetric sure = new CanaryMetric("latency p95", "ranks", "more", 1, 0, 50, 0.001, false, "1.0");
        Order order = Series.step(Series.minutes().with(List.of(sure)), Duration.ofMinutes(30), Duration.ofHours(2));
        Ruling ruling = Judge.rule(Series.course(order, good(CANDIDATE, 50), good(BASELINE, 450), 1800))
                .orElseThrow();
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.judgement().sentence())
                .contains("6 blocks can never show a difference with 99.9 % confidence, 8 are needed");
        assertThat(RankLook.tells(7, sure)).isFalse();
        assertThat(RankLook.tells(8, sure)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // metric, rule, worse, tolerated, minimum rate, minimum shift, alpha
        "error rate, ratio, more, 2, 0, 0, 0.01",
        "latency p95, rank, more, 1, 0, 50, 0.01",
        "latency p95, ratio, more, 1, 0, 50, 0.01",
        "latency p75, ranks, more, 1, 0, 50, 0.01",
        "latency p95, ranks, slower, 1, 0, 50, 0.01",
        "error ratio, ratio, less, 2, 0, 0, 0.01",
        "error ratio, ratio, more, 0, 0, 0, 0.01",
        "error ratio, ratio, more, NaN, 0, 0, 0.01",
        "error ratio, ratio, more, Infinity, 0, 0, 0.01",
        "error ratio, ratio, more, 2, 1, 0, 0.01",
        "error ratio, ratio, more, 2, NaN, 0, 0.01",
        "latency p95, ranks, more, 1, 0, NaN, 0.01",
        "latency p95, ranks, more, 1, 0, 50, 0",
        "latency p95, ranks, more, 1, 0, 50, NaN"
    })
    void a_metric_that_nobody_understands_is_refused_and_not_skipped(
            String name, String rule, String worse, double tolerated, double rate, double shift, double alpha) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanaryMetric(name, rule, worse, tolerated, rate, shift, alpha, true, "1.0"))
                .withMessageStartingWith("canary-metrics: ");
    }

    /** Whenever it is looked at, until a person is asked. */
    private static void neverPasses(List<Sample> candidate, List<Sample> baseline) {
        for (int seconds = 0; seconds <= 7200; seconds += 60) {
            Judge.rule(course(candidate, baseline, seconds, null))
                    .ifPresent(ruling -> assertThat(ruling.is(Outcome.PASS))
                            .as(ruling.judgement().sentence())
                            .isFalse());
        }
        Ruling last = rule(candidate, baseline, 7200);
        assertThat(last.last()).isTrue();
        assertThat(last.is(Outcome.PASS)).isFalse();
    }

    private static Ruling rule(List<Sample> candidate, List<Sample> baseline, int seconds) {
        return ruleIn(candidate, baseline, seconds, null);
    }

    private static Ruling ruleIn(List<Sample> candidate, List<Sample> baseline, int seconds, String trouble) {
        return Judge.rule(course(candidate, baseline, seconds, trouble)).orElseThrow();
    }

    private static Course course(List<Sample> candidate, List<Sample> baseline, int seconds, String trouble) {
        Instant at = START.plusSeconds(seconds);
        return Courses.course(
                Series.step(TRIGGERS, Duration.ofMinutes(30), Duration.ofHours(2)),
                START,
                false,
                null,
                List.of(),
                List.of(),
                until(candidate, at),
                until(baseline, at),
                at,
                at,
                trouble);
    }

    private static List<Sample> until(List<Sample> samples, Instant end) {
        return samples.stream().filter(sample -> !sample.end().isAfter(end)).toList();
    }

    private static List<Sample> good(String version, int requests) {
        return quarters(version, INTERVALS, at -> requests, at -> 0, at -> 20);
    }

    private static List<Sample> withBuckets(List<Sample> samples, SortedMap<Double, Long> counts) {
        List<Sample> with = new ArrayList<>();
        samples.forEach(each -> with.add(new Sample(
                each.at(),
                each.interval(),
                each.version(),
                each.requests(),
                each.errors(),
                each.latencyP50Ms(),
                each.latencyP95Ms(),
                each.latencyP99Ms(),
                Latencies.ofBuckets(counts))));
        return with;
    }
}
