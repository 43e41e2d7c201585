package dev.countersign.workflow;

import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.camunda.bpm.engine.impl.history.event.HistoricActivityInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricDecisionEvaluationEvent;
import org.camunda.bpm.engine.impl.history.event.HistoricIncidentEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricTaskInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricVariableUpdateEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.event.UserOperationLogEntryEventEntity;
import org.camunda.bpm.engine.impl.history.handler.HistoryEventHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Puts the engine's history into the platform's words for whoever listens. */
@Component
class HistoryTranslator implements HistoryEventHandler {
    private final ObjectProvider<EngineFact.Listener> listeners;

    HistoryTranslator(ObjectProvider<EngineFact.Listener> listeners) {
        this.listeners = listeners;
    }

    @Override
    public void handleEvents(List<HistoryEvent> events) {
        events.forEach(this::handleEvent);
    }

    @Override
    public void handleEvent(HistoryEvent event) {
        Map<String, Object> content = content(event);
        if (content != null) {
            EngineFact fact = new EngineFact(event.getEventType(), event.getProcessInstanceId(), content);
            listeners.forEach(listener -> listener.on(fact));
        }
    }

    /** Null for what is no fact of its own, such as the log of each job's tries. */
    private static Map<String, Object> content(HistoryEvent event) {
        Map<String, Object> content = new TreeMap<>();
        if (event instanceof HistoricActivityInstanceEventEntity activity) {
            put(content, "activity", activity.getActivityId());
            put(content, "started", activity.getStartTime());
            put(content, "ended", activity.getEndTime());
            put(content, "called", activity.getCalledProcessInstanceId());
        } else if (event instanceof HistoricProcessInstanceEventEntity process) {
            put(content, "definition", process.getProcessDefinitionId());
            put(content, "businessKey", process.getBusinessKey());
            put(content, "startedBy", process.getStartUserId());
            put(content, "state", process.getState());
            put(content, "deleteReason", process.getDeleteReason());
        } else if (event instanceof HistoricTaskInstanceEventEntity task) {
            put(content, "task", task.getTaskDefinitionKey());
            put(content, "taskId", task.getTaskId());
            put(content, "assignee", task.getAssignee());
            put(content, "deleteReason", task.getDeleteReason());
        } else if (event instanceof UserOperationLogEntryEventEntity operation) {
            put(content, "operation", operation.getOperationType());
            put(content, "entity", operation.getEntityType());
            put(content, "user", operation.getUserId());
            put(content, "property", operation.getProperty());
            put(content, "taskId", operation.getTaskId());
        } else if (event instanceof HistoricDecisionEvaluationEvent decision) {
            put(content, "decision", decision.getRootHistoricDecisionInstance().getDecisionDefinitionId());
        } else if (event instanceof HistoricIncidentEventEntity incident) {
            put(content, "incident", incident.getIncidentType());
            put(content, "activity", incident.getActivityId());
            put(content, "message", incident.getIncidentMessage());
        } else if (event instanceof HistoricVariableUpdateEventEntity variable) {
            put(content, "variable", variable.getVariableName());
            put(content, "value", variable.getTextValue());
            put(content, "number", variable.getLongValue());
        } else {
            return null;
        }
        return content;
    }

    private static void put(Map<String, Object> content, String name, Object value) {
        if (value != null) {
            content.put(name, value instanceof Date date ? date.toInstant().toString() : value);
        }
    }
}
