package dev.countersign.sandbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param enabled whether the sample target runs beside the platform
 * @param load whether the load runs; without it nothing is measured
 * @param activeRate requests a second to a service that has a candidate, or had one within {@code activeAfter}
 * @param idleRate requests a second to every other service
 * @param activeAfter how long a service stays busy after its candidate was promoted or taken away
 * @param startup how long a candidate takes to start
 * @param shutdown how long a candidate takes to stop after it was told to
 * @param retention how long measurements are kept in memory
 * @param scripts where the scripts of the way back stand, in a folder for each service, and for its place in staging ({@code inventory@staging}); left out, samples in a
 *     temporary one
 */
@Validated
@ConfigurationProperties("countersign.sandbox")
record SandboxProperties(
        boolean enabled,
        @DefaultValue Load load,
        @Positive @Max(1000) @DefaultValue("100") double activeRate,
        @Positive @Max(100) @DefaultValue("1") double idleRate,
        @DefaultValue("PT2M") Duration activeAfter,
        @DefaultValue("PT0.5S") Duration startup,
        @DefaultValue("PT0S") Duration shutdown,
        @DefaultValue("PT30M") Duration retention,
        Path scripts) {
    /** @param enabled {@code countersign.sandbox.load.enabled} */
    record Load(@DefaultValue("true") boolean enabled) {}
}
