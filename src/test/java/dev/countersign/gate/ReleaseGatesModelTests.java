package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.countersign.ModelEngine;
import dev.countersign.evidence.EvidenceSources.Outcome;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M1.5")
@Tag("M4.1")
class ReleaseGatesModelTests {
    private final GateFixture fixture = new GateFixture();
    private final GateBriefing briefing =
            new GateBriefing(fixture.gates, fixture.releases, fixture.dossiers, fixture.policy);
    private final ResolveGate resolveGate = new ResolveGate(
            briefing,
            fixture.gates,
            fixture.desk,
            fixture.releases,
            fixture.timeline,
            new GateAsking(fixture.evaluation, fixture.sources, fixture.releases, fixture.actors),
            org.mockito.Mockito.mock(dev.countersign.gate.privacy.ImpactDesk.class),
            fixture.actors);
    private final DecideWaiver decideWaiver = new DecideWaiver(briefing, fixture.gates, fixture.desk, fixture.waivers);
    private ModelEngine engine;

    private void start() {
        org.mockito.Mockito.when(fixture.dossiers.of(KEY))
                .thenReturn(new dev.countersign.release.Dossiers.Dossier(KEY, "sha256:dossier", Map.of()));
        Map<Object, Object> beans = new HashMap<>();
        beans.put(
                "requiredGates",
                new RequiredGates(
                        fixture.repository, fixture.waivers, fixture.policy, fixture.releases, fixture.sources));
        beans.put("fetchEvidence", new FetchEvidence(fixture.sources, fixture.evaluation, fixture.releases));
        beans.put("determineGates", new DetermineGates(fixture.clearing));
        beans.put("evaluateGate", new EvaluateGate(fixture.clearing));
        beans.put("confirmGates", new ConfirmGates(fixture.clearing));
        beans.put("recordGatesMissed", new RecordGatesMissed(fixture.clearing));
        beans.put("remindGateOwner", new RemindGateOwner(new GateNotices(fixture.gates, fixture.notices)));
        beans.put("lapseWaiver", new LapseWaiver(fixture.desk));
        engine = new ModelEngine("release-gates", KEY, beans);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void analysisClean() {
        fixture.receive(fixture.analysis("codeql", 0, 0, 2));
    }

    private void testsPass() {
        fixture.receive(fixture.testReport("surefire", 12, 0, 0));
    }

    private Map<String, Object> waiver() {
        return Map.of(
                "choice",
                "waiver",
                "findings",
                List.of("sql@Cart.java:1"),
                "reason",
                "the input is a constant",
                "expires",
                "2026-12-01");
    }

    @Test
    void what_is_clear_already_is_found_at_once() {
        testsPass();
        analysisClean();
        start();
        assertThat(engine.end()).isEqualTo("gatesAreClear");
        assertThat(engine.variable("gatesClear")).isEqualTo(true);
    }

    @Test
    void a_gate_without_evidence_waits_and_goes_on_when_it_arrives() {
        start();
        assertThat(engine.tasks("gate")).isEmpty();
        testsPass();
        assertThat(engine.tell("evidenceArrived-tests")).isEqualTo(1);
        assertThat(engine.end()).isNull();
        analysisClean();
        engine.tell("evidenceArrived-sast");
        assertThat(engine.end()).isEqualTo("gatesAreClear");
    }

    @Test
    void a_failed_gate_becomes_a_task_of_its_owner_that_goes_away_with_new_evidence() {
        analysisClean();
        fixture.receive(fixture.testReport("surefire", 11, 1, 0));
        start();
        assertThat(engine.tasks("gate")).containsEntry("resolveGate/tests", Set.of("qa"));
        testsPass();
        engine.tell("evidenceArrived-tests");
        assertThat(engine.tasks("gate")).isEmpty();
        assertThat(engine.end()).isEqualTo("gatesAreClear");
    }

    @Test
    void systems_that_hold_evidence_are_asked_before_the_gate_is_judged() {
        fixture.sources.systems.put("junit", this::testsPass);
        fixture.sources.systems.put("sarif", this::analysisClean);
        start();
        assertThat(engine.end()).isEqualTo("gatesAreClear");
    }

    @Test
    void a_gate_is_judged_on_what_is_there_when_asking_itself_fails_again_and_again() {
        analysisClean();
        fixture.sources.systems.put("junit", () -> {
            throw new BpmnError("systemUnavailable");
        });
        start();
        assertThat(engine.end()).isNull();
        assertThat(fixture.gates.find(KEY, "tests").orElseThrow().verdict()).isEqualTo(Verdict.NO_DATA);
        testsPass();
        engine.tell("evidenceArrived-tests");
        assertThat(engine.end()).isEqualTo("gatesAreClear");
    }

    @Test
    void a_system_that_is_down_stands_in_the_sentence_of_the_gate_as_an_error() {
        fixture.sources.systems.put(
                "junit",
                () -> fixture.sources.standing.put(
                        "junit",
                        List.of(new Standing(
                                "github", Outcome.FAILED, "it answered 503", fixture.clock.instant(), null))));
        start();
        Gate tests = fixture.gates.find(KEY, "tests").orElseThrow();
        assertThat(tests.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(tests.sentence())
                .contains("No document of type junit has arrived; github could not be asked: it answered 503");
        testsPass();
        tests = fixture.gates.find(KEY, "tests").orElseThrow();
        assertThat(tests.verdict()).isEqualTo(Verdict.PASS);
        assertThat(tests.sentence()).contains("github could not be asked");
        fixture.clock.pass(Duration.ofDays(15));
        assertThat(fixture.clear.missing(fixture.releases.get(KEY), "d"))
                .anyMatch(reason -> reason.startsWith("gate tests is NO_DATA"));
    }

    @Test
    void the_owner_of_a_failed_gate_has_the_systems_asked_again() {
        analysisClean();
        fixture.sources.systems.put("junit", () -> fixture.receive(fixture.testReport("surefire", 11, 1, 0)));
        start();
        fixture.actor("qa", "qa");
        engine.complete(resolveGate, "gate", "tests", "qa", Map.of("choice", "ask"));
        assertThat(fixture.sources.soon).containsExactly("junit");
        assertThat(engine.tasks("gate")).isEmpty();
    }

    @Test
    void evidence_for_one_gate_leaves_the_task_of_another_alone() {
        fixture.receive(fixture.testReport("surefire", 11, 1, 0));
        start();
        analysisClean();
        assertThat(engine.tell("evidenceArrived-sast")).isEqualTo(1);
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/tests");
    }

    @Test
    void a_promised_fix_waits_for_evidence_and_comes_back_as_a_task_without() {
        analysisClean();
        fixture.receive(fixture.testReport("surefire", 11, 1, 0));
        start();
        fixture.actor("qa", "qa");
        engine.complete(resolveGate, "gate", "tests", "qa", Map.of("choice", "fix", "reason", "rerun is on its way"));
        assertThat(engine.tasks("gate")).isEmpty();
        engine.fire("waitForEvidence");
        verify(fixture.notices, times(1)).mail(any());
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/tests");
        engine.fire("resolverReminderDue");
        verify(fixture.notices, times(2)).mail(any());
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/tests");
    }

    @Test
    void nobody_speaks_for_the_owner_of_a_gate_whomever_the_model_asks() {
        testsPass();
        fixture.receive(fixture.analysis("codeql", 1, 0, 0));
        start();
        fixture.actor("qa", "qa");
        for (Map<String, Object> answer : List.of(waiver(), Map.<String, Object>of("choice", "fix"))) {
            assertThatThrownBy(() -> engine.complete(resolveGate, "gate", "sast", "qa", answer))
                    .isInstanceOf(TaskRefused.class)
                    .hasMessageContaining("qa is not in the group security");
        }
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/sast");
        assertThat(fixture.waivers.of(KEY)).isEmpty();
    }

    @Test
    void a_waiver_asked_for_in_the_task_is_decided_by_somebody_else() {
        testsPass();
        fixture.receive(fixture.analysis("codeql", 1, 0, 0));
        start();
        fixture.actor("security", "security");
        engine.complete(resolveGate, "gate", "sast", "security", waiver());
        assertThat(engine.tasks("gate")).containsEntry("decideWaiver/sast", Set.of("head-of-security"));
        decide("approve");
        assertThat(engine.end()).isEqualTo("gatesAreClear");
        Gate sast = fixture.gates.find(KEY, "sast").orElseThrow();
        assertThat(sast.waiver().requestedBy()).isEqualTo("security");
    }

    @Test
    void a_refused_waiver_leaves_the_gate_to_be_fixed() {
        testsPass();
        fixture.receive(fixture.analysis("codeql", 1, 0, 0));
        start();
        fixture.actor("security", "security");
        engine.complete(resolveGate, "gate", "sast", "security", waiver());
        decide("refuse");
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/sast");
    }

    @Test
    void silence_lets_a_waiver_lapse() {
        testsPass();
        fixture.receive(fixture.analysis("codeql", 1, 0, 0));
        start();
        fixture.actor("security", "security");
        engine.complete(resolveGate, "gate", "sast", "security", waiver());
        engine.fire("waiverDecisionOverdue");
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/sast");
        assertThat(fixture.waivers.of(KEY).get(0).status()).isEqualTo("LAPSED");
    }

    @Test
    void a_waiver_asked_for_by_api_opens_the_same_task() {
        testsPass();
        fixture.receive(fixture.analysis("codeql", 1, 0, 0));
        start();
        fixture.actor("developer", "developer");
        fixture.desk.requestByApi(
                KEY,
                "sast",
                new WaiverDesk.Wish(
                        List.of("sql@Cart.java:1"),
                        "the input is a constant",
                        fixture.clock.instant().plus(Duration.ofDays(3))));
        engine.tell("waiverRequested-sast");
        assertThat(engine.tasks("gate")).containsOnlyKeys("decideWaiver/sast");
        decide("approve");
        assertThat(engine.end()).isEqualTo("gatesAreClear");
    }

    @Test
    void new_evidence_makes_a_decision_on_a_waiver_needless() {
        testsPass();
        fixture.receive(fixture.analysis("codeql", 1, 0, 0));
        start();
        fixture.actor("security", "security");
        engine.complete(resolveGate, "gate", "sast", "security", waiver());
        analysisClean();
        engine.tell("evidenceArrived-sast");
        assertThat(engine.end()).isEqualTo("gatesAreClear");
    }

    @Test
    void a_gate_that_failed_again_while_others_were_awaited_is_not_forgotten() {
        testsPass();
        start();
        fixture.receive(fixture.testReport("surefire", 11, 1, 0));
        analysisClean();
        engine.tell("evidenceArrived-sast");
        assertThat(engine.end()).isNull();
        assertThat(engine.tasks("gate")).containsOnlyKeys("resolveGate/tests");
    }

    @Test
    void at_the_deadline_the_gates_are_not_clear() {
        start();
        engine.fire("gatesDeadline");
        assertThat(engine.end()).isEqualTo("gatesAreNotClear");
        assertThat(engine.variable("gatesClear")).isEqualTo(false);
    }

    private void decide(String decision) {
        fixture.actor("head-of-security", "head-of-security");
        String waiting = String.valueOf(
                fixture.waivers.requested(KEY, "sast").orElseThrow().id());
        engine.complete(
                decideWaiver,
                "gate",
                "sast",
                "head-of-security",
                Map.of("decision", decision, "reason", "looked at it", "waiver", waiting));
    }
}
