package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.Floor.Contents;
import dev.countersign.workflow.guardrail.Floor.Passage;
import dev.countersign.workflow.guardrail.Floor.Place;
import dev.countersign.workflow.guardrail.ModelSet.BpmnFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.BusinessRuleTask;
import org.camunda.bpm.model.bpmn.instance.CallActivity;
import org.camunda.bpm.model.bpmn.instance.ExclusiveGateway;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.LoopCharacteristics;
import org.camunda.bpm.model.bpmn.instance.MultiInstanceLoopCharacteristics;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.ServiceTask;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaProperty;

/** The floor's rules about the shape of processes: mandatory controls, who calls whom, what a process must contain. */
final class FloorPassages {
    private final Floor floor;
    private final Set<String> told = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();

    FloorPassages(Floor floor) {
        this.floor = floor;
    }

    List<Finding> check(ModelSet set) {
        for (BpmnFile file : set.bpmn()) {
            callers(file);
            for (Process process : file.processes()) {
                floor.passages().stream()
                        .filter(passage -> passage.process().equals(process.getId()))
                        .forEach(passage -> passage(file, process, passage));
                floor.contents().stream()
                        .filter(contents -> contents.process().equals(process.getId()))
                        .forEach(contents -> contents(file, process, contents));
            }
        }
        return findings;
    }

    private void callers(BpmnFile file) {
        for (CallActivity call : file.model().getModelElementsByType(CallActivity.class)) {
            floor.callers().stream()
                    .filter(rule -> rule.process().equals(call.getCalledElement()))
                    .filter(rule -> !rule.from().contains(processOf(call)))
                    .forEach(rule -> find(
                            file,
                            "`%s` calls `%s`, which only %s may call: %s"
                                    .formatted(call.getId(), rule.process(), quoted(rule.from()), rule.because())));
        }
    }

    private static String processOf(org.camunda.bpm.model.xml.instance.ModelElementInstance element) {
        var at = element;
        while (at != null && !(at instanceof Process)) {
            at = at.getParentElement();
        }
        return at == null ? null : ((Process) at).getId();
    }

    private void passage(BpmnFile file, Process process, Passage passage) {
        for (String kind : passage.kinds() == null ? floor.kinds().keySet() : passage.kinds()) {
            for (Place control : passage.pass()) {
                // A way that ordinary releases have is not told once more for the lower floor.
                String hole = process.getId() + passage.to().label() + control.label();
                if (!told.contains(hole) && passage(file, process, passage, control, kind)) {
                    told.add(hole);
                }
            }
        }
    }

    private boolean passage(BpmnFile file, Process process, Passage passage, Place control, String kind) {
        List<FlowNode> hollow = new ArrayList<>();
        Predicate<FlowNode> passed = node -> {
            if (!matches(node, control)) {
                return false;
            }
            boolean solid = isSolid((Activity) node, control);
            if (!solid) {
                hollow.add(node);
            }
            return solid;
        };
        Predicate<SequenceFlow> closed =
                flow -> isOfAnotherKind(flow, kind) || control.answer() != null && asks(flow, control.answer());
        boolean toEnd = Boolean.TRUE.equals(passage.to().end());
        var around = Ways.around(
                process,
                control.answer() == null ? passed : node -> false,
                closed,
                node -> !toEnd && matches(node, passage.to()),
                node -> toEnd
                        && (passage.withoutOnly() == null
                                || !passage.withoutOnly().contains(node.getId())),
                activity -> isTrustedCollection(activity, control));
        around.ifPresent(path -> find(
                file,
                "`%s` can be reached without `%s`, by way of %s%s%s"
                        .formatted(
                                path.get(path.size() - 1),
                                control.label(),
                                String.join(" → ", path),
                                hollow.isEmpty()
                                        ? ""
                                        : " (`%s` does not count: it may run no time at all, or only as compensation)"
                                                .formatted(hollow.get(0).getId()),
                                floor.kinds().get(kind).onlyWhen() == null
                                        ? ""
                                        : ", for the kind of release `%s` (%s)"
                                                .formatted(
                                                        kind,
                                                        floor.kinds().get(kind).name()))));
        return around.isPresent();
    }

    private void contents(BpmnFile file, Process process, Contents contents) {
        for (Place place : contents.has()) {
            boolean there = process.getModelInstance().getModelElementsByType(FlowNode.class).stream()
                    .filter(node -> process.getId().equals(processOf(node)))
                    .anyMatch(node -> matches(node, place));
            if (!there) {
                find(
                        file,
                        "process `%s` must contain `%s`: %s"
                                .formatted(process.getId(), place.label(), contents.because()));
            }
        }
    }

    static boolean matches(FlowNode node, Place place) {
        if (place.anyOf() != null) {
            return place.anyOf().stream().anyMatch(one -> matches(node, one));
        }
        if (place.call() != null) {
            return node instanceof CallActivity call && place.call().equals(call.getCalledElement());
        }
        if (place.step() != null) {
            String bean = node instanceof ServiceTask task
                    ? task.getCamundaDelegateExpression()
                    : node instanceof BusinessRuleTask task ? task.getCamundaDelegateExpression() : null;
            return bean != null && place.step().equals(ModelExpression.soleName(bean));
        }
        if (place.task() != null) {
            return node instanceof UserTask && place.task().equals(node.getId());
        }
        if (place.state() != null) {
            return node.getExtensionElements() != null
                    && node.getModelInstance().getModelElementsByType(CamundaProperty.class).stream()
                            .filter(property -> "releaseState".equals(property.getCamundaName()))
                            .filter(property -> place.state().equals(property.getCamundaValue()))
                            .anyMatch(property -> node.equals(property.getParentElement()
                                    .getParentElement()
                                    .getParentElement()));
        }
        return false;
    }

    /** Whether a token cannot get past the activity without it having been done. */
    private static boolean isSolid(Activity activity, Place control) {
        return !activity.isForCompensation()
                && (activity.getLoopCharacteristics() == null || isTrustedCollection(activity, control));
    }

    private static boolean isTrustedCollection(Activity activity, Place control) {
        LoopCharacteristics loop = activity.getLoopCharacteristics();
        return control.forEach() != null
                && loop instanceof MultiInstanceLoopCharacteristics multi
                && multi.getCompletionCondition() == null
                && multi.getLoopCardinality() == null
                && multi.getCamundaCollection() != null
                && ModelExpression.canonical(control.forEach())
                        .equals(ModelExpression.canonical(multi.getCamundaCollection()));
    }

    private boolean isOfAnotherKind(SequenceFlow flow, String kind) {
        return floor.kinds().entrySet().stream()
                .filter(other -> !other.getKey().equals(kind))
                .map(Map.Entry::getValue)
                .map(Floor.Kind::onlyWhen)
                .filter(Objects::nonNull)
                .anyMatch(condition -> asks(flow, condition));
    }

    /** A flow out of an exclusive gateway that is taken on this very condition, and not by default. */
    private static boolean asks(SequenceFlow flow, String condition) {
        return flow.getConditionExpression() != null
                && flow.getSource() instanceof ExclusiveGateway gateway
                && !flow.equals(gateway.getDefault())
                && ModelExpression.canonical(condition)
                        .equals(ModelExpression.canonical(
                                flow.getConditionExpression().getTextContent()));
    }

    private void find(BpmnFile file, String message) {
        findings.add(new Finding("floor", file.name(), message));
    }

    private static String quoted(Set<String> names) {
        return String.join(
                ", ", names.stream().sorted().map(name -> "`" + name + "`").toList());
    }
}
