package dev.countersign.sandbox;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * What is wrong with a version of a sample service.
 *
 * @param errorRate share of requests answered with 500, for example 0.2
 * @param addedLatencyMs milliseconds added to every answer
 * @param kpiDrop share of orders lost, for example 0.15
 * @param clsShift added to the cumulative layout shift of every page
 * @param failingJourney id of the journey that answers 500, for example {@code buy}; all of them where no journey has this id; null for none
 */
record Faults(
        @PositiveOrZero @DecimalMax("1") double errorRate,
        @PositiveOrZero @Max(10_000) long addedLatencyMs,
        @PositiveOrZero @DecimalMax("1") double kpiDrop,
        @PositiveOrZero @DecimalMax("1") double clsShift,
        @Size(max = 80) String failingJourney) {
    static final Faults NONE = new Faults(0, 0, 0, 0, null);

    @JsonIgnore
    boolean isNone() {
        return equals(NONE);
    }
}
