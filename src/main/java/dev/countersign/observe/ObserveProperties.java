package dev.countersign.observe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param tick pause between two looks at the sources
 * @param settle age from which on measurements are taken as complete
 * @param lateness how long after that a late measurement still counts
 * @param patience how long a source may take to answer before the tick goes on without it
 */
@ConfigurationProperties("countersign.observe")
record ObserveProperties(
        @DefaultValue("PT1S") Duration tick,
        @DefaultValue("PT1S") Duration settle,
        @DefaultValue("PT30S") Duration lateness,
        @DefaultValue("PT5S") Duration patience) {}
