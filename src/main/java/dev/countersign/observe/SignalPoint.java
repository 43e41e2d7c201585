package dev.countersign.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one look knew of a metric beside requests, counted since the observation began, as people read it: events for each unit, milliseconds, a share of pages. Kept with
 * a measurement of that look, because a reading only says how things stand now.
 *
 * @param candidate null where nothing was counted
 * @param baseline null where nothing was counted, or it is not compared with
 * @param median of the same hours of the weeks before; null where it is not known, or not compared with
 */
record SignalPoint(String metric, Double candidate, Double baseline, Double median) {
    private static final double P75 = 0.75;

    static List<SignalPoint> of(List<CanaryMetric> metrics, List<Reading> readings) {
        Map<String, Reading> known = new HashMap<>();
        readings.forEach(reading -> known.put(reading.metric(), reading));
        List<SignalPoint> points = new ArrayList<>();
        for (CanaryMetric metric : metrics) {
            Reading reading = known.get(metric.name());
            if (metric.isSignal() && reading != null) {
                SignalPoint point = of(metric, reading);
                if (point.candidate() != null || point.baseline() != null) {
                    points.add(point);
                }
            }
        }
        return points;
    }

    private static SignalPoint of(CanaryMetric metric, Reading reading) {
        boolean beside = !metric.isOfKpi() || metric.kpi().concurrent();
        return new SignalPoint(
                metric.name(),
                value(metric, reading.candidate()),
                beside ? value(metric, reading.baseline()) : null,
                metric.isOfKpi() && metric.kpi().seasonal() ? figure(reading.median()) : null);
    }

    static Double value(CanaryMetric metric, Reading.Counts counts) {
        if (counts.units() <= 0) {
            return null;
        }
        if (metric.isOfKpi()) {
            return figure(counts.rate());
        }
        Vital vital = Vital.ofMetric(metric.name());
        if (vital == Vital.JS_ERROR) {
            return figure(counts.rate());
        }
        Double percentile = counts.latencies().percentile(P75);
        return percentile == null ? null : figure(vital.told(percentile));
    }

    /** No more digits than a chart can show. */
    static Double figure(Double value) {
        if (value == null || !Double.isFinite(value)) {
            return null;
        }
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(5))
                .doubleValue();
    }
}
