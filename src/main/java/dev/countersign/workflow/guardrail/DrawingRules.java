package dev.countersign.workflow.guardrail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.identity.Role;
import dev.countersign.workflow.guardrail.ModelSet.BpmnFile;
import dev.countersign.workflow.guardrail.ModelSet.DmnFile;
import dev.countersign.workflow.guardrail.ModelSet.FormFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.CatchEvent;
import org.camunda.bpm.model.bpmn.instance.EventBasedGateway;
import org.camunda.bpm.model.bpmn.instance.ExclusiveGateway;
import org.camunda.bpm.model.bpmn.instance.FlowElement;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.IntermediateCatchEvent;
import org.camunda.bpm.model.bpmn.instance.MultiInstanceLoopCharacteristics;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.ReceiveTask;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.ServiceTask;
import org.camunda.bpm.model.bpmn.instance.SubProcess;
import org.camunda.bpm.model.bpmn.instance.TimerEventDefinition;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.camunda.bpm.model.bpmn.instance.bpmndi.BpmnEdge;
import org.camunda.bpm.model.bpmn.instance.bpmndi.BpmnShape;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaFailedJobRetryTimeCycle;
import org.camunda.bpm.model.bpmn.instance.dc.Bounds;
import org.camunda.bpm.model.bpmn.instance.di.Waypoint;
import org.camunda.bpm.model.dmn.instance.Decision;
import org.camunda.bpm.model.dmn.instance.DecisionTable;
import org.camunda.bpm.model.xml.instance.ModelElementInstance;

/**
 * How models, tables and forms are drawn so that a process owner can read and edit them, and so that nothing waits for ever: ids and
 * names by hand, everything documented, versions and times to live, a timer on every wait, a picture for every element. The rules
 * are those of the build's model check; an edit in the folder is held to them too.
 */
public final class DrawingRules {
    private static final Pattern GENERATED = Pattern.compile(
            "(?:Activity|Gateway|Event|Flow|Process|StartEvent|EndEvent|IntermediateCatchEvent|IntermediateThrowEvent|BoundaryEvent|Task"
                    + "|UserTask|ServiceTask|SequenceFlow|SubProcess|CallActivity|ExclusiveGateway|Field|Decision|DecisionRule|Input|Output"
                    + "|InputClause|OutputClause|UnaryTests|LiteralExpression)_[0-9a-z]{6,}");
    private static final Pattern DAYS = Pattern.compile("P(\\d+)D");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*#?/?(?:if\\s+|loop\\s+)?([A-Za-z_]\\w*)");
    private static final int LEAST_DAYS = 365;
    private static final double TOLERANCE = 2;

    private final List<Finding> findings = new ArrayList<>();

    private DrawingRules() {}

    public static List<Finding> check(ModelSet set, KnownBeans beans) {
        DrawingRules rules = new DrawingRules();
        set.bpmn().forEach(rules::check);
        set.dmn().forEach(rules::check);
        set.forms().forEach(rules::check);
        Set<String> used =
                set.bpmn().stream().flatMap(file -> formRefs(file).stream()).collect(Collectors.toSet());
        set.forms().stream()
                .filter(form -> !used.contains(form.id()))
                .forEach(form -> rules.find(form.name(), "no task or start event shows this form"));
        rules.findings.addAll(new RemoteSteps(beans).check(set));
        return List.copyOf(rules.findings);
    }

    static List<String> formRefs(BpmnFile file) {
        List<String> forms = new ArrayList<>();
        file.model().getModelElementsByType(FlowNode.class).forEach(node -> {
            String form = node.getAttributeValueNs("http://camunda.org/schema/1.0/bpmn", "formRef");
            if (form != null) {
                forms.add(form);
            }
        });
        return forms;
    }

    private void check(BpmnFile file) {
        for (Process process : file.processes()) {
            if (!file.name().equals(process.getId() + ".bpmn")) {
                find(file.name(), "process `%s` belongs into %s.bpmn".formatted(process.getId(), process.getId()));
            }
            version(
                    file.name(),
                    process.getId(),
                    process.getCamundaHistoryTimeToLiveString(),
                    process.getCamundaVersionTag());
            documented(file, process.getId(), process.getDocumentations());
            if (process.getName() == null || process.getName().isBlank()) {
                find(file.name(), "process `%s` has no name".formatted(process.getId()));
            }
        }
        Collection<FlowNode> nodes = file.model().getModelElementsByType(FlowNode.class);
        Map<FlowNode, List<SequenceFlow>> outgoing = outgoing(file);
        for (FlowNode node : nodes) {
            id(file.name(), node.getId());
            documented(file, node.getId(), node.getDocumentations());
            named(file, node);
            waits(file, node, outgoing);
            if (node instanceof UserTask task) {
                groups(file, task);
                multiInstance(file, task);
            } else if (node instanceof ServiceTask task) {
                retries(file, task);
            } else if (node instanceof ExclusiveGateway gateway) {
                question(file, gateway, outgoing.getOrDefault(node, List.of()));
            } else if (node instanceof IntermediateCatchEvent event && isTimer(event)) {
                polling(file, event, outgoing);
            }
        }
        Set<FlowNode> reached = new HashSet<>();
        file.model().getModelElementsByType(SequenceFlow.class).forEach(flow -> {
            id(file.name(), flow.getId());
            reached.add(flow.getTarget());
        });
        nodes.stream()
                .filter(node -> !reached.contains(node) && !beginsByItself(node))
                .forEach(node -> find(file.name(), "nothing leads to `%s`".formatted(node.getId())));
        picture(file, nodes);
    }

    private static boolean beginsByItself(FlowNode node) {
        return node instanceof org.camunda.bpm.model.bpmn.instance.StartEvent
                || node instanceof BoundaryEvent
                || node instanceof SubProcess event && event.triggeredByEvent()
                || node instanceof Activity handler && handler.isForCompensation()
                || node instanceof IntermediateCatchEvent event && isLink(event);
    }

    private static Map<FlowNode, List<SequenceFlow>> outgoing(BpmnFile file) {
        Map<FlowNode, List<SequenceFlow>> outgoing = new HashMap<>();
        file.model().getModelElementsByType(SequenceFlow.class).forEach(flow -> outgoing.computeIfAbsent(
                        flow.getSource(), source -> new ArrayList<>())
                .add(flow));
        return outgoing;
    }

    private void id(String file, String id) {
        if (id == null || GENERATED.matcher(id).matches()) {
            find(file, "`%s` is a generated id; give it a word".formatted(id));
        }
    }

    private void version(String file, String id, String timeToLive, String versionTag) {
        Matcher days = DAYS.matcher(timeToLive == null ? "" : timeToLive);
        if (!days.matches() || Integer.parseInt(days.group(1)) < LEAST_DAYS) {
            find(
                    file,
                    "`%s` keeps its history for `%s`: it is audit evidence, and the engine reads days only, for example P2555D"
                            .formatted(id, timeToLive));
        }
        if (versionTag == null || versionTag.isBlank()) {
            find(file, "`%s` has no version tag".formatted(id));
        }
    }

    private void documented(
            BpmnFile file, String id, Collection<org.camunda.bpm.model.bpmn.instance.Documentation> documentation) {
        if (documentation.stream().allMatch(text -> text.getTextContent().isBlank())) {
            find(file.name(), "`%s` is not documented; say in a sentence what it is for".formatted(id));
        }
    }

    private void named(BpmnFile file, FlowNode node) {
        boolean needsName = node instanceof Activity || node instanceof CatchEvent && !isPlainStart(node);
        if (needsName && (node.getName() == null || node.getName().isBlank())) {
            find(file.name(), "`%s` has no name".formatted(node.getId()));
        }
    }

    private static boolean isPlainStart(FlowNode node) {
        return node instanceof org.camunda.bpm.model.bpmn.instance.StartEvent start
                && start.getEventDefinitions().isEmpty();
    }

    private void question(BpmnFile file, ExclusiveGateway gateway, List<SequenceFlow> outgoing) {
        if (outgoing.size() < 2) {
            return;
        }
        if (gateway.getName() == null || !gateway.getName().strip().endsWith("?")) {
            find(file.name(), "the gateway `%s` must ask a question".formatted(gateway.getId()));
        }
        outgoing.stream()
                .filter(flow -> flow.getName() == null || flow.getName().isBlank())
                .forEach(flow -> find(
                        file.name(),
                        "`%s` must be named with its answer to `%s`".formatted(flow.getId(), gateway.getName())));
        outgoing.stream()
                .filter(flow -> flow.getConditionExpression() == null && !flow.equals(gateway.getDefault()))
                .forEach(flow -> find(
                        file.name(), "`%s` has neither a condition nor is it the default".formatted(flow.getId())));
    }

    /** A person or a message may never come. */
    private void waits(BpmnFile file, FlowNode node, Map<FlowNode, List<SequenceFlow>> outgoing) {
        boolean alternative = node instanceof EventBasedGateway;
        boolean waiting = node instanceof UserTask
                || node instanceof ReceiveTask
                || node instanceof IntermediateCatchEvent event
                        && !isTimer(event)
                        && !isLink(event)
                        && !afterEventGateway(file, event);
        if (!alternative && !waiting) {
            return;
        }
        boolean timed = alternative
                ? outgoing.getOrDefault(node, List.of()).stream()
                        .anyMatch(flow -> flow.getTarget() instanceof IntermediateCatchEvent event && isTimer(event))
                : hasTimer(file, node, outgoing);
        if (!timed) {
            find(
                    file.name(),
                    "`%s` may wait for ever: give it, or a subprocess around it, a timer that leads somewhere"
                            .formatted(node.getId()));
        }
    }

    private static boolean afterEventGateway(BpmnFile file, FlowNode node) {
        return file.model().getModelElementsByType(SequenceFlow.class).stream()
                .anyMatch(flow -> node.equals(flow.getTarget()) && flow.getSource() instanceof EventBasedGateway);
    }

    private static boolean hasTimer(BpmnFile file, FlowNode node, Map<FlowNode, List<SequenceFlow>> outgoing) {
        for (ModelElementInstance at = node; at instanceof FlowNode here; at = at.getParentElement()) {
            boolean timer = file.model().getModelElementsByType(BoundaryEvent.class).stream()
                    .anyMatch(event ->
                            here.equals(event.getAttachedTo()) && isTimer(event) && outgoing.containsKey(event));
            if (timer) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTimer(CatchEvent event) {
        return event.getEventDefinitions().stream().anyMatch(TimerEventDefinition.class::isInstance);
    }

    private static boolean isLink(CatchEvent event) {
        return event.getEventDefinitions().stream()
                .anyMatch(org.camunda.bpm.model.bpmn.instance.LinkEventDefinition.class::isInstance);
    }

    private void groups(BpmnFile file, UserTask task) {
        String groups = task.getCamundaCandidateGroups();
        String assignee = task.getCamundaAssignee();
        if ((groups == null || groups.isBlank()) && (assignee == null || assignee.isBlank())) {
            find(
                    file.name(),
                    "`%s` has neither candidate groups nor an assignee: nobody may answer it".formatted(task.getId()));
            return;
        }
        for (String group : groups == null ? new String[0] : groups.split(",")) {
            String name = group.strip();
            if (!ModelExpression.isExpression(groups) && Role.of(name).isEmpty()) {
                find(file.name(), "`%s` asks the group `%s`, which there is not".formatted(task.getId(), name));
            }
        }
    }

    private void multiInstance(BpmnFile file, UserTask task) {
        if (task.getLoopCharacteristics() instanceof MultiInstanceLoopCharacteristics multi
                && !multi.isSequential()
                && !multi.isCamundaAsyncAfter()) {
            find(
                    file.name(),
                    "`%s` is answered by several people at once: set asyncAfter on its loop characteristics"
                            .formatted(task.getId()));
        }
    }

    private void retries(BpmnFile file, ServiceTask task) {
        boolean cycle = task.getExtensionElements() != null
                && !task.getExtensionElements()
                        .getElementsQuery()
                        .filterByType(CamundaFailedJobRetryTimeCycle.class)
                        .list()
                        .isEmpty();
        if (cycle && !task.isCamundaAsyncBefore()) {
            find(file.name(), "`%s` names a retry cycle that only asyncBefore makes work".formatted(task.getId()));
        }
    }

    /** A timer in a circle without anybody to answer in it polls. */
    private void polling(BpmnFile file, IntermediateCatchEvent timer, Map<FlowNode, List<SequenceFlow>> outgoing) {
        if (afterEventGateway(file, timer)) {
            return;
        }
        Deque<FlowNode> open = new ArrayDeque<>(List.of(timer));
        Set<FlowNode> seen = new HashSet<>();
        while (!open.isEmpty()) {
            for (SequenceFlow flow : outgoing.getOrDefault(open.poll(), List.of())) {
                FlowNode next = flow.getTarget();
                if (next.equals(timer)) {
                    find(
                            file.name(),
                            "`%s` stands in a circle that only time drives: wait for a message instead"
                                    .formatted(timer.getId()));
                    return;
                }
                boolean answered =
                        next instanceof UserTask || next instanceof ReceiveTask || next instanceof EventBasedGateway;
                if (!answered && seen.add(next)) {
                    open.add(next);
                }
            }
        }
    }

    private void picture(BpmnFile file, Collection<FlowNode> nodes) {
        Map<String, BpmnShape> shapes = new HashMap<>();
        file.model().getModelElementsByType(BpmnShape.class).forEach(shape -> {
            if (shape.getBpmnElement() != null) {
                shapes.put(shape.getBpmnElement().getId(), shape);
            }
        });
        nodes.stream()
                .filter(node -> !shapes.containsKey(node.getId()))
                .forEach(node -> find(file.name(), "`%s` is not drawn".formatted(node.getId())));
        Map<String, BpmnEdge> edges = new HashMap<>();
        file.model().getModelElementsByType(BpmnEdge.class).forEach(edge -> {
            if (edge.getBpmnElement() != null) {
                edges.put(edge.getBpmnElement().getId(), edge);
            }
        });
        for (SequenceFlow flow : file.model().getModelElementsByType(SequenceFlow.class)) {
            BpmnEdge edge = edges.get(flow.getId());
            if (edge == null) {
                find(file.name(), "the flow `%s` is not drawn".formatted(flow.getId()));
            } else if (shapes.containsKey(flow.getSource().getId())
                    && shapes.containsKey(flow.getTarget().getId())) {
                List<Waypoint> points = List.copyOf(edge.getWaypoints());
                attached(file, flow, points.get(0), shapes.get(flow.getSource().getId()));
                attached(
                        file,
                        flow,
                        points.get(points.size() - 1),
                        shapes.get(flow.getTarget().getId()));
            }
        }
        apart(file, nodes, shapes);
    }

    private void attached(BpmnFile file, SequenceFlow flow, Waypoint point, BpmnShape shape) {
        Bounds bounds = shape.getBounds();
        boolean inside = point.getX() >= bounds.getX() - TOLERANCE
                && point.getX() <= bounds.getX() + bounds.getWidth() + TOLERANCE
                && point.getY() >= bounds.getY() - TOLERANCE
                && point.getY() <= bounds.getY() + bounds.getHeight() + TOLERANCE;
        if (!inside) {
            find(
                    file.name(),
                    "the flow `%s` does not touch `%s`"
                            .formatted(flow.getId(), shape.getBpmnElement().getId()));
        }
    }

    private void apart(BpmnFile file, Collection<FlowNode> nodes, Map<String, BpmnShape> shapes) {
        List<FlowNode> drawn = nodes.stream()
                .filter(node -> shapes.containsKey(node.getId()) && !(node instanceof BoundaryEvent))
                .toList();
        for (int first = 0; first < drawn.size(); first++) {
            for (int second = first + 1; second < drawn.size(); second++) {
                FlowNode one = drawn.get(first);
                FlowNode other = drawn.get(second);
                boolean siblings = one.getParentElement().equals(other.getParentElement());
                boolean inside = contains(one, other) || contains(other, one);
                if ((siblings || !inside)
                        && overlap(
                                shapes.get(one.getId()).getBounds(),
                                shapes.get(other.getId()).getBounds())) {
                    find(file.name(), "`%s` and `%s` are drawn over each other".formatted(one.getId(), other.getId()));
                }
            }
        }
    }

    private static boolean contains(FlowNode outer, FlowElement inner) {
        for (ModelElementInstance at = inner.getParentElement(); at instanceof SubProcess; at = at.getParentElement()) {
            if (at.equals(outer)) {
                return true;
            }
        }
        return false;
    }

    private static boolean overlap(Bounds one, Bounds other) {
        return one.getX() < other.getX() + other.getWidth()
                && other.getX() < one.getX() + one.getWidth()
                && one.getY() < other.getY() + other.getHeight()
                && other.getY() < one.getY() + one.getHeight();
    }

    private void check(DmnFile file) {
        for (Decision decision : file.decisions()) {
            if (!file.name().equals(decision.getId() + ".dmn")) {
                find(file.name(), "decision `%s` belongs into %s.dmn".formatted(decision.getId(), decision.getId()));
            }
            version(
                    file.name(),
                    decision.getId(),
                    decision.getCamundaHistoryTimeToLiveString(),
                    decision.getVersionTag());
            if (decision.getDescription() == null) {
                find(file.name(), "decision `%s` is not described".formatted(decision.getId()));
            }
            if (decision.getExpression() instanceof DecisionTable table) {
                if (table.getAttributeValue("hitPolicy") == null) {
                    find(file.name(), "decision `%s` must say its hit policy".formatted(decision.getId()));
                }
                table.getRules().stream()
                        .filter(rule -> rule.getDescription() == null
                                || rule.getDescription().getTextContent().isBlank())
                        .forEach(rule -> find(file.name(), "the row `%s` is not described".formatted(rule.getId())));
                table.getRules().forEach(rule -> id(file.name(), rule.getId()));
            }
        }
        if (file.xml().getElementsByTagNameNS("*", "DMNShape").getLength() == 0) {
            find(file.name(), "the decision is not drawn: the Modeler would not open it");
        }
    }

    private void check(FormFile file) {
        if (!file.name().equals(file.id() + ".form")) {
            find(file.name(), "the form `%s` belongs into %s.form".formatted(file.id(), file.id()));
        }
        for (JsonNode component : FormRules.components(file.form())) {
            id(file.name(), component.path("id").asText(null));
        }
    }

    /** The keys that a form reads from its briefing. */
    static Set<String> shown(FormFile file) {
        Set<String> keys = new HashSet<>();
        for (JsonNode component : FormRules.components(file.form())) {
            Matcher matcher = SHOWN.matcher(
                    component.path("text").asText() + component.path("content").asText());
            while (matcher.find()) {
                keys.add(matcher.group(1));
            }
            String source = component.path("dataSource").asText("");
            if (source.matches("=\\s*\\w+")) {
                keys.add(source.substring(1).strip());
            }
            String values = component.path("valuesKey").asText("");
            if (!values.isBlank()) {
                keys.add(values);
            }
        }
        return keys;
    }

    private void find(String file, String message) {
        findings.add(new Finding("drawing", file, message));
    }
}
