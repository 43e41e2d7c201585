package dev.countersign.workflow;

import org.camunda.bpm.engine.delegate.TaskListener;
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
    private final ApplicationEventPublisher events;

    AnswerParseListener(ApplicationEventPublisher events) {
        this.events = events;
    }

    @Override
    public void parseUserTask(Element element, ScopeImpl scope, ActivityImpl activity) {
        UserTaskActivityBehavior behavior = (UserTaskActivityBehavior) activity.getActivityBehavior();
        // In a list of tasks the name says which release it is about; the diagram shows the step alone.
        behavior.getTaskDefinition().addBuiltInTaskListener(TaskListener.EVENTNAME_CREATE, task -> {
            String key = task.getExecution().getProcessBusinessKey();
            if (key != null) {
                task.setName(task.getName() + ": " + key);
                events.publishEvent(TaskOpened.of(key, task));
            }
        });
        behavior.getTaskDefinition().addBuiltInTaskListener(TaskListener.EVENTNAME_COMPLETE, task -> {
            if (!AnswerTask.isAnswering(task.getId())) {
                throw TaskRefused.forbidden("A task is completed by a person's checked answer only");
            }
        });
    }
}
