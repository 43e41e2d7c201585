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
 * enough to fail, and after a comparison that is worse in something that does not roll back. Time without data does not count. What
 * has no verdict at its maximum is inconclusive for good.
 */
final class Judge {
    private final Course course;
    private final Triggers triggers;
    private final Findings findings;
    private final ErrorTrigger errors;
    private final LatencyTrigger latency;
    private final boolean compares;
    private final Comparison comparison;
    private final Signals signals;
    /** Of the windows that the ruling asked for; what fails before needs none. */
    private CanaryScore score;

    private Judge(Course course) {
        this.course = course;
        this.triggers = course.order().triggers();
        this.findings = new Findings(course);
        this.compares = course.order().baseline() != null;
        this.comparison = Comparison.of(course);
        this.signals = new Signals(course);
        this.errors = ErrorTrigger.scan(course.candidate(), triggers, course.since());
        this.latency = LatencyTrigger.of(course);
    }

    /** Empty during the first moments, before anything can have been measured. */
    static Optional<Ruling> rule(Course course) {
        Judge judge = new Judge(course);
        return judge.rule().map(ruling -> ruling.with(judge.score));
    }

    private Optional<Ruling> rule() {
        Judgement breach = breach();
        if (breach != null) {
            return Optional.of(new Ruling(breach, null, true));
        }
        Optional<Ruling> ruling =
                course.trouble() != null ? Optional.of(Ruling.open(findings.unreadable(), null)) : watch();
        boolean tooLate =
                !course.now().isBefore(course.since().plus(course.order().maximum()));
        if (!tooLate || course.paused() || ruling.filter(Ruling::last).isPresent()) {
            return ruling;
        }
        Judgement open = ruling.map(Ruling::judgement).orElseGet(findings::unmeasured);
        return Optional.of(new Ruling(findings.late(open), null, true));
    }

    /** The first of all breaches; of two at once the trigger's. */
    private Judgement breach() {
        LatencyTrigger.Window slow = compares ? latency.breach() : null;
        ErrorTrigger.Look failing = errors.breach();
        ErrorEvidence ratio = comparison.breach();
        if (ratio != null
                && (failing == null || ratio.breach().at().isBefore(failing.at()))
                && (slow == null || ratio.breach().at().isBefore(slow.end()))) {
            return findings.evidence(Outcome.FAIL, ratio, ratio.breach(), "");
        }
        if (failing != null && (slow == null || !failing.at().isAfter(slow.end()))) {
            return findings.tooManyErrors(failing);
        }
        if (slow != null) {
            return findings.tooSlow(slow);
        }
        SignalLook worse = signals.always(true);
        return worse == null ? null : findings.signal(Outcome.FAIL, worse, "");
    }

    private Optional<Ruling> watch() {
        Duration hole = triggers.latencyWindow();
        Instant known = known();
        boolean silent = !course.until().isBefore(known.plus(hole));
        if (silent) {
            return Optional.of(Ruling.open(findings.unmeasured(), null));
        }
        if (known.equals(course.since())) {
            return Optional.empty();
        }
        if (course.paused()) {
            return Optional.of(Ruling.open(findings.paused(), null));
        }
        Optional<Objective> refused = compares ? Optional.empty() : SloRules.unread(course.objectives());
        if (refused.isPresent()) {
            return Optional.of(Ruling.open(findings.unmeasurable(refused.get()), null));
        }
        Optional<String> missing = compares ? Optional.empty() : SloRules.missing(course.objectives());
        if (missing.isPresent()) {
            return Optional.of(Ruling.open(findings.withoutObjectives(missing.get()), null));
        }
        return Optional.of(held(known, unbrokenSince(hole)));
    }

    /** How the windows of this course compare that are complete. */
    static Comparison.Windows windows(Course course) {
        Judge judge = new Judge(course);
        return judge.comparison.windows(
                judge.unbrokenSince(course.order().triggers().latencyWindow()), judge.known());
    }

    private Instant known() {
        Instant known = Gaps.knownUntil(course.candidate(), course.since());
        return compares && course.referenceP95Ms() == null
                ? Gaps.earlier(known, Gaps.knownUntil(course.baseline(), course.since()))
                : known;
    }

    private Instant unbrokenSince(Duration hole) {
        Instant since = Gaps.later(course.since(), errors.restart());
        since = Gaps.later(since, Gaps.restart(course.candidate(), course.since(), hole));
        if (compares) {
            since = Gaps.later(since, latency.restart());
            since = Gaps.later(since, comparison.restart());
            if (course.referenceP95Ms() == null) {
                since = Gaps.later(since, Gaps.restart(course.baseline(), course.since(), hole));
            }
        }
        return since;
    }

    private Ruling held(Instant known, Instant rulesHoldSince) {
        if (errors.latest().requests() < triggers.minRequests()) {
            return Ruling.open(findings.tooFew(errors.latest()), null);
        }
        if (!compares) {
            Ruling ofObjectives = SloRules.rule(findings, course, known, rulesHoldSince);
            return course.isStabilising() ? besideObjectives(ofObjectives, known, rulesHoldSince) : ofObjectives;
        }
        ErrorEvidence holding = comparison.holding();
        if (holding != null) {
            return Ruling.open(
                    findings.evidence(
                            Outcome.INCONCLUSIVE, holding, holding.latest(), "Held back, the window begins anew: "),
                    rulesHoldSince);
        }
        SignalLook worse = signals.always(false);
        if (worse != null) {
            return Ruling.open(findings.signal(Outcome.INCONCLUSIVE, worse, "Held back: "), null);
        }
        Comparison.Windows windows = comparison.windows(rulesHoldSince, known);
        score = windows.score();
        if (windows.failed() != null) {
            return new Ruling(findings.ranks(Outcome.FAIL, windows.failed(), "", scored(windows.score())), null, true);
        }
        Ruling worseThanOthers = besideOwn(known, rulesHoldSince, windows);
        return worseThanOthers != null ? worseThanOthers : compared(known, windows);
    }

    /** What the team's own metrics hold begins their windows anew, and must not keep a critical figure of a window from rolling back. Null where nothing does. */
    private Ruling besideOwn(Instant known, Instant rulesHoldSince, Comparison.Windows windows) {
        if (!comparison.hasOwn() || windows.unbrokenSince().equals(rulesHoldSince)) {
            return null;
        }
        Instant others = comparison.windowsWithoutOwn(rulesHoldSince, known).unbrokenSince();
        return isWhole(known, others)
                ? signals.rollback(findings, signals.atWindow()).orElse(null)
                : null;
    }

    private boolean isWhole(Instant known, Instant unbrokenSince) {
        return isComplete(known, unbrokenSince) && windowsSince(unbrokenSince) >= triggers.latencyWindows();
    }

    /** A latency that is worse than the baseline's last keeps it from passing for a window of its own; it never keeps an objective that was missed from rolling back. */
    private Ruling besideObjectives(Ruling ofObjectives, Instant known, Instant rulesHoldSince) {
        Instant anew = Gaps.later(rulesHoldSince, latency.restart());
        boolean open = ofObjectives.is(Outcome.PASS) || ofObjectives.unbrokenSince() != null;
        return new BesideObjectives(findings, signals, new LatencyAfter(course, latency))
                .ruling(
                        open && anew.isAfter(rulesHoldSince)
                                ? SloRules.rule(findings, course, known, anew)
                                : ofObjectives,
                        open ? anew : rulesHoldSince);
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
        String progress = course.isHeld()
                ? "unbroken for %s".formatted(Words.span(unbroken))
                : "unbroken for %s of %s"
                        .formatted(
                                Words.span(unbroken), Words.span(course.order().window()));
        boolean complete = isWhole(known, unbrokenSince);
        if (complete && !course.isHeld() && comparison.baselineRequests() < triggers.minRequests()) {
            return Ruling.open(findings.tooFewOfBaseline(comparison.baselineRequests()), null);
        }
        List<SignalLook> looks = complete ? signals.atWindow() : List.of();
        Optional<Ruling> signalled = signals.ruling(findings, looks);
        if (signalled.isPresent()) {
            return signalled.get();
        }
        // Whatever rolls back was asked before: a file that nobody can read keeps nothing of it away.
        CanaryRule rule = triggers.score();
        if (course.isCompared() && rule != null && rule.fault() != null) {
            return Ruling.open(findings.unreadRule(rule), null);
        }
        // While a person decides nothing passes: that it goes on well is no verdict.
        if (complete && !course.isHeld()) {
            String sentence = "Held for an unbroken %s: %s (%s)%s%s"
                    .formatted(
                            Words.span(unbroken),
                            figures,
                            triggers.ruleVersion(),
                            comparison.figures(windows.looks()) + scored(windows.score()),
                            Signals.figures(looks));
            return new Ruling(
                    findings.of(Outcome.PASS, "error rate", rate, triggers.maxErrorRate(), requests, sentence),
                    unbrokenSince,
                    true);
        }
        if (windows.isHeld()) {
            return Ruling.open(held(windows, "; " + progress), unbrokenSince);
        }
        String sentence = "No breach so far: %s; %s (%s)%s"
                .formatted(
                        figures,
                        progress,
                        triggers.ruleVersion(),
                        course.isHeld() ? comparison.figures(windows.looks()) + Signals.figures(looks) : "");
        return Ruling.open(
                findings.of(Outcome.INCONCLUSIVE, "window", rate, triggers.maxErrorRate(), requests, sentence),
                unbrokenSince);
    }

    /** What is not known comes before a score, which would say that it is. */
    private Judgement held(Comparison.Windows windows, String progress) {
        RankLook look = windows.held();
        CanaryScore score = windows.score();
        boolean unknown = look != null && look.outcome() != Outcome.FAIL;
        if (score != null && score.isUnderPass() && !unknown) {
            return findings.score(score, look == null ? "" : "; " + look.sentence(), progress);
        }
        return findings.ranks(
                look.outcome() == Outcome.NO_DATA ? Outcome.NO_DATA : Outcome.INCONCLUSIVE,
                look,
                "Held back, the window began anew: ",
                scored(score) + progress);
    }

    private static String scored(CanaryScore score) {
        return score == null ? "" : "; " + score.sentence();
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
                : ", p95 latency %s against %s of %s (limit +%s)"
                        .formatted(
                                Words.millis(window.candidateMs()),
                                Words.millis(window.baselineMs()),
                                LatencyTrigger.baseline(course),
                                Words.millis(triggers.maxLatencyIncreaseMs()));
    }
}
