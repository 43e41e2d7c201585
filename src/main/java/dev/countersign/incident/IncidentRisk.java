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
    private final FollowUpStore actions;
    private final Clock clock;

    IncidentRisk(IncidentStore incidents, FollowUpStore actions, Clock clock) {
        this.incidents = incidents;
        this.actions = actions;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> factsOf(String service) {
        Instant now = clock.instant();
        Instant since = now.minus(LOOK_BACK);
        return Map.of(
                "incidents90d", incidents.ofService(service, since).size(),
                "rollbacks90d", (int) incidents.rollbacksOf(service, since),
                "overdueActions", (int) actions.overdueOf(service, now));
    }
}
