package dev.countersign.incident;

import dev.countersign.catalog.ServiceFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Incidents, rollbacks and open actions of a service, beside the catalog's facts. */
@Component
class IncidentFacts implements ServiceFacts {
    private static final Duration LOOK_BACK = Duration.ofDays(90);

    private final IncidentStore incidents;
    private final FollowUpStore actions;
    private final Clock clock;

    IncidentFacts(IncidentStore incidents, FollowUpStore actions, Clock clock) {
        this.incidents = incidents;
        this.actions = actions;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> of(String service) {
        Instant now = clock.instant();
        Instant since = now.minus(LOOK_BACK);
        return Map.of(
                "incidents90d", incidents.ofService(service, since),
                "rollbacks90d", incidents.rollbacksOf(service, since),
                "openActions",
                        actions.openOf(service).stream().map(FollowUp::toAction).toList(),
                "overdueActions", actions.overdueOf(service, now));
    }
}
