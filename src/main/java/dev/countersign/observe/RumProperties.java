package dev.countersign.observe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param interval that beacons are counted over; each node stores a row for each service, version, vital and interval
 * @param keep how long counts are kept
 * @param maxBody a larger body is refused
 * @param maxBeacons in a body
 * @param perSecond bodies that one address may send for one service, in the long run
 * @param burst bodies at once
 * @param addresses that are remembered at once; beyond that the one that was quiet longest is forgotten
 */
@ConfigurationProperties("countersign.observe.rum")
record RumProperties(
        @DefaultValue("PT1M") Duration interval,
        @DefaultValue("P7D") Duration keep,
        @DefaultValue("16KB") DataSize maxBody,
        @DefaultValue("50") int maxBeacons,
        @DefaultValue("5") double perSecond,
        @DefaultValue("50") int burst,
        @DefaultValue("20000") int addresses) {
    RumProperties {
        if (interval.toMillis() < 1000 || perSecond <= 0 || burst < 1 || addresses < 1 || maxBeacons < 1) {
            throw new IllegalArgumentException(
                    "countersign.observe.rum: interval is at least PT1S, the limits are positive");
        }
    }
}
