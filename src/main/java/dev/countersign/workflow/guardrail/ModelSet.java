package dev.countersign.workflow.guardrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.dmn.Dmn;
import org.camunda.bpm.model.dmn.DmnModelInstance;
import org.camunda.bpm.model.dmn.instance.Decision;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** The resources of one deployment, read. Resources are told apart by the endings that the engine's own deployers look at. */
public final class ModelSet {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param xml the same bytes as plain XML, for rules about what may stand in the file at all */
    public record BpmnFile(String name, BpmnModelInstance model, Document xml) {
        /** All of them: the engine takes a process without the attribute isExecutable for executable. */
        List<Process> processes() {
            return List.copyOf(model.getModelElementsByType(Process.class));
        }
    }

    public record DmnFile(String name, byte[] bytes, DmnModelInstance model, Document xml) {
        List<Decision> decisions() {
            return List.copyOf(model.getModelElementsByType(Decision.class));
        }
    }

    public record FormFile(String name, JsonNode form) {
        String id() {
            return form.path("id").asText();
        }
    }

    private final List<BpmnFile> bpmn = new ArrayList<>();
    private final List<DmnFile> dmn = new ArrayList<>();
    private final List<FormFile> forms = new ArrayList<>();
    private final List<Finding> unreadable = new ArrayList<>();

    private ModelSet() {}

    /** @param resources name to exact bytes */
    public static ModelSet of(Map<String, byte[]> resources) {
        ModelSet set = new ModelSet();
        new TreeMap<>(resources).forEach(set::read);
        return set;
    }

    public List<BpmnFile> bpmn() {
        return bpmn;
    }

    public List<DmnFile> dmn() {
        return dmn;
    }

    public List<FormFile> forms() {
        return forms;
    }

    public List<Finding> unreadable() {
        return unreadable;
    }

    private void read(String name, byte[] bytes) {
        try {
            if (name.endsWith("bpmn") || name.endsWith("bpmn20.xml")) {
                Document xml = xml(bytes);
                bpmn.add(new BpmnFile(name, Bpmn.readModelFromStream(new ByteArrayInputStream(bytes)), xml));
            } else if (name.endsWith("dmn") || name.endsWith("dmn11.xml")) {
                Document xml = xml(bytes);
                dmn.add(new DmnFile(name, bytes, Dmn.readModelFromStream(new ByteArrayInputStream(bytes)), xml));
            } else if (name.endsWith("form")) {
                forms.add(new FormFile(name, JSON.readTree(bytes)));
            } else if (name.toLowerCase(Locale.ROOT).contains("cmmn")) {
                unreadable.add(new Finding("kind", name, "case models are not used here; draw a BPMN process"));
            }
        } catch (Exception unreadableFile) {
            Throwable cause = unreadableFile;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            unreadable.add(new Finding("readable", name, "cannot be read: " + cause.getMessage()));
        }
    }

    private static Document xml(byte[] bytes) throws ParserConfigurationException, SAXException, IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0) {
            throw new SAXException("the file is not UTF-8");
        }
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        // Entities could make two parsers read two different models out of the same bytes.
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new ByteArrayInputStream(bytes));
    }
}
