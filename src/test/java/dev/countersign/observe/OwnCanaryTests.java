package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.healthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.observe.CanaryMetric.Own;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A team's own canary configuration in the judge: a window of six seconds, whose requests are all well. */
@Tag("M3.4")
class OwnCanaryTests {
    private static final Map<String, Double> WEIGHTS = Map.of("system", 60.0, "work", 40.0);
    private static final IntFunction<Map<String, Double>> NOTHING = at -> Map.of();

    private static Own own(String group, double increase, double critical, boolean replaces, boolean mustHave) {
        return new Own(
                "avg(cpu{${version}=~\"${digest}\"})",
                List.of(),
                List.of(group),
                replaces,
                mustHave,
                false,
                increase,
                1 / increase,
                critical,
                1 / critical);
    }

    private static CanaryMetric metric(String name, String worse, boolean critical, Own own) {
        return new CanaryMetric(
                "canary " + name, "ranks", worse, 1, 0, 0, 0.01, critical, "canary-metrics 1.0", null, own);
    }

    private static CanaryMetric cpu(String worse, boolean critical) {
        return metric("cpu", worse, critical, own("system", 1, 1, false, false));
    }

    private static CanaryMetric queue() {
        return metric("queue", "more", false, own("work", 1, 1, false, false));
    }

    private static CanaryRule rule(double pass, double marginal) {
        return new CanaryRule("checkout.json", "sha256:0123456789abcdef", WEIGHTS, pass, marginal, null);
    }

    private static Order order(CanaryRule rule, CanaryMetric... metrics) {
        return Series.step(
                Series.seconds().with(List.of(metrics)).with(rule), Duration.ofSeconds(6), Duration.ofSeconds(60));
    }

    private static List<Sample> valued(List<Sample> samples, IntFunction<Map<String, Double>> values) {
        List<Sample> valued = new ArrayList<>();
        for (int at = 0; at < samples.size(); at++) {
            valued.add(samples.get(at).with(values.apply(at)));
        }
        return valued;
    }

    private static Course course(
            Order order, int seconds, IntFunction<Map<String, Double>> own, IntFunction<Map<String, Double>> other) {
        return Series.course(
                order,
                valued(healthy(CANDIDATE, 0, seconds, 10), own),
                valued(healthy(BASELINE, 0, seconds, 90), other),
                seconds);
    }

    private static Ruling judged(
            Order order, int seconds, IntFunction<Map<String, Double>> own, IntFunction<Map<String, Double>> other) {
        return Judge.rule(course(order, seconds, own, other)).orElseThrow();
    }

    /** Around a level, never twice the same. */
    private static IntFunction<Map<String, Double>> cpu(double level) {
        return at -> Map.of("cpu", level + 0.001 * at);
    }

    private static IntFunction<Map<String, Double>> both(double cpu, double queue) {
        return at -> Map.of("cpu", cpu + 0.001 * at, "queue", queue + 0.01 * at);
    }

    private static CanaryRule alone() {
        return new CanaryRule("checkout.json", "sha256:0123456789abcdef", Map.of(), 95, 75, null);
    }

    @Test
    void what_is_alike_passes_with_its_score_in_the_sentence() {
        Ruling ruling = judged(order(alone(), cpu("more", true)), 6, cpu(0.4), cpu(0.4));
        assertThat(ruling.is(Outcome.PASS)).isTrue();
        assertThat(ruling.judgement().sentence())
                .contains(
                        "canary cpu: 0.4 in the mean of 6 measurements against 0.4 of the baseline, in 6 blocks of 1 s")
                .contains(
                        "canary score 100 of 100 against 95, pass: system 100 (1 of 1 pass, weight 100) (checkout.json sha256:0123456789ab)");
    }

    @Test
    void a_critical_metric_that_is_worse_rolls_back_and_leaves_nothing_of_the_score() {
        Course course = course(order(alone(), cpu("more", true)), 6, cpu(0.6), cpu(0.4));
        Judgement judgement = Judge.rule(course).orElseThrow().judgement();
        assertThat(judgement.verdict()).isEqualTo("FAIL");
        assertThat(judgement.metric()).isEqualTo("canary cpu");
        assertThat(judgement.value()).isEqualTo(0.2, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(judgement.limit()).isZero();
        assertThat(judgement.sample()).isEqualTo(6);
        assertThat(judgement.sentence()).contains("0 because cpu is critical and High");
        assertThat(Judge.rule(course).orElseThrow().score().value()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // level of the candidate; the baseline has 0.4
        "more, 0.6, INCONCLUSIVE",
        "more, 0.2, PASS",
        "less, 0.2, INCONCLUSIVE",
        "less, 0.6, PASS",
        "either, 0.6, INCONCLUSIVE",
        "either, 0.2, INCONCLUSIVE",
        "either, 0.4, PASS"
    })
    void another_holds_in_the_direction_that_the_team_says(String worse, double level, String verdict) {
        Ruling ruling = judged(order(alone(), cpu(worse, false)), 6, cpu(level), cpu(0.4));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
        assertThat(ruling.last()).isEqualTo(verdict.equals("PASS"));
    }

    @ParameterizedTest
    @CsvSource({"0.43, PASS", "0.5, INCONCLUSIVE", "0.7, FAIL"})
    void what_is_worse_by_less_than_the_team_calls_critical_holds(double level, String verdict) {
        CanaryMetric metric = metric("cpu", "more", true, own("system", 1.1, 1.5, false, false));
        assertThat(judged(order(alone(), metric), 6, cpu(level), cpu(0.4))
                        .judgement()
                        .verdict())
                .isEqualTo(verdict);
    }

    @Test
    void a_metric_that_fails_is_not_outweighed_by_a_score_that_passes() {
        Ruling ruling = judged(order(rule(50, 20), cpu("more", false), queue()), 6, both(0.4, 9), both(0.4, 5));
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.judgement().metric()).isEqualTo("canary queue");
        assertThat(ruling.judgement().sentence())
                .startsWith("Held back, the window began anew: canary queue")
                .contains("canary score 60 of 100 against 50, pass");
    }

    @ParameterizedTest
    @CsvSource({"80, 50, 80, 'is under 80, pass:'", "95, 75, 75, 'is under 75, marginal, and under 95, pass:'"})
    void a_score_under_its_limit_holds_and_says_what_is_worse(
            double pass, double marginal, double limit, String words) {
        Ruling ruling = judged(order(rule(pass, marginal), cpu("more", false), queue()), 6, both(0.4, 9), both(0.4, 5));
        Judgement judgement = ruling.judgement();
        assertThat(judgement.verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(ruling.last()).isFalse();
        assertThat(judgement.metric()).isEqualTo("canary score");
        assertThat(judgement.value()).isEqualTo(60);
        assertThat(judgement.limit()).isEqualTo(limit);
        assertThat(judgement.sample()).isEqualTo(2);
        assertThat(judgement.ruleVersion()).isEqualTo("checkout.json sha256:0123456789ab");
        assertThat(judgement.sentence())
                .startsWith("Held back, the window began anew: canary score 60 of 100 " + words)
                .contains("; canary queue: 9");
    }

    @Test
    void a_window_that_was_held_is_followed_by_one_that_can_pass() {
        Ruling ruling = judged(
                order(alone(), cpu("more", false)),
                12,
                at -> cpu(at < 6 ? 0.6 : 0.4).apply(at),
                cpu(0.4));
        assertThat(ruling.is(Outcome.PASS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // which side is silent, what is done about it
        "candidate, false, false, NO_DATA",
        "baseline, false, false, NO_DATA",
        "both, false, false, NO_DATA",
        "both, true, false, NO_DATA",
        "candidate, true, true, NO_DATA",
        "candidate, true, false, PASS",
        "baseline, true, false, INCONCLUSIVE"
    })
    void without_values_nothing_passes_but_what_the_team_counts_as_zero(
            String silent, boolean replaces, boolean mustHave, String verdict) {
        CanaryMetric metric = metric("cpu", "more", false, own("system", 1, 1, replaces, mustHave));
        Ruling ruling = judged(
                order(alone(), metric),
                6,
                silent.equals("baseline") ? cpu(0.4) : NOTHING,
                silent.equals("candidate") ? cpu(0.4) : NOTHING);
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
    }

    @Test
    void nothing_known_of_a_metric_is_said_before_any_score() {
        Ruling ruling = judged(order(alone(), cpu("more", false)), 6, NOTHING, cpu(0.4));
        assertThat(ruling.judgement().metric()).isEqualTo("canary cpu");
        assertThat(ruling.judgement().sentence())
                .contains("nothing was measured of the candidate", "0 because 1 of 1 metrics have no data");
    }

    @ParameterizedTest
    @CsvSource({"false, INCONCLUSIVE", "true, PASS"})
    void a_block_without_a_value_says_nothing_or_zero_as_the_team_says(boolean replaces, String verdict) {
        CanaryMetric metric = metric("cpu", "more", false, own("system", 1, 1, replaces, false));
        Ruling ruling = judged(order(alone(), metric), 6, at -> at == 3 ? Map.of() : Map.of("cpu", 0.4), cpu(0.4));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        // of which side nobody answered, in which seconds; the other side is 0.4
        "candidate, 0, 6, NO_DATA",
        "candidate, 3, 4, INCONCLUSIVE",
        "baseline, 0, 6, NO_DATA",
        "baseline, 3, 4, INCONCLUSIVE"
    })
    void what_nobody_answered_is_no_zero_whatever_the_team_counts_as_zero(
            String side, int from, int to, String verdict) {
        CanaryMetric metric = metric("cpu", "more", true, own("system", 1, 1, true, false));
        IntFunction<Map<String, Double>> holed =
                at -> at >= from && at < to ? Map.of(ValueKeys.unknown(metric), 0.0) : cpu(0.4).apply(at);
        Ruling ruling = judged(
                order(alone(), metric),
                6,
                side.equals("candidate") ? holed : cpu(0.4),
                side.equals("baseline") ? holed : cpu(0.4));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
        assertThat(ruling.judgement().sentence())
                .contains("in %d measurements its query had no answer".formatted(to - from));
    }

    @Test
    void of_two_metrics_that_hold_the_one_that_nobody_knows_is_said() {
        IntFunction<Map<String, Double>> worse = at -> Map.of("queue", 9 + 0.01 * at);
        for (List<CanaryMetric> metrics :
                List.of(List.of(cpu("more", false), queue()), List.of(queue(), cpu("more", false)))) {
            Ruling ruling = judged(
                    order(rule(95, 75), metrics.toArray(CanaryMetric[]::new)),
                    6,
                    worse,
                    at -> Map.of("queue", 5 + 0.01 * at));
            assertThat(ruling.judgement().verdict()).isEqualTo("NO_DATA");
            assertThat(ruling.judgement().metric()).isEqualTo("canary cpu");
        }
    }

    /** The greatest difference of six blocks has p = 0.0025: less than a third of 1 %, and more than a quarter. */
    @ParameterizedTest
    @CsvSource({"3, 0.5 over it", "4, 6 blocks can never show a difference"})
    void the_chance_of_a_false_alarm_is_shared_by_all_values_of_a_metric(int zones, String words) {
        Judgement judgement = judged(
                        order(alone(), cpu("more", false)), 6, at -> zones(zones, at, 0.9), at -> zones(zones, at, 0.4))
                .judgement();
        assertThat(judgement.verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(judgement.sentence()).contains(words);
    }

    private static Map<String, Double> zones(int count, int at, double level) {
        Map<String, Double> values = new HashMap<>();
        for (int zone = 0; zone < count; zone++) {
            values.put("cpu|{zone=%d}".formatted(zone), level + 0.001 * at);
        }
        return values;
    }

    private static CanaryMetric orders() {
        return new CanaryMetric(
                "kpi orders",
                "window",
                "less",
                1,
                0,
                0,
                0.01,
                true,
                "canary-metrics 1.0",
                new CanaryMetric.Kpi("orders", "visits", "sha256:file", 0.1, true, false));
    }

    /** A figure of a window that fell to a half. */
    private static Reading fallen(int seconds) {
        Instant until = START.plusSeconds(seconds);
        return new Reading(
                "kpi orders",
                until,
                Duration.ofSeconds(1),
                new Reading.Counts(150, 1000, null, until),
                new Reading.Counts(2700, 9000, null, until),
                List.of());
    }

    private static Ruling withFigure(Order order, int seconds, IntFunction<Map<String, Double>> own) {
        return Judge.rule(Courses.course(
                        order,
                        START,
                        false,
                        null,
                        List.of(),
                        List.of(),
                        valued(healthy(CANDIDATE, 0, seconds, 10), own),
                        valued(healthy(BASELINE, 0, seconds, 90), cpu(0.4)),
                        START.plusSeconds(seconds),
                        START.plusSeconds(seconds),
                        null,
                        List.of(fallen(seconds))))
                .orElseThrow();
    }

    @Test
    void what_the_team_itself_cannot_tell_keeps_no_figure_from_rolling_back() {
        Order order = order(alone(), cpu("more", false), orders());
        for (IntFunction<Map<String, Double>> own : List.of(NOTHING, cpu(0.9))) {
            Ruling ruling = withFigure(order, 7, own);
            assertThat(ruling.judgement().metric()).isEqualTo("kpi orders");
            assertThat(ruling.is(Outcome.FAIL)).isTrue();
        }
        CanaryRule unread = new CanaryRule("checkout.json", null, Map.of(), 100, 100, "checkout.json:3:5 no");
        assertThat(withFigure(order(unread, orders()), 7, NOTHING).is(Outcome.FAIL))
                .isTrue();
    }

    @Test
    void the_score_is_no_part_of_a_ruling_that_a_trigger_makes() {
        IntFunction<Map<String, Double>> absurd = at -> Map.of("cpu", at % 2 == 0 ? Double.MAX_VALUE : 1e308);
        Ruling ruling = Judge.rule(Series.course(
                        order(alone(), cpu("more", false)),
                        valued(Series.of(CANDIDATE, 0, 6, at -> 10, at -> 5, 20), absurd),
                        valued(healthy(BASELINE, 0, 6, 90), absurd),
                        6))
                .orElseThrow();
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.score()).isNull();
    }

    @Test
    void a_verdict_names_the_file_shortly_wherever_it_lies() {
        CanaryRule rule = new CanaryRule(
                "a/".repeat(200) + "c".repeat(100) + ".json", "sha256:0123456789abcdef", Map.of(), 95, 75, null);
        assertThat(rule.version()).hasSizeLessThan(90).startsWith("ccc").endsWith("… sha256:0123456789ab");
    }

    @Test
    void of_several_values_the_worst_counts_and_is_named() {
        CanaryMetric metric = cpu("more", false);
        IntFunction<Map<String, Double>> own = at -> Map.of("cpu|{zone=a}", 0.4 + at * 0.001, "cpu|{zone=b}", 0.9 + at);
        IntFunction<Map<String, Double>> other =
                at -> Map.of("cpu|{zone=a}", 0.4 + at * 0.001, "cpu|{zone=b}", 0.1 + at * 0.01);
        assertThat(judged(order(alone(), metric), 6, own, other).judgement().sentence())
                .contains("canary cpu of {zone=b}: 3.4");
        assertThat(judged(order(alone(), metric), 6, other, other).is(Outcome.PASS))
                .isTrue();
    }

    @Test
    void what_is_muted_is_in_nobodys_way() {
        Own loud = own("system", 1, 1, false, false);
        CanaryMetric muted = metric(
                "queue",
                "more",
                false,
                new Own(loud.query(), List.of(), List.of("system"), false, false, true, 1, 1, 1, 1));
        Course course = course(order(alone(), cpu("more", false), muted), 6, both(0.4, 9), both(0.4, 5));
        assertThat(Judge.rule(course).orElseThrow().is(Outcome.PASS)).isTrue();
        assertThat(Judge.rule(course).orElseThrow().score().value()).isEqualTo(100);
        assertThat(Judge.rule(course).orElseThrow().score().metrics())
                .extracting(CanaryScore.Metric::classification)
                .containsExactly("Pass", "High");
    }

    @Test
    void a_file_that_cannot_be_read_is_no_data_and_never_passes() {
        CanaryRule unread = new CanaryRule("checkout.json", null, Map.of(), 100, 100, "checkout.json:3:5 no");
        Ruling ruling = judged(order(unread), 30, NOTHING, NOTHING);
        assertThat(ruling.is(Outcome.NO_DATA)).isTrue();
        assertThat(ruling.last()).isFalse();
        assertThat(ruling.judgement().sentence())
                .isEqualTo(
                        "The canary configuration of checkout cannot be followed: checkout.json:3:5 no (checkout.json)");
        Order order = order(unread);
        Ruling failing = Judge.rule(Series.course(
                        order, Series.of(CANDIDATE, 0, 6, at -> 10, at -> 5, 20), healthy(BASELINE, 0, 6, 90), 6))
                .orElseThrow();
        assertThat(failing.is(Outcome.FAIL)).as("errors roll back all the same").isTrue();
    }

    @Test
    void no_score_makes_up_for_a_trigger() {
        Ruling ruling = Judge.rule(Series.course(
                        order(rule(1, 0), cpu("more", false)),
                        valued(Series.of(CANDIDATE, 0, 6, at -> 10, at -> 5, 20), cpu(0.4)),
                        valued(healthy(BASELINE, 0, 6, 90), cpu(0.4)),
                        6))
                .orElseThrow();
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.judgement().metric()).isEqualTo("error rate");
    }

    @Test
    void only_metrics_of_a_team_look_both_ways() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanaryMetric("latency p95", "ranks", "either", 1, 0, 0, 0.01, false, "1.0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanaryMetric("canary cpu", "ranks", "more", 1, 0, 0, 0.01, false, "1.0"));
    }

    /** Values of both versions by their queries, a second each, as long as the source answers. */
    private record Source(Clock clock, double candidate, List<Integer> queries) implements MetricsSource {
        @Override
        public List<Sample> requests(String service, Instant from, Instant to) {
            int seconds = (int) Duration.between(START, to).toSeconds();
            return Stream.concat(
                            healthy(CANDIDATE, 0, seconds, 10).stream(), healthy(BASELINE, 0, seconds, 90).stream())
                    .filter(sample -> !sample.at().isBefore(from))
                    .toList();
        }

        @Override
        public Batch measure(String service, List<Query> asked, Instant from, Instant to) throws IOException {
            queries.add(asked.size());
            List<Sample> samples = requests(service, from, to);
            List<Valued> values = new ArrayList<>();
            for (Query query : asked) {
                assertThat(query.isValue()).isTrue();
                boolean own = query.events().equals("avg(cpu{${version}=~\"(.*@)?(sha256:)?new\"})");
                assertThat(own || query.events().endsWith("old\"})")).isTrue();
                samples.stream()
                        .filter(sample -> sample.version().equals(own ? CANDIDATE : BASELINE))
                        .forEach(sample -> values.add(new Valued(
                                query,
                                sample.at(),
                                Map.of(),
                                (own ? candidate : 0.4)
                                        + 0.001
                                                * Duration.between(START, sample.at())
                                                        .toSeconds())));
            }
            return new Batch(samples, List.of(), values);
        }
    }

    private static ObservationFixture watched(double candidate, List<Integer> queries, Triggers triggers)
            throws InterruptedException {
        ObservationFixture fixture = new ObservationFixture(START, clock -> new Source(clock, candidate, queries));
        fixture.observations().begin(Series.step(triggers, Duration.ofSeconds(6), Duration.ofSeconds(60)));
        fixture.watch(Duration.ofSeconds(9));
        return fixture;
    }

    @ParameterizedTest
    @CsvSource({"0.4, PASS, 100", "0.9, INCONCLUSIVE, 0"})
    void values_are_asked_for_in_the_same_batch_kept_and_judged_again_alike(double level, String verdict, double score)
            throws InterruptedException {
        List<Integer> queries = new ArrayList<>();
        Observations observations = watched(
                        level,
                        queries,
                        Series.seconds().with(List.of(cpu("more", false))).with(alone()))
                .observations();
        assertThat(queries).containsOnly(2);
        Observations.Observation step = observations.ofRelease("checkout@2.0.0").get(0);
        assertThat(step.latest().verdict()).isEqualTo(verdict);
        assertThat(step.ended()).isEqualTo(verdict.equals("PASS"));
        assertThat(step.score().value()).isEqualTo(score);
        assertThat(step.score().groups()).extracting(CanaryScore.Group::name).containsExactly("system");
        assertThat(observations.judgeAgain(step.order().id())).contains(step.latest());
        assertThat(observations.plotted("checkout@2.0.0").metrics())
                .filteredOn(plot -> plot.metric().equals("canary cpu"))
                .singleElement()
                .satisfies(plot -> {
                    assertThat(plot.verdict()).isEqualTo(verdict.equals("PASS") ? "PASS" : "FAIL");
                    assertThat(plot.candidate().get(0)).isEqualTo(level);
                    assertThat(plot.baseline().get(0)).isEqualTo(0.4);
                });
    }

    @Test
    void a_rollback_is_stored_however_long_its_rule_is_called() throws InterruptedException {
        String version = "canary-metrics 1.0, " + "c".repeat(200);
        CanaryMetric critical = new CanaryMetric(
                "canary cpu", "ranks", "more", 1, 0, 0, 0.01, true, version, null, own("system", 1, 1, false, false));
        Observations observations = watched(
                        0.9,
                        new ArrayList<>(),
                        Series.seconds().with(List.of(critical)).with(alone()))
                .observations();
        Judgement latest = observations.ofRelease("checkout@2.0.0").get(0).latest();
        assertThat(latest.verdict()).isEqualTo("FAIL");
        assertThat(latest.ruleVersion()).isEqualTo(version);
    }

    @Test
    void a_service_without_such_a_file_is_asked_for_nothing_more() throws InterruptedException {
        List<Integer> queries = new ArrayList<>();
        Observations observations = watched(0.9, queries, Series.seconds()).observations();
        assertThat(queries).containsOnly(0);
        Observations.Observation step = observations.ofRelease("checkout@2.0.0").get(0);
        assertThat(step.latest().verdict()).isEqualTo("PASS");
        assertThat(step.score()).isNull();
    }
}
