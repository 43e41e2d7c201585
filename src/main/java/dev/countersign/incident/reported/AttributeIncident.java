package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Suggestion;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owners of a service say which of its releases caused an incident, or that none did. */
@Component
class AttributeIncident implements HumanTask {
    private final ReportedIncidentStore store;
    private final Attributing attributing;

    AttributeIncident(ReportedIncidentStore store, Attributing attributing) {
        this.store = store;
        this.attributing = attributing;
    }

    @Override
    public String id() {
        return "attributeIncident";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Reported incident = store.find(task.releaseKey()).orElseThrow();
        List<Suggestion> suggestions = attributing.suggestionsFor(incident);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("incidentKey", incident.key());
        shown.put("incidentPage", "/incidents/" + incident.key());
        // Strangers wrote it: it stands in a table, where nothing of it is taken for markup.
        shown.put("facts", facts(incident));
        shown.put(
                "suggestions",
                suggestions.stream()
                        .map(one -> Map.of(
                                "release", one.releaseKey(),
                                "began", AttributionMail.minute(one.began()),
                                "state", one.state(),
                                "summary", one.summary()))
                        .toList());
        shown.put(
                "suggestedOptions",
                suggestions.stream()
                        .map(one -> Map.of("label", one.releaseKey(), "value", one.releaseKey()))
                        .toList());
        return shown;
    }

    private static List<Map<String, Object>> facts(Reported incident) {
        List<Map<String, Object>> facts = new ArrayList<>();
        add(facts, "What", incident.title());
        add(facts, "System", incident.source() + " " + incident.number());
        add(facts, "Service", incident.service());
        add(facts, "Status", incident.status().name());
        add(facts, "Urgency", incident.urgency());
        add(facts, "Began", AttributionMail.minute(incident.startedAt()));
        add(facts, "Resolved", AttributionMail.minute(incident.resolvedAt()));
        add(facts, "Page", incident.address());
        return facts;
    }

    private static void add(List<Map<String, Object>> facts, String fact, String value) {
        if (value != null && !value.isEmpty()) {
            facts.add(Map.of("fact", fact, "value", value));
        }
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        attributing.answer(task.releaseKey(), release(answer), answer.text("reason"), answer.actor());
        return Map.of();
    }

    /** Null for none. */
    private static String release(Answer answer) {
        String choice = answer.text("choice");
        if ("none".equals(choice)) {
            if (answer.text("suggested") != null || answer.text("other") != null) {
                throw TaskRefused.invalid("choice", "Either a release caused it, or none did");
            }
            return null;
        }
        String field = "suggested".equals(choice) ? "suggested" : "other";
        String release = answer.text(field);
        if (release == null || release.isEmpty()) {
            throw TaskRefused.invalid(field, "Name the release that caused it");
        }
        return release;
    }
}
