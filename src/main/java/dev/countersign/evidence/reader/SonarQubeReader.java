package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What SonarQube answered of one analysis: its issues, counted as results of static analysis are, and the conditions of its quality gate that failed. */
@Component
class SonarQubeReader implements DocumentReader {
    private static final Set<String> KNOWN =
            Set.of("document", "subject", "project", "branch", "types", "analysis", "qualityGate", "total", "issues");

    @Override
    public DocumentType type() {
        return DocumentType.SONARQUBE;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Map<String, JsonNode> head = new LinkedHashMap<>();
        Places places = new Places();
        SonarQubeTally tally = new SonarQubeTally();
        int[] issues = {-1};
        JsonCursor.document(content, json -> field -> {
            if (field.equals("issues")) {
                issues[0] = 0;
                json.array(field, () -> {
                    String place = json.at() + ", /issues/" + issues[0]++;
                    tally.issue(json.tree("an issue"), place);
                });
            } else if (field.equals("qualityGate")) {
                head.put(field, json.tree(field, places));
            } else if (KNOWN.contains(field)) {
                head.put(field, json.tree(field));
            } else {
                throw json.fault("the property '" + Words.of(field) + "' is not known here");
            }
        });
        JsonNode subject = head.get("subject");
        JsonNode total = head.get("total");
        JsonNode gate = head.get("qualityGate");
        if (subject == null || total == null || !total.isIntegralNumber() || gate == null || issues[0] < 0) {
            throw new Unreadable(
                    "not SonarQube's answers: subject, qualityGate, total and issues belong to it", "line 1, column 1");
        }
        Stated stated = Stated.nothing();
        stated.commit(subject.path("commit").asText(""));
        String status = Words.of(gate.path("status").asText(""));
        List<Finding> failed = conditions(gate, places);
        Map<String, Object> summary = tally.summary();
        summary.put("gateConditionsFailed", (long) failed.size());
        List<Finding> findings = new ArrayList<>(failed);
        findings.addAll(tally.findings());
        return new Reading(
                "sonarqube",
                stated,
                summary,
                Map.of(
                        "tools",
                        List.of("SonarQube"),
                        "qualityGate",
                        status,
                        "listed",
                        issues[0],
                        "total",
                        total.asLong()),
                // The server lists no more than 10 000 of one search.
                issues[0] >= total.asLong(),
                Set.of("OK", "WARN", "ERROR").contains(status)
                        ? null
                        : "its quality gate was not computed (%s)".formatted(status.isEmpty() ? "no status" : status),
                findings.stream().limit(Reading.MOST_FINDINGS).toList());
    }

    private static List<Finding> conditions(JsonNode gate, Places places) {
        List<Finding> failed = new ArrayList<>();
        int index = 0;
        for (JsonNode condition : gate.path("conditions")) {
            String place = place(places, "/conditions/" + index++);
            if (condition.path("status").asText("").equals("ERROR")) {
                String metric = Words.of(condition.path("metricKey").asText("a metric"));
                failed.add(failed(
                        metric,
                        "%s is %s, and fails the quality gate when it is %s %s"
                                .formatted(
                                        metric,
                                        Words.of(condition.path("actualValue").asText("unknown")),
                                        condition.path("comparator").asText("").equals("LT") ? "below" : "above",
                                        Words.of(
                                                condition.path("errorThreshold").asText("its limit"))),
                        place));
            }
        }
        if (failed.isEmpty() && gate.path("status").asText("").equals("ERROR")) {
            failed.add(failed("status", "the quality gate failed", place(places, "/status")));
        }
        return failed;
    }

    private static String place(Places places, String pointer) {
        return places.lineOf(pointer) + ", /qualityGate" + pointer;
    }

    private static Finding failed(String metric, String title, String place) {
        return new Finding("quality-gate@" + metric, "failed", title, place, List.of("gateConditionsFailed"));
    }
}
