package dev.countersign.workflow;

import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
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
}
