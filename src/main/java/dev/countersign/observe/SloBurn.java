package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Objective.Ratio;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A budget that is spent so fast that it pages: no need to wait for the window's end. Both windows must exceed. */
record SloBurn(Findings findings, Course course, Objective objective, Optional<OwnCount> own) {
    /** Spends two percent of a 30-day budget in an hour (Site Reliability Workbook, chapter 5). */
    private static final double PAGE = 14.4;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** Points or slices of time, one after the other: fewer say nothing. */
    private static final int SLICES = 3;

    Optional<Ruling> ruling(Instant known, Instant told) {
        Instant end = own.isPresent() ? told : known;
        Duration age = Duration.between(course.since(), end);
        Duration brief = brief();
        if (age.compareTo(brief) < 0) {
            return Optional.empty();
        }
        Ratio ofBrief = over(end, brief);
        Ratio lasting = over(end, age.compareTo(HOUR) < 0 ? age : HOUR);
        int enough = own.isPresent() && objective.countsTime()
                ? SLICES
                : course.order().triggers().minRequests();
        if (ofBrief == null
                || lasting == null
                || ofBrief.total() < enough
                || objective.burn(ofBrief) < PAGE
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
                        "Objective %s burns its error budget %.1f times too fast: %s of %d %s were good%s, %s must be%s"
                                .formatted(
                                        objective.name(),
                                        Math.min(objective.burn(lasting), 1e6),
                                        Words.percent(lasting.value()),
                                        lasting.events(),
                                        noun(own),
                                        SloRules.ofWhom(own),
                                        Words.limit(objective.target()),
                                        Objective.versions(List.of(objective)))),
                null,
                true));
    }

    private Duration brief() {
        if (own.isEmpty()) {
            Duration shortest = course.order().triggers().errorWindow();
            return shortest.compareTo(FIVE_MINUTES) < 0 ? shortest : FIVE_MINUTES;
        }
        Duration slices = own.get().every().multipliedBy(SLICES);
        return slices.compareTo(FIVE_MINUTES) > 0 ? slices : FIVE_MINUTES;
    }

    private Ratio over(Instant end, Duration length) {
        return own.isPresent()
                ? own.get().between(end.minus(length), end)
                : objective.measure(since(course.candidate(), end.minus(length)));
    }

    static String noun(Optional<OwnCount> own) {
        return own.isPresent() ? "counts of its own queries" : "requests";
    }

    static List<Sample> since(List<Sample> samples, Instant from) {
        return samples.stream().filter(sample -> !sample.at().isBefore(from)).toList();
    }
}
