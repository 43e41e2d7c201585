package dev.countersign.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a team watches of its canaries, as a configuration of Kayenta says it.
 *
 * @param service the file is called after it
 * @param file below its folder
 * @param digest of the file's exact bytes: the version
 * @param weights of groups; those without one share what is left of 100
 * @param pass below this score nothing is promoted
 * @param marginal below this score the canary counts as worse
 * @param fault why the file is refused, with its place; null where it is read. Then there are no metrics, and nobody can say how the canary does
 */
public record CanaryConfiguration(
        String service,
        String file,
        String digest,
        List<Metric> metrics,
        Map<String, Double> weights,
        double pass,
        double marginal,
        String fault)
        implements Declaration.Declared {
    public CanaryConfiguration {
        metrics = List.copyOf(metrics);
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    @Override
    public String name() {
        return service;
    }

    /**
     * @param query PromQL of one version's value, with {@code ${digest}} for the version as a regular expression and {@code ${version}} for the source's label of versions
     * @param groupLabels labels by which the query tells several values apart
     * @param groups of the score; empty where the metric is judged and not scored
     * @param direction {@code more}, {@code less} or {@code either} is worse
     * @param replaces a measurement without a value is 0; else it is none
     * @param mustHaveData a version without any value is not known to be 0 even so
     * @param muted measured and shown, and in nobody's way
     */
    public record Metric(
            String name,
            String query,
            List<String> groupLabels,
            List<String> groups,
            String direction,
            boolean replaces,
            boolean critical,
            boolean mustHaveData,
            boolean muted,
            Effect effect) {
        public Metric {
            groupLabels = List.copyOf(groupLabels);
            groups = List.copyOf(groups);
        }
    }

    /**
     * How many times the baseline's mean is tolerated.
     *
     * @param criticalIncrease beyond which a critical metric rolls back; one that is worse by less holds
     */
    public record Effect(
            double allowedIncrease, double allowedDecrease, double criticalIncrease, double criticalDecrease) {}

    static CanaryConfiguration refused(String service, String file, String digest, String fault) {
        return new CanaryConfiguration(service, file, digest, List.of(), Map.of(), 100, 100, fault);
    }

    /** The service that a file is for, whatever is in it. */
    static String serviceOf(String file) {
        String last = file.substring(file.lastIndexOf('/') + 1);
        return last.endsWith(".json") ? last.substring(0, last.length() - ".json".length()) : last;
    }
}
