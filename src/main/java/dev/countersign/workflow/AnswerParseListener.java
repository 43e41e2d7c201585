package dev.countersign.workflow;

import java.util.regex.Pattern;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.engine.impl.bpmn.behavior.MultiInstanceActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.behavior.UserTaskActivityBehavior;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Names each task after its release, tells the modules that it is open, and lets nothing complete it but {@link AnswerTask}: the second lock behind the service.
 */
class AnswerParseListener extends AbstractBpmnParseListener {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private final ApplicationEventPublisher events;

    AnswerParseListener(ApplicationEventPublisher events) {
        this.events = events;
    }

    @Override
    public void parseUserTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        UserTaskActivityBehavior behavior = (UserTaskActivityBehavior) activity.getActivityBehavior();
        String loop = loopElement(activity);
        // In a list of tasks the name says which release it is about, and which of several; the diagram shows the step
        // alone.
        behavior.getTaskDefinition().addBuiltInTaskListener(TaskListener.EVENTNAME_CREATE, task -> {
            String key = task.getExecution().getProcessBusinessKey();
            if (key != null) {
                TaskOpened opened = TaskOpened.of(key, task);
                task.setName(task.getName() + whichOne(loop, task, opened) + ": " + key);
                events.publishEvent(opened);
            }
        });
        behavior.getTaskDefinition().addBuiltInTaskListener(TaskListener.EVENTNAME_COMPLETE, task -> {
            if (!AnswerTask.isAnswering(task.getId())) {
                throw TaskRefused.forbidden("A task is completed by a person's checked answer only");
            }
        });
    }

    /** The variable of the loop that the task lies in, or is; null where none. */
    private static String loopElement(ActivityImpl activity) {
        for (ScopeImpl scope = activity; scope instanceof ActivityImpl within; scope = within.getFlowScope()) {
            if (within.getActivityBehavior() instanceof MultiInstanceActivityBehavior several) {
                return several.getCollectionElementVariable();
            }
        }
        return null;
    }

    /** The gate, for example; not the group that is asked, which stands beside the name. */
    private static String whichOne(String loop, DelegateTask task, TaskOpened opened) {
        Object value = loop == null ? null : task.getExecution().getVariable(loop);
        return value instanceof String word
                        && NAME.matcher(word).matches()
                        && !opened.groups().contains(word)
                ? " " + word
                : "";
    }
}
