package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.Set;

/**
 * One result as it stands in the document.
 *
 * @param at the line of the document where the result begins
 * @param suppressed at least one suppression, and none of them under review or rejected
 */
record SarifResult(
        SarifRuleReference rule,
        String level,
        String kind,
        String baselineState,
        boolean suppressed,
        int invocation,
        Double severity,
        String message,
        String location,
        String at) {
    private static final Set<String> KINDS = Set.of("notApplicable", "pass", "fail", "review", "open", "informational");
    private static final Set<String> BASELINE_STATES = Set.of("new", "unchanged", "updated", "absent");
    /** Without them a result would be graver or milder than it is. */
    private static final Set<String> DECISIVE =
            Set.of("ruleId", "ruleIndex", "rule", "level", "kind", "provenance", "properties");

    private static final Set<String> STATUSES = Set.of("accepted", "underReview", "rejected");

    static SarifResult read(JsonCursor json) throws IOException, Unreadable {
        Parts parts = new Parts(json.at());
        json.object("a result", field -> parts.read(json, field));
        return parts.result();
    }

    private static final class Parts {
        private final String at;
        private final SarifRuleReference.Builder rule = new SarifRuleReference.Builder();
        private String level;
        private String kind;
        private String baselineState;
        private int suppressions;
        private boolean anyOpen;
        private int invocation = -1;
        private Double severity;
        private String message;
        private String uri;
        private String region;

        private Parts(String at) {
            this.at = at;
        }

        private void read(JsonCursor json, String field) throws IOException, Unreadable {
            switch (field) {
                case "ruleId" -> rule.id(json.text(field));
                case "ruleIndex" -> rule.index(json.integer(field));
                case "rule" -> rule.read(json);
                case "level" -> level = SarifComponent.oneOf(json, field, SarifComponent.LEVELS);
                case "kind" -> kind = SarifComponent.oneOf(json, field, KINDS);
                case "baselineState" -> baselineState = SarifComponent.oneOf(json, field, BASELINE_STATES);
                case "suppressions" -> json.array(field, () -> suppression(json));
                case "provenance" ->
                    json.object(field, part -> {
                        if (part.equals("invocationIndex")) {
                            invocation = json.integer(part);
                        } else {
                            json.skip();
                        }
                    });
                case "properties" -> severity = SarifComponent.severity(json);
                case "message" ->
                    json.object(field, part -> {
                        if (part.equals("text") || (part.equals("id") && message == null)) {
                            message = Words.of(json.text(part));
                        } else {
                            json.skip();
                        }
                    });
                case "locations" -> json.array(field, () -> location(json));
                default -> {
                    Misspelt.refuse(json, field, DECISIVE);
                    json.skip();
                }
            }
        }

        private void suppression(JsonCursor json) throws IOException, Unreadable {
            suppressions++;
            json.object("a suppression", part -> {
                if (part.equals("status")) {
                    String status = SarifComponent.oneOf(json, "status", STATUSES);
                    anyOpen |= status != null && !status.equals("accepted");
                } else {
                    json.skip();
                }
            });
        }

        private void location(JsonCursor json) throws IOException, Unreadable {
            boolean first = uri == null;
            json.object("a location", part -> {
                if (!first || !part.equals("physicalLocation")) {
                    json.skip();
                    return;
                }
                json.object(part, physical -> {
                    switch (physical) {
                        case "artifactLocation" ->
                            json.object(physical, artifact -> {
                                if (artifact.equals("uri")) {
                                    uri = Words.of(json.text(artifact));
                                } else {
                                    json.skip();
                                }
                            });
                        case "region" ->
                            json.object(physical, number -> {
                                if (number.equals("startLine")) {
                                    region = json.scalar();
                                } else {
                                    json.skip();
                                }
                            });
                        default -> json.skip();
                    }
                });
            });
        }

        private SarifResult result() {
            String location = uri == null ? "" : region == null ? uri : uri + ":" + Words.of(region);
            return new SarifResult(
                    rule.build(),
                    level,
                    kind,
                    baselineState,
                    suppressions > 0 && !anyOpen,
                    invocation,
                    severity,
                    message == null ? "" : message,
                    location,
                    at);
        }
    }

    /** SARIF 2.1.0, 3.27.10: the result's own, else none where it is no failure, else configured, else the rule's default, else warning. */
    String levelIn(SarifRun run) {
        if (level != null) {
            return level;
        }
        if (kind != null && !kind.equals("fail")) {
            return "none";
        }
        String configured = run.configuredLevel(invocation, rule);
        if (configured != null) {
            return configured;
        }
        SarifComponent.Rule described = run.rule(rule);
        return described == null || described.level() == null ? "warning" : described.level();
    }

    /** The band of the security severity, or null: GitHub's bands over the CVSS scale. */
    String bandIn(SarifRun run) {
        Double score = severity;
        if (score == null) {
            SarifComponent.Rule described = run.rule(rule);
            score = described == null ? null : described.severity();
        }
        if (score == null || score == 0) {
            return null;
        }
        return score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : "low";
    }

    /** The same finding has the same id in the next document. */
    String idIn(SarifRun run) {
        SarifComponent.Rule described = run.rule(rule);
        String name = rule.id() != null ? rule.id() : described != null ? described.id() : "no-rule";
        String where = location.isEmpty() ? Integer.toHexString(message.hashCode()) : location;
        return Words.of(name + "@" + where);
    }
}
