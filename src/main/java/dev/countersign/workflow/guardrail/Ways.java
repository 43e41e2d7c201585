package dev.countersign.workflow.guardrail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.Association;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.CompensateEventDefinition;
import org.camunda.bpm.model.bpmn.instance.EndEvent;
import org.camunda.bpm.model.bpmn.instance.ErrorEventDefinition;
import org.camunda.bpm.model.bpmn.instance.EventDefinition;
import org.camunda.bpm.model.bpmn.instance.FlowElement;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.IntermediateCatchEvent;
import org.camunda.bpm.model.bpmn.instance.IntermediateThrowEvent;
import org.camunda.bpm.model.bpmn.instance.LinkEventDefinition;
import org.camunda.bpm.model.bpmn.instance.MultiInstanceLoopCharacteristics;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.StartEvent;
import org.camunda.bpm.model.bpmn.instance.SubProcess;
import org.camunda.bpm.model.bpmn.instance.TerminateEventDefinition;

/**
 * Searches a process for a way to a node that does not pass through a control.
 *
 * <p>The search errs on the side of the control. Every condition may be true and every event may happen as soon as its scope is
 * entered; a parallel join is passed as soon as one branch arrives, because the engine counts tokens and not branches; a
 * multi-instance body may run no time at all. So a way that is found may never be walked, but no way is overlooked.
 *
 * <p>Only one thing is taken the other way: what a non-interrupting event starts runs beside the main flow and cannot end its scope
 * on its behalf. Each position therefore remembers, for each scope around it, whether it is beside the main flow.
 */
final class Ways {
    private final Predicate<FlowNode> control;
    private final Predicate<SequenceFlow> closed;
    private final Predicate<FlowNode> target;
    private final Predicate<FlowNode> end;
    private final Predicate<Activity> alwaysRuns;
    private final Map<Position, Position> cameFrom = new HashMap<>();
    private final Map<FlowNode, List<SequenceFlow>> outgoing = new HashMap<>();
    private final Map<FlowNode, List<BoundaryEvent>> boundary = new HashMap<>();
    private final Deque<Position> open = new ArrayDeque<>();

    /**
     * @param beside for each scope from the process inwards, whether the token runs beside the main flow there
     * @param left whether the node is a scope that the token has just left
     */
    private record Position(FlowNode node, List<Boolean> beside, boolean left) {}

    /**
     * @param control nodes that are not passed; what hangs at their boundary is
     * @param closed flows that are not taken
     * @param target the nodes looked for
     * @param end the ends of the process looked for: where its last token may end, other than by an error thrown to the caller
     * @param alwaysRuns multi-instance activities that are known to run at least once
     */
    private Ways(
            Predicate<FlowNode> control,
            Predicate<SequenceFlow> closed,
            Predicate<FlowNode> target,
            Predicate<FlowNode> end,
            Predicate<Activity> alwaysRuns) {
        this.control = control;
        this.closed = closed;
        this.target = target;
        this.end = end;
        this.alwaysRuns = alwaysRuns;
    }

    /** The nodes of a way from a start of the process to the target around the control; empty where there is none. */
    static Optional<List<String>> around(
            Process process,
            Predicate<FlowNode> control,
            Predicate<SequenceFlow> closed,
            Predicate<FlowNode> target,
            Predicate<FlowNode> end,
            Predicate<Activity> alwaysRuns) {
        return new Ways(control, closed, target, end, alwaysRuns).search(process);
    }

    private Optional<List<String>> search(Process process) {
        // By source and target, as the engine reads them: the elements <incoming> and <outgoing> mean nothing to it.
        for (SequenceFlow flow : process.getModelInstance().getModelElementsByType(SequenceFlow.class)) {
            outgoing.computeIfAbsent(flow.getSource(), source -> new ArrayList<>())
                    .add(flow);
        }
        // Read once: to find a kind of element, the whole file is walked.
        for (BoundaryEvent event : process.getModelInstance().getModelElementsByType(BoundaryEvent.class)) {
            boundary.computeIfAbsent(event.getAttachedTo(), host -> new ArrayList<>())
                    .add(event);
        }
        enterScope(process.getFlowElements(), List.of(false), null);
        while (!open.isEmpty()) {
            Position position = open.poll();
            if (!position.left() && target.test(position.node()) || endsProcess(position)) {
                return Optional.of(pathTo(position));
            }
            if (position.left()) {
                leave(position);
            } else {
                goOn(position);
            }
        }
        return Optional.empty();
    }

    private void goOn(Position position) {
        FlowNode node = position.node();
        happenAt(position);
        if (control.test(node)) {
            return;
        }
        if (node instanceof SubProcess subProcess) {
            List<Boolean> inner = new ArrayList<>(position.beside());
            inner.add(false);
            enterScope(subProcess.getFlowElements(), inner, position);
            if (mayRunNoTime(subProcess)) {
                leave(position);
            }
            return;
        }
        leave(position);
    }

    /** What may happen while the node is active: its boundary events, and its compensation later on. */
    private void happenAt(Position position) {
        for (BoundaryEvent event : boundary.getOrDefault(position.node(), List.of())) {
            if (isCompensation(event.getEventDefinitions())) {
                handlers(event).forEach(handler -> visit(handler, beside(position.beside()), position));
            } else {
                visit(event, event.cancelActivity() ? position.beside() : beside(position.beside()), position);
            }
        }
    }

    private void enterScope(Collection<FlowElement> elements, List<Boolean> scope, Position from) {
        for (FlowElement element : elements) {
            if (element instanceof StartEvent start) {
                visit(start, scope, from);
            } else if (element instanceof SubProcess event && event.triggeredByEvent()) {
                boolean interrupting = event.getFlowElements().stream()
                        .allMatch(inner -> !(inner instanceof StartEvent start) || start.isInterrupting());
                visit(event, interrupting ? scope : beside(scope), from);
            } else if (element instanceof Activity activity && activity.isForCompensation()) {
                visit(activity, beside(scope), from);
            }
        }
    }

    private void leave(Position position) {
        FlowNode node = position.node();
        if (node instanceof IntermediateThrowEvent thrown && isLink(thrown.getEventDefinitions())) {
            linksCaught(node).forEach(caught -> visit(caught, position.beside(), position));
            return;
        }
        for (SequenceFlow flow : outgoing.getOrDefault(node, List.of())) {
            if (!closed.test(flow)) {
                visit(flow.getTarget(), position.beside(), position);
            }
        }
        if (!outgoing.containsKey(node)) {
            endToken(position);
        }
    }

    private boolean endsProcess(Position position) {
        FlowNode node = position.node();
        if (!(node.getParentElement() instanceof Process) || outgoing.containsKey(node)) {
            return false;
        }
        boolean stillInside = node instanceof SubProcess && !position.left();
        boolean goesElsewhere = node instanceof EndEvent thrown
                        && thrown.getEventDefinitions().stream().anyMatch(ErrorEventDefinition.class::isInstance)
                || node instanceof IntermediateThrowEvent link && isLink(link.getEventDefinitions());
        return !stillInside && !goesElsewhere && !control.test(node) && isLast(position) && end.test(node);
    }

    /** What runs beside the main flow ends its scope only by terminating it. */
    private static boolean isLast(Position position) {
        boolean beside = position.beside().get(position.beside().size() - 1);
        return !beside
                || position.node() instanceof EndEvent end
                        && end.getEventDefinitions().stream().anyMatch(TerminateEventDefinition.class::isInstance);
    }

    private void endToken(Position position) {
        List<Boolean> beside = position.beside();
        if (isLast(position)
                && position.node().getParentElement() instanceof SubProcess subProcess
                && !isCaught(position.node())) {
            visit(new Position(subProcess, List.copyOf(beside.subList(0, beside.size() - 1)), true), position);
        }
    }

    /** An error that a scope around catches leaves by the catching event, which is walked from anyway; the scope never completes. */
    private static boolean isCaught(FlowNode node) {
        if (!(node instanceof EndEvent end)) {
            return false;
        }
        return end.getEventDefinitions().stream()
                .filter(ErrorEventDefinition.class::isInstance)
                .map(ErrorEventDefinition.class::cast)
                .anyMatch(thrown -> node.getModelInstance().getModelElementsByType(BoundaryEvent.class).stream()
                        .filter(event -> isAround(event.getAttachedTo(), node))
                        .flatMap(event -> event.getEventDefinitions().stream())
                        .filter(ErrorEventDefinition.class::isInstance)
                        .map(ErrorEventDefinition.class::cast)
                        .anyMatch(caught -> caught.getError() == null
                                || code(thrown) != null && code(thrown).equals(code(caught))));
    }

    private static String code(ErrorEventDefinition definition) {
        return definition.getError() == null ? null : definition.getError().getErrorCode();
    }

    private static boolean isAround(Activity scope, FlowNode node) {
        for (var at = node.getParentElement(); at instanceof SubProcess; at = at.getParentElement()) {
            if (at.equals(scope)) {
                return true;
            }
        }
        return false;
    }

    private void visit(FlowNode node, List<Boolean> beside, Position from) {
        visit(new Position(node, List.copyOf(beside), false), from);
    }

    private void visit(Position position, Position from) {
        if (!cameFrom.containsKey(position)) {
            cameFrom.put(position, from);
            open.add(position);
        }
    }

    private boolean mayRunNoTime(SubProcess subProcess) {
        return subProcess.getLoopCharacteristics() instanceof MultiInstanceLoopCharacteristics
                && !alwaysRuns.test(subProcess);
    }

    private static List<Boolean> beside(List<Boolean> scope) {
        List<Boolean> changed = new ArrayList<>(scope);
        changed.set(changed.size() - 1, true);
        return changed;
    }

    private static boolean isCompensation(Collection<EventDefinition> definitions) {
        return definitions.stream().anyMatch(CompensateEventDefinition.class::isInstance);
    }

    private static boolean isLink(Collection<EventDefinition> definitions) {
        return definitions.stream().anyMatch(LinkEventDefinition.class::isInstance);
    }

    private static Stream<FlowNode> handlers(BoundaryEvent event) {
        return event.getModelInstance().getModelElementsByType(Association.class).stream()
                .filter(association -> event.equals(association.getSource()))
                .map(Association::getTarget)
                .filter(FlowNode.class::isInstance)
                .map(FlowNode.class::cast);
    }

    private static Stream<IntermediateCatchEvent> linksCaught(FlowNode thrown) {
        return thrown.getModelInstance().getModelElementsByType(IntermediateCatchEvent.class).stream()
                .filter(caught -> caught.getParentElement().equals(thrown.getParentElement()))
                .filter(caught -> isLink(caught.getEventDefinitions()));
    }

    private List<String> pathTo(Position end) {
        Deque<String> path = new ArrayDeque<>();
        for (Position at = end; at != null; at = cameFrom.get(at)) {
            if (!at.left()) {
                path.addFirst(at.node().getId());
            }
        }
        return List.copyOf(path);
    }
}
