package dev.countersign.incident;

import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.release.Release;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Opens tracked actions, asks for them and closes them; time alone never closes one. */
@Service
class StoredTracking implements Tracking {
    private static final String PROCESS = "tracked-action";
    private static final int LONGEST_REASON = 1000;

    private final TrackedActionStore actions;
    private final AgreedActions agreed;
    private final Processes processes;
    private final ObjectProvider<ModelDeployment> models;
    private final Notices notices;
    private final Timeline timeline;
    private final OwedRecord record;
    private final Clock clock;

    StoredTracking(
            TrackedActionStore actions,
            AgreedActions agreed,
            Processes processes,
            ObjectProvider<ModelDeployment> models,
            Notices notices,
            Timeline timeline,
            OwedRecord record,
            Clock clock) {
        this.actions = actions;
        this.agreed = agreed;
        this.processes = processes;
        this.models = models;
        this.notices = notices;
        this.timeline = timeline;
        this.record = record;
        this.clock = clock;
    }

    @Override
    public List<Wanted> read(List<Map<String, Object>> rows) {
        return agreed.read(rows).stream()
                .map(action -> new Wanted(action.text(), action.owner(), action.byGroup(), action.due()))
                .toList();
    }

    @Override
    @Transactional
    public void open(Release release, Origin origin, String because, List<Wanted> wanted) {
        String reason = because.length() > LONGEST_REASON ? because.substring(0, LONGEST_REASON) : because;
        // A release may have begun before there was this process.
        String policy = processes.knows(release.policy(), PROCESS)
                ? release.policy()
                : models.getObject().current();
        for (Wanted action : wanted) {
            long id = actions.add(release, origin, reason, action, clock.instant());
            timeline.record(
                    release.key(),
                    "action.registered",
                    Actors.PLATFORM,
                    "Action for %s, due %s: %s"
                            .formatted(action.owner(), IncidentNotices.lastDay(action.due()), action.text()),
                    Map.of("tracked", id, "origin", origin.name(), "owner", action.owner()));
            mail(actions.get(id), "action", Set.of(), "Action for you, due %s: %s", "This was agreed because %s:");
            processes.start(policy, PROCESS, release.key(), Map.of("tracked", String.valueOf(id)));
        }
    }

    @Override
    public List<Tracked> openOf(String service) {
        return actions.openOf(service).stream().map(TrackedAction::shown).toList();
    }

    @Override
    public List<Tracked> ofRelease(String releaseKey) {
        return actions.ofRelease(releaseKey).stream().map(TrackedAction::shown).toList();
    }

    void remind(long id) {
        mail(actions.get(id), "reminder", Set.of(), "Due %s: %s", "This is due soon. It was agreed because %s:");
    }

    /** Tells the owner and the head of operations, and counts. Returns the action as it is then. */
    @Transactional
    TrackedAction escalate(long id) {
        actions.escalated(id);
        TrackedAction action = actions.get(id);
        mail(
                action,
                "escalation",
                Set.of(Role.HEAD_OF_OPERATIONS.id()),
                "Overdue since %s: %s",
                "This is overdue, and raises the risk of the service's next release. It was agreed because %s:");
        record.overdue(action.releaseKey(), action, Map.of("tracked", id));
        return action;
    }

    boolean isOrphaned(TrackedAction action) {
        return record.isOrphaned(action);
    }

    @Transactional
    void complete(TrackedAction action, String person, String result) {
        if (actions.done(action.id(), person, result, clock.instant())) {
            record.done(
                    action.releaseKey(),
                    action,
                    person,
                    result,
                    Map.of("tracked", action.id(), "origin", action.origin().name()));
        }
    }

    private void mail(TrackedAction action, String kind, Set<String> also, String subject, String first) {
        var groups = new HashSet<>(also);
        if (action.ownedByGroup()) {
            groups.add(action.owner());
        }
        notices.mail(new Notices.Notice(
                action.releaseKey(),
                kind,
                groups,
                action.ownedByGroup() ? Set.of() : Set.of(action.owner()),
                subject.formatted(IncidentNotices.lastDay(action.due()), action.text()),
                List.of(
                        first.formatted(action.because()),
                        action.text(),
                        "Owner: %s. Service: %s. Due: %s. Complete it in Tasklist with a word on what was done."
                                .formatted(action.owner(), action.service(), IncidentNotices.lastDay(action.due()))),
                "/releases/" + action.releaseKey(),
                null));
    }
}
