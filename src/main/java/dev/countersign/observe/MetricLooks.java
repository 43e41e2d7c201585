package dev.countersign.observe;

import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Triggers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the judge's rules say of each metric by itself. The verdict on a step names only the gravest of them, and as soon as it is found; a page shows how all stand. It
 * reads no clock, as the judge.
 */
final class MetricLooks {
    private final Course course;
    private final Triggers triggers;
    private final Judgement latest;
    private final List<MetricLook> looks = new ArrayList<>();

    private MetricLooks(Course course, Judgement latest) {
        this.course = course;
        this.triggers = course.order().triggers();
        this.latest = latest;
    }

    /** @param latest judgement of the same course */
    static List<MetricLook> of(Course course, Judgement latest) {
        MetricLooks asked = new MetricLooks(course, latest);
        asked.errors();
        if (course.order().baseline() != null) {
            asked.latency();
        } else if (course.isStabilising()) {
            asked.looks.add(new LatencyAfter(course, LatencyTrigger.of(course)).look());
        }
        Comparison comparison = Comparison.of(course);
        comparison.evidence().forEach(asked::evidence);
        asked.ranks(comparison.ranked());
        new Signals(course).looks().forEach(look -> asked.add(look.metric().name(), look.outcome(), look.sentence()));
        course.objectives().forEach(asked::objective);
        return asked.looks.stream().map(asked::unlessUnknown).toList();
    }

    private void add(String metric, Outcome outcome, String sentence) {
        looks.add(new MetricLook(metric, outcome, Words.sentence(sentence)));
    }

    /** What nobody could read, or went silent, does not pass on what was measured before. What failed until then has failed. */
    private MetricLook unlessUnknown(MetricLook look) {
        if (look.outcome() == Outcome.FAIL) {
            return look;
        }
        boolean silent = Outcome.NO_DATA.name().equals(latest.verdict()) && "requests".equals(latest.metric());
        if (Outcome.ERROR.name().equals(latest.verdict()) && !look.metric().startsWith("rum ")) {
            return look.because(Outcome.ERROR, latest.sentence());
        }
        return silent && look.isOfRequests() ? look.because(Outcome.NO_DATA, latest.sentence()) : look;
    }

    private void errors() {
        Findings findings = new Findings(course);
        ErrorTrigger errors = ErrorTrigger.scan(course.candidate(), triggers, course.since());
        ErrorTrigger.Look look = errors.latest();
        if (errors.breach() != null) {
            add(
                    MetricLook.ERROR_RATE,
                    Outcome.FAIL,
                    findings.tooManyErrors(errors.breach()).sentence());
        } else if (look == null || look.requests() == 0) {
            add(MetricLook.ERROR_RATE, Outcome.NO_DATA, findings.unmeasured().sentence());
        } else if (look.requests() < triggers.minRequests()) {
            add(
                    MetricLook.ERROR_RATE,
                    Outcome.INCONCLUSIVE,
                    findings.tooFew(look).sentence());
        } else {
            add(
                    MetricLook.ERROR_RATE,
                    Outcome.PASS,
                    "error rate %s of %d requests, the limit is %s (%s)"
                            .formatted(
                                    Words.percent(look.rate()),
                                    look.requests(),
                                    Words.limit(triggers.maxErrorRate()),
                                    triggers.ruleVersion()));
        }
    }

    private void latency() {
        LatencyTrigger latency = LatencyTrigger.of(course);
        LatencyTrigger.Window window = latency.latest();
        if (latency.breach() != null) {
            add(
                    MetricLook.SLOWER,
                    Outcome.FAIL,
                    new Findings(course).tooSlow(latency.breach()).sentence());
        } else if (window == null) {
            add(
                    MetricLook.SLOWER,
                    Outcome.INCONCLUSIVE,
                    "no window of %s could be compared yet: each needs %d requests of both versions with a measured latency (%s)"
                            .formatted(
                                    Words.span(triggers.latencyWindow()),
                                    LatencyTrigger.enough(triggers),
                                    triggers.ruleVersion()));
        } else {
            add(
                    MetricLook.SLOWER,
                    latency.held() > 0 ? Outcome.PASS : Outcome.INCONCLUSIVE,
                    "p95 latency %s of %d requests against %s of %s, the limit is +%s in %d of %d windows of %s%s (%s)"
                            .formatted(
                                    Words.millis(window.candidateMs()),
                                    window.requests(),
                                    Words.millis(window.baselineMs()),
                                    LatencyTrigger.baseline(course),
                                    Words.millis(triggers.maxLatencyIncreaseMs()),
                                    triggers.latencyBreaches(),
                                    triggers.latencyWindows(),
                                    Words.span(triggers.latencyWindow()),
                                    latency.held() > 0 ? "" : "; the last window was over it, or could not be compared",
                                    triggers.ruleVersion()));
        }
    }

    private void evidence(ErrorEvidence evidence) {
        String name = evidence.metric().name();
        ErrorEvidence.Look look = evidence.breach() != null ? evidence.breach() : evidence.latest();
        boolean holds = evidence.restart() != null
                && !evidence.restart().isBefore(evidence.latest().at());
        String figures =
                "%s (%s)".formatted(evidence.figures(look), evidence.metric().ruleVersion());
        long beside = look.segment().baselineRequests();
        if (evidence.breach() != null || holds) {
            add(name, Outcome.FAIL, figures);
        } else if (beside < triggers.minRequests()) {
            add(
                    name,
                    beside == 0 ? Outcome.NO_DATA : Outcome.INCONCLUSIVE,
                    new Findings(course).tooFewOfBaseline(beside).sentence());
        } else {
            add(name, Outcome.PASS, figures);
        }
    }

    private void ranks(List<CanaryMetric> ranked) {
        if (ranked.isEmpty()) {
            return;
        }
        Comparison.Windows windows = Judge.windows(course);
        for (CanaryMetric metric : ranked) {
            RankLook look = java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(windows.failed(), windows.held())
                                    .filter(java.util.Objects::nonNull),
                            windows.looks().stream())
                    .filter(each -> each.metric().equals(metric))
                    .findFirst()
                    .orElse(null);
            if (look == null) {
                add(
                        metric.name(),
                        Outcome.INCONCLUSIVE,
                        "%s is compared once a window of %s is complete (%s)"
                                .formatted(
                                        metric.name(), Words.span(course.order().window()), metric.ruleVersion()));
            } else {
                add(metric.name(), look.outcome(), look.sentence());
            }
        }
    }

    private void objective(Objective objective) {
        String name = MetricLook.ofObjective(objective.name());
        if (Outcome.FAIL.name().equals(latest.verdict()) && objective.name().equals(latest.metric())) {
            add(name, Outcome.FAIL, latest.sentence());
            return;
        }
        Optional<OwnCount> own =
                course.own(objective).filter(count -> !count.yieldsToRequests(objective, course.since()));
        Objective.Ratio ratio = own.isPresent()
                ? own.filter(count -> count.until() != null)
                        .map(count -> count.between(course.since(), count.until()))
                        .orElse(null)
                : objective.measurable() ? objective.measure(course.candidate()) : null;
        if (ratio == null) {
            add(
                    name,
                    Outcome.NO_DATA,
                    "objective %s cannot be measured: %s"
                            .formatted(
                                    objective.name(),
                                    own.isEmpty()
                                            ? objective.unmeasured()
                                            : Objects.requireNonNullElse(
                                                    own.get().trouble(), "its queries have counted nothing yet")));
            return;
        }
        boolean held = ratio.value() >= objective.target();
        add(
                name,
                held ? Outcome.PASS : Outcome.INCONCLUSIVE,
                "%s %s of %d %s%s since the stabilisation began, the objective is %s%s"
                        .formatted(
                                objective.label(),
                                Words.limit(ratio.value()),
                                ratio.events(),
                                SloBurn.noun(own),
                                SloRules.ofWhom(own),
                                Words.limit(objective.target()),
                                held ? "" : "; the last window of it decides"));
    }
}
