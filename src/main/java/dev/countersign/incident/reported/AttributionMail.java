package dev.countersign.incident.reported;

import dev.countersign.identity.Role;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.notice.Notices;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What people are told about incidents that wait for their word. */
@Component
class AttributionMail {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final int MOST_NAMED = 20;

    private final Notices notices;

    AttributionMail(Notices notices) {
        this.notices = notices;
    }

    static String minute(Instant at) {
        return at == null ? "" : MINUTE.format(at);
    }

    /** One mail, however many came at once. */
    void asked(String group, List<Reported> incidents) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Say in Tasklist which release caused it, or that none did, and why. That a rollout began before it is only a hint.");
        incidents.stream().limit(MOST_NAMED).map(AttributionMail::line).forEach(lines::add);
        if (incidents.size() > MOST_NAMED) {
            lines.add("%d more wait under /incidents.".formatted(incidents.size() - MOST_NAMED));
        }
        Reported first = incidents.get(0);
        send(
                "action",
                Set.of(group),
                incidents.size() == 1
                        ? "Which release caused the incident %s of %s?".formatted(first.number(), first.service())
                        : "Which releases caused %d incidents?".formatted(incidents.size()),
                lines,
                incidents.size() == 1 ? page(first) : "/incidents?unattributed=true");
    }

    void reminder(String group, Reported incident) {
        send(
                "reminder",
                Set.of(group),
                "Please say which release caused the incident %s of %s"
                        .formatted(incident.number(), incident.service()),
                List.of(
                        line(incident),
                        "Until somebody says so it counts for no release: neither in reviews nor in figures."),
                page(incident));
    }

    void escalation(String group, Reported incident) {
        send(
                "escalation",
                Set.of(group, Role.RELEASE_MANAGER.id()),
                "Nobody has said which release caused the incident %s of %s"
                        .formatted(incident.number(), incident.service()),
                List.of(
                        line(incident),
                        "Release managers may say it too now. Until somebody does it counts for no release: neither in reviews nor in figures."),
                page(incident));
    }

    private static String line(Reported incident) {
        return "%s %s of %s, began %s: %s"
                .formatted(
                        incident.source(),
                        incident.number(),
                        incident.service(),
                        minute(incident.startedAt()),
                        incident.title());
    }

    private static String page(Reported incident) {
        return "/incidents/" + incident.key();
    }

    private void send(String kind, Set<String> groups, String subject, List<String> lines, String link) {
        notices.mail(new Notices.Notice(null, kind, groups, Set.of(), subject, lines, link, null));
    }
}
