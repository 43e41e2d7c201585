package dev.countersign.observe.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The buckets of a native histogram as Prometheus answers them: {@code [rule, lower, upper, count]}, those with something in them only, the one around zero with a negative
 * lower bound. What takes a time is never negative.
 */
final class NativeHistogram {
    private NativeHistogram() {}

    static SortedMap<Double, Double> read(JsonNode histogram) throws IOException {
        double count = number(histogram.path("count"));
        SortedMap<Double, Double> buckets = new TreeMap<>();
        double sum = 0;
        double reached = 0;
        for (JsonNode bucket : histogram.path("buckets")) {
            double lower = number(bucket.path(1));
            double upper = number(bucket.path(2));
            double within = number(bucket.path(3));
            if (!(upper > 0) || lower >= upper || within < 0 || lower < 0 && -lower != upper) {
                throw new IOException(
                        "Prometheus answered a bucket from %s to %s with %s in it, which times no requests"
                                .formatted(lower, upper, within));
            }
            if (lower > reached) {
                buckets.putIfAbsent(lower, 0.0); // where this bucket begins
            }
            buckets.merge(upper, within, Double::sum);
            reached = upper;
            sum += within;
        }
        if (Math.abs(sum - count) > 1e-6 * Math.max(1, count)) {
            // Negative observations, or values that are no number: they are in the count and in no bucket.
            throw new IOException("Prometheus answered a histogram of %s with %s in its buckets".formatted(count, sum));
        }
        return buckets;
    }

    private static double number(JsonNode text) throws IOException {
        try {
            String value = text.isTextual() ? text.textValue() : "nothing";
            double number = "+Inf".equals(value) ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
            if (!Double.isNaN(number)) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            throw new IOException("Prometheus answered a histogram with '" + text.asText() + "' in it", noNumber);
        }
        throw new IOException("Prometheus answered a histogram with NaN in it");
    }
}
