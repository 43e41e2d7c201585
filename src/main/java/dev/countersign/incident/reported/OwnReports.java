package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Our own form, for systems that have none of the others'. */
final class OwnReports implements Reports {
    @Override
    public Source source() {
        return Source.OWN;
    }

    @Override
    public boolean speaks(Part document) {
        if (document.at("incidents").node().isArray()) {
            return !document.at("incidents").node().isEmpty()
                    && document.at("incidents").items().get(0).has("startedAt");
        }
        return document.has("startedAt");
    }

    @Override
    public List<Report> read(Part document) {
        if (!document.at("incidents").node().isArray()) {
            return List.of(one(document));
        }
        List<Report> reports = new ArrayList<>();
        document.at("incidents").items().forEach(part -> reports.add(one(part)));
        return reports;
    }

    private static Report one(Part part) {
        if (!part.isObject()) {
            throw part.fault("must be an incident");
        }
        String id = part.at("id").id();
        Part startedAt = part.at("startedAt");
        Instant started = startedAt.needed(startedAt.time());
        Instant acknowledged = part.at("acknowledgedAt").time();
        Instant resolved = part.at("resolvedAt").time();
        String title = part.at("title").text(Report.LONGEST_TITLE);
        if (title == null) {
            throw part.at("title").fault("must say what happened");
        }
        return new Report(
                Source.OWN,
                id,
                part.at("number").text(Report.LONGEST_NUMBER),
                title,
                null,
                java.util.Arrays.asList(part.at("service").text(Report.LONGEST_NAME)),
                status(part.at("status"), acknowledged, resolved),
                part.at("urgency").text(Report.LONGEST_URGENCY),
                started,
                acknowledged,
                resolved,
                Objects.requireNonNullElse(part.at("changedAt").time(), latest(started, acknowledged, resolved)),
                part.at("address").address());
    }

    /** Left out, the times say it. */
    private static Status status(Part part, Instant acknowledged, Instant resolved) {
        String status = part.text(40);
        if (status == null) {
            return resolved != null ? Status.RESOLVED : acknowledged != null ? Status.ACKNOWLEDGED : Status.TRIGGERED;
        }
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "triggered", "open" -> Status.TRIGGERED;
            case "acknowledged" -> Status.ACKNOWLEDGED;
            case "resolved" -> Status.RESOLVED;
            case "cancelled" -> Status.CANCELLED;
            default -> throw part.fault("must be triggered, acknowledged, resolved or cancelled");
        };
    }

    private static Instant latest(Instant started, Instant acknowledged, Instant resolved) {
        Instant latest = started;
        if (acknowledged != null && acknowledged.isAfter(latest)) {
            latest = acknowledged;
        }
        return resolved != null && resolved.isAfter(latest) ? resolved : latest;
    }
}
