package dev.countersign.observe;

import java.util.Map;
import java.util.TreeMap;

/** By what the values of a team's own canary configuration stand with a measurement. */
final class ValueKeys {
    /** No name has it. */
    private static final String BEFORE_LABELS = "|";

    private ValueKeys() {}

    /** The metric's name, and the labels that tell one of its values from another. */
    static String key(CanaryMetric metric, Map<String, String> labels) {
        return labels.isEmpty() ? metric.ownName() : metric.ownName() + BEFORE_LABELS + new TreeMap<>(labels);
    }

    /** Marks an interval of which the metric's value is not known, other than that there is none. Nothing else begins so. */
    static String unknown(CanaryMetric metric) {
        return BEFORE_LABELS + metric.ownName();
    }

    /** The metric whose value it is; null for a mark. */
    static String metric(String key) {
        int labels = key.indexOf(BEFORE_LABELS);
        return labels < 0 ? key : labels == 0 ? null : key.substring(0, labels);
    }

    static boolean isOf(CanaryMetric metric, String key) {
        return key.equals(metric.ownName()) || key.startsWith(metric.ownName() + BEFORE_LABELS);
    }

    /** Which of several values it is, in words; empty for the only one. */
    static String labels(CanaryMetric metric, String key) {
        return key.substring(metric.ownName().length()).replace(BEFORE_LABELS, " of ");
    }
}
