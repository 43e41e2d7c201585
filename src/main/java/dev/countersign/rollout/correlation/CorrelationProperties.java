package dev.countersign.rollout.correlation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param interval between two looks for cascades while a release is rolled out; each asks for all traces again
 * @param settle until spans and lines have arrived where they are searched
 */
@ConfigurationProperties("countersign.rollout.correlation")
record CorrelationProperties(@DefaultValue("PT2M") Duration interval, @DefaultValue("PT15S") Duration settle) {
    CorrelationProperties {
        if (interval.toMillis() <= 0 || settle.isNegative()) {
            throw new IllegalArgumentException(
                    "countersign.rollout.correlation.interval must be positive, .settle not negative");
        }
    }
}
