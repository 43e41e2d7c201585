package dev.countersign.evidence;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param limit the largest document taken, inflated; larger ones are refused with 413
 * @param fetch how systems that hold evidence are asked
 */
@ConfigurationProperties("countersign.evidence")
record EvidenceProperties(@DefaultValue("50MB") DataSize limit, @DefaultValue Fetch fetch) {

    /**
     * @param timeout of all systems that are asked for one gate, their whole answers included; shorter than a job of the engine may take
     * @param firstPause until a system that had nothing is asked again; doubled each time
     * @param longestPause the pause grows no longer than this
     */
    record Fetch(
            @DefaultValue("PT10S") Duration timeout,
            @DefaultValue("PT30S") Duration firstPause,
            @DefaultValue("PT30M") Duration longestPause) {
        Fetch {
            if (timeout.toMillis() < 1 || timeout.toSeconds() > 15) {
                throw new IllegalArgumentException("countersign.evidence.fetch.timeout is at most PT15S");
            }
            if (firstPause.toMillis() < 1 || longestPause.compareTo(firstPause) < 0) {
                throw new IllegalArgumentException(
                        "countersign.evidence.fetch.first-pause is positive and no longer than longest-pause");
            }
        }

        Duration pause(int idle) {
            Duration pause = firstPause.multipliedBy(1L << Math.min(Math.max(idle - 1, 0), 20));
            return pause.compareTo(longestPause) > 0 ? longestPause : pause;
        }
    }
}
