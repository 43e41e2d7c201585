package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Webhooks of Jira about issues, and issues as its REST API gives them: one, or what a search found. Which issues are incidents, says the filter of the webhook. */
final class JiraReports implements Reports {
    private static final String DELETED = "jira:issue_deleted";

    @Override
    public Source source() {
        return Source.JIRA;
    }

    @Override
    public boolean speaks(Part document) {
        return document.has("webhookEvent")
                || document.at("issue").isObject()
                || document.at("issues").node().isArray()
                || document.has("key") && document.at("fields").isObject();
    }

    @Override
    public List<Report> read(Part document) {
        if (document.at("issues").node().isArray()) {
            List<Report> reports = new ArrayList<>();
            document.at("issues").items().forEach(part -> reports.add(one(part, null, false)));
            return reports;
        }
        if (document.has("webhookEvent")) {
            String event = document.at("webhookEvent").text(100);
            return event != null && event.startsWith("jira:issue_")
                    ? List.of(one(document.at("issue"), document.at("timestamp").milliseconds(), DELETED.equals(event)))
                    : List.of();
        }
        return List.of(one(document.at("issue").isObject() ? document.at("issue") : document, null, false));
    }

    /** @param occurred when the event happened; null outside of one */
    private static Report one(Part issue, Instant occurred, boolean deleted) {
        if (!issue.isObject()) {
            throw issue.fault("must be an issue");
        }
        Part key = issue.at("key");
        Part fields = issue.at("fields");
        if (!fields.isObject()) {
            throw fields.fault("must be the fields of the issue");
        }
        Instant created = fields.at("created").needed(fields.at("created").time());
        Instant resolved = fields.at("resolutiondate").time();
        Instant changed = Objects.requireNonNullElse(
                occurred == null ? fields.at("updated").time() : occurred,
                Objects.requireNonNullElse(resolved, created));
        String name = key.id();
        return new Report(
                Source.JIRA,
                issue.has("id") ? issue.at("id").id() : name,
                key.text(Report.LONGEST_NUMBER),
                fields.at("summary").text(Report.LONGEST_TITLE),
                name.contains("-") ? name.substring(0, name.lastIndexOf('-')) : null,
                names(fields),
                deleted ? Status.CANCELLED : status(fields.at("status")),
                fields.at("priority").at("name").text(Report.LONGEST_URGENCY),
                created,
                null,
                resolved,
                changed,
                address(issue, name));
    }

    /** Components, then labels. */
    private static List<String> names(Part fields) {
        List<String> names = new ArrayList<>();
        if (fields.has("components")) {
            fields.at("components")
                    .items()
                    .forEach(one -> names.add(one.at("name").text(Report.LONGEST_NAME)));
        }
        if (fields.has("labels")) {
            fields.at("labels").items().forEach(one -> names.add(one.text(Report.LONGEST_NAME)));
        }
        return names;
    }

    /** Every status of every project is in one of three categories. */
    private static Status status(Part status) {
        Part category = status.at("statusCategory").at("key");
        return switch (String.valueOf(category.text(40))) {
            case "new", "undefined" -> Status.TRIGGERED;
            case "indeterminate" -> Status.ACKNOWLEDGED;
            case "done" -> Status.RESOLVED;
            default -> throw category.fault("must be new, indeterminate or done");
        };
    }

    /** An issue says where the API has it; its page is on the same server. */
    private static String address(Part issue, String key) {
        String self = issue.at("self").address();
        int api = self == null ? -1 : self.indexOf("/rest/");
        if (api < 0 || !key.matches("[A-Za-z0-9_-]+")) {
            return null;
        }
        String page = self.substring(0, api) + "/browse/" + key;
        return page.length() <= Part.LONGEST_ADDRESS ? page : null;
    }
}
