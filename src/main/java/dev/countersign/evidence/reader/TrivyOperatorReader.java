package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** What Trivy's operator says of the configuration of a cluster: one report, several, or a list as kubectl gives it, in JSON or YAML. A check is known by Trivy's name for it. */
@Component
class TrivyOperatorReader implements DocumentReader {
    private static final Set<String> KINDS = Set.of(
            "ConfigAuditReport",
            "InfraAssessmentReport",
            "RbacAssessmentReport",
            "ClusterConfigAuditReport",
            "ClusterInfraAssessmentReport",
            "ClusterRbacAssessmentReport");

    private static final String LIST = "List";
    private static final Set<String> DECISIVE = Set.of("kind", "report", "items");

    /** As the operator wrote checks before it took over Trivy's names. */
    private static final Pattern SHORT = Pattern.compile("(KSV|KCV)-?(\\d{3,4})");

    static boolean isKind(String kind) {
        return kind != null && KINDS.contains(kind.replaceFirst(LIST + "$", ""));
    }

    @Override
    public DocumentType type() {
        return DocumentType.TRIVY_OPERATOR;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Audit audit = new Audit();
        if (Detection.firstCharacter(content) == '{') {
            JsonCursor.value(content, audit::document);
        } else {
            JsonCursor.yaml(content, audit::document);
        }
        return audit.reading();
    }

    private static final class Audit {
        private final PolicyTally tally = new PolicyTally();
        private final OwnTime time = new OwnTime();
        private final Set<String> names = new TreeSet<>();
        private boolean without;

        private void document(JsonCursor json) throws IOException, Unreadable {
            if (!json.isObject()) {
                throw json.fault("a report must be an object");
            }
            String at = json.at();
            String[] kind = new String[1];
            boolean[] listed = new boolean[1];
            JsonNode[] parts = {MissingNode.getInstance(), MissingNode.getInstance()};
            Places places = new Places();
            json.object("a report", name -> {
                switch (name) {
                    case "kind" -> kind[0] = json.text(name);
                    case "metadata" -> parts[0] = json.tree(name);
                    case "report" -> parts[1] = json.tree(name, places);
                    case "items" -> {
                        listed[0] = true;
                        int[] index = new int[1];
                        json.array(name, () -> {
                            Places within = new Places();
                            JsonNode item = json.tree("a report", within);
                            String pointer = "/items/" + index[0]++;
                            report(
                                    item.path("kind").asText(null),
                                    item.path("metadata"),
                                    item.path("report"),
                                    path -> within.lineOf("/report" + path) + ", " + pointer + "/report" + path);
                        });
                    }
                    default -> {
                        Misspelt.refuse(json, name, DECISIVE);
                        json.skip();
                    }
                }
            });
            if (listed[0] != (kind[0] != null && kind[0].endsWith(LIST))) {
                throw new Unreadable("a list of reports has the kind List and items, a report has neither", at);
            }
            if (!listed[0]) {
                report(kind[0], parts[0], parts[1], path -> places.lineOf(path) + ", /report" + path);
            }
        }

        private interface Place {
            String of(String pointer);
        }

        private void report(String kind, JsonNode metadata, JsonNode report, Place place) throws Unreadable {
            if (!KINDS.contains(kind == null ? "" : kind)) {
                throw new Unreadable(
                        "the kind is %s; of Trivy's operator are read: %s"
                                .formatted(
                                        kind == null ? "missing" : Words.of(kind),
                                        String.join(", ", new TreeSet<>(KINDS))),
                        place.of(""));
            }
            String resource = resource(metadata);
            names.add(kind);
            time.said(CycloneDx.text(report, "updateTimestamp"));
            JsonNode checks = Shape.list(report, "checks", place.of(""));
            without |= !checks.isArray();
            Map<String, Long> failed = new TreeMap<>();
            int index = 0;
            for (JsonNode check : checks) {
                String at = place.of("/checks/" + index++);
                if (!check.path("success").isBoolean()) {
                    throw new Unreadable("success must be true or false", at);
                }
                boolean passed = check.path("success").asBoolean();
                String severity = CycloneDx.text(check, "severity");
                if (!passed) {
                    failed.merge(severity == null ? "" : severity.toUpperCase(Locale.ROOT), 1L, Long::sum);
                }
                String message = check.path("messages").path(0).asText("");
                tally.add(
                        passed ? Result.PASSED : Result.FAILED,
                        id(CycloneDx.text(check, "checkID")),
                        resource,
                        message.isEmpty() ? check.path("title").asText("") : message,
                        severity,
                        at);
            }
            requireListed(report.path("summary"), failed, place.of("/summary"));
        }

        private static void requireListed(JsonNode summary, Map<String, Long> failed, String place) throws Unreadable {
            for (String severity : Set.of("critical", "high", "medium", "low")) {
                long counted = summary.path(severity + "Count").asLong(0);
                long listed = failed.getOrDefault(severity.toUpperCase(Locale.ROOT), 0L);
                if (counted > listed) {
                    throw new Unreadable(
                            "the summary counts %d as %sCount, and %d are listed".formatted(counted, severity, listed),
                            place);
                }
            }
        }

        private static String id(String check) {
            Matcher old = SHORT.matcher(check == null ? "" : check);
            return old.matches() ? "AVD-%s-%04d".formatted(old.group(1), Integer.parseInt(old.group(2))) : check;
        }

        private static String resource(JsonNode metadata) {
            JsonNode labels = metadata.path("labels");
            String of = "trivy-operator.resource.";
            String named = labels.path(of + "kind").asText("") + "/"
                    + labels.path(of + "name").asText("");
            return named.equals("/") ? metadata.path("name").asText("") : named;
        }

        private Reading reading() {
            return tally.reading(
                    "trivy-operator " + String.join(", ", names),
                    "trivy",
                    Map.of(),
                    time,
                    without ? "a report has no checks" : null);
        }
    }
}
