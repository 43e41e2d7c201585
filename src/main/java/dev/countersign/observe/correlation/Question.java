package dev.countersign.observe.correlation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Whether a release is the root of what goes wrong.
 *
 * @param service whose release it is
 * @param candidate how its version is called: digest and version number
 * @param steps when the candidate's share rose, oldest first; at least one
 * @param until the end of what is looked at: now, or when traffic was taken back
 */
public record Question(String service, Set<String> candidate, List<Step> steps, Instant until) {
    /** What went wrong shortly before the rollout is searched too: an onset before it rules the release out. */
    public static final Duration LEAD = Duration.ofMinutes(10);

    /** What is usual is taken from so long a time before that. */
    public static final Duration QUIET = Duration.ofMinutes(30);

    public Question {
        candidate = Set.copyOf(candidate);
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a candidate without traffic is the root of nothing");
        }
    }

    /** @param share of the traffic that the candidate got from then on */
    public record Step(Instant at, double share) {}

    public Instant began() {
        return steps.get(0).at();
    }

    public Instant quietUntil() {
        return began().minus(LEAD);
    }

    public Instant from() {
        return quietUntil().minus(QUIET);
    }
}
