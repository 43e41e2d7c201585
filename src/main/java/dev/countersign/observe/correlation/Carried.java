package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.Evidence.Split;

/**
 * Whether requests through the candidate carry an anomaly more than those through the stable version.
 *
 * @param chance that they seem to do so and do not, at most; all comparisons of a question together
 */
public record Carried(Split split, Answer answer, double chance) {
    /** Of wrongly saying {@link Answer#MORE} about any service of a question. */
    static final double CHANCE = 0.001;

    /** Of wrongly saying {@link Answer#NO_MORE} of a candidate that fails twice as often. */
    private static final double MISSED = 0.05;

    private static final double MISSED_RATIO = 2;

    /** Five of 100 requests are slow by what slow means: a candidate with fewer than three times as many is slower, and hurts nobody. */
    private static final double LEAST_RATIO_SLOW = 3;

    private static final double LEAST_EVENTS = 5;
    private static final double LEAST_USUAL = 0.001;

    public enum Answer {
        MORE,
        NO_MORE,
        UNKNOWN
    }

    /** @param comparisons how many are made together */
    static Carried of(Split split, int comparisons) {
        double events = split.candidateEvents() + split.stableEvents();
        double share = split.candidateExposure() / (split.candidateExposure() + split.stableExposure());
        if (!(split.candidateExposure() > 0 && split.stableExposure() > 0)) {
            return new Carried(split, Answer.UNKNOWN, 1);
        }
        double chance = Math.min(1, comparisons * Tail.atLeast(split.candidateEvents(), events, share));
        double least = split.kind() == Signal.Kind.LATENCY ? LEAST_RATIO_SLOW : ChangePoint.LEAST_RATIO;
        boolean matters = split.candidateEvents() >= LEAST_EVENTS
                && split.candidateRate() >= least * split.stableRate()
                && split.candidateRate() - split.stableRate() >= ChangePoint.LEAST_RISE;
        if (matters && chance <= CHANCE) {
            return new Carried(split, Answer.MORE, chance);
        }
        double doubled = MISSED_RATIO * share / (MISSED_RATIO * share + 1 - share);
        boolean isNoMore = Tail.atMost(split.candidateEvents(), events, doubled) <= MISSED;
        return new Carried(split, isNoMore ? Answer.NO_MORE : Answer.UNKNOWN, chance);
    }

    /** Requests that met nothing of the candidate show at least half of the rise, and not by chance: then it is not the candidate that they meet. */
    boolean isInStableToo(Onset onset) {
        double usual = Math.max(onset.before(), LEAST_USUAL);
        boolean risen = split.stableRate() >= (onset.before() + onset.after()) / 2;
        return answer != Answer.MORE
                && risen
                && split.stableEvents() >= LEAST_EVENTS
                && Tail.atLeast(split.stableEvents(), split.stableExposure(), usual) <= CHANCE;
    }
}
