package dev.countersign.incident.reported;

import dev.countersign.api.Problem;
import dev.countersign.audit.Leaves;
import dev.countersign.identity.Actors;
import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.release.BegunRollouts;
import dev.countersign.release.BegunRollouts.Begun;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Which release caused an incident is said by a person. That a rollout began before it only suggests. */
@Service
class Attributing implements ReportedIncidents {
    private static final int LATEST_RELEASES = 200;
    private static final int MOST_SUGGESTED = 20;

    private final ReportedIncidentStore store;
    private final ReportedProperties properties;
    private final BegunRollouts rollouts;
    private final Releases releases;
    private final Attributors attributors;
    private final Messages messages;
    private final Timeline timeline;
    private final Leaves leaves;
    private final Actors actors;
    private final Clock clock;

    Attributing(
            ReportedIncidentStore store,
            ReportedProperties properties,
            BegunRollouts rollouts,
            Releases releases,
            Attributors attributors,
            Messages messages,
            Timeline timeline,
            Leaves leaves,
            Actors actors,
            Clock clock) {
        this.store = store;
        this.properties = properties;
        this.rollouts = rollouts;
        this.releases = releases;
        this.attributors = attributors;
        this.messages = messages;
        this.timeline = timeline;
        this.leaves = leaves;
        this.actors = actors;
        this.clock = clock;
    }

    private Instant begin(Instant startedAt) {
        return startedAt.minus(properties.lookBack());
    }

    @Override
    public Page list(Filter filter) {
        return store.list(filter);
    }

    @Override
    public Optional<Reported> find(String key) {
        return store.find(key);
    }

    @Override
    public List<Reported> ofService(String service, Instant since) {
        return store.ofService(service, since);
    }

    @Override
    public List<AttributedIncident> attributedTo(String service, Instant since) {
        return store.attributedTo(service, since);
    }

    @Override
    public List<Attribution> attributionsOf(String key) {
        return ReportedIncidentStore.isKey(key) ? store.attributionsOf(key) : List.of();
    }

    @Override
    public List<Suggestion> suggestionsFor(Reported incident) {
        List<Begun> begun = begunBefore(incident).stream().limit(MOST_SUGGESTED).toList();
        Map<String, Release> known = known(begun, incident.service());
        return begun.stream()
                .map(one -> {
                    Release release = known.get(one.releaseKey());
                    return new Suggestion(
                            one.releaseKey(),
                            one.at(),
                            release.state().name(),
                            Objects.requireNonNullElse(release.summary(), ""));
                })
                .toList();
    }

    private List<Begun> begunBefore(Reported incident) {
        return incident.service() == null
                ? List.of()
                : rollouts.of(Set.of(incident.service()), begin(incident.startedAt()), incident.startedAt());
    }

    /** One statement, but for releases that were opened long before they were rolled out. */
    private Map<String, Release> known(List<Begun> begun, String service) {
        if (begun.isEmpty()) {
            return Map.of();
        }
        Map<String, Release> latest =
                releases.list(new ReleaseFilter(Set.of(service), null, null, null, 0, LATEST_RELEASES)).stream()
                        .collect(Collectors.toMap(Release::key, Function.identity()));
        return begun.stream()
                .map(Begun::releaseKey)
                .collect(Collectors.toMap(
                        Function.identity(), key -> latest.containsKey(key) ? latest.get(key) : releases.get(key)));
    }

    @Override
    public boolean mayAttribute(Reported incident) {
        return attributors.isOne(incident, actors.current(), actors.currentGroups());
    }

    @Override
    @Transactional
    public Reported attribute(String key, String releaseKey, String because) {
        Reported incident = locked(key);
        Reported attributed = say(incident, releaseKey, because, actors.current());
        if (incident.askedAt() != null) {
            messages.send(AttributionQuestions.MESSAGE, key);
        }
        return attributed;
    }

    /** The answer to the task; the model goes on by itself. */
    @Transactional
    void answer(String key, String releaseKey, String because, String person) {
        say(locked(key), releaseKey, because, person);
    }

    /** The task may be of those who owned the service that it was of before: they may not any more. */
    private Reported locked(String key) {
        Reported incident = store.lock(key).orElseThrow(() -> Problem.notFound("There is no incident " + key));
        if (!mayAttribute(incident)) {
            throw Problem.forbidden(
                    "Which release caused %s is said by the owners of %s, whoever is on call for it, release managers and the head of operations"
                            .formatted(key, incident.service() == null ? "its service" : incident.service()));
        }
        return incident;
    }

    private Reported say(Reported incident, String releaseKey, String because, String person) {
        if (releaseKey != null) {
            check(incident, releaseKey);
        }
        checkOwnWork(incident, releaseKey, person);
        if (incident.isAttributed()
                && Objects.equals(releaseKey, incident.releaseKey())
                && because.equals(incident.attributedBecause())) {
            return incident;
        }
        store.attribute(incident.key(), releaseKey, because, person, clock.instant());
        record(incident, releaseKey, because, person);
        return store.find(incident.key()).orElseThrow();
    }

    private void check(Reported incident, String releaseKey) {
        if (releases.find(releaseKey).isEmpty()) {
            throw Problem.invalid("/release", "There is no release " + releaseKey);
        }
        Instant began = rollouts.beganAt(releaseKey)
                .orElseThrow(() -> Problem.invalid("/release", "Nothing was ever deployed of " + releaseKey));
        if (began.isAfter(incident.startedAt())) {
            throw Problem.invalid(
                    "/release",
                    "%s began to be rolled out at %s, after the incident began at %s"
                            .formatted(releaseKey, began, incident.startedAt()));
        }
    }

    /** Nobody clears a release of their own: whoever wrote or requested one that may be the cause can only name such a one. */
    private void checkOwnWork(Reported incident, String releaseKey, String person) {
        List<Begun> begun = begunBefore(incident);
        Collection<Release> possible = known(begun, incident.service()).values();
        List<String> own = possible.stream()
                .filter(release -> release.isAuthorOrRequester(person))
                .map(Release::key)
                .sorted()
                .collect(Collectors.toList());
        Optional.ofNullable(incident.releaseKey())
                .filter(key -> !own.contains(key))
                .flatMap(releases::find)
                .filter(release -> release.isAuthorOrRequester(person))
                .ifPresent(release -> own.add(release.key()));
        if (!own.isEmpty() && (releaseKey == null || !own.contains(releaseKey))) {
            throw Problem.forbidden(
                    "You wrote or requested %s, which may have caused it: that it was something else is said by somebody else"
                            .formatted(String.join(", ", own)));
        }
    }

    private void record(Reported incident, String releaseKey, String because, String person) {
        String name = "%s %s (%s)".formatted(incident.source(), incident.number(), incident.key());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("incident", incident.key());
        facts.put("source", incident.source());
        facts.put("number", incident.number());
        facts.put("startedAt", incident.startedAt().toString());
        facts.put("reason", because);
        String before = incident.releaseKey();
        if (before != null && !before.equals(releaseKey)) {
            Map<String, Object> moved = new LinkedHashMap<>(facts);
            moved.put("attributedTo", releaseKey);
            timeline.record(
                    before,
                    "incident.attribution-withdrawn",
                    person,
                    "The incident %s is attributed to %s, and no longer to this release: %s"
                            .formatted(name, releaseKey == null ? "no release" : releaseKey, because),
                    moved);
        }
        if (releaseKey == null) {
            leaves.record("incident.attributed-to-none", null, person, facts);
        } else {
            timeline.record(
                    releaseKey,
                    "incident.attributed",
                    person,
                    "The incident %s of %s is attributed to this release: %s"
                            .formatted(name, incident.startedAt(), because),
                    facts);
        }
    }
}
