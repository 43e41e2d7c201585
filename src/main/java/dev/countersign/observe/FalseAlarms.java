package dev.countersign.observe;

import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.util.List;

/**
 * How often a metric would stop a candidate that is the baseline itself. Measured on the baseline's own history before the metric is relied on: noise that comes in
 * bursts, or by machines, makes a rule alarm more often than its table accepts.
 */
public interface FalseAlarms {
    /**
     * Asks the source and what is stored.
     *
     * @param version digest that is stable now
     * @param share of the step
     * @param window of the step
     * @param triggers with the metrics to measure
     * @return one for each metric that is applied; none without concurrent baseline
     */
    List<FalseAlarm> measure(String service, String version, double share, Duration window, Triggers triggers)
            throws InterruptedException;

    /**
     * @param verdict {@code OK}, {@code WARN} (more often than is accepted) or {@code NO_DATA} (nobody knows)
     * @param windows of the history that could be compared
     * @param comparisons several for each window, by different lots
     * @param alarms among them
     * @param rate alarms of comparisons; null without any
     * @param accepted by the table
     */
    record FalseAlarm(
            String metric,
            String verdict,
            int windows,
            int comparisons,
            int alarms,
            Double rate,
            double accepted,
            String ruleVersion,
            String sentence) {
        public boolean warns() {
            return !"OK".equals(verdict);
        }
    }

    /** A step's metrics were measured. In memory, in the storing transaction. */
    record Measured(String observation, String releaseKey, List<FalseAlarm> metrics) {}
}
