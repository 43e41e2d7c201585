package dev.countersign.evidence.reader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamConstants;
import org.springframework.stereotype.Component;

/** Tells a document's type from its content: the root element, or the properties of the root object, which {@link Roots} knows. */
@Component
public class Detection {
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
                        if (first[0] || (name.equals("kind") && Roots.isPolicyReport(value))) {
                            root.put(name, value == null ? "" : value);
                        }
                    });
                } else {
                    yaml.skip();
                }
                first[0] = false;
            });
        } catch (Unreadable notYaml) {
            return Roots.typeOf(root);
        }
        return Roots.typeOf(root);
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
                        root.put(Roots.ITEM + name, value == null ? "" : value);
                    }
                });
            } else {
                json.skip();
            }
            first[0] = false;
        });
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
                    if (name.equals(Roots.RESULTS) && json.isArray()) {
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
        return Roots.typeOf(root);
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
}
