package dev.countersign.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.plugin.variable.SpinValues;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Where people's tasks are briefed and answered: finds the {@link HumanTask}, checks form and person, hands over. */
@Component
class TaskDesk {
    private final ObjectProvider<HumanTask> humanTasks;
    private final ObjectProvider<Actors> actors;
    private final TaskForms forms;
    private final ObjectMapper json;
    private final ApplicationEventPublisher events;
    private volatile Map<String, HumanTask> byId;

    TaskDesk(
            ObjectProvider<HumanTask> humanTasks,
            ObjectProvider<Actors> actors,
            ObjectMapper json,
            ApplicationEventPublisher events) {
        this.humanTasks = humanTasks;
        this.actors = actors;
        this.forms = new TaskForms(json);
        this.json = json;
        this.events = events;
    }

    /** Checks and hands over a person's answer. Returns the variables that the model gets. */
    Map<String, Object> answer(TaskEntity entity, Map<String, Object> submitted) {
        OpenTask task = open(entity);
        try {
            return answer(entity, task, submitted);
        } catch (Problem refusal) {
            throw TaskRefused.because(refusal).at(task);
        } catch (TaskRefused refusal) {
            throw refusal.at(task);
        }
    }

    private Map<String, Object> answer(TaskEntity entity, OpenTask task, Map<String, Object> submitted) {
        String actor = actors.getObject().current();
        if (Actors.PLATFORM.equals(actor)) {
            throw TaskRefused.forbidden("A task is completed by a person: nobody is logged in");
        }
        if (!isEntitled(task, actor)) {
            throw TaskRefused.forbidden("'%s' is neither assigned to '%s' nor in one of its groups %s"
                    .formatted(actor, task.name(), task.candidateGroups()));
        }
        TaskForm form = forms.of(entity);
        Answer answer = new Answer(actor, form.read(submitted));
        HumanTask humanTask = find(task.taskKey());
        // A task that a process owner added: its form alone says what it writes.
        Map<String, Object> outcome = humanTask == null ? answer.fields() : humanTask.complete(task, answer);
        events.publishEvent(new TaskAnswered(task, humanTask == null ? answer : humanTask.recorded(answer)));
        return outcome;
    }

    /** The values shown on the form. */
    Map<String, TypedValue> brief(TaskEntity entity) {
        HumanTask humanTask = find(entity.getTaskDefinitionKey());
        Map<String, TypedValue> typed = new HashMap<>();
        if (humanTask != null) {
            humanTask.briefing(open(entity)).forEach((name, value) -> typed.put(name, typed(value)));
        }
        return typed;
    }

    void tellRefusal(TaskRefused refusal) {
        events.publishEvent(new AnswerRefused(
                refusal.releaseKey(), refusal.taskKey(), actors.getObject().current(), refusal.getMessage()));
    }

    /** The engine itself refused: the task is not this person's. */
    void tellRefusal(TaskEntity task) {
        if (task != null && task.getProcessInstanceId() != null) {
            events.publishEvent(new AnswerRefused(
                    task.getProcessInstance().getBusinessKey(),
                    task.getTaskDefinitionKey(),
                    actors.getObject().current(),
                    "the task is not theirs"));
        }
    }

    /** Who has claimed or been given a task is still one of those whom the model names. */
    private boolean isEntitled(OpenTask task, String actor) {
        if (task.assignee() != null && !task.assignee().equals(actor)) {
            return false;
        }
        if (task.candidateGroups().isEmpty() && task.candidateUsers().isEmpty()) {
            return actor.equals(task.assignee());
        }
        return task.candidateUsers().contains(actor)
                || actors.getObject().currentGroups().stream().anyMatch(task.candidateGroups()::contains);
    }

    private HumanTask find(String id) {
        if (byId == null) {
            byId = humanTasks.stream().collect(Collectors.toUnmodifiableMap(HumanTask::id, task -> task));
        }
        return byId.get(id);
    }

    private static OpenTask open(TaskEntity task) {
        Set<IdentityLink> candidates = Set.copyOf(task.getCandidates());
        return new OpenTask(
                task.getId(),
                task.getTaskDefinitionKey(),
                task.getProcessDefinition().getKey(),
                task.getProcessInstanceId(),
                task.getProcessInstance().getBusinessKey(),
                task.getName(),
                task.getAssignee(),
                candidates.stream()
                        .map(IdentityLink::getGroupId)
                        .filter(id -> id != null)
                        .collect(Collectors.toSet()),
                candidates.stream()
                        .map(IdentityLink::getUserId)
                        .filter(id -> id != null)
                        .collect(Collectors.toSet()),
                task::getVariable);
    }

    private TypedValue typed(Object value) {
        if (value == null) {
            return Variables.untypedNullValue();
        }
        if (value instanceof String text) {
            return Variables.stringValue(text);
        }
        if (value instanceof Boolean flag) {
            return Variables.booleanValue(flag);
        }
        if (value instanceof Number number) {
            return number instanceof Integer || number instanceof Long
                    ? Variables.longValue(number.longValue())
                    : Variables.doubleValue(number.doubleValue());
        }
        try {
            return SpinValues.jsonValue(json.writeValueAsString(value)).create();
        } catch (JsonProcessingException broken) {
            throw new BadUserRequestException("A briefing must be writable as JSON", broken);
        }
    }
}
