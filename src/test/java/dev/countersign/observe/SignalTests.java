package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.healthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Reading.Counts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Business figures and pages of real users in the judge, at the end of a window of 10 seconds whose requests are all well. */
class SignalTests {
    private static final String RULE = "canary-metrics 1.0";

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

    /** With readings that are as new as the requests are. */
    private static Ruling judged(CanaryMetric metric, int seconds, double share, Reading... readings) {
        return judged(
                "step",
                metric,
                seconds,
                share,
                Arrays.stream(readings)
                        .map(reading -> upTo(reading, seconds, seconds))
                        .toList());
    }

    private static Reading upTo(Reading reading, int candidate, int baseline) {
        return new Reading(
                reading.metric(),
                START.plusSeconds(Math.max(candidate, baseline)),
                Duration.ofSeconds(1),
                upTo(reading.candidate(), candidate),
                upTo(reading.baseline(), baseline),
                reading.season());
    }

    private static Counts upTo(Counts counts, int seconds) {
        return new Counts(counts.counted(), counts.units(), counts.values(), START.plusSeconds(seconds));
    }

    private static Ruling judged(String kind, CanaryMetric metric, int seconds, double share, List<Reading> readings) {
        Order step =
                Series.step(Series.seconds().with(List.of(metric)), Duration.ofSeconds(10), Duration.ofSeconds(30));
        Order order = new Order(
                step.id(),
                step.releaseKey(),
                step.service(),
                kind,
                step.candidate(),
                step.baseline(),
                share,
                step.window(),
                step.maximum(),
                step.triggers());
        return Judge.rule(Courses.course(
                        order,
                        START,
                        false,
                        share < 1 ? null : 20.0,
                        List.of(),
                        List.of(),
                        healthy(CANDIDATE, 0, seconds, 10),
                        share < 1 ? healthy(BASELINE, 0, seconds, 90) : List.of(),
                        START.plusSeconds(seconds),
                        START.plusSeconds(seconds),
                        null,
                        readings))
                .orElseThrow();
    }

    private static Reading orders(long candidate, long visits, long baseline, long baselineVisits, Double... season) {
        return new Reading(
                "kpi orders",
                null,
                null,
                new Counts(candidate, visits, null, null),
                new Counts(baseline, baselineVisits, null, null),
                List.of(season));
    }

    @Test
    @Tag("M5.6")
    void a_critical_figure_that_drops_fails_at_once_for_the_stated_reason() {
        Ruling ruling = judged(kpi("events", "less", true, true, false), 3, 0.1, orders(150, 1000, 2700, 9000));
        Judgement judgement = ruling.judgement();
        assertThat(judgement.verdict()).isEqualTo("FAIL");
        assertThat(ruling.last()).isTrue();
        assertThat(judgement.metric()).isEqualTo("kpi orders");
        assertThat(judgement.sentence())
                .matches(
                        "Kpi orders of the candidate is 0\\.15 for each of 1000, 50\\.0 % less than the baseline's beside it, evidence \\S+ that this is over 10 % \\(limit 100\\), 10 % tolerated \\(canary-metrics 1\\.0\\)");
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({
        // 10 % less is tolerated, and 15 % of few orders is chance
        "less, 270, 1000, PASS",
        "less, 255, 1000, PASS",
        "less, 27100, 100000, PASS",
        "less, 25500, 100000, FAIL",
        "less, 600, 1000, PASS",
        "more, 600, 1000, FAIL",
        "more, 330, 1000, PASS",
        "more, 150, 1000, PASS"
    })
    void only_what_is_surely_worse_than_tolerated_fails(String worse, long orders, long visits, String verdict) {
        Ruling ruling = judged(
                kpi("events", worse, true, true, false),
                12,
                0.1,
                orders(orders, visits, 2700 * visits / 1000, 9 * visits));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
    }

    @Test
    @Tag("M5.6")
    void a_figure_that_is_not_critical_holds_and_a_person_decides_in_the_end() {
        Reading drop = orders(150, 1000, 2700, 9000);
        Ruling held = judged(kpi("events", "less", false, true, false), 12, 0.1, drop);
        assertThat(held.judgement().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(held.last()).isFalse();
        assertThat(held.judgement().sentence()).startsWith("Held back: Kpi orders");
        Ruling late = judged(kpi("events", "less", false, true, false), 30, 0.1, drop);
        assertThat(late.judgement().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(late.last()).isTrue();
        assertThat(late.judgement().metric()).isEqualTo("kpi orders");
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({"0, 0, NO_DATA", "3, 10, INCONCLUSIVE"})
    void what_was_not_counted_never_passes(long orders, long visits, String verdict) {
        Ruling ruling = judged(kpi("events", "less", true, true, false), 12, 0.1, orders(orders, visits, 2700, 9000));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
        assertThat(ruling.last()).isFalse();
        assertThat(judged(kpi("events", "less", true, true, false), 12, 0.1)
                        .judgement()
                        .verdict())
                .as("nothing at all")
                .isEqualTo("NO_DATA");
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({"15, FAIL", "16, PASS", "17, PASS", "18, PASS", "21, PASS"})
    void in_the_sandbox_the_difference_itself_counts_but_a_single_order_says_nothing(long orders, String verdict) {
        CanaryMetric metric = kpi("window", "less", true, true, false);
        assertThat(judged(metric, 9, 0.1, orders(orders, 60, 162, 540))
                        .judgement()
                        .verdict())
                .as("before the window's end")
                .isEqualTo("INCONCLUSIVE");
        Ruling ruling = judged(metric, 12, 0.1, orders(orders, 60, 162, 540));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
    }

    @Test
    @Tag("M5.6")
    void less_than_four_weeks_are_no_season_and_hold() {
        Ruling ruling =
                judged(kpi("events", "less", true, true, true), 12, 0.1, orders(300, 1000, 2700, 9000, 0.3, 0.3, 0.3));
        assertThat(ruling.judgement().verdict()).isEqualTo("NO_DATA");
        assertThat(ruling.judgement().sentence())
                .isEqualTo(
                        "Kpi orders: 3 of 4 weeks are known of this hour, there is no season to hold it against (canary-metrics 1.0)");
    }

    @Test
    @Tag("M5.6")
    void the_median_of_four_weeks_is_held_against_and_only_holds_while_the_baseline_shows_the_same() {
        Double[] weeks = {0.9, 0.5, 0.1, 0.4};
        Reading both = orders(300, 1000, 2700, 9000, weeks);
        Ruling held = judged(kpi("events", "less", true, true, true), 12, 0.1, both);
        assertThat(held.judgement().verdict()).isEqualTo("INCONCLUSIVE");
        assertThat(held.judgement().sentence()).contains("33.3 % less than the median of this hour over four weeks");
        Ruling alone = judged(kpi("events", "less", true, true, true), 12, 1, orders(300, 1000, 0, 0, weeks));
        assertThat(alone.judgement().verdict()).as(alone.judgement().sentence()).isEqualTo("FAIL");
        Ruling well = judged(
                kpi("events", "less", true, true, true), 12, 0.1, orders(300, 1000, 2700, 9000, 0.3, 0.3, 0.31, 0.2));
        assertThat(well.judgement().verdict()).as(well.judgement().sentence()).isEqualTo("PASS");
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({
        // where the counts of each side end, of 12 seconds; a hole of 2 is too long
        "11, 11, PASS",
        "5, 11, NO_DATA",
        "11, 5, NO_DATA",
        "10, 12, NO_DATA"
    })
    void a_figure_that_went_silent_does_not_pass_on_what_was_counted_before(
            int candidate, int baseline, String verdict) {
        Ruling ruling = judged(
                "step",
                kpi("events", "less", true, true, false),
                12,
                0.1,
                List.of(upTo(orders(300, 1000, 2700, 9000), candidate, baseline)));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
        assertThat(ruling.last()).isEqualTo(verdict.equals("PASS"));
    }

    @Test
    @Tag("M5.6")
    void silence_is_told_with_its_begin_and_hides_nothing_that_was_worse_before() {
        CanaryMetric metric = kpi("window", "less", true, true, false);
        Ruling silent = judged("step", metric, 12, 0.1, List.of(upTo(orders(18, 60, 162, 540), 5, 12)));
        assertThat(silent.judgement().sentence())
                .isEqualTo(
                        "Kpi orders: nothing of the candidate has been counted since 2026-11-24T20:00:05Z, longer than 2 s (canary-metrics 1.0)");
        Ruling worse = judged("step", metric, 12, 0.1, List.of(upTo(orders(9, 60, 162, 540), 5, 12)));
        assertThat(worse.judgement().verdict()).isEqualTo("FAIL");
    }

    @Test
    @Tag("M5.6")
    void a_season_is_held_against_the_candidate_alone() {
        CanaryMetric metric = kpi("events", "less", true, true, true);
        Reading alone = orders(300, 1000, 0, 0, 0.3, 0.3, 0.3, 0.3);
        assertThat(judged("step", metric, 12, 1, List.of(upTo(alone, 12, 0)))
                        .judgement()
                        .verdict())
                .isEqualTo("PASS");
        assertThat(judged("step", metric, 12, 1, List.of(upTo(alone, 5, 12)))
                        .judgement()
                        .verdict())
                .isEqualTo("NO_DATA");
    }

    @Test
    @Tag("M5.6")
    void counts_that_come_seldom_are_as_old_as_that_without_being_silent() {
        Reading fresh = upTo(orders(300, 1000, 2700, 9000), 5, 5);
        Reading seldom = new Reading(
                fresh.metric(), fresh.until(), Duration.ofSeconds(4), fresh.candidate(), fresh.baseline(), List.of());
        CanaryMetric metric = kpi("events", "less", true, true, false);
        assertThat(judged("step", metric, 12, 0.1, List.of(seldom)).judgement().verdict())
                .isEqualTo("PASS");
        assertThat(judged("step", metric, 13, 0.1, List.of(seldom)).judgement().verdict())
                .isEqualTo("NO_DATA");
    }

    private static Watched watched(CanaryMetric metric, List<Reading> readings) {
        Order step = Series.step(Series.seconds().with(List.of(metric)), Duration.ofSeconds(10), Duration.ofHours(9));
        return Courses.watched(
                1,
                new Observations.Observation(step, START, null, false, false, null, List.of()),
                START,
                START,
                0,
                null,
                List.of(),
                List.of(),
                readings);
    }

    /** A count of both sides each second, but for a hole of one side. */
    private static Reading counted(int seconds, String holed, int from, int to) {
        Watched watched = watched(kpi("events", "less", true, true, false), List.of());
        Reading reading = Reading.begin("kpi orders");
        for (int at = 0; at < seconds; at++) {
            int second = at;
            reading = Readings.and(
                    reading,
                    watched,
                    Stream.of(CANDIDATE, BASELINE)
                            .filter(side -> !side.equals(holed) || second < from || second >= to)
                            .map(side -> each(second, side))
                            .toList());
        }
        return reading;
    }

    private static MetricsSource.Counted each(int second, String version) {
        return new MetricsSource.Counted(
                new MetricsSource.Query("orders", "visits"),
                START.plusSeconds(second),
                Duration.ofSeconds(1),
                version,
                30,
                100);
    }

    @ParameterizedTest(name = "hole of {0} from {1} to {2}, window until {3}: {4}")
    @Tag("M5.6")
    @CsvSource({
        "sha256:new, 5, 8, 12, NO_DATA",
        "sha256:old, 5, 8, 12, NO_DATA",
        "sha256:new, 0, 3, 12, NO_DATA",
        "sha256:new, 5, 6, 12, PASS",
        // a whole window lies behind the hole
        "sha256:new, 5, 8, 18, PASS",
    })
    void a_hole_in_the_middle_of_the_window_is_no_pass(String side, int from, int to, int until, String verdict) {
        Ruling ruling = judged(
                "step", kpi("events", "less", true, true, false), until, 0.1, List.of(counted(until, side, from, to)));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
        if (verdict.equals("NO_DATA")) {
            assertThat(ruling.judgement().sentence())
                    .contains("was counted for 2 s or longer until", "within the window");
        }
    }

    /** One visit in ten seconds: nothing for twenty is chance, nothing for two minutes is none. */
    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({"20, false", "120, true"})
    void where_little_comes_a_while_without_it_is_no_hole(int pause, boolean hole) {
        Reading.Counts counts = Reading.Counts.NONE;
        for (int visit = 0; visit < 20; visit++) {
            counts = counts.and(one(visit * 10 + (visit < 15 ? 0 : pause)), START, Duration.ofSeconds(2));
        }
        assertThat(counts.of()).isEqualTo(20);
        assertThat(counts.hasHoleAfter(START)).isEqualTo(hole);
    }

    private static MetricsSource.Counted one(int second) {
        return new MetricsSource.Counted(
                new MetricsSource.Query("orders", "visits"),
                START.plusSeconds(second),
                Duration.ofSeconds(1),
                CANDIDATE,
                0,
                1);
    }

    @Test
    void what_is_stored_of_a_reading_is_read_back_whole_and_so_is_what_was_stored_before_it_knew_of_holes()
            throws Exception {
        JsonMapper json = JsonMapper.builder().findAndAddModules().build();
        Reading reading = new Reading(
                "kpi orders",
                START,
                Duration.ofSeconds(1),
                new Counts(1, 2, null, START, START.minusSeconds(5)),
                Counts.NONE,
                List.of(0.3),
                List.of(new Reading.Hour(START, 1, 2)));
        assertThat(json.readValue(json.writeValueAsString(reading), Reading.class))
                .isEqualTo(reading);
        Reading before = json.readValue(
                """
                {"metric": "kpi orders", "until": null, "every": null, "season": [],
                 "candidate": {"counted": 1.0, "units": 2.0, "values": null, "until": null},
                 "baseline": {"counted": 0.0, "units": 0.0, "values": null, "until": null}}""",
                Reading.class);
        assertThat(before.candidate()).isEqualTo(new Counts(1, 2, null, null));
        assertThat(before.hours()).isEmpty();
    }

    /** At noon each visit brings an order, at night one in a hundred does. */
    @Test
    @Tag("M5.6")
    void a_season_is_that_of_the_hours_in_the_window_and_not_of_the_one_in_which_the_wait_ends() throws Exception {
        CanaryMetric metric = kpi("window", "less", true, false, true);
        MetricsSource.Query query = metric.kpi().query();
        Sources sources = mock(Sources.class);
        List<Instant> asked = new ArrayList<>();
        when(sources.seasons(eq("checkout"), any(), any())).thenAnswer(call -> {
            Instant hour = call.getArgument(2);
            asked.add(hour);
            return Map.of(query, Collections.nCopies(4, hour.equals(START) ? 1.0 : 0.01));
        });
        Instant end = START.plus(Duration.ofHours(1)).plusSeconds(1);
        Readings readings = new Readings(asking -> Map.of(), new Seasons(sources, Clock.fixed(end, ZoneOffset.UTC)));
        Reading known = Reading.begin(metric.name());
        for (int at : new int[] {3590, 3600}) {
            var count = new MetricsSource.Counted(
                    query, START.plusSeconds(at), Duration.ofSeconds(5), CANDIDATE, at < 3600 ? 300 : 3, 300);
            known = readings.next(
                            List.of(watched(metric, List.of(known))),
                            Map.of("checkout", new Sources.Answer(List.of(), List.of(count), null)))
                    .get(1L)
                    .get(0);
        }
        assertThat(asked).containsExactly(START, START.plus(Duration.ofHours(1)));
        assertThat(known.seasoned().of()).isEqualTo(600);
        assertThat(known.median()).isCloseTo(0.505, within(1e-9));
        SignalLook look = SignalLook.atWindow(
                metric, known, Series.seconds(), false, end.minusSeconds(11), START.plusSeconds(3605));
        assertThat(look.outcome()).as(look.sentence()).isEqualTo(Outcome.PASS);
    }

    @Test
    @Tag("M3.3")
    void pages_of_which_nobody_tells_any_more_do_not_pass() {
        Reading alike = pages("rum LCP", 60, 1800, 90, 1800);
        Ruling ruling = judged("step", pages("rum LCP", 0, 200), 12, 0.1, List.of(upTo(alike, 12, 4)));
        assertThat(ruling.judgement().verdict()).isEqualTo("NO_DATA");
        assertThat(ruling.judgement().sentence()).startsWith("Rum LCP: nothing of the baseline has been counted since");
    }

    @Test
    @Tag("M5.6")
    void each_side_is_as_new_as_its_last_interval_with_units() {
        Order step = Series.step(Series.seconds(), Duration.ofSeconds(10), Duration.ofSeconds(30));
        Watched watched = Courses.watched(
                1,
                new Observations.Observation(step, START, null, false, false, null, List.of()),
                START,
                START,
                0,
                null,
                List.of(),
                List.of(),
                List.of());
        Reading reading = Readings.and(
                Reading.begin("kpi orders"),
                watched,
                List.of(counted(0, CANDIDATE, 10), counted(0, BASELINE, 90), counted(1, CANDIDATE, 0)));
        reading = Readings.and(reading, watched, List.of(counted(2, CANDIDATE, 0), counted(2, BASELINE, 90)));
        assertThat(reading.until()).isEqualTo(START.plusSeconds(45));
        assertThat(reading.every()).isEqualTo(Duration.ofSeconds(15));
        assertThat(reading.candidate().until()).isEqualTo(START.plusSeconds(15));
        assertThat(reading.baseline().until()).isEqualTo(START.plusSeconds(45));
        assertThat(Readings.and(reading, watched, List.of())).as("nothing new").isEqualTo(reading);
    }

    private static MetricsSource.Counted counted(int interval, String version, double units) {
        return new MetricsSource.Counted(
                new MetricsSource.Query("orders", "visits"),
                START.plusSeconds(15L * interval),
                Duration.ofSeconds(15),
                version,
                0,
                units);
    }

    @ParameterizedTest
    @Tag("M5.6")
    @CsvSource({
        // orders, seconds, end of the candidate's counts; verdict and metric while a person decides
        "18, 12, 12, INCONCLUSIVE, window",
        "18, 12, 5, NO_DATA, kpi orders",
        "9, 12, 12, FAIL, kpi orders",
        "9, 9, 9, INCONCLUSIVE, window"
    })
    void while_a_person_decides_a_figure_fails_or_is_missed_once_a_window_is_whole_and_never_passes(
            long orders, int seconds, int candidate, String verdict, String metric) {
        Ruling ruling = judged(
                "held",
                kpi("window", "less", true, true, false),
                seconds,
                0.1,
                List.of(upTo(orders(orders, 60, 162, 540), candidate, seconds)));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
        assertThat(ruling.judgement().metric()).isEqualTo(metric);
        assertThat(ruling.last()).isEqualTo(verdict.equals("FAIL"));
    }

    @Test
    @Tag("M3.3")
    void while_a_person_decides_worse_pages_are_in_the_way_and_good_ones_are_told() {
        CanaryMetric metric = pages("rum LCP", 0, 200);
        Ruling worse = judged("held", metric, 12, 0.1, List.of(upTo(pages("rum LCP", 60, 2400, 90, 1800), 12, 12)));
        assertThat(worse.judgement().sentence()).startsWith("Held back: Rum LCP");
        assertThat(worse.last()).isFalse();
        assertThat(worse.unbrokenSince()).as("in the way of the promotion").isNull();
        Ruling well = judged("held", metric, 12, 0.1, List.of(upTo(pages("rum LCP", 60, 1800, 90, 1800), 12, 12)));
        assertThat(well.judgement().sentence()).contains("No breach so far", "; rum LCP p75 of 60 pages");
        assertThat(well.unbrokenSince()).isEqualTo(START);
    }

    private static Reading pages(String metric, int candidate, double own, int baseline, double other) {
        return new Reading(metric, null, null, told(candidate, own), told(baseline, other), List.of());
    }

    private static Counts told(int pages, double value) {
        double[] values = new double[pages];
        Arrays.fill(values, value);
        return new Counts(0, pages, Latencies.of(values).toString(), null);
    }

    @ParameterizedTest
    @Tag("M3.3")
    @CsvSource({
        "rum CLS, 50, 140, 40, INCONCLUSIVE",
        "rum CLS, 50, 40, 40, PASS",
        "rum CLS, 50, 40, 140, PASS",
        "rum LCP, 200, 2400, 1800, INCONCLUSIVE",
        "rum LCP, 200, 1850, 1800, PASS",
        "rum INP, 50, 300, 90, INCONCLUSIVE"
    })
    void pages_that_got_worse_hold_and_never_roll_back(
            String metric, double limit, double own, double other, String verdict) {
        Ruling ruling = judged(pages(metric, 0, limit), 12, 0.1, pages(metric, 60, own, 90, other));
        assertThat(ruling.judgement().verdict())
                .as(ruling.judgement().sentence())
                .isEqualTo(verdict);
        assertThat(ruling.last()).isEqualTo(verdict.equals("PASS"));
    }

    @Test
    @Tag("M3.3")
    void errors_of_scripts_are_held_against_the_pages_that_were_shown() {
        CanaryMetric metric = pages("rum JS errors", 0.005, 0);
        Reading worse = new Reading(
                "rum JS errors",
                null,
                null,
                new Counts(12, 100, null, null),
                new Counts(9, 900, null, null),
                List.of());
        assertThat(judged(metric, 12, 0.1, worse).judgement().sentence())
                .isEqualTo(
                        "Held back: Rum JS errors: 12.0 % of 100 pages of real users against 1.0 % of 900 of the baseline, 0.5 % more tolerated (canary-metrics 1.0)");
        Reading alike = new Reading(
                "rum JS errors", null, null, new Counts(2, 100, null, null), new Counts(9, 900, null, null), List.of());
        assertThat(judged(metric, 12, 0.1, alike).judgement().verdict()).isEqualTo("PASS");
    }

    @Test
    @Tag("M3.3")
    void a_few_pages_say_nothing_and_none_are_no_data() {
        CanaryMetric metric = pages("rum LCP", 0, 200);
        assertThat(judged(metric, 12, 0.1, pages("rum LCP", 19, 9000, 90, 100))
                        .judgement()
                        .verdict())
                .isEqualTo("INCONCLUSIVE");
        assertThat(judged(metric, 12, 0.1).judgement().verdict()).isEqualTo("NO_DATA");
    }

    @Test
    @Tag("M3.3")
    void a_difference_that_may_be_chance_does_not_hold() {
        CanaryMetric metric = pages("rum LCP", 0, 200);
        double[] own = new double[40];
        double[] other = new double[40];
        // 12 slow pages of 40 against 9: the percentile lies among them on one side only.
        Arrays.setAll(own, page -> page < 12 ? 4000 : 1500);
        Arrays.setAll(other, page -> page < 9 ? 4000 : 1500);
        Reading reading = new Reading(
                "rum LCP",
                null,
                null,
                new Counts(0, 40, Latencies.of(own).toString(), null),
                new Counts(0, 40, Latencies.of(other).toString(), null),
                List.of());
        assertThat(judged(metric, 12, 0.1, reading).judgement().verdict()).isEqualTo("PASS");
    }

    @Test
    @Tag("M3.3")
    void a_table_that_lets_pages_roll_back_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CanaryMetric("rum CLS", "p75", "more", 1, 0, 50, 0.01, true, RULE))
                .withMessageContaining("anybody can send");
    }
}
