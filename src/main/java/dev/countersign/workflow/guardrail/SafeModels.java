package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.ModelExpression.NotAllowed;
import dev.countersign.workflow.guardrail.ModelSet.BpmnFile;
import dev.countersign.workflow.guardrail.ModelSet.DmnFile;
import dev.countersign.workflow.guardrail.ModelSet.FormFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What may stand in a model at all. A deployment runs code: scripts, classes, expressions, listeners. So a model is made of the
 * elements, attributes and expressions listed here, and everything else is refused, also what a later engine might understand.
 */
final class SafeModels {
    private static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
    private static final String CAMUNDA = "http://camunda.org/schema/1.0/bpmn";
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";
    /** Pictures and the editor's own notes: the engine reads none of them for what it does. */
    private static final Set<String> PICTURE_NAMESPACES = Set.of(
            "http://www.omg.org/spec/BPMN/20100524/DI",
            "http://www.omg.org/spec/DD/20100524/DC",
            "http://www.omg.org/spec/DD/20100524/DI",
            "http://bpmn.io/schema/bpmn/biocolor/1.0",
            "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
            "http://camunda.org/schema/modeler/1.0");

    private static final Set<String> ELEMENTS = Set.of(
            "definitions",
            "process",
            "documentation",
            "extensionElements",
            "message",
            "error",
            "signal",
            "escalation",
            "collaboration",
            "participant",
            "laneSet",
            "lane",
            "flowNodeRef",
            "incoming",
            "outgoing",
            "startEvent",
            "endEvent",
            "intermediateCatchEvent",
            "intermediateThrowEvent",
            "boundaryEvent",
            "messageEventDefinition",
            "timerEventDefinition",
            "errorEventDefinition",
            "signalEventDefinition",
            "escalationEventDefinition",
            "terminateEventDefinition",
            "linkEventDefinition",
            "compensateEventDefinition",
            "timeDuration",
            "timeDate",
            "timeCycle",
            "exclusiveGateway",
            "parallelGateway",
            "inclusiveGateway",
            "eventBasedGateway",
            "userTask",
            "serviceTask",
            "businessRuleTask",
            "callActivity",
            "receiveTask",
            "subProcess",
            "sequenceFlow",
            "conditionExpression",
            "multiInstanceLoopCharacteristics",
            "completionCondition",
            "textAnnotation",
            "text",
            "association",
            "group",
            "category",
            "categoryValue");
    private static final Set<String> CAMUNDA_ELEMENTS = Set.of(
            "properties",
            "property",
            "in",
            "out",
            "failedJobRetryTimeCycle",
            "executionListener",
            "taskListener",
            "inputOutput",
            "inputParameter");
    private static final Set<String> CAMUNDA_ATTRIBUTES = Set.of(
            "delegateExpression",
            "asyncBefore",
            "asyncAfter",
            "exclusive",
            "jobPriority",
            "formRef",
            "formRefBinding",
            "candidateGroups",
            "candidateUsers",
            "assignee",
            "dueDate",
            "followUpDate",
            "priority",
            "calledElementBinding",
            "versionTag",
            "historyTimeToLive",
            "isStartableInTasklist",
            "candidateStarterGroups",
            "candidateStarterUsers",
            "collection",
            "elementVariable",
            "initiator");
    /** Attributes without a namespace that Camunda's own elements may carry. */
    private static final Map<String, Set<String>> PLAIN_ATTRIBUTES = Map.of(
            "property", Set.of("id", "name", "value"),
            "in", Set.of("businessKey", "source", "sourceExpression", "target"),
            "out", Set.of("source", "target"),
            "executionListener", Set.of("event", "delegateExpression", "id"),
            "taskListener", Set.of("event", "delegateExpression", "id"),
            "inputParameter", Set.of("name"));

    private static final Set<String> EXPRESSION_ELEMENTS =
            Set.of("conditionExpression", "completionCondition", "timeDuration", "timeDate", "timeCycle");
    private static final Set<String> LISTENERS = Set.of("executionListener", "taskListener");
    private static final Set<String> CODED_TASKS = Set.of("serviceTask", "businessRuleTask");
    private static final Set<String> FEEL = Set.of(
            "",
            "feel",
            "https://www.omg.org/spec/DMN/20191111/FEEL/",
            "http://www.omg.org/spec/DMN/20180521/FEEL/",
            "http://www.omg.org/spec/FEEL/20140401");
    /** FEEL's way to Java. */
    private static final Pattern EXTERNAL = Pattern.compile("\\bexternal\\b");

    private final Floor floor;

    private final KnownBeans beans;
    private final List<Finding> findings = new ArrayList<>();

    SafeModels(Floor floor, KnownBeans beans) {
        this.floor = floor;
        this.beans = beans;
    }

    List<Finding> check(ModelSet set) {
        Set<String> forms = set.forms().stream().map(FormFile::id).collect(Collectors.toSet());
        Set<String> processes = set.bpmn().stream()
                .flatMap(file -> file.processes().stream())
                .map(process -> process.getId())
                .collect(Collectors.toSet());
        set.bpmn().forEach(file -> check(file, file.xml().getDocumentElement(), set, forms, processes));
        set.dmn().forEach(this::check);
        set.forms().forEach(this::check);
        return findings;
    }

    private void check(BpmnFile file, Element element, ModelSet set, Set<String> forms, Set<String> processes) {
        String namespace = element.getNamespaceURI();
        String name = element.getLocalName();
        if (PICTURE_NAMESPACES.contains(namespace == null ? "" : namespace)) {
            return;
        }
        boolean ours = BPMN.equals(namespace)
                ? ELEMENTS.contains(name)
                : CAMUNDA.equals(namespace) && CAMUNDA_ELEMENTS.contains(name);
        if (!ours) {
            find(file, "%s uses <%s>, which models may not contain".formatted(owner(element), element.getNodeName()));
            return;
        }
        attributes(file, element);
        texts(file, element);
        if (BPMN.equals(namespace)) {
            switch (name) {
                case "process" -> process(file, element);
                case "serviceTask", "businessRuleTask" -> codedTask(file, element);
                case "callActivity" -> call(file, element, processes);
                case "userTask" -> userTask(file, element, set, forms);
                case "startEvent" -> startForm(file, element, forms);
                case "boundaryEvent" -> boundary(file, element);
                case "subProcess" -> subProcess(file, element);
                default -> {
                    // nothing beyond its attributes and texts
                }
            }
        } else {
            variables(file, element);
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                check(file, inner, set, forms, processes);
            }
        }
    }

    private void attributes(BpmnFile file, Element element) {
        boolean camundas = CAMUNDA.equals(element.getNamespaceURI());
        for (Attr attribute : attributesOf(element)) {
            String namespace = attribute.getNamespaceURI();
            String name = attribute.getLocalName();
            if (CAMUNDA.equals(namespace) && !CAMUNDA_ATTRIBUTES.contains(name)
                    || namespace == null
                            && camundas
                            && !PLAIN_ATTRIBUTES
                                    .getOrDefault(element.getLocalName(), Set.of())
                                    .contains(name)
                    || namespace == null && EXPRESSION_ELEMENTS.contains(element.getLocalName()) && !"id".equals(name)
                    || namespace != null
                            && !CAMUNDA.equals(namespace)
                            && !XSI.equals(namespace)
                            && !"http://www.w3.org/2000/xmlns/".equals(namespace)
                            && !PICTURE_NAMESPACES.contains(namespace)) {
                find(
                        file,
                        "%s uses %s=\"%s\", which models may not contain"
                                .formatted(owner(element), attribute.getName(), attribute.getValue()));
            } else if ("elementVariable".equals(name) || "initiator".equals(name)) {
                written(file, element, attribute.getValue());
            } else if ("delegateExpression".equals(name)) {
                delegate(file, element, attribute.getValue());
            } else {
                expression(file, element, attribute.getValue());
            }
        }
    }

    private void texts(BpmnFile file, Element element) {
        boolean leaf = true;
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.PROCESSING_INSTRUCTION_NODE) {
                find(file, "%s contains a processing instruction".formatted(owner(element)));
            }
            leaf &= !(child instanceof Element);
        }
        if (leaf) {
            // As the engine reads it: an expression that a comment cuts in two is one expression.
            expression(file, element, element.getTextContent());
        } else if (ModelExpression.isExpression(ownText(element))) {
            find(file, "%s mixes an expression with elements".formatted(owner(element)));
        }
    }

    private static String ownText(Element element) {
        StringBuilder text = new StringBuilder();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.TEXT_NODE || child.getNodeType() == Node.CDATA_SECTION_NODE) {
                text.append(child.getTextContent());
            }
        }
        return text.toString();
    }

    private void expression(BpmnFile file, Element element, String value) {
        if (!ModelExpression.isExpression(value)) {
            return;
        }
        try {
            ModelExpression.variablesOf(value, beans);
        } catch (NotAllowed refused) {
            find(file, "%s: `%s` %s".formatted(owner(element), value.strip(), refused.getMessage()));
        }
    }

    private void delegate(BpmnFile file, Element element, String value) {
        String bean = ModelExpression.soleName(value);
        boolean listener = LISTENERS.contains(element.getLocalName());
        boolean known = bean != null && (listener ? beans.isListener(bean) : beans.isDelegate(bean));
        if (!known) {
            find(
                    file,
                    "%s names `%s`, which is no %s of this platform"
                            .formatted(owner(element), value, listener ? "listener" : "delegate"));
        }
    }

    private void process(BpmnFile file, Element process) {
        if (!"true".equals(process.getAttribute("isExecutable"))) {
            find(file, "process `%s` must say isExecutable=\"true\"".formatted(process.getAttribute("id")));
        }
    }

    private void codedTask(BpmnFile file, Element task) {
        if (!task.hasAttributeNS(CAMUNDA, "delegateExpression")) {
            find(file, "%s must name its bean by delegateExpression".formatted(owner(task)));
        }
    }

    private void call(BpmnFile file, Element call, Set<String> processes) {
        String called = call.getAttribute("calledElement");
        if (ModelExpression.isExpression(called) || called.isBlank()) {
            find(file, "%s must name the process it calls, not compute it: `%s`".formatted(owner(call), called));
        } else if (!processes.contains(called)) {
            find(file, "%s calls `%s`, which is not in this deployment".formatted(owner(call), called));
        }
        if (!"deployment".equals(call.getAttributeNS(CAMUNDA, "calledElementBinding"))) {
            find(
                    file,
                    "%s must bind the called process by camunda:calledElementBinding=\"deployment\", so that running releases keep their models"
                            .formatted(owner(call)));
        }
        List<Element> keys = children(call, "in").stream()
                .filter(in -> in.hasAttribute("businessKey"))
                .toList();
        if (keys.size() != 1
                || !Set.of("#{execution.processBusinessKey}", "${execution.processBusinessKey}")
                        .contains(keys.get(0).getAttribute("businessKey"))) {
            find(
                    file,
                    "%s must pass the release on: <camunda:in businessKey=\"#{execution.processBusinessKey}\"/>"
                            .formatted(owner(call)));
        }
    }

    private void userTask(BpmnFile file, Element task, ModelSet set, Set<String> forms) {
        String form = task.getAttributeNS(CAMUNDA, "formRef");
        if (form.isBlank()) {
            find(file, "%s has no form: camunda:formRef".formatted(owner(task)));
        } else {
            form(file, task, form, forms);
        }
        if (!beans.isHumanTask(task.getAttribute("id"))) {
            // What nobody checks in Java is written as the form says.
            Set<String> guarded = outcomes();
            set.forms().stream()
                    .filter(candidate -> candidate.id().equals(form))
                    .flatMap(candidate -> FormRules.inputs(candidate).stream())
                    .filter(guarded::contains)
                    .forEach(field -> find(
                            file,
                            "%s would let a form write `%s`, which only the platform's own steps decide"
                                    .formatted(owner(task), field)));
        }
    }

    private void startForm(BpmnFile file, Element start, Set<String> forms) {
        String form = start.getAttributeNS(CAMUNDA, "formRef");
        if (!form.isBlank()) {
            form(file, start, form, forms);
        }
    }

    private void form(BpmnFile file, Element element, String form, Set<String> forms) {
        if (!"deployment".equals(element.getAttributeNS(CAMUNDA, "formRefBinding"))) {
            find(file, "%s must bind its form by camunda:formRefBinding=\"deployment\"".formatted(owner(element)));
        }
        if (!forms.contains(form)) {
            find(file, "%s shows the form `%s`, which is not in this deployment".formatted(owner(element), form));
        }
    }

    private void boundary(BpmnFile file, Element event) {
        String host = event.getAttribute("attachedToRef");
        boolean onTask = set(event.getOwnerDocument(), "userTask").contains(host);
        boolean byCode = has(event, "errorEventDefinition") || has(event, "escalationEventDefinition");
        if (onTask && byCode) {
            find(
                    file,
                    "%s catches an error or escalation on the user task `%s`: a client could end the task with one, around its checks"
                            .formatted(owner(event), host));
        }
    }

    private void subProcess(BpmnFile file, Element subProcess) {
        String multi = children(subProcess, "multiInstanceLoopCharacteristics").stream()
                .map(loop -> loop.getAttributeNS(CAMUNDA, "collection"))
                .findFirst()
                .orElse(null);
        if (multi != null && multi.isBlank()) {
            find(file, "%s must name the collection it runs for".formatted(owner(subProcess)));
        }
    }

    /** A model hands variables on; the names of beans and of outcomes are not free. */
    private void variables(BpmnFile file, Element element) {
        String written =
                switch (element.getLocalName()) {
                    case "in" -> element.getAttribute("target");
                    case "out" -> element.getAttribute("target");
                    case "inputParameter" -> element.getAttribute("name");
                    default -> "";
                };
        if (!written.equals(element.getAttribute("source"))) {
            written(file, element, written);
        }
    }

    private void written(BpmnFile file, Element element, String variable) {
        if (outcomes().contains(variable)) {
            find(
                    file,
                    "%s writes `%s`, which only the platform's own steps decide".formatted(owner(element), variable));
        }
        if (beans.isDelegate(variable) || beans.isModelBean(variable) || beans.isListener(variable)) {
            find(file, "%s writes a variable over the bean `%s`".formatted(owner(element), variable));
        }
    }

    private Set<String> outcomes() {
        return floor.variables() == null ? Set.of() : floor.variables().outcomes();
    }

    private void check(DmnFile file) {
        check(file, file.xml().getDocumentElement());
    }

    private void check(DmnFile file, Element element) {
        for (Attr attribute : attributesOf(element)) {
            if (attribute.getName().endsWith("expressionLanguage")
                    && !FEEL.contains(attribute.getValue().strip())) {
                find(
                        file,
                        "<%s> is written in `%s`; decision tables are written in FEEL"
                                .formatted(element.getNodeName(), attribute.getValue()));
            } else if ("http://camunda.org/schema/1.0/dmn".equals(attribute.getNamespaceURI())
                    && !Set.of("historyTimeToLive", "versionTag", "inputVariable")
                            .contains(attribute.getLocalName())) {
                find(
                        file,
                        "<%s> uses %s, which tables may not contain"
                                .formatted(element.getNodeName(), attribute.getName()));
            }
        }
        if ("text".equals(element.getLocalName())
                && EXTERNAL.matcher(element.getTextContent()).find()) {
            find(
                    file,
                    "the expression `%s` reaches outside the table"
                            .formatted(element.getTextContent().strip()));
        }
        if (Set.of("invocation", "context", "functionDefinition", "businessKnowledgeModel", "import")
                .contains(element.getLocalName())) {
            find(file, "uses <%s>, which tables may not contain".formatted(element.getNodeName()));
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                check(file, inner);
            }
        }
    }

    private void check(FormFile file) {
        findings.addAll(FormRules.safe(file));
    }

    private static boolean has(Element element, String child) {
        return element.getElementsByTagNameNS(BPMN, child).getLength() > 0;
    }

    private static Set<String> set(org.w3c.dom.Document document, String name) {
        Set<String> ids = new HashSet<>();
        var found = document.getElementsByTagNameNS(BPMN, name);
        for (int index = 0; index < found.getLength(); index++) {
            ids.add(((Element) found.item(index)).getAttribute("id"));
        }
        return ids;
    }

    /** Children and, below extensionElements, grandchildren of this local name. */
    private static List<Element> children(Element element, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                if (name.equals(inner.getLocalName())) {
                    found.add(inner);
                } else if ("extensionElements".equals(inner.getLocalName())) {
                    found.addAll(children(inner, name));
                }
            }
        }
        return found;
    }

    private static List<Attr> attributesOf(Element element) {
        List<Attr> attributes = new ArrayList<>();
        for (int index = 0; index < element.getAttributes().getLength(); index++) {
            attributes.add((Attr) element.getAttributes().item(index));
        }
        return attributes;
    }

    /** The nearest element with an id, for the reader. */
    static String owner(Element element) {
        for (Node at = element; at instanceof Element named; at = at.getParentNode()) {
            if (named.hasAttribute("id") && !CAMUNDA.equals(named.getNamespaceURI())) {
                return "`" + named.getAttribute("id") + "`";
            }
        }
        return "the file";
    }

    private void find(BpmnFile file, String message) {
        findings.add(new Finding("safe", file.name(), message));
    }

    private void find(DmnFile file, String message) {
        findings.add(new Finding("safe", file.name(), message));
    }
}
