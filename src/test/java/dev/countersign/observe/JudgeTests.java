package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static dev.countersign.observe.Series.course;
import static dev.countersign.observe.Series.healthy;
import static dev.countersign.observe.Series.join;
import static dev.countersign.observe.Series.minutes;
import static dev.countersign.observe.Series.of;
import static dev.countersign.observe.Series.seconds;
import static dev.countersign.observe.Series.stabilisation;
import static dev.countersign.observe.Series.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTests {
    private static final Order SANDBOX = step(seconds(), Duration.ofSeconds(6), Duration.ofSeconds(60));
    private static final Order CRITICAL = step(minutes(), Duration.ofMinutes(30), Duration.ofHours(2));

    @ParameterizedTest
    @Tag("M1.2")
    @CsvSource({
        // requests in the trigger window, errors, verdict
        "20, 0, INCONCLUSIVE",
        "20, 1, INCONCLUSIVE", // 5 % is not over the limit of 5 %
        "20, 2, FAIL",
        "19, 0, INCONCLUSIVE",
        "19, 19, INCONCLUSIVE", // too few to say anything
        "312, 15, INCONCLUSIVE",
        "312, 16, FAIL"
    })
    void errors_over_the_limit_fail_with_enough_requests(long requests, long errors, String verdict) {
        List<Sample> candidate = List.of(Series.second(0, CANDIDATE, requests, errors, 20));
        Ruling ruling = rule(course(SANDBOX, candidate, healthy(BASELINE, 0, 1, 90), 1));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
        assertThat(ruling.last()).isEqualTo(verdict.equals("FAIL"));
    }

    @Test
    @Tag("M1.2")
    void a_breach_says_value_limit_sample_and_rule_in_a_sentence() {
        List<Sample> candidate = of(CANDIDATE, 0, 5, at -> 60, at -> 12, 20);
        Ruling ruling = rule(course(SANDBOX, candidate, healthy(BASELINE, 0, 5, 240), 5));
        assertThat(ruling.judgement().sentence())
                .isEqualTo("Error rate 20.0 % of 60 requests in 1 s is over the limit of 5 % (rollback-triggers 1.0)");
        assertThat(ruling.judgement().value()).isEqualTo(0.2);
        assertThat(ruling.judgement().limit()).isEqualTo(0.05);
        assertThat(ruling.judgement().sample()).isEqualTo(60);
        assertThat(ruling.judgement().ruleVersion()).isEqualTo("rollback-triggers 1.0");
    }

    @Test
    @Tag("M1.2")
    void six_percent_errors_in_10_of_30_minutes_fail() {
        List<Sample> candidate =
                of(CANDIDATE, 0, 1800, at -> 5, at -> at >= 600 && at < 1200 && at % 10 < 3 ? 1 : 0, 20);
        Ruling ruling = rule(course(CRITICAL, candidate, healthy(BASELINE, 0, 1800, 95), 1800));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.judgement().value()).isBetween(0.05, 0.061);
    }

    @ParameterizedTest
    @Tag("M1.2")
    @CsvSource({
        // added milliseconds in the seconds 0-1, 2-3, 4-5 over a baseline of 20 ms; verdict after 6 s
        "0, 0, 0, PASS",
        "150, 150, 150, PASS",
        "300, 0, 0, INCONCLUSIVE", // one breach restarts the window
        "300, 300, 0, FAIL",
        "300, 0, 300, FAIL",
        "0, 300, 300, FAIL"
    })
    void latency_over_baseline_fails_in_2_of_3_windows(double first, double second, double third, String verdict) {
        List<Sample> candidate = new ArrayList<>();
        candidate.addAll(of(CANDIDATE, 0, 2, at -> 10, at -> 0, 20 + first));
        candidate.addAll(of(CANDIDATE, 2, 4, at -> 10, at -> 0, 20 + second));
        candidate.addAll(of(CANDIDATE, 4, 6, at -> 10, at -> 0, 20 + third));
        Ruling ruling = rule(course(SANDBOX, candidate, healthy(BASELINE, 0, 6, 90), 6));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
    }

    @Test
    @Tag("M1.2")
    void a_slow_machine_slows_both_and_fails_nobody() {
        List<Sample> candidate = of(CANDIDATE, 0, 6, at -> 10, at -> 0, 900);
        List<Sample> baseline = of(BASELINE, 0, 6, at -> 90, at -> 0, 850);
        assertThat(rule(course(SANDBOX, candidate, baseline, 6)).is(Outcome.PASS))
                .isTrue();
    }

    @Test
    @Tag("M1.2")
    void a_latency_breach_says_by_how_much() {
        List<Sample> candidate = of(CANDIDATE, 0, 6, at -> 10, at -> 0, 400);
        Ruling ruling = rule(course(SANDBOX, candidate, healthy(BASELINE, 0, 6, 90), 6));
        assertThat(ruling.judgement().metric()).isEqualTo("latency p95 over baseline");
        assertThat(ruling.judgement().sentence())
                .contains(
                        "over the limit of +200 ms in 2 of 3 windows of 2 s",
                        "of 20 requests",
                        "rollback-triggers 1.0");
    }

    @ParameterizedTest
    @Tag("M3.4")
    @CsvSource({"5, INCONCLUSIVE", "6, PASS", "7, PASS"})
    void an_unbroken_window_passes_not_a_second_earlier(int seconds, String verdict) {
        Ruling ruling =
                rule(course(SANDBOX, healthy(CANDIDATE, 0, seconds, 10), healthy(BASELINE, 0, seconds, 90), seconds));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
        assertThat(ruling.unbrokenSince()).isEqualTo(START);
    }

    @Test
    @Tag("M3.4")
    void critical_services_pass_after_30_unbroken_minutes() {
        assertThat(rule(course(CRITICAL, healthy(CANDIDATE, 0, 1799, 1), healthy(BASELINE, 0, 1799, 19), 1799))
                        .is(Outcome.INCONCLUSIVE))
                .isTrue();
        assertThat(rule(course(CRITICAL, healthy(CANDIDATE, 0, 1800, 1), healthy(BASELINE, 0, 1800, 19), 1800))
                        .is(Outcome.PASS))
                .isTrue();
    }

    @Test
    @Tag("M3.4")
    void a_candidate_without_requests_has_no_data_and_not_zero_errors() {
        assertThat(Judge.rule(course(SANDBOX, List.of(), healthy(BASELINE, 0, 1, 100), 1)))
                .as("nothing can have been measured yet")
                .isEmpty();
        for (int seconds : new int[] {2, 10, 59}) {
            Ruling ruling = rule(course(SANDBOX, List.of(), healthy(BASELINE, 0, seconds, 100), seconds));
            assertThat(ruling.is(Outcome.NO_DATA)).isTrue();
            assertThat(ruling.unbrokenSince()).isNull();
            assertThat(ruling.judgement().sentence()).contains("No request of the candidate");
        }
    }

    @Test
    @Tag("M3.4")
    void without_a_baseline_there_is_nothing_to_compare_with() {
        Ruling ruling = rule(course(SANDBOX, healthy(CANDIDATE, 0, 10, 10), List.of(), 10));
        assertThat(ruling.is(Outcome.NO_DATA)).isTrue();
        assertThat(ruling.judgement().sentence()).contains("baseline");
    }

    @Test
    @Tag("M3.4")
    void at_full_share_the_baseline_measured_last_stands_in() {
        Course alone = course(SANDBOX, healthy(CANDIDATE, 0, 6, 100), List.of(), 6);
        Course withReference = Courses.course(
                SANDBOX,
                START,
                false,
                20.0,
                List.of(),
                List.of(),
                alone.candidate(),
                List.of(),
                alone.until(),
                alone.now(),
                null);
        assertThat(rule(withReference).is(Outcome.PASS)).isTrue();
        Course slow = Courses.course(
                SANDBOX,
                START,
                false,
                20.0,
                List.of(),
                List.of(),
                of(CANDIDATE, 0, 6, at -> 100, at -> 0, 300),
                List.of(),
                alone.until(),
                alone.now(),
                null);
        assertThat(rule(slow).is(Outcome.FAIL)).isTrue();
    }

    @ParameterizedTest
    @Tag("M3.4")
    @ValueSource(strings = {"candidate", "baseline"})
    void a_hole_in_the_data_restarts_the_unbroken_window(String side) {
        List<Sample> holed = join(
                healthy(side.equals("candidate") ? CANDIDATE : BASELINE, 0, 4, 50),
                healthy(side.equals("candidate") ? CANDIDATE : BASELINE, 7, 20, 50));
        List<Sample> whole = healthy(side.equals("candidate") ? BASELINE : CANDIDATE, 0, 20, 50);
        List<Sample> candidate = side.equals("candidate") ? holed : whole;
        List<Sample> baseline = side.equals("candidate") ? whole : holed;
        assertThat(at(candidate, baseline, 6).is(Outcome.NO_DATA)).isTrue();
        Ruling after = at(candidate, baseline, 9);
        assertThat(after.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(after.unbrokenSince()).isAfterOrEqualTo(START.plusSeconds(7));
        assertThat(at(candidate, baseline, 13).is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(at(candidate, baseline, 14).is(Outcome.PASS)).isTrue();
    }

    @Test
    @Tag("M3.4")
    void missing_data_stops_the_clock() {
        List<Sample> candidate = healthy(CANDIDATE, 0, 5, 10);
        List<Sample> baseline = healthy(BASELINE, 0, 6, 90);
        // One second without requests is no hole, but it does not count either.
        assertThat(at(candidate, baseline, 6).is(Outcome.INCONCLUSIVE)).isTrue();
    }

    @Test
    @Tag("M3.4")
    void too_few_requests_say_how_many_more_are_needed() {
        Ruling ruling = rule(course(SANDBOX, healthy(CANDIDATE, 0, 10, 2), healthy(BASELINE, 0, 10, 18), 10));
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.unbrokenSince()).isNull();
        assertThat(ruling.judgement().sentence())
                .isEqualTo(
                        "10 requests of the candidate in 5 s, 10 more are needed to say anything (rollback-triggers 1.0)");
    }

    @Test
    @Tag("M3.4")
    void at_its_maximum_without_verdict_it_is_inconclusive_for_good() {
        Ruling before = rule(course(SANDBOX, List.of(), List.of(), 59));
        assertThat(before.last()).isFalse();
        Ruling ruling = rule(course(SANDBOX, List.of(), List.of(), 60));
        assertThat(ruling.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(ruling.last()).isTrue();
        assertThat(ruling.judgement().sentence()).startsWith("No verdict after 60 s: No request of the candidate");
    }

    @Test
    @Tag("M3.4")
    void a_source_that_does_not_answer_is_an_error_and_never_a_pass() {
        Course course = course(SANDBOX, healthy(CANDIDATE, 0, 30, 10), healthy(BASELINE, 0, 30, 90), 30);
        Ruling ruling = rule(troubled(course));
        assertThat(ruling.is(Outcome.ERROR)).isTrue();
        assertThat(ruling.last()).isFalse();
        assertThat(ruling.judgement().sentence()).contains("connection refused");
        Ruling late = rule(troubled(course(SANDBOX, course.candidate(), course.baseline(), 60)));
        assertThat(late.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(late.last()).isTrue();
    }

    @Test
    @Tag("M3.4")
    void while_paused_nothing_passes_and_nothing_runs_out_but_a_breach_still_fails() {
        assertThat(rule(paused(course(SANDBOX, healthy(CANDIDATE, 0, 90, 10), healthy(BASELINE, 0, 90, 90), 90)))
                        .last())
                .isFalse();
        assertThat(rule(paused(course(SANDBOX, List.of(), List.of(), 90))).last())
                .isFalse();
        assertThat(rule(paused(course(
                                SANDBOX, of(CANDIDATE, 0, 5, at -> 10, at -> 5, 20), healthy(BASELINE, 0, 5, 90), 5)))
                        .is(Outcome.FAIL))
                .isTrue();
    }

    @Test
    @Tag("M3.4")
    void the_same_samples_give_the_same_verdict_whenever_they_are_looked_at() {
        List<Sample> candidate = of(CANDIDATE, 0, 40, at -> 10, at -> at == 20 ? 8 : 0, 20);
        List<Sample> baseline = healthy(BASELINE, 0, 40, 90);
        Order patient = step(seconds(), Duration.ofSeconds(30), Duration.ofSeconds(90));
        Ruling atOnce = rule(course(patient, until(candidate, 21), until(baseline, 21), 21));
        Ruling later = rule(course(patient, candidate, baseline, 40));
        assertThat(atOnce.is(Outcome.FAIL)).isTrue();
        assertThat(later.judgement().sentence()).isEqualTo(atOnce.judgement().sentence());
    }

    @Test
    @Tag("M1.1")
    void stable_is_what_held_every_objective_over_the_window() {
        Ruling early = rule(stabilising(objectives(), healthy(CANDIDATE, 0, 9, 100), 9));
        assertThat(early.is(Outcome.INCONCLUSIVE)).isTrue();
        Ruling ruling = rule(stabilising(objectives(), healthy(CANDIDATE, 0, 10, 100), 10));
        assertThat(ruling.is(Outcome.PASS)).isTrue();
        assertThat(ruling.judgement().sentence())
                .isEqualTo("All 3 objectives held for 10 s over 1000 requests: availability 100.0 % (objective 99.5 %),"
                        + " latency 100.0 % (objective 95 %), errors 100.0 % (objective 99 %) (d)");
    }

    /** Whoever reads it later must know which version of the file it was held against. */
    @Test
    @Tag("M3.3")
    void a_sentence_about_objectives_names_the_versions_of_their_files() {
        String file = "sha256:" + "0123456789abcdef".repeat(4);
        List<Objective> objectives = List.of(
                new Objective("promised-availability", "availability", 0.995, null, file),
                new Objective("latency", "latency", 0.95, 300.0, "sha256:" + "f".repeat(64)),
                new Objective("errors", "errors", 0.99, null, file));
        String both = " (sha256:0123456789ab, sha256:ffffffffffff)";
        Judgement held = rule(stabilising(objectives, healthy(CANDIDATE, 0, 10, 100), 10))
                .judgement();
        assertThat(held.sentence()).startsWith("All 3 objectives held").endsWith(both);
        assertThat(rule(stabilising(objectives, healthy(CANDIDATE, 0, 9, 100), 9))
                        .judgement()
                        .sentence())
                .startsWith("So far")
                .endsWith(both);
        Judgement missed = rule(stabilising(objectives, of(CANDIDATE, 0, 10, at -> 100, at -> 1, 20), 10))
                .judgement();
        assertThat(missed.sentence())
                .startsWith("Objective promised-availability was missed")
                .endsWith(" (sha256:0123456789ab)");
        List<Objective> strict = List.of(
                new Objective("strict", "availability", 0.999, null, file), objectives.get(1), objectives.get(2));
        assertThat(rule(stabilising(strict, of(CANDIDATE, 0, 6, at -> 100, at -> 3, 20), 6))
                        .judgement()
                        .sentence())
                .startsWith("Objective strict burns")
                .endsWith(" (sha256:0123456789ab)");

        Judgement stored = saying(held, held.sentence().replace(both, ""));
        assertThat(stored.agrees(held)).as("stored before files were named").isTrue();
        assertThat(held.agrees(held)).isTrue();
        assertThat(held.agrees(stored)).isFalse();
        assertThat(saying(held, held.sentence().replace("fff", "eee")).agrees(held))
                .as("another version")
                .isFalse();
        assertThat(saying(held, stored.sentence().replace("1000", "2000")).agrees(held))
                .isFalse();
    }

    private static Judgement saying(Judgement as, String sentence) {
        return new Judgement(
                as.verdict(), as.metric(), as.value(), as.limit(), as.sample(), as.ruleVersion(), sentence, as.at());
    }

    @ParameterizedTest
    @Tag("M1.1")
    @CsvSource({
        // errors a second of 100 requests, slow seconds of 10, verdict, metric
        "0, 0, PASS, objectives",
        "1, 0, FAIL, checkout-availability",
        "0, 1, FAIL, checkout-latency"
    })
    void a_missed_objective_fails_at_the_windows_end(int errors, int slow, String verdict, String metric) {
        List<Sample> candidate = new ArrayList<>();
        for (int at = 0; at < 10; at++) {
            candidate.add(Series.second(at, CANDIDATE, 100, errors, at < slow ? 400 : 20));
        }
        Ruling ruling = rule(stabilising(objectives(), candidate, 10));
        assertThat(ruling.judgement().verdict()).isEqualTo(verdict);
        assertThat(ruling.judgement().metric()).isEqualTo(metric);
        assertThat(ruling.last()).isTrue();
    }

    @ParameterizedTest
    @Tag("M1.1")
    @ValueSource(strings = {"availability", "latency", "errors"})
    void each_kind_of_objective_is_required(String kind) {
        List<Objective> without =
                objectives().stream().filter(each -> !each.kind().equals(kind)).toList();
        Ruling ruling = rule(stabilising(without, healthy(CANDIDATE, 0, 20, 100), 20));
        assertThat(ruling.is(Outcome.NO_DATA)).isTrue();
        assertThat(ruling.judgement().sentence()).contains("no measurable objective for " + kind);
    }

    @Test
    @Tag("M1.1")
    void a_latency_objective_without_buckets_or_threshold_is_no_data() {
        List<Sample> percentilesOnly = healthy(CANDIDATE, 0, 20, 100).stream()
                .map(each -> new Sample(
                        each.at(), each.interval(), each.version(), each.requests(), each.errors(), 20.0, 20.0, 20.0))
                .toList();
        assertThat(rule(stabilising(objectives(), percentilesOnly, 20)).is(Outcome.NO_DATA))
                .isTrue();
    }

    @Test
    @Tag("M1.1")
    void a_stabilisation_without_requests_never_passes() {
        assertThat(rule(stabilising(objectives(), List.of(), 30)).is(Outcome.NO_DATA))
                .isTrue();
        Ruling late = rule(stabilising(objectives(), List.of(), 60));
        assertThat(late.is(Outcome.INCONCLUSIVE)).isTrue();
        assertThat(late.last()).isTrue();
    }

    @Test
    @Tag("M1.1")
    void a_budget_burning_at_paging_speed_fails_before_the_window_ends() {
        List<Objective> strict = List.of(
                new Objective("strict-availability", "availability", 0.999, null, "d"),
                new Objective("latency", "latency", 0.95, 300.0, "d"),
                new Objective("errors", "errors", 0.99, null, "d"));
        List<Sample> candidate = of(CANDIDATE, 0, 6, at -> 100, at -> 3, 20);
        Ruling ruling = rule(stabilising(strict, candidate, 6));
        assertThat(ruling.is(Outcome.FAIL)).isTrue();
        assertThat(ruling.judgement().sentence()).contains("strict-availability burns its error budget 30.0 times");
    }

    private static List<Objective> objectives() {
        return List.of(
                new Objective("checkout-availability", "availability", 0.995, null, "d"),
                new Objective("checkout-latency", "latency", 0.95, 300.0, "d"),
                new Objective("checkout-errors", "errors", 0.99, null, "d"));
    }

    private static Course stabilising(List<Objective> objectives, List<Sample> candidate, int seconds) {
        Instant until = START.plusSeconds(seconds);
        return Courses.course(
                stabilisation(Duration.ofSeconds(10), Duration.ofSeconds(60)),
                START,
                false,
                null,
                objectives,
                List.of(),
                candidate,
                List.of(),
                until,
                until,
                null);
    }

    private static Ruling at(List<Sample> candidate, List<Sample> baseline, int seconds) {
        return rule(course(SANDBOX, until(candidate, seconds), until(baseline, seconds), seconds));
    }

    private static List<Sample> until(List<Sample> samples, int seconds) {
        return samples.stream()
                .filter(sample -> !sample.end().isAfter(START.plusSeconds(seconds)))
                .toList();
    }

    private static Course paused(Course course) {
        return Courses.course(
                course.order(),
                course.since(),
                true,
                null,
                course.objectives(),
                List.of(),
                course.candidate(),
                course.baseline(),
                course.until(),
                course.now(),
                null);
    }

    private static Course troubled(Course course) {
        return Courses.course(
                course.order(),
                course.since(),
                false,
                null,
                Collections.emptyList(),
                List.of(),
                course.candidate(),
                course.baseline(),
                course.until(),
                course.now(),
                "connection refused");
    }

    private static Ruling rule(Course course) {
        return Judge.rule(course).orElseThrow();
    }
}
