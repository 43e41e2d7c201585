package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;

/** The XML form of CycloneDX, and its extension for vulnerabilities from the time before 1.4. */
final class CycloneDxXml {
    private static final String NAMESPACE = "http://cyclonedx.org/schema/bom/";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CycloneDxXml() {}

    static void read(Content content, CycloneDx bom) throws IOException, Unreadable {
        walk(content, bom, true);
        walk(content, bom, false);
    }

    private static void walk(Content content, CycloneDx bom, boolean first) throws IOException, Unreadable {
        try (XmlCursor xml = XmlCursor.open(content)) {
            int index = 0;
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                int depth = xml.depth();
                if (depth == 1) {
                    root(xml);
                } else if (first && depth == 2 && xml.name().equals("metadata")) {
                    bom.metadata(metadata(XmlElement.read(xml)));
                } else if (first && depth == 2 && xml.name().equals("components")) {
                    bom.hasComponents();
                } else if (first && depth == 3 && xml.name().equals("component")) {
                    XmlElement found = XmlElement.read(xml);
                    bom.component(component(found), found.at() + ", component " + ++index);
                } else if (!first && xml.name().equals("vulnerabilities")) {
                    bom.hasVulnerabilities();
                } else if (!first && xml.name().equals("vulnerability")) {
                    XmlElement found = XmlElement.read(xml);
                    bom.vulnerability(vulnerability(found), found.at() + ", vulnerability " + ++index);
                } else if (depth == 2 && !first) {
                    refuseMisspelt(xml);
                }
            }
        }
    }

    private static void root(XmlCursor xml) throws Unreadable {
        if (!xml.name().equals("bom") || !xml.namespace().startsWith(NAMESPACE)) {
            throw new Unreadable(
                    "not CycloneDX: the root element is <" + Words.of(xml.name())
                            + ">, expected <bom> in the namespace " + NAMESPACE + "…",
                    xml.place());
        }
        CycloneDxReader.requireVersion(xml.namespace().substring(NAMESPACE.length()));
    }

    private static void refuseMisspelt(XmlCursor xml) throws Unreadable {
        if (xml.name().matches("component|vulnerabilit(ys?|ie)|vulnerabilites")) {
            throw new Unreadable("the element <" + Words.of(xml.name()) + "> is not known here", xml.place());
        }
    }

    private static ObjectNode metadata(XmlElement metadata) {
        ObjectNode node = JSON.objectNode().put("timestamp", metadata.text("timestamp"));
        ObjectNode tools = node.putObject("tools");
        ArrayNode named = tools.putArray("components");
        metadata.all("tools")
                .flatMap(XmlElement::all)
                .flatMap(one -> one.name().equals("tool") ? Stream.of(one) : one.all())
                .forEach(tool -> named.addObject().put("name", tool.text("name")));
        metadata.all("component").findFirst().ifPresent(one -> node.set("component", component(one)));
        return node;
    }

    private static ObjectNode component(XmlElement component) {
        ObjectNode node = JSON.objectNode()
                .put("type", component.attribute("type"))
                .put("bom-ref", component.attribute("bom-ref"));
        for (String name : new String[] {"name", "version", "purl"}) {
            node.put(name, component.text(name));
        }
        ArrayNode licences = node.putArray("licenses");
        component.all("licenses").flatMap(XmlElement::all).forEach(one -> {
            ObjectNode licence = licences.addObject();
            if (one.name().equals("expression")) {
                licence.put("expression", one.text());
            } else {
                licence.putObject("license").put("id", one.text("id")).put("name", one.text("name"));
            }
        });
        ArrayNode hashes = node.putArray("hashes");
        component.all("hashes").flatMap(all -> all.all("hash")).forEach(hash -> hashes.addObject()
                .put("alg", hash.attribute("alg"))
                .put("content", hash.text()));
        ArrayNode properties = node.putArray("properties");
        component.all("properties").flatMap(all -> all.all("property")).forEach(one -> properties
                .addObject()
                .put("name", one.attribute("name"))
                .put("value", one.text()));
        ArrayNode inner = node.putArray("components");
        component.all("components").flatMap(all -> all.all("component")).forEach(one -> inner.add(component(one)));
        return node;
    }

    private static ObjectNode vulnerability(XmlElement found) {
        ObjectNode node = JSON.objectNode().put("id", found.text("id")).put("description", found.text("description"));
        ArrayNode ratings = node.putArray("ratings");
        found.all("ratings").flatMap(all -> all.all("rating")).forEach(one -> {
            String base = one.text("score", "base");
            ratings.addObject()
                    .put("severity", one.text("severity"))
                    .put("method", one.text("method"))
                    .put("vector", one.text("vector"))
                    .put("score", base != null ? base : one.text("score"));
        });
        found.all("analysis").findFirst().ifPresent(one -> node.putObject("analysis")
                .put("state", one.text("state"))
                .put("justification", one.text("justification"))
                .put("detail", one.text("detail")));
        ArrayNode references = node.putArray("references");
        found.all("references")
                .flatMap(all -> all.all("reference"))
                .forEach(one -> references.addObject().put("id", one.text("id")));
        ArrayNode affects = node.putArray("affects");
        if (found.attribute("ref") != null) {
            affects.addObject().put("ref", found.attribute("ref"));
        }
        found.all("affects").flatMap(all -> all.all("target")).forEach(target -> {
            ObjectNode affected = affects.addObject().put("ref", target.text("ref"));
            ArrayNode versions = affected.putArray("versions");
            target.all("versions").flatMap(all -> all.all("version")).forEach(one -> {
                ObjectNode version = versions.addObject();
                if (one.text("version") != null) {
                    version.put("version", one.text("version"));
                }
                if (one.text("status") != null) {
                    version.put("status", one.text("status"));
                }
            });
        });
        return node;
    }
}
