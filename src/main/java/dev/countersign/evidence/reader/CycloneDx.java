package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Purl;
import dev.countersign.evidence.reader.Statements.Statement;
import dev.countersign.evidence.reader.VulnerabilityTally.Vulnerability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a CycloneDX document says, whichever of its two forms it has: XML is brought into the shape of JSON. */
final class CycloneDx {
    private static final Set<String> WITHOUT_LICENCE = Set.of(
            "cryptographic-asset", "data", "device", "file", "platform", "operating-system", "machine-learning-model");
    private static final Set<String> NEVER_NAMED = Set.of("file", "operating-system", "device", "platform");
    private static final String TRIVY = "aquasecurity:trivy:";

    /**
     * Whoever writes one of these lists vulnerabilities only after an analysis, so that an empty list of theirs says that nothing was found. Trivy writes the same list where it analysed nothing.
     */
    private static final Set<String> ANALYSTS = Set.of("grype", "dependency-track", "owasp-depscan", "owasp dep-scan");

    private static final Set<String> JUSTIFICATIONS = new TreeSet<>(Set.of(
            "code_not_present",
            "code_not_reachable",
            "requires_configuration",
            "requires_dependency",
            "requires_environment",
            "protected_by_compiler",
            "protected_at_runtime",
            "protected_at_perimeter",
            "protected_by_mitigating_control"));

    private final Stated stated = Stated.nothing();
    private final Licences licences = new Licences();
    private final VulnerabilityTally vulnerabilities = new VulnerabilityTally();
    private final Statements statements = new Statements();
    private final Map<String, String> purls = new HashMap<>();
    private String subject = "";
    private String subjectRef = "";
    private final OwnTime time = new OwnTime();
    private String timestamp;
    private long components;
    private boolean hasComponents;
    private boolean hasVulnerabilities;
    private boolean hasAnalyst;
    private boolean analysed;

    void metadata(JsonNode metadata) {
        timestamp = text(metadata, "timestamp");
        time.said(timestamp);
        JsonNode tools = metadata.path("tools");
        // Before 1.5 a list, since then components and services.
        Stream.of(tools, tools.path("components"), tools.path("services"))
                .filter(JsonNode::isArray)
                .flatMap(JsonNode::valueStream)
                .map(tool -> tool.path("name").asText("").strip().toLowerCase(Locale.ROOT))
                .forEach(tool -> hasAnalyst |= ANALYSTS.contains(tool));
        JsonNode component = metadata.path("component");
        subject = name(component);
        subjectRef = component.path("bom-ref").asText("");
        keep(component);
        stated.purl(text(component, "purl"));
        Purl purl = Purl.of(text(component, "purl"));
        if (purl == null || purl.version() == null) {
            stated.version(text(component, "name"), text(component, "version"));
        }
        for (JsonNode hash : component.path("hashes")) {
            if ("SHA-256".equalsIgnoreCase(hash.path("alg").asText())) {
                stated.hint("sha256:" + hash.path("content").asText());
            }
        }
        for (JsonNode property : component.path("properties")) {
            switch (property.path("name").asText()) {
                case "aquasecurity:trivy:RepoDigest" -> stated.digest(text(property, "value"));
                case "aquasecurity:trivy:RepoTag" -> stated.named(text(property, "value"));
                case "aquasecurity:trivy:ImageID" -> stated.hint(text(property, "value"));
                case "syft:image:manifestDigest" -> stated.digest(text(property, "value"));
                default -> {}
            }
        }
        String version = text(component, "version");
        if (version == null && (purl == null || purl.version() == null) && isNamed(component)) {
            stated.named(text(component, "name"));
        }
        if (version != null && version.startsWith("sha256:")) {
            // Syft writes an image's digest as its version.
            stated.versions().removeIf(one -> one.version().equals(Words.of(version)));
            stated.digest(version);
        }
    }

    /** A file is called by its path, and a directory that Trivy looked at is an application to it. */
    private static boolean isNamed(JsonNode component) {
        String type = component.path("type").asText();
        return !NEVER_NAMED.contains(type) && (!isTrivys(component) || type.equals("container"));
    }

    private static boolean isTrivys(JsonNode component) {
        return component.path("properties").valueStream().anyMatch(one -> one.path("name")
                .asText()
                .startsWith(TRIVY));
    }

    /** What nobody licenses: a file, a system as a whole, and what is an application to Trivy and a file that lists packages to everybody else. */
    private static boolean hasNoLicence(JsonNode component) {
        String type = component.path("type").asText();
        return WITHOUT_LICENCE.contains(type)
                || (type.equals("application")
                        && text(component, "purl") == null
                        && component.path("licenses").isEmpty()
                        && isTrivys(component));
    }

    void hasComponents() {
        hasComponents = true;
    }

    void hasVulnerabilities() {
        hasVulnerabilities = true;
    }

    void component(JsonNode component, String place) throws Unreadable {
        Shape.object(component, "a component", place);
        components++;
        keep(component);
        if (!hasNoLicence(component)) {
            licences.add(licence(component.path("licenses")), name(component), place);
        }
        for (JsonNode one : Shape.list(component, "components", place)) {
            component(one, place);
        }
    }

    private void keep(JsonNode component) {
        String ref = component.path("bom-ref").asText("");
        if (!ref.isEmpty()) {
            purls.put(ref, name(component));
        }
    }

    /** Several licences beside each other all apply. */
    private static String licence(JsonNode licences) {
        List<String> all = new ArrayList<>();
        for (JsonNode one : licences) {
            String expression = text(one, "expression");
            JsonNode licence = one.path("license");
            String id = text(licence, "id");
            String said = expression != null ? expression : id != null ? id : text(licence, "name");
            if (said != null) {
                all.add(said);
            }
        }
        return all.size() == 1
                ? all.get(0)
                : all.stream().map(one -> "(" + one + ")").collect(Collectors.joining(" AND "));
    }

    private static String name(JsonNode component) {
        String purl = text(component, "purl");
        if (purl != null) {
            return purl;
        }
        String version = text(component, "version");
        return component.path("name").asText("") + (version == null ? "" : "@" + version);
    }

    void vulnerability(JsonNode found, String place) throws Unreadable {
        analysed = true;
        String status = status(found.path("analysis"), place);
        requireJustification(text(found.path("analysis"), "justification"), place);
        String reason = firstOf(found.path("analysis"), "justification", "detail");
        List<String> affected = new ArrayList<>();
        List<String> versions = new ArrayList<>();
        boolean limited = false;
        for (JsonNode affects : found.path("affects")) {
            affected.add(resolved(affects.path("ref").asText("")));
            for (JsonNode version : affects.path("versions")) {
                limited = true;
                if (!"affected".equals(version.path("status").asText("affected")) && version.has("version")) {
                    versions.add(version.path("version").asText());
                }
            }
        }
        if (limited && versions.isEmpty()) {
            // Ranges are not evaluated: a statement for a range excuses nothing.
            versions.add("");
        }
        List<String> ids = new ArrayList<>(List.of(found.path("id").asText("")));
        found.path("references")
                .forEach(reference -> ids.add(reference.path("id").asText("")));
        ids.removeIf(String::isBlank);
        String counted = status;
        if (status != null) {
            Statement statement = new Statement(ids, status, affected, List.of(), versions, reason, timestamp, place);
            statements.add(statement);
            counted = statement.excuses() ? status : status.equals("not_affected") ? "affected" : status;
        }
        vulnerabilities.add(new Vulnerability(
                ids.isEmpty() ? null : ids.get(0),
                severity(found.path("ratings")),
                affected.stream().distinct().limit(20).collect(Collectors.joining(" ")),
                found.path("description").asText(found.path("detail").asText("")),
                place,
                counted,
                reason,
                ids));
    }

    /** The format has a closed list: any other word is a reason that nobody can check. */
    private static void requireJustification(String said, String place) throws Unreadable {
        if (said != null && !JUSTIFICATIONS.contains(said)) {
            throw new Unreadable(
                    "analysis.justification is " + Words.of(said) + ", allowed are " + String.join(", ", JUSTIFICATIONS)
                            + "; a reason in words stands in analysis.detail",
                    place);
        }
    }

    private String resolved(String ref) {
        String local = ref.startsWith("urn:cdx:") && ref.contains("#") ? ref.substring(ref.indexOf('#') + 1) : ref;
        String found = purls.get(local);
        if (found != null) {
            return found;
        }
        return local.equals(subjectRef) ? subject : local;
    }

    private static String status(JsonNode analysis, String place) throws Unreadable {
        String state = text(analysis, "state");
        return state == null
                ? null
                : switch (state) {
                    case "exploitable" -> "affected";
                    case "in_triage" -> "under_investigation";
                    case "resolved", "resolved_with_pedigree" -> "fixed";
                    case "not_affected", "false_positive" -> "not_affected";
                    default ->
                        throw new Unreadable(
                                "analysis.state is " + Words.of(state)
                                        + ", allowed are exploitable, false_positive, in_triage, not_affected, resolved, resolved_with_pedigree",
                                place);
                };
    }

    /** The worst of all words and scores: neither hides the other. */
    private static Severity severity(JsonNode ratings) {
        Severity worst = Severity.UNKNOWN;
        for (JsonNode rating : ratings) {
            Severity said = Severity.of(text(rating, "severity"));
            Severity scored = scored(rating);
            Severity graver = said.compareTo(scored) < 0 ? said : scored;
            worst = graver.compareTo(worst) < 0 ? graver : worst;
        }
        return worst;
    }

    /** Some tools write the number as text, OSV-Scanner the vector only. In CVSS 2 the highest band is high. */
    private static Severity scored(JsonNode rating) {
        String score = text(rating, "score");
        if (score == null) {
            return CvssVector.severity(text(rating, "vector"));
        }
        if (!score.matches("\\d{1,3}(\\.\\d{1,20})?")) {
            return Severity.UNKNOWN;
        }
        Severity band = Severity.ofScore(Double.parseDouble(score));
        return band == Severity.CRITICAL && "CVSSv2".equalsIgnoreCase(text(rating, "method")) ? Severity.HIGH : band;
    }

    Reading reading(boolean asVex) {
        Map<String, Object> summary = new LinkedHashMap<>();
        if (!asVex) {
            summary.put("components", components);
        }
        if (isAnalysed()) {
            vulnerabilities.summarise(summary, components);
        }
        if (asVex) {
            // An analysis says what of a scan counts; it has looked at nothing itself.
            summary.remove("scanned");
        }
        Map<String, Object> details = new LinkedHashMap<>();
        if (!statements.isEmpty()) {
            details.put("statements", statements.all());
        }
        if (!asVex) {
            details.put("licences", licences.details());
        } else if (!vulnerabilities.isEmpty()) {
            // Dependency-Track and others export what is exploitable or not analysed yet beside what is excused.
            details.put("open", true);
        }
        String gap = asVex
                ? statements.isEmpty() && vulnerabilities.isEmpty()
                        ? "it makes no statement about a vulnerability"
                        : null
                : hasComponents || isAnalysed() ? null : "it has neither components nor vulnerabilities";
        return new Reading(
                subject.isEmpty() ? "cyclonedx" : Words.of(subject),
                stated,
                summary,
                asVex ? details : time.in(details),
                true,
                asVex ? gap : time.gap(gap),
                vulnerabilities.findings());
    }

    /** Something was found, or the list is there and empty, and whoever wrote it would have found what there is. */
    private boolean isAnalysed() {
        return analysed || (hasVulnerabilities && hasAnalyst);
    }

    private static String firstOf(JsonNode node, String... names) {
        for (String name : names) {
            String value = text(node, name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isValueNode() && !value.isNull() && !value.asText().isBlank() ? value.asText() : null;
    }
}
