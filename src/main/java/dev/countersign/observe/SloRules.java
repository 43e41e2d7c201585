package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Objective.Ratio;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A release is stable only when every objective of its service holds over the stabilisation window: by its own queries, counted as its error budget is, where the source asks
 * them, and else by requests.
 */
final class SloRules {
    private final Findings findings;
    private final Course course;
    private final Instant known;
    private final Instant told;
    private final Instant unbrokenSince;
    private final boolean complete;
    private final Instant from;
    private final List<Sample> inWindow;
    private final long requests;

    /** Own queries are counted in slices, and later: the window is complete when all are there. */
    private SloRules(Findings findings, Course course, Instant known, Instant unbrokenSince) {
        this.findings = findings;
        this.course = course;
        this.known = known;
        this.told = course.own().stream()
                .map(count -> count.until() == null ? course.since() : count.until())
                .reduce(known, Gaps::earlier);
        this.unbrokenSince = unbrokenSince;
        Duration window = course.order().window();
        this.complete = Duration.between(unbrokenSince, told).compareTo(window) >= 0;
        this.from = complete ? Gaps.later(unbrokenSince, told.minus(window)) : unbrokenSince;
        this.inWindow = SloBurn.since(course.candidate(), from);
        this.requests = LatencyTrigger.requests(inWindow);
    }

    /** The kinds that are required and have no objective, as words. */
    static Optional<String> missing(List<Objective> objectives) {
        List<String> missing = Objective.REQUIRED.stream()
                .filter(kind ->
                        objectives.stream().noneMatch(each -> each.kind().equals(kind)))
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", missing));
    }

    /** The first that nothing can measure, whatever the source says. */
    static Optional<Objective> unread(List<Objective> objectives) {
        return objectives.stream().filter(each -> each.unread() != null).findFirst();
    }

    static Ruling rule(Findings findings, Course course, Instant known, Instant unbrokenSince) {
        return new SloRules(findings, course, known, unbrokenSince).rule();
    }

    private Ruling rule() {
        List<String> figures = new ArrayList<>();
        for (Objective objective : course.objectives()) {
            Optional<OwnCount> asked = course.own(objective);
            Optional<OwnCount> own = asked.filter(count -> isLate(count) || !count.yieldsToRequests(objective, from));
            String trouble = own.map(this::trouble).orElse(null);
            if (trouble != null) {
                return unmeasured(objective, trouble);
            }
            Ratio ratio = own.isPresent()
                    ? own.get().between(from, told)
                    : objective.measurable() ? objective.measure(inWindow) : null;
            if (ratio == null && own.isPresent() && !complete) {
                figures.add(objective.label() + " not counted yet");
                continue;
            }
            if (ratio == null) {
                return unmeasured(
                        objective,
                        own.isPresent() ? "its queries have counted nothing in the window" : objective.unmeasured());
            }
            figures.add("%s %s (objective %s)%s%s"
                    .formatted(
                            objective.label(),
                            Words.percent(ratio.value()),
                            Words.limit(objective.target()),
                            ofWhom(own),
                            asked.isPresent() && own.isEmpty()
                                    ? " by requests, as its own queries found no series of bad events"
                                    : ""));
            if (complete && ratio.value() < objective.target()) {
                return missed(objective, own, ratio);
            }
            Optional<Ruling> burning = new SloBurn(findings, course, objective, own).ruling(known, told);
            if (burning.isPresent()) {
                return burning.get();
            }
        }
        String all = String.join(", ", figures);
        return complete ? held(figures.size(), all) : progress(all);
    }

    /** Why its own queries tell nothing that could be trusted: no answer, an old one, or one with holes. */
    private String trouble(OwnCount own) {
        if (own.trouble() != null) {
            return own.trouble();
        }
        if (isLate(own)) {
            return "its queries have told nothing since " + counted(own);
        }
        Duration hole = course.order().triggers().latencyWindow();
        Instant gap = told.isAfter(from) ? own.gap(from, told, hole) : null;
        return gap == null ? null : "its queries have a gap at " + gap;
    }

    private boolean isLate(OwnCount own) {
        Duration hole = course.order().triggers().latencyWindow();
        return !known.isBefore(counted(own).plus(own.every().multipliedBy(2)).plus(hole));
    }

    private Instant counted(OwnCount own) {
        return own.until() == null ? course.since() : own.until();
    }

    static String ofWhom(Optional<OwnCount> own) {
        return own.map(count -> count.ofCandidate() ? "" : " of the service as a whole")
                .orElse("");
    }

    private Ruling unmeasured(Objective objective, String because) {
        return Ruling.open(
                findings.of(
                        Outcome.NO_DATA,
                        objective.name(),
                        null,
                        objective.target(),
                        requests,
                        "Objective %s (%s) cannot be measured: %s%s"
                                .formatted(
                                        objective.name(),
                                        objective.kind(),
                                        because,
                                        Objective.versions(List.of(objective)))),
                null);
    }

    private Ruling missed(Objective objective, Optional<OwnCount> own, Ratio ratio) {
        return new Ruling(
                findings.of(
                        Outcome.FAIL,
                        objective.name(),
                        ratio.value(),
                        objective.target(),
                        ratio.events(),
                        "Objective %s was missed: %s of %d %s in %s were good%s, at least %s must be%s"
                                .formatted(
                                        objective.name(),
                                        Words.limit(ratio.value()),
                                        ratio.events(),
                                        SloBurn.noun(own),
                                        Words.span(Duration.between(from, own.isPresent() ? told : known)),
                                        ofWhom(own),
                                        Words.limit(objective.target()),
                                        Objective.versions(List.of(objective)))),
                null,
                true);
    }

    private Ruling held(int objectives, String figures) {
        return new Ruling(
                findings.of(
                        Outcome.PASS,
                        "objectives",
                        null,
                        null,
                        requests,
                        "All %d objectives held for %s over %d requests: %s%s"
                                .formatted(
                                        objectives,
                                        Words.span(Duration.between(from, known)),
                                        requests,
                                        figures,
                                        Objective.versions(course.objectives()))),
                unbrokenSince,
                true);
    }

    private Ruling progress(String figures) {
        return Ruling.open(
                findings.of(
                        Outcome.INCONCLUSIVE,
                        "window",
                        null,
                        null,
                        requests,
                        "So far over %d requests: %s; unbroken for %s of %s%s"
                                .formatted(
                                        requests,
                                        figures,
                                        Words.span(Duration.between(unbrokenSince, known)),
                                        Words.span(course.order().window()),
                                        Objective.versions(course.objectives()))),
                unbrokenSince);
    }
}
