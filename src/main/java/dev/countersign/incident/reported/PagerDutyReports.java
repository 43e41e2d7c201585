package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Webhooks of PagerDuty (version 3), and incidents as its REST API (version 2) gives them: one, or a list. */
final class PagerDutyReports implements Reports {
    @Override
    public Source source() {
        return Source.PAGERDUTY;
    }

    @Override
    public boolean speaks(Part document) {
        if (document.at("event").isObject()) {
            return document.at("event").has("event_type");
        }
        if (document.at("incidents").node().isArray()) {
            return document.at("incidents").node().isEmpty()
                    || isIncident(document.at("incidents").items().get(0));
        }
        return isIncident(document.at("incident")) || isIncident(document);
    }

    private static boolean isIncident(Part part) {
        return part.has("incident_number")
                || part.has("last_status_change_at")
                || part.has("created_at") && part.at("type").node().asText("").startsWith("incident");
    }

    @Override
    public List<Report> read(Part document) {
        Part event = document.at("event");
        if (event.isObject()) {
            // A note, a responder, a service: what came with an incident, and is none.
            return "incident".equals(event.at("data").at("type").text(40))
                    ? List.of(read(event.at("data"), event.at("occurred_at")))
                    : List.of();
        }
        if (document.at("incidents").node().isArray()) {
            List<Report> reports = new ArrayList<>();
            document.at("incidents").items().forEach(part -> reports.add(read(part, null)));
            return reports;
        }
        return List.of(read(document.at("incident").isObject() ? document.at("incident") : document, null));
    }

    /** @param occurred when the event happened; null for what the REST API gives */
    private static Report read(Part part, Part occurred) {
        if (!part.isObject()) {
            throw part.fault("must be an incident");
        }
        String id = part.at("id").id();
        Status status = status(part.at("status"));
        Instant created = part.at("created_at").needed(part.at("created_at").time());
        Instant changed = occurred == null
                ? first(
                        part.at("last_status_change_at").time(),
                        part.at("updated_at").time(),
                        created)
                : occurred.needed(occurred.time());
        Part service = part.at("service");
        String number = first(
                part.at("number").text(Report.LONGEST_NUMBER),
                part.at("incident_number").text(Report.LONGEST_NUMBER),
                id);
        return new Report(
                Source.PAGERDUTY,
                id,
                number,
                first(
                        part.at("title").text(Report.LONGEST_TITLE),
                        part.at("summary").text(Report.LONGEST_TITLE)),
                service.at("id").text(Report.LONGEST_NAME),
                Arrays.asList(
                        service.at("summary").text(Report.LONGEST_NAME),
                        service.at("name").text(Report.LONGEST_NAME)),
                status,
                part.at("urgency").text(Report.LONGEST_URGENCY),
                created,
                acknowledged(part.at("acknowledgements")),
                part.at("resolved_at").time(),
                changed,
                part.at("html_url").address());
    }

    private static Status status(Part part) {
        return switch (String.valueOf(part.text(40))) {
            case "triggered" -> Status.TRIGGERED;
            case "acknowledged" -> Status.ACKNOWLEDGED;
            case "resolved" -> Status.RESOLVED;
            default -> throw part.fault("must be triggered, acknowledged or resolved");
        };
    }

    /** Who acknowledged it first. */
    private static Instant acknowledged(Part acknowledgements) {
        return acknowledgements.node().isArray()
                ? acknowledgements.items().stream()
                        .map(one -> one.at("at").time())
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo)
                        .orElse(null)
                : null;
    }

    @SafeVarargs
    private static <T> T first(T... values) {
        return Arrays.stream(values).filter(Objects::nonNull).findFirst().orElse(null);
    }
}
