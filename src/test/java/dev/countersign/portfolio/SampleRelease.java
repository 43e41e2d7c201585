package dev.countersign.portfolio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Service;
import dev.countersign.criteria.Criteria.CounterProposal;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.criteria.Criteria.Criterion;
import dev.countersign.criteria.Criteria.Position;
import dev.countersign.criteria.Criteria.Statement;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.Reading;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.Gates.Waiver;
import dev.countersign.incident.Incidents;
import dev.countersign.learning.Retrospectives;
import dev.countersign.learning.Retrospectives.Retrospective;
import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.preparation.Preparations.Announcement;
import dev.countersign.preparation.Preparations.CheckedItem;
import dev.countersign.preparation.Preparations.CheckedList;
import dev.countersign.preparation.Preparations.Communication;
import dev.countersign.preparation.Preparations.Preparation;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Dossiers.Part;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import dev.countersign.review.Review;
import dev.countersign.review.Review.Condition;
import dev.countersign.review.Review.Seat;
import dev.countersign.review.Review.Vote;
import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollback.Rung;
import dev.countersign.rollout.FoundRoots.FoundRoot;
import dev.countersign.rollout.JourneyWalks.WalkRecord;
import dev.countersign.rollout.RolloutPlan;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.Rollouts.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A release with something in every part, in the state that is asked for. */
final class SampleRelease {
    static final String KEY = "checkout@2.4.0";
    static final Instant NOW = Instant.parse("2026-11-24T19:00:00Z");
    static final String CANDIDATE = "sha256:" + "c".repeat(64);
    static final String BASELINE = "sha256:" + "b".repeat(64);
    private static final String DOCUMENT = "d".repeat(64);
    private static final Triggers TRIGGERS =
            new Triggers(0.05, Duration.ofMinutes(5), 100, 200, Duration.ofMinutes(1), 2, 3, "rollback-triggers 1.0");

    private SampleRelease() {}

    static Release release(ReleaseState state) {
        return new Release(
                KEY,
                "checkout",
                "2.4.0",
                1,
                "standard",
                state,
                false,
                "high",
                "team-checkout",
                "ci",
                "One-page checkout",
                "production",
                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                NOW.minusSeconds(90_000),
                List.of("developer"),
                List.of(new Release.Artifact("registry.example/checkout", CANDIDATE)),
                new TreeMap<>(Map.of("apiContract", true, "personalData", false)),
                NOW.plusSeconds(15_000),
                NOW.plusSeconds(25_800),
                List.of("payments@1.9.0"),
                "CHG0031337",
                List.of(new Release.SuccessMetric("conversion", 0.031, "increase")),
                "deployment-1",
                "sha256:" + "a".repeat(64),
                NOW.minusSeconds(40_000),
                NOW.minusSeconds(3_600));
    }

    static WholeRelease in(ReleaseState state) {
        boolean back = state == ReleaseState.ROLLED_BACK;
        boolean failed = state == ReleaseState.ROLLBACK_FAILED;
        boolean exposed = state.isExposed() || back || state == ReleaseState.STABLE;
        var observations = exposed ? observations(back) : List.<Observation>of();
        return new WholeRelease(
                release(state),
                Optional.of(service()),
                new Dossier(
                        KEY,
                        "sha256:" + "a".repeat(64),
                        Map.of(
                                "criteria", new Part("criteria", "sha256:1", true, Set.of("all"), Map.of()),
                                "policy", new Part("policy", "sha256:2", true, Set.of("all"), Map.of()))),
                List.of(),
                gates(state),
                List.of(),
                List.of(document()),
                Optional.of(criteria()),
                new CriterionVerdicts(gates(state), observations, exposed ? samples() : List.of()).of(criteria()),
                Optional.of(preparation()),
                review(state),
                exposed ? Optional.of(rollout(back)) : Optional.empty(),
                exposed ? steps(back) : List.of(),
                exposed ? walks(back) : List.of(),
                back ? List.of(correlation()) : List.of(),
                back ? Optional.of(rollback()) : failed ? Optional.of(failedRollback()) : Optional.empty(),
                back ? wayBack() : WayBack.NONE,
                observations,
                back ? Optional.of(report()) : Optional.empty(),
                List.of(),
                back ? Optional.of(retrospective()) : Optional.empty(),
                state == ReleaseState.REVIEW || state == ReleaseState.GATES
                        ? waiting()
                        : state == ReleaseState.ROLLING_OUT ? List.of(promotion()) : List.of(),
                timeline());
    }

    private static List<WalkRecord> walks(boolean back) {
        return List.of(
                new WalkRecord(
                        "step",
                        1,
                        1,
                        "buy",
                        "sha256:" + "d".repeat(64),
                        "CANARY",
                        back ? "FAIL" : "PASS",
                        back
                                ? "Journey buy failed on the canary at 'order': answered 500, must be 201"
                                : "Journey buy passed on the canary in 40 ms (3 steps)",
                        40,
                        NOW.minusSeconds(500)),
                new WalkRecord(
                        "step",
                        1,
                        1,
                        "buy",
                        "sha256:" + "d".repeat(64),
                        "STABLE",
                        "PASS",
                        "Journey buy passed on the stable version in 40 ms (3 steps)",
                        40,
                        NOW.minusSeconds(500)));
    }

    private static WayBack wayBack() {
        Instant at = Instant.parse("2026-11-24T20:00:00Z");
        return new WayBack(
                List.of(
                        new Rung("flag", "passed-over", "No flag exposes the release", at, at.plusMillis(40)),
                        new Rung("traffic", "failed", "the router is down", at.plusMillis(40), at.plusMillis(900)),
                        new Rung(
                                "redeploy",
                                "done",
                                "The target runs sha256:b",
                                at.plusMillis(900),
                                at.plusMillis(4100))),
                Optional.of(new RollbackScript(
                        "rollback.sql",
                        "sha256:" + "c".repeat(64),
                        new Procedure("docs/rollback.md", "sha256:" + "d".repeat(64)),
                        "team-checkout",
                        "ci",
                        at,
                        new Reading("sha256:" + "c".repeat(64), true, "it stands ready", at))),
                Optional.empty());
    }

    private static FoundRoot correlation() {
        String evidence =
                """
                {"anomalies": [{"service": "shop", "kind": "ERRORS", "source": "traces", "relation": "DEPENDENT", "path": ["shop", "checkout"],
                  "onset": {"at": "2026-03-02T10:05:00Z", "earliest": "2026-03-02T10:04:50Z", "latest": "2026-03-02T10:05:15Z",
                            "before": 0.003, "after": 0.021, "chance": 0.00001}}],
                 "carried": [{"split": {"service": "shop", "kind": "ERRORS", "source": "traces", "candidateEvents": 9, "candidateExposure": 30,
                              "stableEvents": 2, "stableExposure": 600}, "answer": "MORE", "chance": 0.0001}],
                 "calls": [{"caller": "shop", "called": "checkout"}], "callsSeen": true, "gaps": ["No source has logs of shop"]}""";
        try {
            return new FoundRoot(
                    1,
                    "breach",
                    "countersign",
                    NOW,
                    "ROOT",
                    "CARRIED",
                    "shop",
                    "The release of checkout is the root: errors in shop come to 30 % with the candidate",
                    "rollback",
                    new ObjectMapper().readTree(evidence),
                    "correlation 1.0");
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static Service service() {
        return new Service(
                "checkout",
                "Checkout",
                "Takes orders",
                "team-checkout",
                "team-checkout",
                "retail",
                "critical",
                "sandbox",
                "on-call",
                false,
                List.of("payments"),
                Map.of(),
                "catalog/checkout/catalog-info.yaml");
    }

    private static Waiting promotion() {
        return new Waiting(
                "task-3",
                "promoteStep",
                "Promote the step",
                KEY,
                "staged-rollout",
                null,
                List.of("release-manager", "operations"),
                50,
                NOW.minusSeconds(60),
                NOW.plusSeconds(3_600),
                NOW.plusSeconds(14_400),
                "Settle the promotion");
    }

    static List<Waiting> waiting() {
        return List.of(
                new Waiting(
                        "task-1",
                        "voteOnReadiness",
                        "Vote on readiness",
                        KEY,
                        "readiness-review",
                        null,
                        List.of("qa"),
                        50,
                        NOW.minusSeconds(600),
                        NOW.plusSeconds(7_200),
                        NOW.plusSeconds(3_600),
                        "Remind the seats"),
                new Waiting(
                        "task-2",
                        "resolveFailedGate",
                        "Resolve failed gate",
                        KEY,
                        "release-gates",
                        "security",
                        List.of(),
                        70,
                        NOW.minusSeconds(600),
                        NOW.plusSeconds(9_000),
                        null,
                        null));
    }

    private static List<Gate> gates(ReleaseState state) {
        boolean open = state == ReleaseState.GATES || state == ReleaseState.REVIEW;
        return List.of(
                gate("junit", "required", Verdict.PASS, "418 passed", ">= 400", 418L, null),
                gate(
                        "sast",
                        "required",
                        open ? Verdict.FAIL : Verdict.PASS,
                        open ? "2 critical" : "0 critical",
                        "0 critical",
                        1L,
                        null),
                gate(
                        "sca",
                        "required",
                        Verdict.FAIL,
                        "1 high",
                        "0 high",
                        1L,
                        new Waiver(
                                1,
                                "sca",
                                List.of("CVE-1"),
                                "not reachable",
                                Instant.now().plusSeconds(1_000_000),
                                "head-of-security",
                                "developer",
                                NOW,
                                "head-of-security",
                                NOW,
                                "accepted until the next version",
                                "APPROVED")),
                gate("slo", "required", open ? Verdict.NO_DATA : Verdict.PASS, null, ">= 99.5 %", null, null),
                gate("capacity", "not-applicable", Verdict.NOT_APPLICABLE, null, null, null, null));
    }

    private static Gate gate(
            String name, String required, Verdict verdict, String value, String limit, Long sample, Waiver waiver) {
        return new Gate(
                name,
                required,
                "required-gates row 1",
                verdict,
                value,
                limit,
                sample,
                "gate-thresholds 1.0",
                name + ": " + value + ", limit " + limit,
                "junit".equals(name) ? DOCUMENT : null,
                List.of(),
                NOW,
                "security",
                waiver);
    }

    private static Preparation preparation() {
        return new Preparation(
                new CheckedList(
                        true,
                        "every role of the checklist ticks its items",
                        "critical",
                        "Release checklist, critical services",
                        "sha256:" + "f".repeat(64),
                        List.of(
                                new CheckedItem(
                                        "load-tested",
                                        "The change was run under load.",
                                        "qa",
                                        true,
                                        true,
                                        "qa",
                                        NOW,
                                        "https://ci.example/load/7",
                                        null),
                                new CheckedItem(
                                        "tests-cover",
                                        "New behaviour has tests.",
                                        "qa",
                                        true,
                                        true,
                                        "qa",
                                        NOW,
                                        DOCUMENT,
                                        DOCUMENT),
                                new CheckedItem(
                                        "runbook-current",
                                        "The runbook is current.",
                                        "operations",
                                        false,
                                        true,
                                        null,
                                        null,
                                        null,
                                        null),
                                new CheckedItem(
                                        "records",
                                        "The record is approved.",
                                        "compliance",
                                        false,
                                        false,
                                        null,
                                        null,
                                        null,
                                        null))),
                new Communication(
                        true,
                        "product makes final who is told what and when",
                        "final",
                        2,
                        "product",
                        NOW,
                        null,
                        null,
                        List.of(
                                announcement(1, "internal", "support", "rollout-start", "sent"),
                                announcement(2, "external", "customers@example.org", "stable", "planned"))),
                List.of("operations has not ticked 'runbook-current' of the checklist 'critical'"),
                List.of());
    }

    private static Announcement announcement(long id, String audience, String to, String moment, String state) {
        boolean sent = "sent".equals(state);
        return new Announcement(
                id,
                audience,
                "mail",
                List.of(to),
                "product",
                moment,
                sent ? 0 : 30,
                sent ? NOW : null,
                "Checkout 2.4.0",
                "One page.",
                "replace",
                "It was taken back.",
                state,
                sent ? NOW : null,
                null,
                null);
    }

    private static Review.View review(ReleaseState state) {
        boolean decided = state != ReleaseState.GATES && state != ReleaseState.REVIEW;
        Vote go = new Vote(
                1, "development", "developer-2", null, "GO", "Ready", List.of(), "sha256:" + "a".repeat(64), NOW, null);
        Vote conditional = new Vote(
                2,
                "operations",
                "operations",
                "operations-2",
                "GO_WITH_CONDITIONS",
                "Once alerts are there",
                List.of(new Condition(1, "Alerts on the queue", "sre", "2026-11-24", true, "alert fires", null)),
                "sha256:" + "a".repeat(64),
                NOW,
                null);
        Vote old = new Vote(3, "security", "security", null, "GO", "Fine", List.of(), "sha256:9", NOW, NOW);
        return new Review.View(
                KEY,
                decided ? "GO" : "OPEN",
                decided ? "Every required seat voted GO" : "qa and security have no valid vote",
                decided ? NOW : null,
                List.of(
                        new Seat("developer", "checkout", "required", "developer-2", "head-of-product", go),
                        new Seat("operations", "checkout", "required", null, "head-of-operations", conditional),
                        new Seat("security", "checkout", "veto", null, "head-of-security", decided ? go : old),
                        new Seat("qa", "checkout", "required", "qa-2", "head-of-product", decided ? go : null),
                        new Seat("support", "checkout", "advisory", null, null, null)));
    }

    private static CriteriaSet criteria() {
        return new CriteriaSet(
                1,
                KEY,
                2,
                2,
                "AGREED",
                "sha256:" + "e".repeat(64),
                "Counter-proposals of operations adopted",
                "countersign",
                NOW.minusSeconds(9_000),
                NOW.minusSeconds(8_000),
                "agreed by product, security, operations",
                List.of(
                        new Criterion(1, "Availability of checkout", "slo:availability", ">= 99.5 %", "SLO", null),
                        new Criterion(2, "Share of requests that fail", "metric:errorRate", "<= 2 %", "x", "<= 5 %"),
                        new Criterion(3, "Latency over baseline", "metric:latencyIncrease", "<= 200 ms", "x", null),
                        new Criterion(4, "Tests pass", "gate:junit", "PASS", "x", ""),
                        new Criterion(5, "Conversion", "metric:conversion", ">= 0.031", "x", null)),
                List.of(new Position("product", "product", "AGREE", null, NOW)),
                List.of(new Statement("release-manager", "Both sides talked", NOW)),
                List.of(new CounterProposal(
                        1,
                        "operations",
                        "operations",
                        2,
                        false,
                        "x",
                        "metric:errorRate",
                        "<= 2 %",
                        "less",
                        NOW,
                        true)));
    }

    private static Evidence.Document document() {
        return new Evidence.Document(
                DOCUMENT,
                "junit",
                "unit",
                81_234,
                Map.of("commit", "6dcb09b5b57875f334f61aebed695e2e4193db5e"),
                "ci",
                new TreeMap<>(Map.of("tests", 418, "passed", 418)),
                Map.of(),
                true,
                null,
                List.of(),
                NOW,
                "ci",
                "staging");
    }

    private static Rollout rollout(boolean back) {
        var plan = new RolloutPlan(
                List.of(
                        new RolloutPlan.Step(
                                1, 0.05, Duration.ofMinutes(30), Duration.ofHours(2), RolloutPlan.Promotion.PERSON),
                        RolloutPlan.Step.automatic(2, 1, Duration.ofMinutes(30), Duration.ofHours(2))),
                Duration.ofHours(2),
                Duration.ofHours(8),
                TRIGGERS,
                "rollout-plan 1.0");
        return new Rollout(
                KEY,
                "checkout",
                CANDIDATE,
                BASELINE,
                plan,
                back ? Status.BACK : Status.RUNNING,
                back ? "error rate" : null,
                1,
                back ? 0 : 0.05,
                back ? 0 : 0.05,
                1,
                NOW.minusSeconds(600),
                null,
                back ? NOW : null,
                back ? "countersign" : null,
                back ? "Error rate 20 % of 312 requests is over 5 %" : null,
                back ? NOW.plusMillis(412) : null);
    }

    private static List<StepRecord> steps(boolean back) {
        return List.of(new StepRecord(
                1,
                1,
                0.05,
                "o-1",
                NOW.minusSeconds(300),
                back ? NOW : null,
                back ? "FAIL" : null,
                back ? "Error rate 20 % of 312 requests is over 5 %" : null));
    }

    private static Rollback rollback() {
        return new Rollback(
                KEY,
                NOW,
                "countersign",
                "Error rate 20 % of 312 requests is over 5 %",
                Duration.ofMinutes(5),
                NOW.plusSeconds(1),
                NOW.plusMillis(412),
                null,
                NOW.plusSeconds(9),
                null,
                List.of("The router reports 0 % on the candidate"),
                null,
                true);
    }

    private static Rollback failedRollback() {
        return new Rollback(
                KEY,
                NOW,
                "on-call",
                "Carts are lost",
                Duration.ofMinutes(1),
                NOW.plusSeconds(1),
                null,
                null,
                null,
                "move traffic back: the router is down",
                List.of(),
                null,
                true);
    }

    private static Incidents.Report report() {
        var incident = new Incidents.Incident(
                "INC-7",
                KEY,
                "checkout",
                "SEV1",
                "Error rate over the limit",
                NOW,
                NOW,
                null,
                "on-call",
                "monitoring",
                true);
        return new Incidents.Report(
                incident,
                new Incidents.Roles("on-call", "support", "facilitator"),
                null,
                List.of(new Incidents.Action(
                        1, "INC-7", "checkout", "prevent", "Add a test", "qa", NOW.plusSeconds(90_000), null)));
    }

    private static Retrospective retrospective() {
        return new Retrospective(
                KEY,
                NOW,
                List.of(
                        new Retrospectives.Input("qa", "qa", "The breaker was quick", "Invite earlier", null, NOW),
                        new Retrospectives.Input("product", null, null, null, null, NOW)),
                List.of(new Retrospectives.Outcome("Deployment duration", "not measured", "at most 5")),
                List.of(
                        new Retrospectives.Rating("gate", "junit", Retrospectives.Effect.EFFECTIVE, "Found the case"),
                        new Retrospectives.Rating("gate", "sast", Retrospectives.Effect.NOT_RATED, null),
                        new Retrospectives.Rating("approval", "qa", Retrospectives.Effect.EFFECTIVE, null)),
                "Rolled back as practised",
                "Ask the payment team",
                "facilitator",
                NOW);
    }

    static List<Observation> observations(boolean back) {
        var order = new Order(
                "o-1",
                KEY,
                "checkout",
                "step",
                CANDIDATE,
                BASELINE,
                0.05,
                Duration.ofMinutes(30),
                Duration.ofHours(2),
                TRIGGERS);
        var judgement = back
                ? new Judgement(
                        "FAIL", "errorRate", 0.2, 0.05, 312L, "1.0", "Error rate 20 % of 312 requests is over 5 %", NOW)
                : new Judgement("INCONCLUSIVE", "errorRate", 0.001, 0.05, 312L, "1.0", "0.1 % of 312 requests", NOW);
        var noisy = new FalseAlarm(
                "latency p95",
                "WARN",
                48,
                384,
                40,
                40 / 384.0,
                0.01,
                "canary-metrics 1.0",
                "Latency p95 alarms in 40 of 384 comparisons of the baseline with itself");
        return List.of(new Observation(
                order, NOW.minusSeconds(300), NOW.minusSeconds(300), false, back, judgement, List.of(noisy)));
    }

    static List<Sample> samples() {
        var samples = new ArrayList<Sample>();
        for (int i = 0; i < 60; i++) {
            Instant at = NOW.minusSeconds(300 - i * 5L);
            samples.add(new Sample(at, Duration.ofSeconds(5), CANDIDATE, 10, i > 40 ? 3 : 0, 40.0, 90.0 + i, 120.0));
            samples.add(new Sample(at, Duration.ofSeconds(5), BASELINE, 190, i % 7 == 0 ? 1 : 0, 40.0, 80.0, 110.0));
        }
        return samples;
    }

    private static List<Timeline.Entry> timeline() {
        return List.of(
                new Timeline.Entry(
                        1, NOW.minusSeconds(4000), "release.opened", "ci", "Opened for production", Map.of()),
                new Timeline.Entry(
                        2,
                        NOW.minusSeconds(3900),
                        "risk.assessed",
                        "countersign",
                        "Risk tier high: 2 rollbacks in 90 days (risk-tier 1.0)",
                        Map.of()));
    }
}
