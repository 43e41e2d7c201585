package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Objective.Ratio;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A release is stable only when every objective of its service holds over the stabilisation window. */
final class SloRules {
    /** Spends two percent of a 30-day budget in an hour (Site Reliability Workbook, chapter 5). */
    private static final double PAGE = 14.4;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private SloRules() {}

    /** The kinds that are required and have no objective, as words. */
    static Optional<String> missing(List<Objective> objectives) {
        List<String> missing = Objective.REQUIRED.stream()
                .filter(kind ->
                        objectives.stream().noneMatch(each -> each.kind().equals(kind)))
                .toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", missing));
    }

    static Ruling rule(Findings findings, Course course, Instant known, Instant unbrokenSince, boolean complete) {
        Instant from =
                complete ? Gaps.later(unbrokenSince, known.minus(course.order().window())) : unbrokenSince;
        List<Sample> inWindow = since(course.candidate(), from);
        long requests = LatencyTrigger.requests(inWindow);
        List<String> figures = new ArrayList<>();
        for (Objective objective : course.objectives()) {
            Ratio ratio = objective.measurable() ? objective.measure(inWindow) : null;
            if (ratio == null) {
                return Ruling.open(
                        findings.of(
                                Outcome.NO_DATA,
                                objective.name(),
                                null,
                                objective.target(),
                                requests,
                                "Objective %s (%s) cannot be measured".formatted(objective.name(), objective.kind())),
                        null);
            }
            figures.add("%s %s (objective %s)"
                    .formatted(objective.kind(), Words.percent(ratio.value()), Words.limit(objective.target())));
            if (complete && ratio.value() < objective.target()) {
                return new Ruling(
                        findings.of(
                                Outcome.FAIL,
                                objective.name(),
                                ratio.value(),
                                objective.target(),
                                ratio.events(),
                                "Objective %s was missed: %s of %d requests in %s were good, at least %s must be"
                                        .formatted(
                                                objective.name(),
                                                Words.limit(ratio.value()),
                                                ratio.events(),
                                                Words.span(Duration.between(from, known)),
                                                Words.limit(objective.target()))),
                        null,
                        true);
            }
            Optional<Ruling> burning = burning(findings, course, objective, known);
            if (burning.isPresent()) {
                return burning.get();
            }
        }
        String all = String.join(", ", figures);
        return complete
                ? new Ruling(
                        findings.of(
                                Outcome.PASS,
                                "objectives",
                                null,
                                null,
                                requests,
                                "All %d objectives held for %s over %d requests: %s"
                                        .formatted(
                                                figures.size(),
                                                Words.span(Duration.between(from, known)),
                                                requests,
                                                all)),
                        unbrokenSince,
                        true)
                : Ruling.open(
                        findings.of(
                                Outcome.INCONCLUSIVE,
                                "window",
                                null,
                                null,
                                requests,
                                "So far over %d requests: %s; unbroken for %s of %s"
                                        .formatted(
                                                requests,
                                                all,
                                                Words.span(Duration.between(unbrokenSince, known)),
                                                Words.span(course.order().window()))),
                        unbrokenSince);
    }

    /** The budget is spent so fast that it pages: no need to wait for the window's end. Both windows must exceed. */
    private static Optional<Ruling> burning(Findings findings, Course course, Objective objective, Instant known) {
        Duration age = Duration.between(course.since(), known);
        Duration shortest = course.order().triggers().errorWindow();
        Duration shortWindow = shortest.compareTo(FIVE_MINUTES) < 0 ? shortest : FIVE_MINUTES;
        if (age.compareTo(shortWindow) < 0) {
            return Optional.empty();
        }
        Ratio brief = objective.measure(since(course.candidate(), known.minus(shortWindow)));
        Ratio lasting = objective.measure(since(course.candidate(), known.minus(age.compareTo(HOUR) < 0 ? age : HOUR)));
        if (brief == null
                || lasting == null
                || brief.total() < course.order().triggers().minRequests()
                || objective.burn(brief) < PAGE
                || objective.burn(lasting) < PAGE) {
            return Optional.empty();
        }
        return Optional.of(new Ruling(
                findings.of(
                        Outcome.FAIL,
                        objective.name(),
                        objective.burn(lasting),
                        PAGE,
                        lasting.events(),
                        "Objective %s burns its error budget %.1f times too fast: %s of %d requests were good, %s must be"
                                .formatted(
                                        objective.name(),
                                        Math.min(objective.burn(lasting), 1e6),
                                        Words.percent(lasting.value()),
                                        lasting.events(),
                                        Words.limit(objective.target()))),
                null,
                true));
    }

    private static List<Sample> since(List<Sample> samples, Instant from) {
        return samples.stream().filter(sample -> !sample.at().isBefore(from)).toList();
    }
}
