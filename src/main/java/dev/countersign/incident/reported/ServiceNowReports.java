package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Records of ServiceNow's table {@code incident}, as its Table API gives them, with values, with what is displayed, or with both: one, or a list. */
final class ServiceNowReports implements Reports {
    private static final String VALUE = "value";
    private static final String DISPLAYED = "display_value";

    @Override
    public Source source() {
        return Source.SERVICENOW;
    }

    @Override
    public boolean speaks(Part document) {
        Part result = document.at("result");
        if (result.node().isArray()) {
            return result.node().isEmpty() || isRecord(result.items().get(0));
        }
        return isRecord(result) || isRecord(document);
    }

    private static boolean isRecord(Part part) {
        return part.has("number") && (part.has("opened_at") || part.has("sys_created_on"));
    }

    @Override
    public List<Report> read(Part document) {
        Part result = document.at("result");
        if (!result.node().isArray()) {
            return List.of(one(result.isObject() ? result : document));
        }
        List<Report> reports = new ArrayList<>();
        result.items().forEach(part -> reports.add(one(part)));
        return reports;
    }

    private static Report one(Part part) {
        if (!part.isObject()) {
            throw part.fault("must be a record of the table incident");
        }
        Part number = value(part.at("number"));
        String id = part.has("sys_id") ? value(part.at("sys_id")).id() : number.id();
        Part opened = part.has("opened_at") ? value(part.at("opened_at")) : value(part.at("sys_created_on"));
        Instant started = opened.needed(opened.time());
        Instant resolved = first(
                value(part.at("resolved_at")).time(),
                value(part.at("closed_at")).time());
        Status status = status(part.has("incident_state") ? part.at("incident_state") : part.at("state"));
        Instant updated = value(part.at("sys_updated_on")).time();
        Part item = part.at("cmdb_ci");
        return new Report(
                Source.SERVICENOW,
                id,
                number.text(Report.LONGEST_NUMBER),
                shown(part.at("short_description")).text(Report.LONGEST_TITLE),
                item.isObject() && item.has(VALUE) ? item.at(VALUE).text(Report.LONGEST_NAME) : null,
                Stream.of(item, part.at("business_service"), part.at("service_offering"))
                        .map(named -> shown(named).text(Report.LONGEST_NAME))
                        .filter(Objects::nonNull)
                        .toList(),
                status,
                Stream.of("priority", "severity", "urgency")
                        .map(field -> shown(part.at(field)).text(Report.LONGEST_URGENCY))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                started,
                null,
                resolved,
                first(updated, resolved, started),
                part.at("url").address());
    }

    /** What is kept, whatever it is displayed as: times stand there in UTC. */
    private static Part value(Part field) {
        if (!field.isObject()) {
            return field;
        }
        return field.has(VALUE) ? field.at(VALUE) : field.at(DISPLAYED);
    }

    private static Part shown(Part field) {
        if (!field.isObject()) {
            return field;
        }
        return field.has(DISPLAYED) ? field.at(DISPLAYED) : field.at(VALUE);
    }

    /** The numbers of the product's own states; a table that has states of its own sends what is displayed, in English. */
    private static Status status(Part field) {
        Part state = value(field);
        return switch (String.valueOf(state.text(40)).toLowerCase(Locale.ROOT)) {
            case "1", "new" -> Status.TRIGGERED;
            case "2", "3", "in progress", "on hold" -> Status.ACKNOWLEDGED;
            case "6", "7", "resolved", "closed" -> Status.RESOLVED;
            case "8", "canceled", "cancelled" -> Status.CANCELLED;
            default -> throw state.fault("must be a state of ServiceNow's incidents: 1, 2, 3, 6, 7, 8 or its name");
        };
    }

    private static Instant first(Instant... times) {
        return Arrays.stream(times).filter(Objects::nonNull).findFirst().orElse(null);
    }
}
