package dev.countersign.observe;

import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * How one signal beside the requests compares: a business figure, or what pages of real users tell.
 *
 * @param outcome PASS (not worse than is tolerated), FAIL (worse), INCONCLUSIVE (too little), NO_DATA
 * @param limit of {@code value}
 */
record SignalLook(
        CanaryMetric metric,
        Outcome outcome,
        Against against,
        Double value,
        Double limit,
        Long sample,
        String sentence) {
    /** What it is held against. */
    enum Against {
        /** The version that serves at the same time: a difference is the candidate's. */
        BESIDE,
        /** The same hours of the weeks before. */
        SEASON,
        /** What the baseline had last, in other hours. */
        LAST,
        /** Nothing: it cannot be compared any more. */
        NOTHING
    }

    /** Valid however often it is looked at. Null for what is asked once a window only. */
    static SignalLook always(CanaryMetric metric, Reading reading) {
        if (!CanaryMetric.EVENTS.equals(metric.rule())
                || reading == null
                || !metric.kpi().concurrent()) {
            return null;
        }
        Reading.Counts own = reading.candidate();
        Reading.Counts other = reading.baseline();
        if (own.of() == 0 || other.of() == 0 || own.events() + other.events() == 0) {
            return null;
        }
        double logEvidence = evidence(metric, own, other);
        boolean worse = logEvidence >= -Math.log(metric.alpha());
        return worse
                ? deviates(
                        metric,
                        own,
                        other.rate(),
                        Against.BESIDE,
                        "the baseline's beside it, evidence %s that this is over %s (limit %s)"
                                .formatted(
                                        Words.figure(Math.min(Math.exp(logEvidence), 1e9)),
                                        Words.limit(metric.kpi().deviation()),
                                        Words.figure(1 / metric.alpha())))
                : null;
    }

    /** The evidence on errors, with what is worse in the place of errors: more events of the candidate, or of the baseline where fewer are worse. */
    private static double evidence(CanaryMetric metric, Reading.Counts own, Reading.Counts other) {
        boolean more = "more".equals(metric.worse());
        double tolerated =
                more ? 1 + metric.kpi().deviation() : 1 / (1 - metric.kpi().deviation());
        Reading.Counts worse = more ? own : other;
        Reading.Counts better = more ? other : own;
        double share = (double) worse.of() / (worse.of() + better.of());
        return new Segment(share, worse.of(), worse.events(), better.of(), better.events()).logEvidence(tolerated);
    }

    /**
     * At the end of a window. What went silent does not pass on what was counted before; that it was worse until then still counts.
     *
     * @param concurrent whether the baseline serves beside the candidate
     * @param begin of the window; nothing is said of one with a hole in it
     * @param until measurements are complete up to here
     */
    static SignalLook atWindow(
            CanaryMetric metric, Reading reading, Triggers triggers, boolean concurrent, Instant begin, Instant until) {
        Reading known = reading == null ? Reading.begin(metric.name()) : reading;
        return unlessSilent(counted(metric, known, triggers, concurrent), known, triggers, concurrent, begin, until);
    }

    /** @param look null where nothing is asked */
    static SignalLook unlessSilent(
            SignalLook look, Reading known, Triggers triggers, boolean concurrent, Instant begin, Instant until) {
        if (look == null || look.outcome() != Outcome.PASS) {
            return look;
        }
        CanaryMetric metric = look.metric();
        Duration patience = Reading.patience(known.every(), triggers);
        boolean beside = concurrent && (!metric.isOfKpi() || metric.kpi().concurrent());
        if (known.candidate().isSilent(until, patience)) {
            return silent(metric, known.candidate(), "candidate", patience);
        }
        if (beside && known.baseline().isSilent(until, patience)) {
            return silent(metric, known.baseline(), "baseline", patience);
        }
        if (known.candidate().hasHoleAfter(begin)) {
            return holed(metric, known.candidate(), "candidate", patience);
        }
        return beside && known.baseline().hasHoleAfter(begin)
                ? holed(metric, known.baseline(), "baseline", patience)
                : look;
    }

    private static SignalLook holed(CanaryMetric metric, Reading.Counts counts, String side, Duration patience) {
        return unknown(
                metric,
                counts,
                "nothing of the %s was counted for %s or longer until %s, within the window"
                        .formatted(side, Words.span(patience), counts.resumed().truncatedTo(ChronoUnit.SECONDS)));
    }

    private static SignalLook silent(CanaryMetric metric, Reading.Counts counts, String side, Duration patience) {
        return unknown(
                metric,
                counts,
                "nothing of the %s has been counted since %s, longer than %s"
                        .formatted(
                                side,
                                counts.until() == null
                                        ? "it began"
                                        : counts.until().truncatedTo(ChronoUnit.SECONDS),
                                Words.span(patience)));
    }

    private static SignalLook unknown(CanaryMetric metric, Reading.Counts counts, String why) {
        return new SignalLook(
                metric,
                Outcome.NO_DATA,
                Against.BESIDE,
                null,
                null,
                counts.of(),
                "%s: %s (%s)".formatted(metric.name(), why, metric.ruleVersion()));
    }

    private static SignalLook counted(CanaryMetric metric, Reading known, Triggers triggers, boolean concurrent) {
        if (!metric.isOfKpi()) {
            return ofPages(metric, known, triggers);
        }
        SignalLook look = concurrent && metric.kpi().concurrent() ? concurrent(metric, known, triggers) : null;
        if (look != null && look.outcome() != Outcome.PASS || !metric.kpi().seasonal()) {
            return look;
        }
        SignalLook season = seasonal(metric, known, triggers);
        return season.outcome() != Outcome.PASS || look == null ? season : look;
    }

    private static SignalLook concurrent(CanaryMetric metric, Reading reading, Triggers triggers) {
        Reading.Counts own = reading.candidate();
        Reading.Counts other = reading.baseline();
        SignalLook thin = thin(metric, own, "candidate", triggers);
        thin = thin != null ? thin : thin(metric, other, "baseline", triggers);
        if (thin != null) {
            return thin;
        }
        if (!"more".equals(metric.worse()) && other.events() == 0) {
            return noneEither(metric, own, "the baseline had none either");
        }
        boolean plainly = CanaryMetric.WINDOW.equals(metric.rule()) && over(metric, own, other.rate());
        return plainly
                ? deviates(metric, own, other.rate(), Against.BESIDE, "the baseline's beside it")
                : holds(metric, own, other.rate(), Against.BESIDE, "of the baseline");
    }

    private static SignalLook seasonal(CanaryMetric metric, Reading reading, Triggers triggers) {
        Reading.Counts own = reading.seasoned();
        SignalLook thin = thin(metric, own, "candidate", triggers);
        if (thin != null) {
            return thin;
        }
        Double median = reading.median();
        if (median == null) {
            return new SignalLook(
                    metric,
                    Outcome.NO_DATA,
                    Against.SEASON,
                    null,
                    null,
                    (long) reading.season().size(),
                    "%s: %d of %d weeks are known of this hour, there is no season to hold it against (%s)"
                            .formatted(metric.name(), reading.season().size(), Reading.WEEKS, metric.ruleVersion()));
        }
        if (!"more".equals(metric.worse()) && median == 0) {
            return noneEither(metric, own, "this hour had none in the weeks before either");
        }
        boolean worse = over(metric, own, median) && unlikely(metric, own, median);
        return worse
                ? deviates(metric, own, median, Against.SEASON, "the median of this hour over four weeks")
                : holds(metric, own, median, Against.SEASON, "as the median of this hour over four weeks");
    }

    /** Where fewer are worse, nothing is worse than none: zero on both sides says nothing of the candidate. */
    private static SignalLook noneEither(CanaryMetric metric, Reading.Counts own, String who) {
        return unknown(metric, own, who + ", so nothing can be compared");
    }

    /** Further from what was expected than is tolerated. A single event more or less says nothing. */
    static boolean over(CanaryMetric metric, Reading.Counts own, double rate) {
        double expected = rate * own.of();
        double off = "more".equals(metric.worse()) ? own.events() - expected : expected - own.events();
        return expected > 0 ? off - 1 > metric.kpi().deviation() * expected : off > 1;
    }

    private static boolean unlikely(CanaryMetric metric, Reading.Counts own, double rate) {
        double expected = rate * own.of();
        if (expected <= 0) {
            return true;
        }
        PoissonDistribution chance = PoissonDistribution.of(expected);
        int seen = (int) Math.min(Integer.MAX_VALUE - 1L, own.events());
        double p = "more".equals(metric.worse())
                ? chance.survivalProbability(seen - 1)
                : chance.cumulativeProbability(seen);
        return p < metric.alpha();
    }

    static SignalLook thin(CanaryMetric metric, Reading.Counts counts, String side, Triggers triggers) {
        if (counts.of() >= triggers.minRequests()) {
            return null;
        }
        return new SignalLook(
                metric,
                counts.of() == 0 ? Outcome.NO_DATA : Outcome.INCONCLUSIVE,
                Against.BESIDE,
                (double) counts.of(),
                (double) triggers.minRequests(),
                counts.of(),
                counts.of() == 0
                        ? "%s: nothing of the %s has been counted (%s)"
                                .formatted(metric.name(), side, metric.ruleVersion())
                        : "%s: %d of the %s, %d more are needed to say anything (%s)"
                                .formatted(
                                        metric.name(),
                                        counts.of(),
                                        side,
                                        triggers.minRequests() - counts.of(),
                                        metric.ruleVersion()));
    }

    static SignalLook deviates(CanaryMetric metric, Reading.Counts own, double rate, Against against, String than) {
        double deviation = deviation(own, rate);
        return new SignalLook(
                metric,
                Outcome.FAIL,
                against,
                deviation,
                metric.kpi().deviation(),
                own.of(),
                "%s of the candidate is %s for each of %d, %s %s than %s, %s tolerated (%s)"
                        .formatted(
                                metric.name(),
                                Words.figure(own.rate()),
                                own.of(),
                                Words.percent(Math.abs(deviation)),
                                deviation < 0 ? "less" : "more",
                                than,
                                Words.limit(metric.kpi().deviation()),
                                metric.ruleVersion()));
    }

    static SignalLook holds(CanaryMetric metric, Reading.Counts own, double rate, Against against, String than) {
        return new SignalLook(
                metric,
                Outcome.PASS,
                against,
                deviation(own, rate),
                metric.kpi().deviation(),
                own.of(),
                "%s %s for each of %d against %s %s, %s tolerated (%s)"
                        .formatted(
                                metric.name(),
                                Words.figure(own.rate()),
                                own.of(),
                                Words.figure(rate),
                                than,
                                Words.limit(metric.kpi().deviation()),
                                metric.ruleVersion()));
    }

    private static double deviation(Reading.Counts own, double rate) {
        return rate == 0 ? own.events() : own.rate() / rate - 1;
    }

    /** What pages of real users tell. Anybody can send it: it holds, and never rolls back. */
    private static SignalLook ofPages(CanaryMetric metric, Reading reading, Triggers triggers) {
        SignalLook thin = thin(metric, reading.candidate(), "candidate's pages", triggers);
        thin = thin != null ? thin : thin(metric, reading.baseline(), "baseline's pages", triggers);
        return thin != null
                ? thin
                : PageLook.of(metric, reading.candidate(), reading.baseline(), Against.BESIDE, "the baseline");
    }
}
