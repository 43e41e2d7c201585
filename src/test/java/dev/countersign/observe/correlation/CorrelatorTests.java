package dev.countersign.observe.correlation;

import static dev.countersign.observe.correlation.SimulatedServices.BEGAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.CallGraph.Relation;
import dev.countersign.observe.correlation.Carried.Answer;
import dev.countersign.observe.correlation.Evidence.Both;
import dev.countersign.observe.correlation.Evidence.Versions;
import dev.countersign.observe.correlation.Finding.Outcome;
import dev.countersign.observe.correlation.Finding.Reason;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.observe.correlation.Signal.Count;
import dev.countersign.observe.correlation.Signal.Kind;
import dev.countersign.observe.correlation.SimulatedServices.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M5.2")
class CorrelatorTests {
    private static final CallGraph DECLARED = new CallGraph(
            Set.of(new Edge("shop", "checkout"), new Edge("checkout", "payments"), new Edge("payments", "ledger")),
            false);

    /** One run of each row of docs/correlation.md, which is seeded: right here, most of the time there. */
    @ParameterizedTest
    @EnumSource
    void an_injected_cascade_is_named_and_an_innocent_coincidence_ruled_out(Fault fault) {
        SimulatedServices services = CorrelationSimulation.simulated(fault, CorrelationSimulation.SAMPLED, 1);
        Finding finding = Correlator.correlate(services.question(), services.evidence(true));

        assertThat(finding.outcome())
                .as(finding.sentence())
                .isEqualTo(fault.isCascade ? Outcome.ROOT : Outcome.RULED_OUT);
        assertThat(finding.sentence())
                .startsWith("The release of checkout is " + (fault.isCascade ? "the root: " : "ruled out: "));
        assertThat(finding.graph().seen()).isTrue();
        assertThat(finding.ruleVersion()).isEqualTo(Finding.RULES);
    }

    @Test
    void the_same_measurements_give_the_same_finding_in_the_same_words() {
        SimulatedServices services = CorrelationSimulation.simulated(Fault.DEPENDENT_FAILS_ON_ANSWER, 3, 7);
        Evidence evidence = services.evidence(true);
        assertThat(Correlator.correlate(services.question(), evidence))
                .isEqualTo(Correlator.correlate(services.question(), evidence));
    }

    @Test
    void a_failing_dependent_is_the_candidates_doing_where_its_own_figures_are_fine() {
        SimulatedServices services = CorrelationSimulation.simulated(Fault.DEPENDENT_FAILS_ON_ANSWER, 5, 1);
        Finding finding = Correlator.correlate(services.question(), services.evidence(true));

        assertThat(finding.reason()).isEqualTo(Reason.CARRIED);
        assertThat(finding.service()).isEqualTo("shop");
        assertThat(finding.relation()).isEqualTo(Relation.DEPENDENT);
        assertThat(finding.carried().get(0).answer()).isEqualTo(Answer.MORE);
        assertThat(finding.carried())
                .filteredOn(each -> each.split().service().equals("checkout")
                        && each.split().kind() == Kind.ERRORS)
                .extracting(Carried::answer)
                .doesNotContain(Answer.MORE);
    }

    @Test
    void without_versions_in_the_traces_nothing_is_named_and_nothing_carried_is_ruled_out() {
        for (Fault fault : List.of(Fault.CANDIDATE_FAILS, Fault.DEPENDENT_FAILS)) {
            SimulatedServices services = CorrelationSimulation.simulated(fault, 5, 1);
            Finding finding = Correlator.correlate(services.question(), services.evidence(false));
            assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Outcome.UNDETERMINED);
        }
    }

    @Test
    void nothing_measured_is_undetermined_and_so_is_nothing_wrong() {
        assertThat(found(List.of(), List.of()).reason()).isEqualTo(Reason.NO_DATA);
        Finding quiet = found(List.of(errors("shop", at -> 3)), List.of());
        assertThat(quiet.reason()).isEqualTo(Reason.NOTHING_WRONG);
        assertThat(quiet.outcome()).isEqualTo(Outcome.UNDETERMINED);
    }

    @Test
    void a_declared_graph_may_lack_a_call_and_rules_nothing_out() {
        Signal alone = errors("mailer", at -> at < 900 ? 3 : 40);
        assertThat(found(List.of(alone), List.of()).outcome()).isEqualTo(Outcome.UNDETERMINED);
        Finding seen = Correlator.correlate(
                question(),
                new Evidence(new CallGraph(DECLARED.calls(), true), List.of(), List.of(alone), List.of(), List.of()));
        assertThat(seen.reason()).isEqualTo(Reason.NO_PATH);
    }

    @ParameterizedTest
    @CsvSource({
        // candidate's errors of 1000, stable's of 9000 | answer
        "200, 30, MORE, ROOT",
        "5, 45, UNKNOWN, UNDETERMINED",
        "90, 900, NO_MORE, RULED_OUT",
        "0, 0, UNKNOWN, UNDETERMINED",
    })
    void errors_of_the_service_by_version_decide_where_there_are_no_traces(
            double candidate, double stable, Answer answer, Outcome outcome) {
        Versions split = versions(candidate, stable);
        Finding finding = found(List.of(errors("checkout", at -> at < 900 ? 3 : 40)), List.of(split));

        assertThat(finding.carried()).extracting(Carried::answer).containsExactly(answer);
        assertThat(finding.outcome()).isEqualTo(outcome);
    }

    @Test
    void what_began_before_the_candidate_had_traffic_is_not_its_doing() {
        Finding finding = found(List.of(errors("payments", at -> at < 240 ? 3 : 40)), List.of());
        assertThat(finding.reason()).isEqualTo(Reason.BEGAN_BEFORE);
        assertThat(finding.sentence())
                .isEqualTo("The release of checkout is ruled out: errors of payments began at 09:54:00"
                        + " (between 09:53:45 and 09:54:15), before the candidate had traffic at 10:00:00");
    }

    @Test
    void a_dependency_that_fails_as_the_share_rises_is_neither_named_nor_ruled_out() {
        Versions alike = versions(90, 900);
        Finding finding = found(List.of(errors("payments", at -> at < 1200 ? 3 : 40)), List.of(alike));
        assertThat(finding.reason()).isEqualTo(Reason.COINCIDES);
        assertThat(finding.sentence()).contains("(the share rose to 25 % at 10:10:00)");
    }

    @Test
    void errors_are_those_of_whom_they_came_from_not_of_whom_passed_them_on() {
        Finding finding = found(
                List.of(
                        errors("shop", at -> at < 960 ? 3 : 40),
                        errors("payments", at -> at < 930 ? 3 : 40),
                        errors("ledger", at -> at < 915 ? 3 : 40)),
                List.of());
        assertThat(finding.service()).isEqualTo("ledger");
        assertThat(finding.anomalies()).extracting(Anomaly::service).containsExactly("ledger", "payments", "shop");
        assertThat(finding.anomalies().get(0).path()).containsExactly("checkout", "payments", "ledger");
        assertThat(finding.anomalies().get(2).path()).containsExactly("shop", "checkout");
    }

    /** Quiet: 30 minutes; searched: from then on. Alarms by noise alone stay below the chance that is stated, by far. */
    @Test
    void noise_alone_has_no_onset() {
        SplittableRandom random = new SplittableRandom(11);
        int alarms = 0;
        for (int run = 0; run < 400; run++) {
            Signal noise = errors("shop", at -> random.nextInt(7));
            alarms += ChangePoint.find(noise, question().quietUntil()).isPresent() ? 1 : 0;
        }
        assertThat(alarms).isZero();
    }

    @Test
    void bursts_that_were_usual_before_are_no_onset() {
        Signal bursts = errors("shop", at -> Math.floorMod(at, 300) < 60 ? 12 : 1);
        assertThat(ChangePoint.find(bursts, question().quietUntil())).isEmpty();
    }

    @Test
    void an_onset_has_its_moment_and_an_interval_around_it() {
        Optional<Onset> onset = ChangePoint.find(
                errors("shop", at -> at < 900 ? 3 : 9), question().quietUntil());
        assertThat(onset).hasValueSatisfying(found -> {
            Instant truth = BEGAN.plusSeconds(300);
            assertThat(found.at()).isEqualTo(truth);
            assertThat(found.earliest()).isBefore(truth);
            assertThat(found.latest()).isAfter(truth);
            assertThat(found.before()).isEqualTo(0.01);
            assertThat(found.after()).isEqualTo(0.03);
            assertThat(found.chance()).isLessThan(ChangePoint.CHANCE);
        });
    }

    @Test
    void a_candidate_without_traffic_is_not_asked_about() {
        assertThatThrownBy(() -> new Question("checkout", Set.of("2.0.0"), List.of(), BEGAN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Of 1000 and 9000 requests since everything is on. */
    private static Versions versions(double candidate, double stable) {
        return new Versions(
                "checkout",
                Kind.ERRORS,
                "metrics",
                List.of(new Both(BEGAN.plusSeconds(600), candidate, 1000, stable, 9000)));
    }

    /** Both fail alike since five minutes; what the candidate met is newer, as its share rose. */
    @Test
    void what_began_late_is_not_the_doing_of_whom_got_most_requests_late() {
        Versions alike = new Versions(
                "checkout",
                Kind.ERRORS,
                "metrics",
                List.of(new Both(BEGAN, 0, 500, 0, 9500), new Both(BEGAN.plusSeconds(600), 250, 2500, 750, 7500)));
        Finding finding = found(List.of(errors("checkout", at -> at < 1200 ? 0 : 30)), List.of(alike));

        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Outcome.RULED_OUT);
        assertThat(finding.reason()).isEqualTo(Reason.NOT_CARRIED);
    }

    private static Finding found(List<Signal> signals, List<Versions> versions) {
        return Correlator.correlate(
                question(), new Evidence(DECLARED, List.of(), signals, versions, List.of("no traces")));
    }

    private static Question question() {
        return new Question(
                "checkout",
                Set.of("2.0.0"),
                List.of(new Step(BEGAN, 0.05), new Step(BEGAN.plusSeconds(600), 0.25)),
                BEGAN.plusSeconds(900));
    }

    /** 300 requests in each quarter of a minute. @param errors by the seconds since the search begins, ten minutes before the rollout */
    private static Signal errors(String service, ToDoubleFunction<Integer> errors) {
        Instant from = question().from();
        int seconds = (int) Duration.between(from, question().until()).toSeconds();
        List<Count> counts = new ArrayList<>();
        IntStream.iterate(0, at -> at < seconds, at -> at + 15)
                .forEach(at -> counts.add(
                        new Count(from.plusSeconds(at), Duration.ofSeconds(15), 300, errors.applyAsDouble(at - 1800))));
        return new Signal(service, Kind.ERRORS, "metrics", counts);
    }
}
