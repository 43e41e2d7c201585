package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Counts SonarQube's issues in the words of SARIF. Blockers, critical and high ones are errors, major and medium ones warnings, others notes; those about security have a band besides. What only makes code harder to
 * maintain is a warning at most: whether that stops anything is what the quality gate is for. A word that is not known is taken for the worst.
 */
final class SonarQubeTally {
    private static final Set<String> DISMISSED = Set.of("FALSE-POSITIVE", "FALSE_POSITIVE", "WONTFIX", "ACCEPTED");
    private static final Set<String> NOTES = Set.of("MINOR", "LOW", "INFO");
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Findings findings = new Findings();

    SonarQubeTally() {
        for (String count : List.of(
                "error", "warning", "note", "suppressed", "absent", "critical", "high", "medium", "low", "results")) {
            counts.put(count, 0L);
        }
    }

    void issue(JsonNode issue, String place) throws Unreadable {
        String status = word(issue, "status");
        String now = word(issue, "issueStatus");
        if (!issue.isObject() || status.isEmpty() && now.isEmpty()) {
            throw new Unreadable("an issue has no status", place);
        }
        add("results");
        if (status.equals("CLOSED")) {
            add("absent");
        } else if (DISMISSED.contains(word(issue, "resolution")) || DISMISSED.contains(now)) {
            add("suppressed");
        } else {
            // Resolved as fixed is what somebody says: the next analysis closes it.
            open(issue, place);
        }
    }

    private void open(JsonNode issue, String place) {
        String type = word(issue, "type");
        List<String> severities = new ArrayList<>();
        List<String> ofSecurity = new ArrayList<>();
        if (!type.equals("CODE_SMELL") && !word(issue, "severity").isEmpty()) {
            severities.add(word(issue, "severity"));
            if (type.equals("VULNERABILITY")) {
                ofSecurity.add(word(issue, "severity"));
            }
        }
        boolean maintainability = type.equals("CODE_SMELL");
        for (JsonNode impact : issue.path("impacts")) {
            String quality = word(impact, "softwareQuality");
            if (quality.equals("MAINTAINABILITY")) {
                maintainability = true;
                continue;
            }
            severities.add(word(impact, "severity"));
            if (!quality.equals("RELIABILITY")) {
                ofSecurity.add(word(impact, "severity"));
            }
        }
        List<String> counted = new ArrayList<>();
        counted.add(level(severities, maintainability, issue));
        String band = band(ofSecurity);
        if (band != null) {
            counted.add(band);
        }
        counted.forEach(this::add);
        findings.add(gravity(counted), finding(issue, counted, place));
    }

    private static String level(List<String> severities, boolean maintainability, JsonNode issue) {
        if (severities.isEmpty() && maintainability) {
            return NOTES.contains(word(issue, "severity")) ? "note" : "warning";
        }
        if (severities.isEmpty() || severities.stream().anyMatch(one -> rank(one) < 2)) {
            return "error";
        }
        return severities.stream().anyMatch(one -> rank(one) == 2) ? "warning" : "note";
    }

    private static String band(List<String> severities) {
        return severities.stream().mapToInt(SonarQubeTally::rank).min().stream()
                .mapToObj(rank -> List.of("critical", "high", "medium", "low").get(rank))
                .findFirst()
                .orElse(null);
    }

    /** In the older and in the newer words. */
    private static int rank(String severity) {
        return switch (severity) {
            case "CRITICAL", "HIGH" -> 1;
            case "MAJOR", "MEDIUM" -> 2;
            case "MINOR", "LOW", "INFO" -> 3;
            default -> 0;
        };
    }

    private static int gravity(List<String> counted) {
        return counted.contains("error") ? 0 : counted.contains("warning") ? 1 : 2;
    }

    private static Finding finding(JsonNode issue, List<String> counted, String place) {
        String rule = issue.path("rule").asText("no-rule");
        String component = issue.path("component").asText("");
        String file = component.substring(component.lastIndexOf(':') + 1);
        String message = Words.of(issue.path("message").asText(""));
        String where = issue.path("line").isIntegralNumber()
                ? file + ":" + issue.path("line").asLong()
                : file + "#" + Integer.toHexString(message.hashCode());
        return new Finding(
                Words.of(rule + "@" + where),
                String.join(", ", counted),
                message,
                Words.at(place, Words.of(file)),
                List.copyOf(counted));
    }

    private static String word(JsonNode node, String field) {
        return node.path(field).asText("").strip().toUpperCase(Locale.ROOT);
    }

    private void add(String count) {
        counts.merge(count, 1L, Long::sum);
    }

    Map<String, Object> summary() {
        return new LinkedHashMap<>(counts);
    }

    List<Finding> findings() {
        return findings.gravestFirst();
    }
}
