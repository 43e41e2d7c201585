package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The canary judge: the absolute triggers (rule 1), and of a step the comparison with its concurrent baseline by ranks (2) and by evidence on errors (3); what has too
 * little data is no verdict (4). Deterministic and without a clock: the same course gives the same ruling.
 *
 * <p>A breach fails at once, also while paused, because the candidate still has users then. Everything else waits for an unbroken
 * window: it begins anew after a hole in the data, after a look with too few requests and after a single breach that is not
 * enough to fail, and after a comparison that is worse in something that does not roll back. Time without data does not count. What has no verdict at its maximum is inconclusive for good.
 */
final class Judge {
    private final Course course;
    private final Triggers triggers;
    private final ErrorTrigger errors;
    private final LatencyTrigger latency;
    private final boolean compares;
    private final Comparison comparison;

    private Judge(Course course) {
        this.course = course;
        this.triggers = course.order().triggers();
        this.compares = course.order().baseline() != null;
        this.comparison = Comparison.of(course);
        this.errors = ErrorTrigger.scan(course.candidate(), triggers, course.since());
        this.latency = LatencyTrigger.scan(
                course.candidate(),
                course.baseline(),
                course.referenceP95Ms(),
                triggers,
                course.since(),
                course.until());
    }

    /** Empty during the first moments, before anything can have been measured. */
    static Optional<Ruling> rule(Course course) {
        return new Judge(course).rule();
    }

    private Optional<Ruling> rule() {
        Judgement breach = breach();
        if (breach != null) {
            return Optional.of(new Ruling(breach, null, true));
        }
        Optional<Ruling> ruling = course.trouble() != null ? Optional.of(unreadable()) : watch();
        boolean tooLate =
                !course.now().isBefore(course.since().plus(course.order().maximum()));
        if (!tooLate || course.paused() || ruling.filter(Ruling::last).isPresent()) {
            return ruling;
        }
        Judgement open = ruling.orElseGet(this::unmeasured).judgement();
        return Optional.of(new Ruling(
                judgement(
                        Outcome.INCONCLUSIVE,
                        open.metric(),
                        open.value(),
                        open.limit(),
                        open.sample(),
                        "No verdict after " + Words.span(course.order().maximum()) + ": " + open.sentence()),
                null,
                true));
    }

    private Judgement breach() {
        LatencyTrigger.Window slow = compares ? latency.breach() : null;
        ErrorEvidence ratio = comparison.breach();
        if (ratio != null
                && (errors.breach() == null
                        || ratio.breach().at().isBefore(errors.breach().at()))
                && (slow == null || ratio.breach().at().isBefore(slow.end()))) {
            return ofEvidence(Outcome.FAIL, ratio, ratio.breach(), "");
        }
        if (errors.breach() != null && (slow == null || !errors.breach().at().isAfter(slow.end()))) {
            ErrorTrigger.Look look = errors.breach();
            return judgement(
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
        if (slow != null) {
            return judgement(
                    Outcome.FAIL,
                    "latency p95 over baseline",
                    slow.increase(),
                    triggers.maxLatencyIncreaseMs(),
                    slow.requests(),
                    "p95 latency %s of %d requests is %s over the baseline's %s, over the limit of +%s in %d of %d windows of %s (%s)"
                            .formatted(
                                    Words.millis(slow.candidateMs()),
                                    slow.requests(),
                                    Words.millis(slow.increase()),
                                    Words.millis(slow.baselineMs()),
                                    Words.millis(triggers.maxLatencyIncreaseMs()),
                                    triggers.latencyBreaches(),
                                    triggers.latencyWindows(),
                                    Words.span(triggers.latencyWindow()),
                                    triggers.ruleVersion()));
        }
        return null;
    }

    private Judgement ofEvidence(Outcome outcome, ErrorEvidence ratio, ErrorEvidence.Look look, String before) {
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

    private Judgement ofRanks(Outcome outcome, RankLook look, String before, String after) {
        return ofMetric(
                outcome,
                look.metric(),
                look.comparison() == null ? null : look.comparison().shift(),
                look.metric().minimumShiftMs(),
                look.requests(),
                before + look.sentence() + after);
    }

    private Judgement ofMetric(
            Outcome outcome, CanaryMetric metric, Double value, Double limit, Long sample, String sentence) {
        return new Judgement(
                outcome.name(), metric.name(), value, limit, sample, metric.ruleVersion(), sentence, course.now());
    }

    private Ruling unreadable() {
        return open(
                judgement(
                        Outcome.ERROR,
                        "source",
                        null,
                        null,
                        null,
                        "The metrics source does not answer: " + course.trouble()),
                null);
    }

    private Optional<Ruling> watch() {
        Duration hole = triggers.latencyWindow();
        Instant known = Gaps.knownUntil(course.candidate(), course.since());
        if (compares && course.referenceP95Ms() == null) {
            known = Gaps.earlier(known, Gaps.knownUntil(course.baseline(), course.since()));
        }
        boolean silent = !course.until().isBefore(known.plus(hole));
        if (silent) {
            return Optional.of(unmeasured());
        }
        if (known.equals(course.since())) {
            return Optional.empty();
        }
        if (course.paused()) {
            return Optional.of(open(
                    judgement(Outcome.INCONCLUSIVE, "window", null, null, null, "Paused: the clock stands"), null));
        }
        if (!compares) {
            Optional<String> missing = SloRules.missing(course.objectives());
            if (missing.isPresent()) {
                return Optional.of(open(
                        judgement(
                                Outcome.NO_DATA,
                                "objectives",
                                null,
                                null,
                                null,
                                "%s has no measurable objective for %s; availability, latency and errors are each required"
                                        .formatted(course.order().service(), missing.get())),
                        null));
            }
        }
        return Optional.of(held(known, unbrokenSince(hole)));
    }

    private Instant unbrokenSince(Duration hole) {
        Instant since = Gaps.later(course.since(), errors.restart());
        since = Gaps.later(since, Gaps.restart(course.candidate(), course.since(), hole));
        if (compares) {
            since = Gaps.later(since, comparison.restart());
            since = Gaps.later(since, latency.restart());
            if (course.referenceP95Ms() == null) {
                since = Gaps.later(since, Gaps.restart(course.baseline(), course.since(), hole));
            }
        }
        return since;
    }

    private Ruling held(Instant known, Instant rulesHoldSince) {
        ErrorTrigger.Look look = errors.latest();
        if (look.requests() < triggers.minRequests()) {
            return open(
                    judgement(
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
                                            triggers.ruleVersion())),
                    null);
        }
        if (!compares) {
            boolean complete = isComplete(known, rulesHoldSince);
            return SloRules.rule(this, course, known, rulesHoldSince, complete);
        }
        Comparison.Windows windows = comparison.windows(rulesHoldSince, known);
        if (windows.failed() != null) {
            return new Ruling(ofRanks(Outcome.FAIL, windows.failed(), "", ""), null, true);
        }
        return compared(known, windows);
    }

    private boolean isComplete(Instant known, Instant since) {
        return Duration.between(since, known).compareTo(course.order().window()) >= 0;
    }

    private Ruling compared(Instant known, Comparison.Windows windows) {
        Instant unbrokenSince = windows.unbrokenSince();
        Duration unbroken = Duration.between(unbrokenSince, known);
        List<Sample> inWindow = course.candidate().stream()
                .filter(sample -> !sample.at().isBefore(unbrokenSince))
                .toList();
        long requests = LatencyTrigger.requests(inWindow);
        double rate =
                requests == 0 ? 0 : inWindow.stream().mapToLong(Sample::errors).sum() / (double) requests;
        String figures = "error rate %s of %d requests (limit %s)%s"
                .formatted(Words.percent(rate), requests, Words.limit(triggers.maxErrorRate()), latencyFigures());
        String progress = "unbroken for %s of %s"
                .formatted(Words.span(unbroken), Words.span(course.order().window()));
        ErrorEvidence holding = comparison.holding();
        if (holding != null) {
            return open(
                    ofEvidence(Outcome.INCONCLUSIVE, holding, holding.latest(), "Held back, the window begins anew: "),
                    unbrokenSince);
        }
        boolean complete = isComplete(known, unbrokenSince) && windowsSince(unbrokenSince) >= triggers.latencyWindows();
        if (complete && comparison.baselineRequests() < triggers.minRequests()) {
            return open(
                    judgement(
                            Outcome.INCONCLUSIVE,
                            "requests",
                            (double) comparison.baselineRequests(),
                            (double) triggers.minRequests(),
                            comparison.baselineRequests(),
                            "%d requests of the baseline beside the candidate, %d more are needed to compare (%s)"
                                    .formatted(
                                            comparison.baselineRequests(),
                                            triggers.minRequests() - comparison.baselineRequests(),
                                            triggers.ruleVersion())),
                    null);
        }
        if (complete) {
            return new Ruling(
                    judgement(
                            Outcome.PASS,
                            "error rate",
                            rate,
                            triggers.maxErrorRate(),
                            requests,
                            "Held for an unbroken %s: %s (%s)%s"
                                    .formatted(
                                            Words.span(unbroken),
                                            figures,
                                            triggers.ruleVersion(),
                                            comparison.figures(windows.looks()))),
                    unbrokenSince,
                    true);
        }
        if (windows.held() != null) {
            return open(
                    ofRanks(
                            Outcome.INCONCLUSIVE,
                            windows.held(),
                            "Held back, the window began anew: ",
                            "; " + progress),
                    unbrokenSince);
        }
        return open(
                judgement(
                        Outcome.INCONCLUSIVE,
                        "window",
                        rate,
                        triggers.maxErrorRate(),
                        requests,
                        "No breach so far: %s; %s (%s)".formatted(figures, progress, triggers.ruleVersion())),
                unbrokenSince);
    }

    /** Held latency windows that lie wholly in the unbroken window. */
    private int windowsSince(Instant unbrokenSince) {
        long length = triggers.latencyWindow().toMillis();
        long complete = (course.until().toEpochMilli() - course.since().toEpochMilli()) / length;
        long first = -Math.floorDiv(course.since().toEpochMilli() - unbrokenSince.toEpochMilli(), length);
        return (int) Math.min(latency.held(), complete - first);
    }

    private String latencyFigures() {
        LatencyTrigger.Window window = latency.latest();
        return window == null
                ? ""
                : ", p95 latency %s against %s of the baseline (limit +%s)"
                        .formatted(
                                Words.millis(window.candidateMs()),
                                Words.millis(window.baselineMs()),
                                Words.millis(triggers.maxLatencyIncreaseMs()));
    }

    private Ruling unmeasured() {
        Instant candidate = Gaps.knownUntil(course.candidate(), course.since());
        boolean canary = !course.until().isBefore(candidate.plus(triggers.latencyWindow()));
        Instant last = canary ? candidate : Gaps.knownUntil(course.baseline(), course.since());
        return open(
                judgement(
                        Outcome.NO_DATA,
                        "requests",
                        null,
                        null,
                        0L,
                        "No request of the %s has been measured since %s"
                                .formatted(
                                        canary ? "candidate" : "baseline",
                                        last.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))),
                null);
    }

    private Duration lookedAt(Instant end) {
        Duration age = Duration.between(course.since(), end);
        return age.compareTo(triggers.errorWindow()) < 0 ? age : triggers.errorWindow();
    }

    static Ruling open(Judgement judgement, Instant unbrokenSince) {
        return new Ruling(judgement, unbrokenSince, false);
    }

    Judgement judgement(Outcome outcome, String metric, Double value, Double limit, Long sample, String sentence) {
        return new Judgement(
                outcome.name(), metric, value, limit, sample, triggers.ruleVersion(), sentence, course.now());
    }
}
