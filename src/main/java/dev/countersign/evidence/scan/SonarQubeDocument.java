package dev.countersign.evidence.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What SonarQube answered, as one document: its own words for what decides, without the persons in them. The same answers give the same bytes. */
final class SonarQubeDocument {
    static final String TYPE = "sonarqube";
    private static final List<String> OF_ANALYSIS = List.of("key", "date", "revision", "projectVersion");
    private static final List<String> OF_ISSUE = List.of(
            "key",
            "rule",
            "type",
            "severity",
            "impacts",
            "status",
            "resolution",
            "issueStatus",
            "component",
            "line",
            "message",
            "creationDate");

    private final ObjectNode document = JsonNodeFactory.instance.objectNode();
    private final List<JsonNode> issues = new ArrayList<>();
    private long total;

    SonarQubeDocument(String project, SonarQubeProperties properties, JsonNode analysis, JsonNode gate) {
        document.put("document", TYPE);
        document.putObject("subject").put("commit", analysis.path("revision").asText(""));
        document.put("project", project);
        document.put("branch", properties.branch());
        document.put("types", String.join(",", properties.types()));
        document.set("analysis", of(analysis, OF_ANALYSIS));
        document.set("qualityGate", gate.deepCopy());
    }

    void add(JsonNode issue) {
        issues.add(of(issue, OF_ISSUE));
    }

    void total(long said) {
        total = Math.max(total, said);
    }

    byte[] bytes() {
        document.put("total", total);
        issues.sort(Comparator.comparing(issue -> issue.path("key").asText("")));
        document.putArray("issues").addAll(issues);
        return document.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode of(JsonNode answer, List<String> fields) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (String field : fields) {
            if (answer.hasNonNull(field)) {
                kept.set(field, answer.get(field));
            }
        }
        return kept;
    }
}
