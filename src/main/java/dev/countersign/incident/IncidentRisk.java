package dev.countersign.incident;

import dev.countersign.release.RiskFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What the past of a service says about its next release. */
@Component
class IncidentRisk implements RiskFacts {
    private static final Duration LOOK_BACK = Duration.ofDays(90);

    private final IncidentStore incidents;
    private final Clock clock;

    IncidentRisk(IncidentStore incidents, Clock clock) {
        this.incidents = incidents;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> factsOf(String service) {
        Instant now = clock.instant();
        IncidentStore.Past past = incidents.pastOf(service, now.minus(LOOK_BACK), now);
        return Map.of(
                "incidents90d", past.incidents(),
                "attributedIncidents90d", past.attributed(),
                "rollbacks90d", past.rollbacks(),
                "overdueActions", past.overdueActions(),
                "openRemediations", past.openRemediations());
    }
}
