package dev.countersign.observe;

import dev.countersign.observe.Observations.Triggers;
import java.time.Instant;

/**
 * The latency of a release that stabilises against what the baseline took last. The hours differ: what is slower begins the window anew, and the objectives are what rolls back.
 *
 * @param trigger as it was looked at to the end of the course
 */
record LatencyAfter(Course course, LatencyTrigger trigger) {
    /** Whether it is what began the window that runs. */
    boolean began(Instant unbrokenSince) {
        return trigger.breach() != null && trigger.restart().equals(unbrokenSince);
    }

    boolean hasNothingSince(Instant unbrokenSince) {
        return LatencyTrigger.requests(SloBurn.since(course.candidate(), unbrokenSince)) == 0;
    }

    String slower() {
        LatencyTrigger.Window slow = trigger.breach();
        Triggers triggers = course.order().triggers();
        String what = slow.untold()
                ? "p95 latency of %d requests is at least %s, and its source cannot tell more: against the %s of %s nobody knows that it is within"
                        .formatted(
                                slow.requests(),
                                Words.millis(slow.candidateMs()),
                                Words.millis(slow.baselineMs()),
                                LatencyTrigger.REFERENCE)
                : "p95 latency %s of %d requests is %s over the %s of %s, over"
                        .formatted(
                                Words.millis(slow.candidateMs()),
                                slow.requests(),
                                Words.millis(slow.increase()),
                                Words.millis(slow.baselineMs()),
                                LatencyTrigger.REFERENCE);
        return "%s the limit of +%s in %d of %d windows of %s, and the hours differ (%s)"
                .formatted(
                        what,
                        Words.millis(triggers.maxLatencyIncreaseMs()),
                        triggers.latencyBreaches(),
                        triggers.latencyWindows(),
                        Words.span(triggers.latencyWindow()),
                        triggers.ruleVersion());
    }

    /** How it stands, whatever it was before. */
    String figures() {
        Triggers triggers = course.order().triggers();
        LatencyTrigger.Window latest = trigger.latest();
        if (latest == null) {
            return "latency is compared with nothing: "
                    + (course.referenceP95Ms() == null
                            ? "what the baseline took last is not known"
                            : "no window of %s had %d requests with a measured latency"
                                    .formatted(Words.span(triggers.latencyWindow()), LatencyTrigger.enough(triggers)));
        }
        return "p95 latency %s%s of %d requests against the %s of %s (limit +%s in %d of %d windows, %s)"
                .formatted(
                        latest.untold() ? "at least " : "",
                        Words.millis(latest.candidateMs()),
                        latest.requests(),
                        Words.millis(latest.baselineMs()),
                        LatencyTrigger.REFERENCE,
                        Words.millis(triggers.maxLatencyIncreaseMs()),
                        triggers.latencyBreaches(),
                        triggers.latencyWindows(),
                        triggers.ruleVersion());
    }

    MetricLook look() {
        boolean holds = trigger.breach() != null
                && trigger.restart().isAfter(course.until().minus(course.order().window()));
        Outcome outcome = holds ? Outcome.INCONCLUSIVE : trigger.latest() == null ? Outcome.NO_DATA : Outcome.PASS;
        return new MetricLook(MetricLook.SLOWER, outcome, Words.sentence(holds ? slower() : figures()));
    }
}
