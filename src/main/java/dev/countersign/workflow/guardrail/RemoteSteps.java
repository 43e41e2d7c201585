package dev.countersign.workflow.guardrail;

import static dev.countersign.workflow.ReleaseStep.UNAVAILABLE;

import dev.countersign.workflow.guardrail.ModelSet.BpmnFile;
import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.CatchEvent;
import org.camunda.bpm.model.bpmn.instance.ErrorEventDefinition;
import org.camunda.bpm.model.bpmn.instance.StartEvent;
import org.camunda.bpm.model.bpmn.instance.SubProcess;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaFailedJobRetryTimeCycle;
import org.camunda.bpm.model.xml.instance.ModelElementInstance;

/**
 * A step that calls another system is drawn so that the system may be away: it is a job of its own, it names its retries, and when they
 * are used up the model leads on, to a person in the end. Without that a rollout or a rollback stands still in Cockpit.
 */
final class RemoteSteps {
    private static final String CAMUNDA = "http://camunda.org/schema/1.0/bpmn";
    private final KnownBeans beans;
    private final List<Finding> findings = new ArrayList<>();

    RemoteSteps(KnownBeans beans) {
        this.beans = beans;
    }

    List<Finding> check(ModelSet set) {
        for (BpmnFile file : set.bpmn()) {
            file.model().getModelElementsByType(Activity.class).stream()
                    .filter(this::isRemote)
                    .forEach(step -> check(file, step));
        }
        return findings;
    }

    private boolean isRemote(Activity activity) {
        String expression = activity.getAttributeValueNs(CAMUNDA, "delegateExpression");
        String bean = expression == null ? null : ModelExpression.soleName(expression);
        return bean != null && beans.isRemote(bean);
    }

    private void check(BpmnFile file, Activity step) {
        if (!step.isCamundaAsyncBefore()) {
            find(file, step, "set asyncBefore, so that what was done before it stays when the system is away");
        }
        boolean cycle = step.getExtensionElements() != null
                && !step.getExtensionElements()
                        .getElementsQuery()
                        .filterByType(CamundaFailedJobRetryTimeCycle.class)
                        .list()
                        .isEmpty();
        if (!cycle) {
            find(file, step, "name its retries by camunda:failedJobRetryTimeCycle");
        }
        if (!leadsOn(file, step)) {
            find(
                    file,
                    step,
                    "catch the error `%s` at it or at a subprocess around it, and lead on from there to a person"
                            .formatted(UNAVAILABLE));
        }
    }

    private static boolean leadsOn(BpmnFile file, Activity step) {
        for (ModelElementInstance at = step; at != null; at = at.getParentElement()) {
            if (at instanceof Activity activity && boundaryLeadsOn(file, activity)) {
                return true;
            }
            if (at != step
                    && at.getChildElementsByType(SubProcess.class).stream().anyMatch(RemoteSteps::handles)) {
                return true;
            }
        }
        return false;
    }

    private static boolean boundaryLeadsOn(BpmnFile file, Activity activity) {
        return file.model().getModelElementsByType(BoundaryEvent.class).stream()
                .anyMatch(event -> activity.equals(event.getAttachedTo())
                        && isCaught(event)
                        && !event.getOutgoing().isEmpty());
    }

    private static boolean handles(SubProcess subProcess) {
        return subProcess.triggeredByEvent()
                && subProcess.getChildElementsByType(StartEvent.class).stream()
                        .anyMatch(
                                start -> isCaught(start) && !start.getOutgoing().isEmpty());
    }

    /** An event without an error catches them all. */
    private static boolean isCaught(CatchEvent event) {
        return event.getEventDefinitions().stream()
                .filter(ErrorEventDefinition.class::isInstance)
                .map(ErrorEventDefinition.class::cast)
                .anyMatch(error -> error.getError() == null
                        || UNAVAILABLE.equals(error.getError().getErrorCode()));
    }

    private void find(BpmnFile file, Activity step, String what) {
        findings.add(new Finding("remote", file.name(), "`%s` calls another system: %s".formatted(step.getId(), what)));
    }
}
