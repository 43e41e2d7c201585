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
    /** @throws Unreadable when it is neither XML nor JSON, or broken before its type shows */
    public Optional<DocumentType> typeOf(Content content) throws IOException, Unreadable {
        return switch (firstCharacter(content)) {
            case '<' -> ofXml(content);
            case '{' -> ofJson(content);
            default -> Optional.empty();
        };
    }

    /** Byte-order marks, the zero bytes of UTF-16 and white space do not count. */
    private static int firstCharacter(Content content) throws IOException {
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
        try (XmlCursor xml = XmlCursor.open(content)) {
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    return switch (xml.name()) {
                        case "bom" -> Optional.of(DocumentType.CYCLONEDX);
                        case "analysis" -> Optional.of(DocumentType.DEPENDENCY_CHECK);
                        default -> TestDialect.ofRoot(xml.name()).map(dialect -> DocumentType.JUNIT);
                    };
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<DocumentType> ofJson(Content content) throws IOException, Unreadable {
        Map<String, String> root = new HashMap<>();
        JsonCursor.document(content, json -> name -> {
            String value = json.scalar();
            root.put(name, value == null ? "" : value);
        });
        return Optional.ofNullable(ofRoot(root));
    }

    private static DocumentType ofRoot(Map<String, String> root) {
        if (root.containsKey("runs") && root.containsKey("version")) {
            return DocumentType.SARIF;
        } else if (root.containsKey("bomFormat")) {
            return DocumentType.CYCLONEDX;
        } else if (root.containsKey("spdxVersion")) {
            return DocumentType.SPDX;
        } else if (root.getOrDefault("@context", "").contains("openvex")) {
            return DocumentType.VEX;
        } else if (root.containsKey("ArtifactName") && root.containsKey("SchemaVersion")) {
            return DocumentType.TRIVY;
        } else if (root.containsKey("matches") && root.containsKey("descriptor")) {
            return DocumentType.GRYPE;
        } else if (root.containsKey("reportSchema")) {
            return DocumentType.DEPENDENCY_CHECK;
        } else if (root.containsKey("check_type")) {
            return DocumentType.CHECKOV;
        } else if (root.getOrDefault("kind", "").endsWith("PolicyReport")) {
            return DocumentType.KYVERNO;
        } else if (root.containsKey("openapi")) {
            return DocumentType.OPENAPI;
        } else if (root.containsKey("payloadType") || root.containsKey("predicateType")) {
            return DocumentType.INTOTO;
        } else if (root.getOrDefault("$schema", "").contains("json-schema.org")) {
            return DocumentType.JSON_SCHEMA;
        }
        return null;
    }
}
