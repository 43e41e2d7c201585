package dev.countersign.incident;

import dev.countersign.catalog.ServiceFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Incidents, rollbacks and open actions of a service, beside the catalog's facts. */
@Component
class IncidentFacts implements ServiceFacts {
    private static final Duration LOOK_BACK = Duration.ofDays(90);

    private final IncidentStore incidents;
    private final FollowUpStore actions;
    private final Tracking tracking;
    private final Clock clock;

    IncidentFacts(IncidentStore incidents, FollowUpStore actions, Tracking tracking, Clock clock) {
        this.incidents = incidents;
        this.actions = actions;
        this.tracking = tracking;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> of(String service) {
        Instant now = clock.instant();
        Instant since = now.minus(LOOK_BACK);
        long rollbacks = incidents.rollbacksOf(service, since);
        IncidentStore.Past past = incidents.pastOf(service, since, now);
        return Map.of(
                "incidents90d", incidents.ofService(service, since),
                "attributedIncidents90d", past.attributed(),
                "rollbacks90d", rollbacks,
                "rollbackFrequency", frequency(rollbacks),
                "openActions",
                        actions.openOf(service).stream().map(FollowUp::toAction).toList(),
                "overdueActions", past.overdueActions(),
                "trackedActions", tracking.openOf(service));
    }

    @Override
    public Map<String, Map<String, Object>> inShort(Collection<String> services) {
        Map<String, Long> rollbacks =
                incidents.rollbacksByService(services, clock.instant().minus(LOOK_BACK));
        Map<String, Map<String, Object>> facts = new HashMap<>();
        services.forEach(service ->
                facts.put(service, Map.of("rollbackFrequency", frequency(rollbacks.getOrDefault(service, 0L)))));
        return facts;
    }

    private static Map<String, Object> frequency(long rollbacks) {
        return Map.of("rollbacks", rollbacks, "within", LOOK_BACK);
    }
}
