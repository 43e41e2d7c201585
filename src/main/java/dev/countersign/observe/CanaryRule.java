package dev.countersign.observe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * By what a team's own canary configuration gives a score, frozen with a rollout's plan.
 *
 * @param file of the catalog
 * @param digest of its exact bytes; null where it could not even be read
 * @param weights of groups; those without one share what is left of 100
 * @param pass below it nothing is promoted
 * @param marginal below it the canary counts as worse
 * @param fault why the file was refused; null where it is read
 */
public record CanaryRule(
        String file, String digest, Map<String, Double> weights, double pass, double marginal, String fault) {
    private static final int SHOWN = 12;
    private static final int LONGEST = 60;

    public CanaryRule {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** The file's own name and the beginning of its digest; short, wherever it lies. */
    public String version() {
        String last = file.substring(file.lastIndexOf('/') + 1);
        String name = last.length() > LONGEST ? last.substring(0, LONGEST - 1) + "…" : last;
        return digest == null
                ? name
                : "%s %s".formatted(name, digest.substring(0, Math.min(digest.length(), "sha256:".length() + SHOWN)));
    }
}
