package dev.countersign.evidence.reader;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the properties of a JSON or YAML document's root tell of its type, in the order in which they are asked. */
final class Roots {
    /** Formats of ours say what they are. */
    private static final Map<String, DocumentType> OWN = Stream.of(
                    DocumentType.MIGRATION_CHECK,
                    DocumentType.MIGRATION_REHEARSAL,
                    DocumentType.PENTEST,
                    DocumentType.DPIA,
                    DocumentType.ROLLBACK_DRILL,
                    DocumentType.COMMUNICATION_PLAN,
                    DocumentType.CHANGE_RECORD,
                    DocumentType.CERTIFICATE_CHECK,
                    DocumentType.SONARQUBE,
                    DocumentType.OPA,
                    DocumentType.GENERIC)
            .collect(Collectors.toMap(DocumentType::id, type -> type));

    /** Before the properties of a list's first item. */
    static final String ITEM = "items/0/";

    static final String RESULTS = "results";

    /** Before the properties of the first result, where results are a list at the root. */
    private static final String RESULT = RESULTS + "/0/";

    private static final Set<String> AVRO = Set.of("record", "enum", "fixed");

    private Roots() {}

    /**
     * @param root the properties of the root with their values; an empty one where the value is none, or a whole object or list
     * @return empty where they are of no type that is read here
     */
    static Optional<DocumentType> typeOf(Map<String, String> root) {
        return Optional.ofNullable(ofRoot(root));
    }

    private static DocumentType ofRoot(Map<String, String> root) {
        DocumentType own = OWN.get(root.getOrDefault("document", ""));
        if (own != null) {
            return own;
        } else if (root.containsKey("runs") && root.containsKey("version")) {
            return DocumentType.SARIF;
        } else if (root.containsKey("bomFormat")) {
            // Statements about vulnerabilities without the components that were looked at are VEX.
            return root.containsKey("vulnerabilities") && !root.containsKey("components")
                    ? DocumentType.VEX
                    : DocumentType.CYCLONEDX;
        } else if (root.containsKey("spdxVersion")
                || root.keySet().equals(Set.of(SpdxReader.WRAPPED))
                || (root.containsKey("@graph")
                        && root.getOrDefault("@context", "").contains("spdx.org/rdf/3"))) {
            return DocumentType.SPDX;
        } else if (root.getOrDefault("@context", "").contains("openvex") || root.containsKey("document/csaf_version")) {
            return DocumentType.VEX;
        } else if ((root.containsKey("ArtifactName") && root.containsKey("SchemaVersion"))
                || TrivyReader.isOfCluster(root.keySet())) {
            return DocumentType.TRIVY;
        } else if (root.containsKey("matches") && root.containsKey("descriptor")) {
            return DocumentType.GRYPE;
        } else if (root.containsKey("reportSchema")) {
            return DocumentType.DEPENDENCY_CHECK;
        } else if (NpmAuditReader.isAudit(root.keySet())) {
            return DocumentType.NPM_AUDIT;
        } else if (OsvScannerReader.isReport(root.keySet())) {
            return DocumentType.OSV_SCANNER;
        } else if (root.keySet().containsAll(SemgrepReader.ROOT)) {
            return DocumentType.SEMGREP;
        } else if (root.keySet().containsAll(GitlabReportReader.ROOT)) {
            return DocumentType.GITLAB_REPORT;
        } else if (root.containsKey("check_type") || root.keySet().containsAll(CheckovReader.FOUND_NOTHING)) {
            return DocumentType.CHECKOV;
        } else if (isOfPolicyReports(root)) {
            return DocumentType.KYVERNO;
        } else if (isOfTrivyOperator(root)) {
            return DocumentType.TRIVY_OPERATOR;
        } else if (root.containsKey("queries") && root.containsKey("files_scanned")) {
            return DocumentType.KICS;
        } else if (root.containsKey("summaryDetails") && root.containsKey("results")) {
            return DocumentType.KUBESCAPE;
        } else if (root.containsKey("Controls") && root.containsKey("Totals")) {
            return DocumentType.KUBE_BENCH;
        } else if (root.keySet().stream().allMatch(name -> name.startsWith(RESULTS))
                && root.containsKey(RESULT + "location")
                && (root.containsKey(RESULT + "rule_id") || root.containsKey(RESULT + "long_id"))) {
            return DocumentType.TFSEC;
        } else if (root.containsKey("openapi") || (root.containsKey("swagger") && root.containsKey("paths"))) {
            return DocumentType.OPENAPI;
        } else if (root.keySet().stream().anyMatch(IntotoReader.ROOTS::contains)) {
            return DocumentType.INTOTO;
        } else if (root.getOrDefault("$schema", "").contains("json-schema.org")) {
            return DocumentType.JSON_SCHEMA;
        } else if (root.containsKey("summary") && root.containsKey("matrix")) {
            return DocumentType.PACT;
        } else if (AVRO.contains(root.getOrDefault("type", "")) && root.containsKey("name")) {
            return DocumentType.AVRO;
        } else if (isPlan(root) || isManifest(root)) {
            return DocumentType.INFRASTRUCTURE;
        }
        return null;
    }

    private static boolean isPlan(Map<String, String> root) {
        return root.containsKey("format_version")
                && (root.containsKey("resource_changes") || root.containsKey("planned_values"));
    }

    /** A manifest of what Kubernetes itself knows; documents of others are called alike. */
    private static boolean isManifest(Map<String, String> root) {
        return !root.getOrDefault("kind", "").isEmpty() && Manifests.isOfKubernetes(root.get("apiVersion"));
    }

    /** A policy report, several in a list of their own, or in kubectl's. */
    private static boolean isOfPolicyReports(Map<String, String> root) {
        String prefix = "List".equals(root.get("kind")) ? ITEM : "";
        return isPolicyReport(root.get(prefix + "kind"))
                || root.getOrDefault(prefix + "apiVersion", "").startsWith("openreports.io/");
    }

    private static boolean isOfTrivyOperator(Map<String, String> root) {
        String prefix = "List".equals(root.get("kind")) ? ITEM : "";
        return root.getOrDefault(prefix + "apiVersion", "").startsWith("aquasecurity.github.io/")
                && TrivyOperatorReader.isKind(root.get(prefix + "kind"));
    }

    static boolean isPolicyReport(String kind) {
        return kind != null && (kind.endsWith("PolicyReport") || kind.endsWith("PolicyReportList"));
    }
}
