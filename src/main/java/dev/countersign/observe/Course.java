package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the judge looks at. It reads no clock: the same course gives the same ruling.
 *
 * @param since begin, or the last resume
 * @param referenceP95Ms what the baseline took last, for a step that leaves it no traffic and for a stabilisation; null where that is unknown
 * @param earlier what was counted before {@code since}, in this step and in those before it, for evidence on errors
 * @param candidate samples since {@code since}, by time
 * @param baseline as above; empty for a stabilisation
 * @param until samples are complete up to here
 * @param now the time that the judgement bears
 * @param trouble why the source could not be read; null where it could
 * @param readings what is known beside requests
 * @param last what the baseline had last of what is known beside requests, where everybody has left it; null where that was not looked for, and so is not held against it
 * @param own what the own queries of its objectives counted; an objective that is not among them is told by requests
 */
record Course(
        Order order,
        Instant since,
        boolean paused,
        Double referenceP95Ms,
        List<Objective> objectives,
        List<Segment> earlier,
        List<Sample> candidate,
        List<Sample> baseline,
        Instant until,
        Instant now,
        String trouble,
        List<Reading> readings,
        List<OwnCount> own,
        List<BaselineLast> last) {
    /**
     * An observation's course. What was measured before its clock last began is evidence still, and nothing else.
     *
     * @param candidate all samples of the observation, by time
     * @param baseline as above
     */
    static Course of(
            Watched watched,
            List<Sample> candidate,
            List<Sample> baseline,
            Instant until,
            Instant now,
            String trouble,
            List<Reading> readings,
            List<OwnCount> own) {
        Order order = watched.order();
        Instant begin = watched.observation().since();
        Instant since = watched.clockSince();
        List<Segment> earlier = new ArrayList<>(watched.segments());
        if (since.isAfter(begin) && order.baseline() != null && order.share() < 1) {
            earlier.add(Segment.of(
                    order.share(),
                    candidate.stream()
                            .filter(sample -> sample.at().isBefore(since))
                            .toList(),
                    baseline.stream()
                            .filter(sample -> sample.at().isBefore(since))
                            .toList(),
                    begin,
                    order.triggers().latencyWindow()));
        }
        return new Course(
                order,
                since,
                watched.observation().paused(),
                watched.referenceP95Ms(),
                watched.objectives(),
                earlier,
                from(candidate, since),
                from(baseline, since),
                until,
                now,
                trouble,
                readings,
                own,
                watched.last());
    }

    /** Empty where requests tell it. */
    Optional<OwnCount> own(Objective objective) {
        return own.stream()
                .filter(count -> count.objective().equals(objective.name()))
                .findFirst();
    }

    private static List<Sample> from(List<Sample> samples, Instant since) {
        return samples.stream().filter(sample -> !sample.at().isBefore(since)).toList();
    }

    /** Watched while a person decides how to go on: it can fail, and does not pass. */
    boolean isHeld() {
        return order.kind().equals("held");
    }

    /** Everybody is on the candidate, and its objectives decide. */
    boolean isStabilising() {
        return last != null && order.baseline() == null;
    }

    /** A step, or the wait of a person after it, has a baseline that it is held against. */
    boolean isCompared() {
        return order.baseline() != null && (order.kind().equals("step") || isHeld());
    }

    /** Compared with the baseline by ranks and evidence: only where both have traffic at the same time. */
    boolean isConcurrent() {
        return isCompared() && order.share() > 0 && order.share() < 1;
    }
}
