package dev.countersign.workflow;

import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.incident.IncidentHandler;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Fits the engine to the platform: checked answers, closed query holes, states, retry of simultaneous answers. */
@Component
class WorkflowPlugin extends AbstractProcessEnginePlugin {
    private final TaskDesk desk;
    private final ApplicationEventPublisher events;
    private final HistoryTranslator history;

    WorkflowPlugin(TaskDesk desk, ApplicationEventPublisher events, HistoryTranslator history) {
        this.desk = desk;
        this.events = events;
        this.history = history;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        engine.setTaskService(new CheckedTaskService(desk));
        engine.setFormService(new BriefedFormService(desk));
        engine.setFilterService(new CheckedFilterService());
        engine.getCustomHistoryEventHandlers().add(history);
        askLess(engine);

        List<CommandInterceptor> outermost = new ArrayList<>(List.of(new RetrySimultaneousAnswers()));
        if (engine.getCustomPreCommandInterceptorsTxRequired() != null) {
            outermost.addAll(engine.getCustomPreCommandInterceptorsTxRequired());
        }
        engine.setCustomPreCommandInterceptorsTxRequired(outermost);

        List<BpmnParseListener> listeners = engine.getCustomPreBPMNParseListeners();
        if (listeners == null) {
            listeners = new ArrayList<>();
            engine.setCustomPreBPMNParseListeners(listeners);
        }
        listeners.add(new StateParseListener(events));
        listeners.add(new AnswerParseListener(events));
    }

    /** What the engine need not ask the database for: docs/decisions/0027. */
    static void askLess(ProcessEngineConfigurationImpl engine) {
        JobDefinitions definitions = new JobDefinitions();
        engine.setHistoryEventProducer(new LeanHistory(definitions));
        engine.setCommandContextFactory(new JobContexts(engine, definitions));
        engine.setResourceAuthorizationProvider(new GrantsOfNewTasks());
        List<SessionFactory> sessions = new ArrayList<>(List.of(OneQuestionAuthorizations.sessions()));
        if (engine.getCustomSessionFactories() != null) {
            sessions.addAll(engine.getCustomSessionFactories());
        }
        engine.setCustomSessionFactories(sessions);
        List<IncidentHandler> incidents = new ArrayList<>(List.of(new FailedJobIncidents()));
        if (engine.getCustomIncidentHandlers() != null) {
            incidents.addAll(engine.getCustomIncidentHandlers());
        }
        engine.setCustomIncidentHandlers(incidents);
    }
}
