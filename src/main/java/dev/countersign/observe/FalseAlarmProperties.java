package dev.countersign.observe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param history of the baseline that is compared with itself
 * @param chunk so much of it is asked of a source at once
 * @param tick pause between two looks for steps whose metrics have not been measured
 */
@ConfigurationProperties("countersign.observe.false-alarms")
record FalseAlarmProperties(
        @DefaultValue("PT24H") Duration history,
        @DefaultValue("PT2H") Duration chunk,
        @DefaultValue("PT5S") Duration tick) {
    FalseAlarmProperties {
        if (history.isNegative() || chunk.toMillis() <= 0 || tick.toMillis() <= 0) {
            throw new IllegalArgumentException(
                    "countersign.observe.false-alarms: history, chunk and tick are positive");
        }
    }
}
