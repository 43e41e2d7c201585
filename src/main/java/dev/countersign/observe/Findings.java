package dev.countersign.observe;

import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the judge found, each in one sentence with value, limit, sample size and the version of the rule. */
final class Findings {
    private final Course course;
    private final Triggers triggers;

    Findings(Course course) {
        this.course = course;
        this.triggers = course.order().triggers();
    }

    Judgement of(Outcome outcome, String metric, Double value, Double limit, Long sample, String sentence) {
        return new Judgement(
                outcome.name(), metric, value, limit, sample, triggers.ruleVersion(), sentence, course.now());
    }

    Judgement tooManyErrors(ErrorTrigger.Look look) {
        return of(
                Outcome.FAIL,
                "error rate",
                look.rate(),
                triggers.maxErrorRate(),
                look.requests(),
                "Error rate %s of %d requests in %s is over the limit of %s (%s)"
                        .formatted(
                                Words.percent(look.rate()),
                                look.requests(),
                                Words.span(lookedAt(look.at())),
                                Words.limit(triggers.maxErrorRate()),
                                triggers.ruleVersion()));
    }

    Judgement tooSlow(LatencyTrigger.Window slow) {
        return of(
                Outcome.FAIL,
                MetricLook.SLOWER,
                slow.increase(),
                triggers.maxLatencyIncreaseMs(),
                slow.requests(),
                "p95 latency %s of %d requests is %s over %s, over the limit of +%s in %d of %d windows of %s (%s)"
                        .formatted(
                                Words.millis(slow.candidateMs()),
                                slow.requests(),
                                Words.millis(slow.increase()),
                                course.referenceP95Ms() == null
                                        ? "the baseline's " + Words.millis(slow.baselineMs())
                                        : "the %s of %s"
                                                .formatted(Words.millis(slow.baselineMs()), LatencyTrigger.REFERENCE),
                                Words.millis(triggers.maxLatencyIncreaseMs()),
                                triggers.latencyBreaches(),
                                triggers.latencyWindows(),
                                Words.span(triggers.latencyWindow()),
                                triggers.ruleVersion()));
    }

    /** @param after what the objectives say meanwhile */
    Judgement slowerThanLast(LatencyAfter latency, String after) {
        LatencyTrigger.Window slow = latency.trigger().breach();
        return of(
                Outcome.INCONCLUSIVE,
                MetricLook.SLOWER,
                slow.increase(),
                triggers.maxLatencyIncreaseMs(),
                slow.requests(),
                "Held back, the window began anew: " + latency.slower() + after);
    }

    Judgement evidence(Outcome outcome, ErrorEvidence ratio, ErrorEvidence.Look look, String before) {
        return ofMetric(
                outcome,
                ratio.metric(),
                look.evidence(),
                ratio.limit(),
                look.segment().candidateRequests(),
                "%s%s (%s)"
                        .formatted(
                                before,
                                Words.sentence(ratio.figures(look)),
                                ratio.metric().ruleVersion()));
    }

    Judgement ranks(Outcome outcome, RankLook look, String before, String after) {
        return ofMetric(
                outcome,
                look.metric(),
                look.comparison() == null ? null : look.comparison().shift(),
                look.limit(),
                look.requests(),
                before + look.sentence() + after);
    }

    /** @param why what a metric says that is worse; empty where none does */
    Judgement score(CanaryScore score, String why, String after) {
        return new Judgement(
                Outcome.INCONCLUSIVE.name(),
                CanaryScore.NAME,
                score.value(),
                score.limit(),
                score.sample(),
                score.version(),
                "Held back, the window began anew: " + score.sentence() + why + after,
                course.now());
    }

    /** A file that nobody can read is not as if the team watched nothing. */
    Judgement unreadRule(CanaryRule rule) {
        return new Judgement(
                Outcome.NO_DATA.name(),
                CanaryScore.NAME,
                null,
                null,
                0L,
                rule.version(),
                "The canary configuration of %s cannot be followed: %s (%s)"
                        .formatted(course.order().service(), rule.fault(), rule.version()),
                course.now());
    }

    Judgement signal(Outcome outcome, SignalLook look, String before) {
        return ofMetric(
                outcome,
                look.metric(),
                look.value(),
                look.limit(),
                look.sample(),
                before + Words.sentence(look.sentence()));
    }

    private Judgement ofMetric(
            Outcome outcome, CanaryMetric metric, Double value, Double limit, Long sample, String sentence) {
        return new Judgement(
                outcome.name(), metric.name(), value, limit, sample, metric.ruleVersion(), sentence, course.now());
    }

    Judgement unreadable() {
        return of(Outcome.ERROR, "source", null, null, null, "The metrics source does not answer: " + course.trouble());
    }

    Judgement paused() {
        return of(Outcome.INCONCLUSIVE, "window", null, null, null, "Paused: the clock stands");
    }

    Judgement withoutObjectives(String missing) {
        return of(
                Outcome.NO_DATA,
                "objectives",
                null,
                null,
                null,
                "%s has no measurable objective for %s; availability, latency and errors are each required"
                        .formatted(course.order().service(), missing));
    }

    /** A file that nobody can read is no promise kept: it is named, with its fault. */
    Judgement unmeasurable(Objective objective) {
        return of(
                Outcome.NO_DATA,
                objective.name(),
                null,
                objective.target(),
                null,
                "Objective %s (%s) cannot be measured: %s%s"
                        .formatted(
                                objective.name(),
                                objective.kind(),
                                objective.unmeasured(),
                                Objective.versions(List.of(objective))));
    }

    Judgement unmeasured() {
        Instant candidate = Gaps.knownUntil(course.candidate(), course.since());
        boolean canary = !course.until().isBefore(candidate.plus(triggers.latencyWindow()));
        Instant last = canary ? candidate : Gaps.knownUntil(course.baseline(), course.since());
        return of(
                Outcome.NO_DATA,
                "requests",
                null,
                null,
                0L,
                "No request of the %s has been measured since %s"
                        .formatted(canary ? "candidate" : "baseline", last.truncatedTo(ChronoUnit.SECONDS)));
    }

    Judgement tooFew(ErrorTrigger.Look look) {
        return of(
                Outcome.INCONCLUSIVE,
                "requests",
                (double) look.requests(),
                (double) triggers.minRequests(),
                look.requests(),
                "%d requests of the candidate in %s, %d more are needed to say anything (%s)"
                        .formatted(
                                look.requests(),
                                Words.span(lookedAt(look.at())),
                                triggers.minRequests() - look.requests(),
                                triggers.ruleVersion()));
    }

    Judgement tooFewOfBaseline(long requests) {
        return of(
                Outcome.INCONCLUSIVE,
                "requests",
                (double) requests,
                (double) triggers.minRequests(),
                requests,
                "%d requests of the baseline beside the candidate, %d more are needed to compare (%s)"
                        .formatted(requests, triggers.minRequests() - requests, triggers.ruleVersion()));
    }

    Judgement late(Judgement open) {
        return of(
                Outcome.INCONCLUSIVE,
                open.metric(),
                open.value(),
                open.limit(),
                open.sample(),
                "No verdict after " + Words.span(course.order().maximum()) + ": " + open.sentence());
    }

    private Duration lookedAt(Instant end) {
        Duration age = Duration.between(course.since(), end);
        return age.compareTo(triggers.errorWindow()) < 0 ? age : triggers.errorWindow();
    }
}
