package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        List<String> about = new ArrayList<>();
        walk(content, json -> KyvernoScope.collect(json, about, true));
        Reports reports = new Reports(about);
        walk(content, json -> reports.report(json, true));
        return reports.reading();
    }

    private static void walk(Content content, JsonCursor.Root root) throws IOException, Unreadable {
        if (Detection.firstCharacter(content) == '{') {
            JsonCursor.value(content, root);
        } else {
            JsonCursor.yaml(content, root);
        }
    }

    private static final class Reports {
        private final PolicyTally tally = new PolicyTally();
        private String source = "kyverno";
        private long warnings;
        private boolean results = true;
        private boolean any;
        private final List<String> about;
        private int reports;

        private Reports(List<String> about) {
            this.about = about;
        }

        private void report(JsonCursor json, boolean mayBeList) throws IOException, Unreadable {
            String[] kind = new String[1];
            boolean[] items = new boolean[1];
            boolean[] listed = new boolean[1];
            JsonNode[] summary = new JsonNode[1];
            long failedBefore = tally.failed();
            long brokenBefore = tally.errors();
            // Of a list, the reports in it are counted.
            int report = reports;
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
                        listed[0] |= !json.isNull();
                        int[] index = new int[1];
                        json.array(field, () -> {
                            String place = json.at() + ", /results/" + index[0]++;
                            result(json.tree("a result"), place, report < about.size() ? about.get(report) : "");
                        });
                    }
                    case "summary" -> summary[0] = json.tree(field);
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
            if (!items[0]) {
                reports++;
                any = true;
                // Where nothing was found there is none to list, and the summary says so.
                boolean counted = summary[0] != null && summary[0].path("fail").isIntegralNumber();
                results = results && (listed[0] || counted);
                requireListed(json, summary[0], "fail", tally.failed() - failedBefore);
                requireListed(json, summary[0], "error", tally.errors() - brokenBefore);
            }
        }

        /** Its own count of what failed may be older and less than what it lists, never more. */
        private static void requireListed(JsonCursor json, JsonNode summary, String name, long listed)
                throws Unreadable {
            JsonNode count = summary == null ? null : summary.get(name);
            if (count != null && count.isNumber() && count.asLong() > listed) {
                throw json.fault(
                        "the summary counts %d as %s, and the report lists %d".formatted(count.asLong(), name, listed));
            }
        }

        private void result(JsonNode one, String place, String whole) throws Unreadable {
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
            tally.add(
                    result,
                    check(one),
                    KyvernoScope.of(one.path("resources"), whole),
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
                    !results || !any ? "it has no results" : tally.isEmpty() ? "no check ran" : null,
                    tally.findings());
        }
    }
}
