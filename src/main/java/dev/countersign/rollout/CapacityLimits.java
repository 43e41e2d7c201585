package dev.countersign.rollout;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the table {@code capacity-limits} says of a release.
 *
 * @param maximum part of a resource that may be used at any step
 * @param peak time whose peak is forecast from
 * @param measured part of that time that must have been measured
 * @param validity time for which a confirmation counts
 */
record CapacityLimits(double maximum, Duration peak, double measured, Duration validity, String version) {
    private static final String TABLE = "capacity-limits";
    private static final String REQUIRED = "required";
    private static final String WHERE_DECLARED = "where declared";

    /**
     * Empty where nobody has to confirm: nothing is declared and the table asks for nothing, or the release began before there was such a table.
     *
     * @throws IllegalStateException where the table says something that nobody knows
     */
    static Optional<CapacityLimits> of(Decisions decisions, Catalog catalog, Release release) {
        if (!decisions.knows(release.policy(), TABLE)) {
            return Optional.empty();
        }
        String target = catalog.service(release.service()).map(Service::target).orElse("production");
        Decisions.Answered answered =
                decisions.ask(release.policy(), TABLE, Map.of("tier", release.tier(), "target", target));
        Map<String, Object> row = answered.single();
        Object confirmation = row.get("confirmation");
        if (WHERE_DECLARED.equals(confirmation)) {
            if (catalog.capacityOf(release.service()).isEmpty()) {
                return Optional.empty();
            }
        } else if (!REQUIRED.equals(confirmation)) {
            throw new IllegalStateException(
                    "The table %s asks for a confirmation '%s': it knows required and where declared"
                            .formatted(TABLE, confirmation));
        }
        return Optional.of(new CapacityLimits(
                number(row, "maximum"),
                Duration.parse(String.valueOf(row.get("peak"))),
                number(row, "measured"),
                Duration.parse(String.valueOf(row.get("validity"))),
                answered.version()));
    }

    private static double number(Map<String, Object> row, String column) {
        if (row.get(column) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("The table %s has no number in %s: %s".formatted(TABLE, column, row));
    }
}
