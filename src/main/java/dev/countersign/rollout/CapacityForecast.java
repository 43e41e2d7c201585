package dev.countersign.rollout;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Whether two versions have room beside each other.
 *
 * @param verdict {@code PASS}, {@code FAIL}, {@code NO_DATA} or {@code ERROR}
 * @param figures for each resource and step; empty where it cannot be told
 * @param version of the table
 */
record CapacityForecast(String verdict, String sentence, List<Figure> figures, String version) {
    static final String PASS = "PASS";

    static CapacityForecast unknown(String verdict, String sentence, CapacityLimits limits) {
        return new CapacityForecast(verdict, sentence, List.of(), limits.version());
    }

    /**
     * @param measured moments of the resource that was measured least
     * @param whole moments that there were
     */
    static CapacityForecast of(List<Figure> figures, long measured, long whole, CapacityLimits limits) {
        Figure worst = figures.stream().max(Comparator.comparing(Figure::most)).orElseThrow();
        String sentence =
                "At most %.0f %% of %s is used, at step %d, limit %.0f %%; %d of %d moments of %s were measured"
                        .formatted(
                                worst.most() * 100,
                                worst.resource(),
                                worst.step(),
                                worst.limit() * 100,
                                measured,
                                whole,
                                limits.peak());
        return new CapacityForecast(worst.fits() ? PASS : "FAIL", sentence, figures, limits.version());
    }

    boolean fits() {
        return PASS.equals(verdict);
    }

    /**
     * @param share of the traffic that the candidate gets
     * @param stable part of the resource that the stable version uses
     * @param candidate likewise; of a shared resource both draw from the same one
     */
    record Figure(
            String resource, int step, double share, double stable, double candidate, double limit, boolean shared) {
        Figure(String resource, int step, double share, double stable, double candidate, double limit) {
            this(resource, step, share, stable, candidate, limit, false);
        }

        double most() {
            return shared ? stable + candidate : Math.max(stable, candidate);
        }

        /** False for what is no number, too. */
        boolean fits() {
            return most() <= limit;
        }

        /** For the form. */
        Map<String, Object> words() {
            return Map.of(
                    "resource",
                    resource + (shared ? " (shared)" : ""),
                    "step",
                    step,
                    "share",
                    percent(share),
                    "stable",
                    percent(stable),
                    "candidate",
                    percent(candidate) + (shared ? ", together " + percent(stable + candidate) : ""),
                    "limit",
                    percent(limit),
                    "verdict",
                    fits() ? PASS : "FAIL");
        }

        private static String percent(double part) {
            return "%.1f %%".formatted(part * 100);
        }
    }
}
