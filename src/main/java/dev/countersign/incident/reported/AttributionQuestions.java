package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import dev.countersign.release.BegunRollouts;
import dev.countersign.release.BegunRollouts.Begun;
import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** About which incidents a person is asked what caused them, and about which no longer. */
@Component
class AttributionQuestions {
    static final String PROCESS = "incident-attribution";
    static final String MESSAGE = "incidentAttributed";

    private final ReportedIncidentStore store;
    private final ReportedProperties properties;
    private final BegunRollouts rollouts;
    private final Attributors attributors;
    private final AttributionMail mail;
    private final Processes processes;
    private final ObjectProvider<ModelDeployment> models;
    private final Clock clock;

    AttributionQuestions(
            ReportedIncidentStore store,
            ReportedProperties properties,
            BegunRollouts rollouts,
            Attributors attributors,
            AttributionMail mail,
            Processes processes,
            ObjectProvider<ModelDeployment> models,
            Clock clock) {
        this.store = store;
        this.properties = properties;
        this.rollouts = rollouts;
        this.attributors = attributors;
        this.mail = mail;
        this.processes = processes;
        this.models = models;
        this.clock = clock;
    }

    /** Those that are new, or of another service than whose people were asked: of a service that the catalog knows and that something was deployed of before. In one statement; the engine is not needed. */
    List<Reported> toAsk(Collection<Reported> incidents) {
        Instant earliest = clock.instant().minus(properties.askFor());
        List<Reported> open = incidents.stream()
                .filter(one -> one.service() != null
                        && (one.askedAt() == null || isMoved(one))
                        && !one.isAttributed()
                        && one.status() != Status.CANCELLED
                        && !one.startedAt().isBefore(earliest))
                .toList();
        if (open.isEmpty()) {
            return List.of();
        }
        List<Instant> began = open.stream().map(Reported::startedAt).sorted().toList();
        Map<String, List<Begun>> begun = rollouts
                .of(
                        open.stream().map(Reported::service).collect(Collectors.toSet()),
                        began.get(0).minus(properties.lookBack()),
                        began.get(began.size() - 1))
                .stream()
                .collect(Collectors.groupingBy(Begun::service));
        return open.stream()
                .filter(one -> begun.getOrDefault(one.service(), List.of()).stream()
                        .anyMatch(release -> suggests(release, one)))
                .toList();
    }

    private boolean suggests(Begun release, Reported incident) {
        return !release.at().isAfter(incident.startedAt())
                && !release.at().isBefore(incident.startedAt().minus(properties.lookBack()));
    }

    /** It was none, or of another service: whoever was asked need not answer any more. */
    static boolean isVoid(Reported incident) {
        return incident.askedAt() != null
                && !incident.isAttributed()
                && (incident.status() == Status.CANCELLED || isMoved(incident));
    }

    private static boolean isMoved(Reported incident) {
        return incident.askedOf() != null && !incident.askedOf().equals(incident.service());
    }

    /**
     * Asks about those that nobody was asked about yet, and withdraws the question about those that were none, so that one that is opened again is asked about again, and about those
     * of another service, whose people are asked then. With the engine's part in one transaction; done again it does nothing.
     *
     * @return false where the models in force do not know how to ask: nobody was asked then, and somebody is to come again
     */
    @Transactional
    boolean settle(Collection<String> keys) {
        List<Reported> incidents = store.lock(keys);
        List<String> withdrawn = incidents.stream()
                .filter(AttributionQuestions::isVoid)
                .map(Reported::key)
                .toList();
        if (!withdrawn.isEmpty()) {
            withdrawn.forEach(key -> processes.tell(MESSAGE, key));
            store.withdrawn(withdrawn);
        }
        List<Reported> asked = toAsk(incidents);
        if (asked.isEmpty()) {
            return true;
        }
        String policy = models.getObject().current();
        if (!processes.knows(policy, PROCESS)) {
            return false;
        }
        ask(policy, asked);
        return true;
    }

    private void ask(String policy, List<Reported> asked) {
        store.asked(asked.stream().map(Reported::key).toList(), clock.instant());
        Map<String, String> groups = new HashMap<>();
        Function<Reported, String> group =
                one -> groups.computeIfAbsent(one.service(), service -> attributors.askedFor(one));
        processes.startAll(
                policy,
                PROCESS,
                asked.stream().collect(Collectors.toMap(Reported::key, one -> Map.of("owners", group.apply(one)))));
        asked.stream().collect(Collectors.groupingBy(group)).forEach(mail::asked);
    }
}
