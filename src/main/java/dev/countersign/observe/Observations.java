package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Watches a candidate outside the engine: a db-scheduler task shared by all nodes reads the source once per service and tick, stores the samples
 * and each change of verdict, and publishes {@link Judged} in the transaction that stored it.
 */
public interface Observations {
    /** Begins to watch a step; a repeated call with the same id does nothing. */
    default void begin(Order order) {
        begin(order, List.of());
    }

    /**
     * Begins to watch; a repeated call with the same id does nothing.
     *
     * @param objectives what a stabilisation must hold, none of which is no data; empty for a step
     */
    void begin(Order order, List<Slo> objectives);

    /** Stops the clock (pause) or starts it anew with a full window (resume). */
    void pause(String id);

    void resume(String id);

    void end(String id);

    Optional<Observation> find(String id);

    List<Observation> ofRelease(String releaseKey);

    /**
     * Judges once more what is stored of an observation: the same samples, as of the time of its latest judgement. Empty where there is none.
     *
     * @return the same verdict in the same words, unless somebody changed what is stored
     */
    Optional<Judgement> judgeAgain(String id);

    /** All stored samples of a release. */
    List<Sample> samplesOf(String releaseKey);

    /** Each metric that the judge watches of a release, what needs eyes first. */
    Plotted plotted(String releaseKey);

    record Plotted(List<Observation> observed, List<MetricPlot> metrics) {
        public Plotted {
            observed = List.copyOf(observed);
            metrics = List.copyOf(metrics);
        }
    }

    /**
     * @param id for example {@code checkout@2.0.0/step-1#3} (epoch) or {@code checkout@2.0.0/stabilisation}
     * @param kind {@code step} (canary against baseline), {@code stabilisation} (candidate against the SLOs) or {@code held} (watched while a person decides)
     * @param candidate digest of the release's artifact
     * @param baseline digest that served before, to compare with; null for stabilisation
     * @param window unbroken time without breach that passes
     * @param maximum at this age without verdict: INCONCLUSIVE for good
     */
    record Order(
            String id,
            String releaseKey,
            String service,
            String kind,
            String candidate,
            String baseline,
            double share,
            Duration window,
            Duration maximum,
            Triggers triggers) {}

    /**
     * Rollback triggers from the table {@code rollback-triggers}.
     *
     * @param maxErrorRate 0.05 is 5 %
     * @param minRequests candidate requests in the trigger window below which nothing is said about its errors
     * @param maxLatencyIncreaseMs p95 over baseline
     * @param latencyBreaches of so many of {@code latencyWindows}
     * @param metrics how the candidate is compared with a concurrent baseline, from the table {@code canary-metrics}; empty for a release whose policy knows no
     *     such table yet
     * @param score what the team's own canary configuration adds; null where it has none
     */
    record Triggers(
            double maxErrorRate,
            Duration errorWindow,
            int minRequests,
            double maxLatencyIncreaseMs,
            Duration latencyWindow,
            int latencyBreaches,
            int latencyWindows,
            String ruleVersion,
            List<CanaryMetric> metrics,
            CanaryRule score) {
        public Triggers {
            metrics = metrics == null ? List.of() : List.copyOf(metrics);
        }

        public Triggers(
                double maxErrorRate,
                Duration errorWindow,
                int minRequests,
                double maxLatencyIncreaseMs,
                Duration latencyWindow,
                int latencyBreaches,
                int latencyWindows,
                String ruleVersion,
                List<CanaryMetric> metrics) {
            this(
                    maxErrorRate,
                    errorWindow,
                    minRequests,
                    maxLatencyIncreaseMs,
                    latencyWindow,
                    latencyBreaches,
                    latencyWindows,
                    ruleVersion,
                    metrics,
                    null);
        }

        public Triggers(
                double maxErrorRate,
                Duration errorWindow,
                int minRequests,
                double maxLatencyIncreaseMs,
                Duration latencyWindow,
                int latencyBreaches,
                int latencyWindows,
                String ruleVersion) {
            this(
                    maxErrorRate,
                    errorWindow,
                    minRequests,
                    maxLatencyIncreaseMs,
                    latencyWindow,
                    latencyBreaches,
                    latencyWindows,
                    ruleVersion,
                    List.of());
        }

        /** The same, compared by these. */
        public Triggers with(List<CanaryMetric> compared) {
            return new Triggers(
                    maxErrorRate,
                    errorWindow,
                    minRequests,
                    maxLatencyIncreaseMs,
                    latencyWindow,
                    latencyBreaches,
                    latencyWindows,
                    ruleVersion,
                    compared,
                    score);
        }

        /** The same, with what the team's own canary configuration adds. */
        public Triggers with(CanaryRule own) {
            return new Triggers(
                    maxErrorRate,
                    errorWindow,
                    minRequests,
                    maxLatencyIncreaseMs,
                    latencyWindow,
                    latencyBreaches,
                    latencyWindows,
                    ruleVersion,
                    metrics,
                    own);
        }
    }

    /**
     * @param latest null while it watches
     * @param falseAlarms how often the step's metrics alarm on the baseline itself; empty until that was measured, and where nothing is compared
     * @param score of the team's own canary configuration, as of the newest window that was complete; null until one is, and without such a configuration
     */
    record Observation(
            Order order,
            Instant since,
            Instant unbrokenSince,
            boolean paused,
            boolean ended,
            Judgement latest,
            List<FalseAlarms.FalseAlarm> falseAlarms,
            CanaryScore score) {
        public Observation {
            falseAlarms = List.copyOf(falseAlarms);
        }

        public Observation(
                Order order,
                Instant since,
                Instant unbrokenSince,
                boolean paused,
                boolean ended,
                Judgement latest,
                List<FalseAlarms.FalseAlarm> falseAlarms) {
            this(order, since, unbrokenSince, paused, ended, latest, falseAlarms, null);
        }
    }

    /**
     * @param verdict PASS, FAIL, INCONCLUSIVE, NO_DATA, ERROR as in {@code release.Verdict}
     * @param sentence value, limit, sample and rule in one sentence for a person
     */
    record Judgement(
            String verdict,
            String metric,
            Double value,
            Double limit,
            Long sample,
            String ruleVersion,
            String sentence,
            Instant at) {
        private static final Pattern FILES = Pattern.compile(" \\(sha256:[0-9a-f]{12}(?:, sha256:[0-9a-f]{12})*\\)");

        /** Whether verdict and words agree. What was stored before sentences named the objectives' files is held against the same words without them. */
        public boolean agrees(Judgement again) {
            return equals(again)
                    || again != null
                            && sentence != null
                            && !FILES.matcher(sentence).find()
                            && equals(new Judgement(
                                    again.verdict,
                                    again.metric,
                                    again.value,
                                    again.limit,
                                    again.sample,
                                    again.ruleVersion,
                                    FILES.matcher(again.sentence).replaceAll(""),
                                    again.at));
        }
    }

    /** The verdict changed. In memory, in the storing transaction. @param last the observation is over (PASS, FAIL, or INCONCLUSIVE at maximum) */
    record Judged(String observation, String releaseKey, String kind, Judgement judgement, boolean last) {}
}
