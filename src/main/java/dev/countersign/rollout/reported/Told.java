package dev.countersign.rollout.reported;

import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What all reports of one deployment say together, in whichever order they came: an end is never taken back by what was said on the way there, of two ends the later one
 * counts, and of its beginnings the earliest that is known. What it is about stays what was said first.
 *
 * @param firstEndAt the earliest end that was said: what began after it is none of this deployment's beginnings, whatever else ends later
 */
record Told(DeploymentReport report, Instant firstEndAt) {
    Told {
        if (report.startedAt() != null
                && firstEndAt != null
                && report.startedAt().isAfter(firstEndAt)) {
            report = begun(report, null);
        }
    }

    static Told of(DeploymentReport report) {
        return new Told(report, end(report));
    }

    static Told of(Kept kept) {
        return new Told(kept.report(), kept.firstEndAt());
    }

    Told and(DeploymentReport next) {
        return and(of(next));
    }

    Told and(Told next) {
        Instant ended = earliest(firstEndAt, next.firstEndAt);
        Instant started = earliest(within(report.startedAt(), ended), within(next.report.startedAt(), ended));
        DeploymentReport last = isLater(next.report, report) ? next.report : report;
        DeploymentReport first = last == report ? next.report : report;
        if (first.state() == State.HELD && last.state() == State.FAILURE && started == null) {
            // It was not let go, perhaps by what this platform answered: nothing of it was deployed.
            return new Told(first, ended);
        }
        return new Told(
                new DeploymentReport(
                        last.source(),
                        last.id(),
                        or(report.repository(), next.report.repository()),
                        or(report.environment(), next.report.environment()),
                        or(report.commit(), next.report.commit()),
                        or(report.digest(), next.report.digest()),
                        last.state(),
                        earliest(report.createdAt(), next.report.createdAt()),
                        started,
                        last.finishedAt(),
                        last.statedAt(),
                        or(last.address(), first.address())),
                ended);
    }

    /** The same, about what another one is about. */
    Told about(DeploymentReport other) {
        return new Told(
                new DeploymentReport(
                        report.source(),
                        report.id(),
                        other.repository(),
                        other.environment(),
                        other.commit(),
                        other.digest(),
                        report.state(),
                        report.createdAt(),
                        report.startedAt(),
                        report.finishedAt(),
                        report.statedAt(),
                        report.address()),
                firstEndAt);
    }

    private static DeploymentReport begun(DeploymentReport report, Instant startedAt) {
        return new DeploymentReport(
                report.source(),
                report.id(),
                report.repository(),
                report.environment(),
                report.commit(),
                report.digest(),
                report.state(),
                report.createdAt(),
                startedAt,
                report.finishedAt(),
                report.statedAt(),
                report.address());
    }

    private static Instant end(DeploymentReport report) {
        return !report.state().isEnd() ? null : report.finishedAt() == null ? report.statedAt() : report.finishedAt();
    }

    private static Instant within(Instant started, Instant ended) {
        return started != null && ended != null && started.isAfter(ended) ? null : started;
    }

    private static boolean isLater(DeploymentReport one, DeploymentReport other) {
        if (one.state().isEnd() != other.state().isEnd()) {
            return one.state().isEnd();
        }
        int order = one.statedAt().compareTo(other.statedAt());
        // At the same second: what is further on; and of two different ends the worse one, so that the order of arrival
        // says nothing.
        return order != 0 ? order > 0 : one.state().ordinal() > other.state().ordinal();
    }

    private static String or(String one, String other) {
        return one == null ? other : one;
    }

    private static Instant earliest(Instant one, Instant other) {
        return Stream.of(one, other)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
