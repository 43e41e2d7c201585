package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Policy reports of Kubernetes (PolicyReport, ClusterPolicyReport), YAML or JSON, also several or in a List. */
@Component
class KyvernoReader implements DocumentReader {
    private static final Set<String> KINDS = Set.of("PolicyReport", "ClusterPolicyReport", "Report", "ClusterReport");

    @Override
    public DocumentType type() {
        return DocumentType.KYVERNO;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Reports reports = new Reports();
        if (Detection.firstCharacter(content) == '{') {
            JsonCursor.value(content, json -> reports.report(json, true));
        } else {
            JsonCursor.yaml(content, yaml -> reports.report(yaml, true));
        }
        return reports.reading();
    }

    private static final class Reports {
        private final PolicyTally tally = new PolicyTally();
        private String source = "kyverno";
        private long warnings;
        private boolean results;

        private void report(JsonCursor json, boolean mayBeList) throws IOException, Unreadable {
            String[] kind = new String[1];
            boolean[] items = new boolean[1];
            if (!json.isObject()) {
                throw json.fault("a policy report must be an object");
            }
            json.object("a policy report", field -> {
                switch (field) {
                    case "kind" -> kind[0] = json.text(field);
                    case "metadata" -> {
                        String name = json.tree(field).path("name").asText("");
                        source = name.isEmpty() ? source : "kyverno " + Words.of(name);
                    }
                    case "items" -> {
                        if (!mayBeList) {
                            throw json.fault("a list in a list is no policy report");
                        }
                        items[0] = true;
                        json.array(field, () -> report(json, false));
                    }
                    case "results" -> {
                        results |= !json.isNull();
                        int[] index = new int[1];
                        json.array(field, () -> {
                            String place = json.at() + ", /results/" + index[0]++;
                            result(json.tree("a result"), place);
                        });
                    }
                    default -> {
                        Misspelt.refuse(json, field, Set.of("results", "kind"));
                        json.skip();
                    }
                }
            });
            boolean known =
                    items[0] ? kind[0] != null && kind[0].endsWith("List") : kind[0] != null && KINDS.contains(kind[0]);
            if (!known) {
                throw json.fault("the kind is " + (kind[0] == null ? "missing" : Words.of(kind[0]))
                        + ", expected PolicyReport or ClusterPolicyReport");
            }
        }

        private void result(JsonNode one, String place) throws Unreadable {
            String said = CycloneDx.text(one, "result");
            if (said == null) {
                // Before v1alpha2 the property was named so.
                said = CycloneDx.text(one, "status");
            }
            Result result =
                    switch (said == null ? "" : said) {
                        case "pass" -> Result.PASSED;
                        case "fail" -> Result.FAILED;
                        case "skip" -> Result.SKIPPED;
                        case "error" -> Result.ERROR;
                        case "warn" -> null;
                        default ->
                            throw new Unreadable(
                                    "a result is " + (said == null ? "missing" : Words.of(said))
                                            + ", allowed are pass, fail, warn, error, skip",
                                    place);
                    };
            if (result == null) {
                warnings++;
                return;
            }
            JsonNode resource = one.path("resources").path(0);
            tally.add(
                    result,
                    check(one),
                    (resource.path("kind").asText("") + " "
                                    + resource.path("namespace").asText("") + "/"
                                    + resource.path("name").asText(""))
                            .strip(),
                    one.path("message").asText(""),
                    CycloneDx.text(one, "severity"),
                    place);
        }

        /** A policy's rule, as Kyverno's own messages write it. */
        private static String check(JsonNode one) {
            String policy = CycloneDx.text(one, "policy");
            String rule = CycloneDx.text(one, "rule");
            return policy == null || rule == null ? policy : policy + "/" + rule;
        }

        private Reading reading() {
            Map<String, Object> summary = new LinkedHashMap<>();
            tally.summarise(summary);
            summary.put("warnings", warnings);
            return new Reading(
                    source,
                    Stated.nothing(),
                    summary,
                    Map.of("tool", "kyverno", "checks", tally.checks(), "failedChecks", tally.failedChecks()),
                    true,
                    !results ? "it has no results" : tally.isEmpty() ? "no check ran" : null,
                    tally.findings());
        }
    }
}
