package dev.countersign.portfolio;

import dev.countersign.workflow.EngineReads;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.Activity;
import org.camunda.bpm.model.bpmn.instance.BoundaryEvent;
import org.camunda.bpm.model.bpmn.instance.FlowNode;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.camunda.bpm.model.bpmn.instance.SubProcess;
import org.camunda.bpm.model.bpmn.instance.TimerEventDefinition;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What happens next if nobody answers: the first timer at the task, and where the model leads from it. */
@Component
class NextEscalations {
    private final JdbcClient jdbc;
    private final RepositoryService repository;
    private final EngineReads engine;
    private final Map<String, Map<String, Timer>> timersOf = new ConcurrentHashMap<>();

    NextEscalations(JdbcClient jdbc, RepositoryService repository, EngineReads engine) {
        this.jdbc = jdbc;
        this.repository = repository;
        this.engine = engine;
    }

    List<Waiting> of(Collection<OpenTasks.Row> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        Map<String, List<Due>> due = jdbc
                .sql("select j.PROCESS_INSTANCE_ID_, d.ACT_ID_, j.DUEDATE_ from ACT_RU_JOB j"
                        + " join ACT_RU_JOBDEF d on d.ID_ = j.JOB_DEF_ID_"
                        + " where j.DUEDATE_ is not null and j.PROCESS_INSTANCE_ID_ in (:instances)")
                .param(
                        "instances",
                        tasks.stream().map(OpenTasks.Row::instance).distinct().toList())
                .query((row, index) -> new Due(
                        row.getString("PROCESS_INSTANCE_ID_"), row.getString("ACT_ID_"), row.getTimestamp("DUEDATE_")))
                .list()
                .stream()
                .collect(Collectors.groupingBy(Due::instance));
        return tasks.stream()
                .map(task -> next(task, due.getOrDefault(task.instance(), List.of())))
                .toList();
    }

    private Waiting next(OpenTasks.Row task, List<Due> due) {
        Map<String, Timer> timers = timersOf.computeIfAbsent(task.definition(), this::read);
        return due.stream()
                .filter(timer -> timers.containsKey(timer.activity()))
                .filter(timer -> timers.get(timer.activity())
                        .waiting()
                        .contains(task.task().taskKey()))
                .min(Comparator.comparing(Due::at))
                .map(timer -> task.task()
                        .withEscalation(
                                timer.at().toInstant(),
                                timers.get(timer.activity()).leadsTo()))
                .orElse(task.task());
    }

    private Map<String, Timer> read(String definition) {
        BpmnModelInstance model = engine.asPlatform(() -> repository.getBpmnModelInstance(definition));
        var timers = new HashMap<String, Timer>();
        for (BoundaryEvent event : model.getModelElementsByType(BoundaryEvent.class)) {
            if (event.getEventDefinitions().stream().anyMatch(TimerEventDefinition.class::isInstance)) {
                timers.put(event.getId(), new Timer(waiting(event.getAttachedTo()), target(event)));
            }
        }
        return timers;
    }

    private static String target(BoundaryEvent event) {
        return event.getOutgoing().stream()
                .map(SequenceFlow::getTarget)
                .map(FlowNode::getName)
                .filter(name -> name != null && !name.isBlank())
                .map(name -> name.replaceAll("\\s+", " "))
                .findFirst()
                .orElse(event.getName());
    }

    /** The activity that a timer is attached to, and those inside it. */
    private static Set<String> waiting(Activity at) {
        Set<String> waiting = new HashSet<>(Set.of(at.getId()));
        if (at instanceof SubProcess inside) {
            inside.getFlowElements().stream()
                    .filter(Activity.class::isInstance)
                    .forEach(activity -> waiting.addAll(waiting((Activity) activity)));
        }
        return waiting;
    }

    /** @param waiting the activities that it interrupts or reminds of; @param leadsTo the name of what follows */
    private record Timer(Set<String> waiting, String leadsTo) {}

    private record Due(String instance, String activity, Timestamp at) {}
}
