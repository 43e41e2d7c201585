package dev.countersign.evidence.reader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import org.springframework.stereotype.Component;

/** Tells a document's type from its content: the root element, or the properties of the root object. */
@Component
public class Detection {
    /** Formats of ours say what they are. */
    private static final Map<String, DocumentType> OWN = java.util.stream.Stream.of(
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
            .collect(java.util.stream.Collectors.toMap(DocumentType::id, type -> type));

    /** Before the properties of a list's first item. */
    private static final String ITEM = "items/0/";

    private static final String RESULTS = "results";

    /** Before the properties of the first result, where results are a list at the root. */
    private static final String RESULT = RESULTS + "/0/";

    private static final java.util.Set<String> AVRO = java.util.Set.of("record", "enum", "fixed");

    /** @throws Unreadable when it is neither XML nor JSON, or broken before its type shows */
    public Optional<DocumentType> typeOf(Content content) throws IOException, Unreadable {
        return switch (firstCharacter(content)) {
            case '<' -> ofXml(content);
            case '{' -> ofJson(content);
            case '[' -> ofArray(content);
            case -1 -> Optional.empty();
            default ->
                InfrastructureReader.isConfiguration(content)
                        ? Optional.of(DocumentType.INFRASTRUCTURE)
                        : ofYaml(content);
        };
    }

    private static Optional<DocumentType> ofArray(Content content) throws IOException, Unreadable {
        Map<String, String> first = new HashMap<>();
        boolean[] any = new boolean[1];
        JsonCursor.value(
                content,
                json -> json.array("the document", () -> {
                    any[0] = true;
                    if (json.isObject() && first.isEmpty()) {
                        json.object("an entry", name -> {
                            first.put(name, "");
                            json.skip();
                        });
                    } else {
                        json.skip();
                    }
                }));
        if (first.containsKey("check_type") || first.keySet().containsAll(CheckovReader.FOUND_NOTHING)) {
            return Optional.of(DocumentType.CHECKOV);
        }
        if (TrivyReader.isResult(first.keySet())) {
            return Optional.of(DocumentType.TRIVY);
        }
        if (!any[0]) {
            // Conftest's answer where no file was tested: it shows nothing, whoever wrote it.
            return Optional.of(DocumentType.CONFTEST);
        }
        if (first.containsKey("tests") && first.containsKey("node_type")) {
            return Optional.of(DocumentType.KUBE_BENCH);
        }
        return first.containsKey("filename") && (first.containsKey("successes") || first.containsKey("failures"))
                ? Optional.of(DocumentType.CONFTEST)
                : Optional.empty();
    }

    /** By the properties of the first document's root, or a policy report behind it; what was read before a fault may tell it, and its reader names the fault. */
    private static Optional<DocumentType> ofYaml(Content content) throws IOException {
        Map<String, String> root = new HashMap<>();
        boolean[] first = {true};
        try {
            JsonCursor.yaml(content, yaml -> {
                if (yaml.isObject()) {
                    yaml.object("the document", name -> {
                        if (isItems(yaml, name)) {
                            items(yaml, root);
                            return;
                        }
                        String value = yaml.scalar();
                        if (first[0] || (name.equals("kind") && isPolicyReport(value))) {
                            root.put(name, value == null ? "" : value);
                        }
                    });
                } else {
                    yaml.skip();
                }
                first[0] = false;
            });
        } catch (Unreadable notYaml) {
            return Optional.ofNullable(ofRoot(root));
        }
        return Optional.ofNullable(ofRoot(root));
    }

    private static boolean isItems(JsonCursor json, String name) {
        return name.equals("items") && json.isArray();
    }

    /** A list of Kubernetes is of one kind: that of its first item tells it where the list itself is only called List, as kubectl writes it. */
    private static void items(JsonCursor json, Map<String, String> root) throws IOException, Unreadable {
        root.put("items", "");
        boolean[] first = {true};
        json.array("items", () -> {
            if (first[0] && json.isObject()) {
                json.object("an item", name -> {
                    String value = json.scalar();
                    if (name.equals("kind") || name.equals("apiVersion")) {
                        root.put(ITEM + name, value == null ? "" : value);
                    }
                });
            } else {
                json.skip();
            }
            first[0] = false;
        });
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

    private static boolean isPolicyReport(String kind) {
        return kind != null && (kind.endsWith("PolicyReport") || kind.endsWith("PolicyReportList"));
    }

    /** Byte-order marks, the zero bytes of UTF-16 and white space do not count. */
    static int firstCharacter(Content content) throws IOException {
        try (InputStream in = new BufferedInputStream(content.open())) {
            int character = in.read();
            while (character == 0xEF
                    || character == 0xBB
                    || character == 0xBF
                    || character == 0xFE
                    || character == 0xFF
                    || (character >= 0 && character <= ' ')) {
                character = in.read();
            }
            return character;
        }
    }

    private static Optional<DocumentType> ofXml(Content content) throws IOException, Unreadable {
        try (XmlCursor xml = XmlCursor.openWithDoctype(content)) {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    return switch (xml.name()) {
                        case "bom" -> Optional.of(DocumentType.CYCLONEDX);
                        case "analysis" -> Optional.of(DocumentType.DEPENDENCY_CHECK);
                        case "report" -> ofReport(xml);
                        // Clover's root has the same name, and other attributes.
                        case "coverage" ->
                            Optional.of(DocumentType.COBERTURA).filter(type -> CoberturaReader.ROOT.stream()
                                    .anyMatch(rate -> xml.attribute(rate) != null));
                        default -> TestDialect.ofRoot(xml.name()).map(dialect -> DocumentType.JUNIT);
                    };
                }
            }
            return Optional.empty();
        }
    }

    /** Many tools call their root so: JaCoCo's tells itself by what stands first in it. */
    private static Optional<DocumentType> ofReport(XmlCursor xml) throws Unreadable {
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                return JacocoReader.IN_REPORT.contains(xml.name())
                        ? Optional.of(DocumentType.JACOCO)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** By the first value, of several where each stands on its line. */
    private static Optional<DocumentType> ofJson(Content content) throws IOException, Unreadable {
        Map<String, String> root = new HashMap<>();
        boolean[] first = {true};
        JsonCursor.values(content, json -> {
            if (first[0] && json.isObject()) {
                json.object("the document", name -> {
                    if (isItems(json, name)) {
                        items(json, root);
                        return;
                    }
                    if (name.equals("document") && json.isObject()) {
                        root.put(name, "");
                        json.object(name, part -> {
                            root.put(name + "/" + part, "");
                            json.skip();
                        });
                        return;
                    }
                    if (name.equals(RESULTS) && json.isArray()) {
                        root.put(name, "");
                        firstOf(json, name, root);
                        return;
                    }
                    String value = json.scalar();
                    root.put(name, value == null ? "" : value);
                });
            } else {
                json.skip();
            }
            first[0] = false;
        });
        return Optional.ofNullable(ofRoot(root));
    }

    /** The names that the first of a list of objects has, below the list's own: several tools call their list the same. */
    private static void firstOf(JsonCursor json, String list, Map<String, String> root) throws IOException, Unreadable {
        boolean[] first = {true};
        json.array(list, () -> {
            if (first[0] && json.isObject()) {
                json.object("an entry of " + list, part -> {
                    root.put(list + "/0/" + part, "");
                    json.skip();
                });
            } else {
                json.skip();
            }
            first[0] = false;
        });
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
                || root.keySet().equals(java.util.Set.of(SpdxReader.WRAPPED))
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
}
