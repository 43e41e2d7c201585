package dev.countersign.incident;

import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.notice.Notices;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What people are told about an incident and its follow-up. */
@Component
class IncidentNotices {
    static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);

    private static final Set<String> HANDS = Set.of(Role.ON_CALL.id(), Role.OPERATIONS.id());

    private final Notices notices;
    private final People people;

    IncidentNotices(Notices notices, People people) {
        this.notices = notices;
        this.people = people;
    }

    /** The last moment at which something is not yet overdue, as a day. */
    static String lastDay(Instant due) {
        return DAY.format(due.minusMillis(1));
    }

    void opened(Incident incident, String account) {
        tellStakeholders(
                incident,
                HANDS,
                "%s is being rolled back",
                List.of(
                        account,
                        "Detected at %s. %s leads the incident; %s."
                                .formatted(
                                        MINUTE.format(incident.detectedAt()),
                                        incident.commander(),
                                        incident.exposed()
                                                ? "support tells the users"
                                                : "there is nothing to tell users"),
                        "You are told again when the rollback is over, and when it waits for a person."));
    }

    /** Those who may roll back by hand are called separately. */
    void rollbackFailed(Incident incident, String account) {
        tellStakeholders(
                incident,
                Set.of(),
                "the rollback of %s failed and waits for a person",
                List.of(
                        account,
                        "%s leads the incident; operations, SRE and on-call are called to roll back by hand."
                                .formatted(incident.commander())));
    }

    void rollbackOver(Incident incident, String account) {
        tellStakeholders(
                incident,
                HANDS,
                "%s is rolled back",
                List.of(account, "A post-mortem follows. It asks what made this possible, not who."));
    }

    private void tellStakeholders(Incident incident, Set<String> also, String subject, List<String> lines) {
        var told = new HashSet<>(also);
        told.addAll(Set.of(Role.SUPPORT.id(), Role.RELEASE_MANAGER.id(), Role.PRODUCT.id(), incident.commander()));
        boolean isPerson = people.find(incident.commander()).isPresent();
        mail(
                incident,
                "incident",
                told,
                isPerson ? Set.of(incident.commander()) : Set.of(),
                "%s %s: %s".formatted(incident.severity(), incident.key(), subject.formatted(incident.releaseKey())),
                lines);
    }

    void postMortemReminder(Incident incident) {
        mail(
                incident,
                "reminder",
                Set.of(Role.FACILITATOR.id()),
                Set.of(),
                "Please write the post-mortem of %s (%s)".formatted(incident.key(), incident.releaseKey()),
                List.of("The post-mortem of %s is due soon. The task in Tasklist holds the timeline already."
                        .formatted(incident.releaseKey())));
    }

    void postMortemOverdue(Incident incident) {
        mail(
                incident,
                "escalation",
                Set.of(Role.FACILITATOR.id(), Role.HEAD_OF_OPERATIONS.id()),
                Set.of(),
                "Overdue: post-mortem of %s (%s)".formatted(incident.key(), incident.releaseKey()),
                List.of(
                        "The post-mortem of %s has not been written in time. The head of operations may write it too, or see that it gets written."
                                .formatted(incident.releaseKey()),
                        "You will be asked again until it is done."));
    }

    void actionAssigned(Incident incident, FollowUp action) {
        action(incident, action, "action", Set.of(), "Action for you, due %s: %s", "This was agreed after %s:");
    }

    void actionReminder(Incident incident, FollowUp action) {
        action(incident, action, "reminder", Set.of(), "Due %s: %s", "This is due soon. It was agreed after %s:");
    }

    void actionOverdue(Incident incident, FollowUp action) {
        action(
                incident,
                action,
                "escalation",
                Set.of(Role.HEAD_OF_OPERATIONS.id()),
                "Overdue since %s: %s",
                "This is overdue, and raises the risk of the service's next release. It was agreed after %s:");
    }

    private void action(
            Incident incident, FollowUp action, String kind, Set<String> also, String subject, String first) {
        var groups = new HashSet<>(also);
        if (action.ownedByGroup()) {
            groups.add(action.owner());
        }
        mail(
                incident,
                kind,
                groups,
                action.ownedByGroup() ? Set.of() : Set.of(action.owner()),
                subject.formatted(lastDay(action.due()), action.text()),
                List.of(
                        first.formatted("the rollback of " + incident.releaseKey()),
                        action.text(),
                        "Owner: %s. Kind: %s. Due: %s. Complete it in Tasklist with a word on what was done."
                                .formatted(action.owner(), action.type(), lastDay(action.due()))));
    }

    private void mail(
            Incident incident,
            String kind,
            Set<String> groups,
            Set<String> persons,
            String subject,
            List<String> lines) {
        notices.mail(new Notices.Notice(
                incident.releaseKey(),
                kind,
                groups,
                persons,
                subject,
                lines,
                "/releases/" + incident.releaseKey(),
                null));
    }
}
