package dev.countersign.rollout.reported;

import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A reported deployment as it is on record.
 *
 * @param service null where the catalog knows none, or several, by its repository
 * @param release that accounts for it; null where none does
 * @param because why it stands so, for a person
 * @param toldAt when release managers were told of it; null where they were not
 */
record Kept(
        String id,
        DeploymentReport report,
        String service,
        Standing standing,
        String release,
        String because,
        Instant receivedAt,
        Instant toldAt) {

    static String id(DeploymentReport report) {
        return report.source() + ":" + report.id();
    }

    /**
     * What two reports of one deployment say together, in whichever order they came: an end is never taken back by what was said on the way there, of two ends the later
     * one counts, and of its beginnings the earliest that is known. What it is about stays what was said first.
     */
    static DeploymentReport merged(DeploymentReport report, DeploymentReport known) {
        DeploymentReport last = isLater(report, known) ? report : known;
        DeploymentReport first = last == report ? known : report;
        if (first.state() == State.HELD
                && last.state() == State.FAILURE
                && earliest(report.startedAt(), known.startedAt()) == null) {
            // It was not let go, perhaps by what this platform answered: nothing of it was deployed.
            return first;
        }
        return new DeploymentReport(
                last.source(),
                last.id(),
                or(known.repository(), report.repository()),
                or(known.environment(), report.environment()),
                or(known.commit(), report.commit()),
                or(known.digest(), report.digest()),
                last.state(),
                earliest(report.createdAt(), known.createdAt()),
                earliest(report.startedAt(), known.startedAt()),
                last.finishedAt(),
                last.statedAt(),
                or(last.address(), first.address()));
    }

    private static boolean isLater(DeploymentReport one, DeploymentReport other) {
        if (one.state().isEnd() != other.state().isEnd()) {
            return one.state().isEnd();
        }
        int order = one.statedAt().compareTo(other.statedAt());
        // At the same second: what is further on; and of two different ends the worse one, so that the order of arrival
        // says nothing.
        return order != 0 ? order > 0 : rank(one.state()) > rank(other.state());
    }

    private static int rank(State state) {
        return state.ordinal();
    }

    private static String or(String one, String other) {
        return one == null ? other : one;
    }

    private static Instant earliest(Instant one, Instant other) {
        return Stream.of(one, other)
                .filter(time -> time != null)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
