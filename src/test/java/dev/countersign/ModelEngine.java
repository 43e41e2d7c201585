package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;

/**
 * One delivered model on an engine in memory, with the module's beans; jobs and messages move when the test says so. The engine is started once, since a start
 * takes longer than most tests, and is empty whenever a model comes.
 */
public final class ModelEngine implements AutoCloseable {
    private static final Beans BEANS = new Beans();
    private static ProcessEngine shared;

    private final ProcessEngine engine;
    private final String releaseKey;
    private ProcessInstance instance;
    private RuntimeException failed;

    public ModelEngine(String model, String releaseKey, Map<Object, Object> beans) {
        this(model, releaseKey, beans, Map.of());
    }

    /** @param called processes that stand for those which the model calls, by id */
    public ModelEngine(
            String model, String releaseKey, Map<Object, Object> beans, Map<String, BpmnModelInstance> called) {
        this.releaseKey = releaseKey;
        engine = empty();
        BEANS.current = beans;
        var deployment = engine.getRepositoryService().createDeployment();
        if (!called.containsKey(model)) {
            deployment.addInputStream(model + ".bpmn", bytes(model));
        }
        called.forEach((id, process) -> deployment.addModelInstance(id + ".bpmn", process));
        deployment.deploy();
        instance = engine.getRuntimeService().startProcessInstanceByKey(model, releaseKey);
        run();
    }

    /** Whatever an earlier test left is gone with its models. */
    private static synchronized ProcessEngine empty() {
        if (shared == null) {
            shared = start();
        }
        shared.getRepositoryService().createDeploymentQuery().list().forEach(left -> shared.getRepositoryService()
                .deleteDeployment(left.getId(), true, true, true));
        return shared;
    }

    private static ProcessEngine start() {
        var configuration = new StandaloneInMemProcessEngineConfiguration();
        configuration.setProcessEngineName(UUID.randomUUID().toString());
        configuration.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        configuration.setDatabaseSchemaUpdate("create-drop");
        configuration.setJobExecutorActivate(false);
        // The models ask tables through beans: an engine of its own for them would be most of the start.
        configuration.setDmnEnabled(false);
        configuration.setCmmnEnabled(false);
        configuration.setBeans(BEANS);
        configuration.getProcessEnginePlugins().add(new ModelPaths());
        return configuration.buildProcessEngine();
    }

    private static java.io.InputStream bytes(String model) {
        try {
            return java.nio.file.Files.newInputStream(java.nio.file.Path.of("processes", model + ".bpmn"));
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    /** Executes what is due without waiting for a timer. */
    public void run() {
        for (List<Job> jobs = messages(); !jobs.isEmpty(); jobs = messages()) {
            jobs.forEach(this::attempt);
        }
    }

    /** As the job executor does: a failure counts the retries down. */
    private void attempt(Job job) {
        try {
            engine.getManagementService().executeJob(job.getId());
        } catch (RuntimeException failure) {
            if (engine.getManagementService()
                            .createJobQuery()
                            .jobId(job.getId())
                            .withRetriesLeft()
                            .count()
                    > 0) {
                return;
            }
            failed = failure;
        }
    }

    /** Gives steps that have used up their retries one more. */
    public void revive() {
        engine.getManagementService()
                .createJobQuery()
                .noRetriesLeft()
                .list()
                .forEach(job -> engine.getManagementService().setJobRetries(job.getId(), 1));
        run();
    }

    /** Why a step used up its retries; null where none did. */
    public RuntimeException failure() {
        return failed;
    }

    private List<Job> messages() {
        return engine.getManagementService()
                .createJobQuery()
                .messages()
                .active()
                .withRetriesLeft()
                .list();
    }

    /** Fires the timer of this event. */
    public void fire(String event) {
        Job timer = engine.getManagementService()
                .createJobQuery()
                .timers()
                .activityId(event)
                .list()
                .get(0);
        engine.getManagementService().executeJob(timer.getId());
        run();
    }

    public int tell(String message) {
        int receivers = engine.getRuntimeService()
                .createMessageCorrelation(message)
                .processInstanceBusinessKey(releaseKey)
                .correlateAllWithResult()
                .size();
        run();
        return receivers;
    }

    /** Tells every execution that waits for this message, whatever its business key. */
    public int tellAll(String message) {
        int receivers = engine.getRuntimeService()
                .createMessageCorrelation(message)
                .correlateAllWithResult()
                .size();
        run();
        return receivers;
    }

    /** Open tasks as {@code task/variable of its instance}, with the groups that may complete them. */
    public Map<String, Set<String>> tasks(String element) {
        return engine.getTaskService().createTaskQuery().list().stream()
                .collect(Collectors.toMap(
                        task -> name(task, element),
                        task -> engine.getTaskService().getIdentityLinksForTask(task.getId()).stream()
                                .map(IdentityLink::getGroupId)
                                .collect(Collectors.toSet())));
    }

    private String name(Task task, String element) {
        Object value = engine.getTaskService().getVariable(task.getId(), element);
        return task.getTaskDefinitionKey() + (value == null ? "" : "/" + value);
    }

    /** Completes a task the way the desk does: domain first, then the outcome variables only. */
    public void complete(HumanTask human, String element, String value, String person, Map<String, Object> fields) {
        Task task = engine.getTaskService().createTaskQuery().taskDefinitionKey(human.id()).list().stream()
                .filter(one ->
                        value == null || value.equals(engine.getTaskService().getVariable(one.getId(), element)))
                .findFirst()
                .orElseThrow();
        OpenTask open = open(task);
        assertThat(human.briefing(open)).containsKeys("releaseKey", "service", "summary", "dossier");
        Map<String, Object> outcome = human.complete(open, new Answer(person, fields));
        assertThat(human.outcomes()).containsAll(outcome.keySet());
        engine.getTaskService().complete(task.getId(), outcome);
        run();
    }

    /** Completes a task whose answer is not the test's subject. */
    public void complete(String task, Map<String, Object> outcome) {
        Task open = engine.getTaskService().createTaskQuery().taskDefinitionKey(task).listPage(0, 1).stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        task + " is not open, but " + tasks("none").keySet()));
        engine.getTaskService().complete(open.getId(), outcome);
        run();
    }

    private OpenTask open(Task task) {
        return new OpenTask(
                task.getId(),
                task.getTaskDefinitionKey(),
                "model",
                task.getProcessInstanceId(),
                releaseKey,
                task.getName(),
                null,
                Set.of(),
                Set.of(),
                name -> engine.getTaskService().getVariable(task.getId(), name));
    }

    /** The end event that the process ended with; null while it runs. */
    public String end() {
        return engine
                .getHistoryService()
                .createHistoricActivityInstanceQuery()
                .processInstanceId(instance.getId())
                .finished()
                .orderPartiallyByOccurrence()
                .desc()
                .list()
                .stream()
                .filter(activity -> activity.getActivityType().equals("noneEndEvent")
                        && activity.getParentActivityInstanceId().equals(instance.getId()))
                .map(activity -> activity.getActivityId())
                .filter(id -> engine.getRuntimeService()
                                .createProcessInstanceQuery()
                                .processInstanceId(instance.getId())
                                .count()
                        == 0)
                .findFirst()
                .orElse(null);
    }

    public Object variable(String name) {
        var variable = engine.getHistoryService()
                .createHistoricVariableInstanceQuery()
                .processInstanceId(instance.getId())
                .variableName(name)
                .list();
        return variable.isEmpty() ? null : variable.get(variable.size() - 1).getValue();
    }

    @Override
    public void close() {
        empty();
    }

    /** The beans of the test that is running. */
    private static final class Beans extends AbstractMap<Object, Object> {
        private Map<Object, Object> current = Map.of();

        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return current.entrySet();
        }

        @Override
        public boolean containsKey(Object name) {
            return current.containsKey(name);
        }

        @Override
        public Object get(Object name) {
            return current.get(name);
        }
    }
}
