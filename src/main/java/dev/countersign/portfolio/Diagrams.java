package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.release.Releases;
import dev.countersign.workflow.EngineReads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.springframework.stereotype.Component;

/** The path that a release took through its models, from the engine's history. */
@Component
class Diagrams {
    private final HistoryService history;
    private final RepositoryService repository;
    private final EngineReads engine;
    private final Releases releases;

    Diagrams(HistoryService history, RepositoryService repository, EngineReads engine, Releases releases) {
        this.history = history;
        this.repository = repository;
        this.engine = engine;
        this.releases = releases;
    }

    Path of(String releaseKey) {
        releases.get(releaseKey);
        return engine.asPlatform(() -> {
            Map<String, List<HistoricActivityInstance>> activities = activities(releaseKey);
            return new Path(instances(releaseKey).stream()
                    .map(instance -> instance(instance, activities.getOrDefault(instance.getId(), List.of())))
                    .toList());
        });
    }

    /** One statement for all of a release's processes; the engine's query takes one process at a time. */
    private Map<String, List<HistoricActivityInstance>> activities(String releaseKey) {
        return history
                .createNativeHistoricActivityInstanceQuery()
                .sql("select a.* from ACT_HI_ACTINST a join ACT_HI_PROCINST p on p.ID_ = a.PROC_INST_ID_"
                        + " where p.BUSINESS_KEY_ = #{releaseKey} order by a.START_TIME_, a.SEQUENCE_COUNTER_")
                .parameter("releaseKey", releaseKey)
                .list()
                .stream()
                .collect(Collectors.groupingBy(HistoricActivityInstance::getProcessInstanceId));
    }

    byte[] model(String releaseKey, String instanceId) {
        releases.get(releaseKey);
        return engine.asPlatform(() -> {
            HistoricProcessInstance instance = history.createHistoricProcessInstanceQuery()
                    .processInstanceId(instanceId)
                    .processInstanceBusinessKey(releaseKey)
                    .singleResult();
            if (instance == null) {
                throw Problem.notFound("No such process ran for " + releaseKey);
            }
            try (InputStream model = repository.getProcessModel(instance.getProcessDefinitionId())) {
                return model.readAllBytes();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
    }

    private List<HistoricProcessInstance> instances(String releaseKey) {
        return history.createHistoricProcessInstanceQuery().processInstanceBusinessKey(releaseKey).list().stream()
                .sorted(Comparator.comparing(HistoricProcessInstance::getStartTime)
                        .thenComparing(HistoricProcessInstance::getId))
                .toList();
    }

    private static Instance instance(HistoricProcessInstance instance, List<HistoricActivityInstance> activities) {
        Set<String> done = new LinkedHashSet<>();
        Set<String> current = new LinkedHashSet<>();
        Set<String> currentNames = new LinkedHashSet<>();
        for (HistoricActivityInstance activity : activities) {
            if ("multiInstanceBody".equals(activity.getActivityType())) {
                continue;
            }
            if (activity.getEndTime() == null) {
                current.add(activity.getActivityId());
                if (activity.getActivityName() != null) {
                    currentNames.add(activity.getActivityName().replaceAll("\\s+", " "));
                }
            } else if (!activity.isCanceled()) {
                done.add(activity.getActivityId());
            }
        }
        Map<String, String> calls = activities.stream()
                .filter(activity -> activity.getCalledProcessInstanceId() != null)
                .collect(Collectors.toMap(
                        HistoricActivityInstance::getActivityId,
                        HistoricActivityInstance::getCalledProcessInstanceId,
                        (first, second) -> second));
        return new Instance(
                instance.getId(),
                instance.getProcessDefinitionKey(),
                instance.getProcessDefinitionName(),
                instant(instance.getStartTime()),
                instant(instance.getEndTime()),
                instance.getSuperProcessInstanceId() == null,
                done,
                current,
                currentNames,
                calls);
    }

    private static Instant instant(Date date) {
        return date == null ? null : date.toInstant();
    }

    record Path(List<Instance> instances) {}

    /**
     * @param done activities that were finished
     * @param current activities where it stands
     * @param calls activity to the process instance that it called last
     */
    record Instance(
            String id,
            String process,
            String name,
            Instant started,
            Instant ended,
            boolean top,
            Set<String> done,
            Set<String> current,
            Set<String> currentNames,
            Map<String, String> calls) {}
}
