package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Kubescape's JSON (format v2): each control for each resource. Of a control that concerned no resource Kubescape says that it passed; it looked at nothing, so it shows nothing here. What an
 * exception excuses counts as left out.
 */
@Component
class KubescapeReader implements DocumentReader {
    private static final Set<String> DECISIVE = Set.of("results", "summaryDetails");

    @Override
    public DocumentType type() {
        return DocumentType.KUBESCAPE;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Scan scan = new Scan();
        JsonCursor.document(content, json -> name -> scan.field(json, name));
        return scan.reading();
    }

    private static final class Scan {
        private final PolicyTally tally = new PolicyTally();
        private final OwnTime time = new OwnTime();
        private final Map<String, String> controls = new TreeMap<>();
        private final Map<String, String> severities = new TreeMap<>();
        private final Set<String> failed = new TreeSet<>();
        private long resources;
        private boolean listed;
        private boolean summarised;

        private void field(JsonCursor json, String name) throws IOException, Unreadable {
            switch (name) {
                case "results" -> {
                    listed |= !json.isNull();
                    int[] index = new int[1];
                    json.array(name, () -> {
                        Places places = new Places();
                        resource(json.tree("a result", places), places, "/results/" + index[0]++);
                    });
                }
                case "summaryDetails" -> {
                    summarised |= !json.isNull();
                    json.object(name, part -> {
                        if (part.equals("controls")) {
                            json.object(part, id -> control(id, json.tree("a control")));
                        } else {
                            json.skip();
                        }
                    });
                }
                case "generationTime" -> time.said(json.scalar());
                default -> {
                    Misspelt.refuse(json, name, DECISIVE);
                    json.skip();
                }
            }
        }

        private void control(String id, JsonNode control) {
            controls.put(id, status(control));
            String severity = CycloneDx.text(control, "severity");
            if (severity != null) {
                severities.put(id, severity);
            }
        }

        /** As an object in newer versions, a word in others. */
        private static String status(JsonNode of) {
            String inside = CycloneDx.text(of.path("statusInfo"), "status");
            inside = inside == null ? CycloneDx.text(of.path("status"), "status") : inside;
            return inside == null ? of.path("status").asText("") : inside;
        }

        private static String reason(JsonNode of) {
            String inside = CycloneDx.text(of.path("status"), "subStatus");
            return inside == null ? of.path("subStatus").asText("") : inside;
        }

        private void resource(JsonNode result, Places places, String pointer) throws Unreadable {
            resources++;
            String resource = result.path("resourceID").asText("");
            int index = 0;
            for (JsonNode control : Shape.list(result, "controls", places.lineOf("") + ", " + pointer)) {
                String at = "/controls/" + index++;
                String place = places.lineOf(at) + ", " + pointer + at;
                String id = CycloneDx.text(control, "controlID");
                if (id == null) {
                    throw new Unreadable("a control has no controlID", place);
                }
                Result outcome = outcome(status(control), reason(control), place);
                if (outcome == Result.FAILED) {
                    failed.add(id);
                }
                tally.add(outcome, id, resource, control.path("name").asText(""), severities.get(id), place);
            }
        }

        private static Result outcome(String status, String reason, String place) throws Unreadable {
            return switch (status) {
                case "passed" -> reason.contains("exception") ? Result.SKIPPED : Result.PASSED;
                case "failed" -> Result.FAILED;
                case "skipped", "excluded", "irrelevant" -> Result.SKIPPED;
                case "error" -> Result.ERROR;
                default ->
                    throw new Unreadable(
                            "the status of a control is " + (status.isEmpty() ? "missing" : Words.of(status))
                                    + ", allowed are passed, failed, skipped",
                            place);
            };
        }

        private Reading reading() throws Unreadable {
            if (!listed || !summarised) {
                throw new Unreadable(
                        "not a Kubescape report of format v2: it has no results, or no summaryDetails",
                        "line 1, column 1");
            }
            Set<String> unlisted = new TreeSet<>();
            controls.forEach((id, status) -> {
                if (status.equals("failed") && !failed.contains(id)) {
                    unlisted.add(id);
                }
            });
            if (!unlisted.isEmpty()) {
                throw new Unreadable(
                        "the summary says that %s failed, and no result of it is listed"
                                .formatted(Words.of(String.join(", ", unlisted))),
                        "line 1, /summaryDetails/controls");
            }
            return tally.reading(
                    "kubescape",
                    "kubescape",
                    Map.of(
                            "resources",
                            resources,
                            "controls",
                            (long) controls.size(),
                            "controlsPassed",
                            counted("passed"),
                            "controlsFailed",
                            counted("failed"),
                            "controlsSkipped",
                            counted("skipped")),
                    time,
                    null);
        }

        private long counted(String status) {
            return controls.values().stream().filter(status::equals).count();
        }
    }
}
