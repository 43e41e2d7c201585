package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.authorization.TaskPermissions;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.history.HistoricJobLog;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.persistence.StrongUuidGenerator;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.Task;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An engine that asks its database less answers, records and refuses what an untouched one does. */
@Tag("M8.2")
class AskLessTests {
    private static final BpmnModelInstance MODEL = Bpmn.createExecutableProcess("asked")
            .camundaHistoryTimeToLive(30)
            .startEvent()
            .serviceTask("work")
            .camundaAsyncBefore()
            .camundaDelegateExpression("${work}")
            .userTask("answer")
            .camundaCandidateGroups("qa")
            .boundaryEvent("late")
            .timerWithDuration("P1D")
            .endEvent()
            .moveToActivity("answer")
            .endEvent()
            .done();

    private boolean fails;
    private ProcessEngine engine;
    private ProcessEngine untouched;

    @BeforeEach
    void start() {
        engine = engine(true);
        untouched = engine(false);
    }

    @AfterEach
    void close() {
        engine.close();
        untouched.close();
    }

    private ProcessEngine engine(boolean askingLess) {
        String id = UUID.randomUUID().toString();
        var configuration = new StandaloneInMemProcessEngineConfiguration();
        configuration.setProcessEngineName(id);
        configuration.setJdbcUrl("jdbc:h2:mem:" + id + ";DB_CLOSE_DELAY=-1");
        configuration.setDatabaseSchemaUpdate("create-drop");
        configuration.setHistory("full");
        configuration.setHistoryRemovalTimeStrategy("start");
        configuration.setBatchOperationHistoryTimeToLive("P5D");
        configuration.setIdGenerator(new StrongUuidGenerator());
        configuration.setAuthorizationEnabled(true);
        configuration.setDefaultUserPermissionNameForTask("TASK_WORK");
        configuration.setJobExecutorActivate(false);
        configuration.setMetricsEnabled(false);
        configuration.setBeans(new HashMap<>(Map.of("work", (JavaDelegate) execution -> {
            if (fails) {
                throw new IllegalStateException("not yet");
            }
        })));
        if (askingLess) {
            WorkflowPlugin.askLess(configuration);
        }
        ProcessEngine built = configuration.buildProcessEngine();
        built.getRepositoryService()
                .createDeployment()
                .addModelInstance("asked.bpmn", MODEL)
                .deploy();
        return built;
    }

    private static Job job(ProcessEngine of) {
        return of.getManagementService().createJobQuery().singleResult();
    }

    private static Task openTask(ProcessEngine of) {
        of.getRuntimeService().startProcessInstanceByKey("asked");
        of.getManagementService().executeJob(job(of).getId());
        return of.getTaskService().createTaskQuery().singleResult();
    }

    private static List<String> log(ProcessEngine of) {
        return of.getHistoryService().createHistoricJobLogQuery().list().stream()
                .map(AskLessTests::line)
                .map(line -> line.replaceAll("[0-9a-f-]{36}", "id"))
                .sorted()
                .toList();
    }

    private static String line(HistoricJobLog entry) {
        return "%s %s of %s at %s, created %s, failed %s, succeeded %s, deleted %s, kept for a time %s"
                .formatted(
                        entry.getJobDefinitionType(),
                        entry.getJobDefinitionConfiguration(),
                        entry.getProcessDefinitionKey(),
                        entry.getActivityId(),
                        entry.isCreationLog(),
                        entry.isFailureLog(),
                        entry.isSuccessLog(),
                        entry.isDeletionLog(),
                        entry.getRemovalTime() != null);
    }

    @Test
    void the_log_of_jobs_says_the_same() {
        for (ProcessEngine each : List.of(engine, untouched)) {
            // Twice: the second time the definitions are known.
            for (int time = 0; time < 2; time++) {
                Task task = openTask(each);
                each.getTaskService().complete(task.getId());
            }
        }

        assertThat(log(engine)).hasSize(8).isEqualTo(log(untouched));
        assertThat(log(engine)).anyMatch(line -> line.startsWith("async-continuation async-before of asked at work"));
        assertThat(log(engine)).anyMatch(line -> line.startsWith("timer-transition DURATION: P1D of asked at late"));
    }

    @Test
    void the_jobs_of_a_batch_are_kept_as_long_as_the_batch() {
        for (ProcessEngine each : List.of(engine, untouched)) {
            String instance =
                    each.getRuntimeService().startProcessInstanceByKey("asked").getId();
            each.getManagementService().deleteJob(job(each).getId());
            each.getRuntimeService().deleteProcessInstancesAsync(List.of(instance), "tested");
            for (int job = 0;
                    job < 10 && each.getManagementService().createJobQuery().count() > 0;
                    job++) {
                each.getManagementService()
                        .executeJob(each.getManagementService()
                                .createJobQuery()
                                .listPage(0, 1)
                                .get(0)
                                .getId());
            }
        }

        assertThat(log(engine))
                .anyMatch(line -> line.startsWith("batch-seed-job id") && line.endsWith("kept for a time true"))
                .isEqualTo(log(untouched));
    }

    @Test
    void an_incident_is_closed_when_its_job_is_done() {
        engine.getRuntimeService().startProcessInstanceByKey("asked");
        fails = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() ->
                            engine.getManagementService().executeJob(job(engine).getId()))
                    .hasMessage("not yet");
        }
        assertThat(engine.getRuntimeService().createIncidentQuery().count()).isOne();

        fails = false;
        engine.getManagementService().executeJob(job(engine).getId());

        assertThat(engine.getRuntimeService().createIncidentQuery().count()).isZero();
        assertThat(engine.getHistoryService()
                        .createHistoricIncidentQuery()
                        .resolved()
                        .count())
                .isOne();
    }

    @Test
    void an_incident_of_a_job_whose_retries_were_raised_for_the_whole_definition_is_closed_too() {
        engine.getRuntimeService().startProcessInstanceByKey("asked");
        fails = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() ->
                            engine.getManagementService().executeJob(job(engine).getId()))
                    .hasMessage("not yet");
        }
        engine.getManagementService().setJobRetriesByJobDefinitionId(job(engine).getJobDefinitionId(), 3);

        fails = false;
        engine.getManagementService().executeJob(job(engine).getId());

        assertThat(engine.getRuntimeService().createIncidentQuery().count()).isZero();
    }

    @Test
    void a_candidate_group_has_one_grant_while_the_task_is_open() {
        Task task = openTask(engine);
        engine.getTaskService().addCandidateGroup(task.getId(), "qa");
        engine.getTaskService().addCandidateGroup(task.getId(), "security");

        assertThat(engine.getAuthorizationService()
                        .createAuthorizationQuery()
                        .resourceType(Resources.TASK)
                        .resourceId(task.getId())
                        .list())
                .allSatisfy(grant -> assertThat(grant.isPermissionGranted(TaskPermissions.TASK_WORK))
                        .isTrue())
                .extracting(Authorization::getGroupId)
                .containsExactlyInAnyOrder("qa", "security");

        engine.getTaskService().complete(task.getId());

        assertThat(engine.getAuthorizationService()
                        .createAuthorizationQuery()
                        .resourceId(task.getId())
                        .count())
                .isZero();
    }

    @Test
    void only_who_is_granted_it_works_on_a_task_and_a_revocation_is_honoured() {
        Task task = openTask(engine);
        Authorization revoked = engine.getAuthorizationService().createNewAuthorization(Authorization.AUTH_TYPE_REVOKE);
        revoked.setUserId("qa-2");
        revoked.setResource(Resources.TASK);
        revoked.setResourceId(task.getId());
        revoked.removePermission(TaskPermissions.TASK_WORK);
        revoked.removePermission(TaskPermissions.UPDATE);
        engine.getAuthorizationService().saveAuthorization(revoked);

        assertThatThrownBy(() -> completeAs("developer", List.of("developer"), task))
                .isInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> completeAs("nobody", null, task)).isInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> completeAs("qa-2", List.of("qa"), task)).isInstanceOf(AuthorizationException.class);
        completeAs("qa", List.of("other", "qa"), task);

        assertThat(engine.getTaskService().createTaskQuery().count()).isZero();
    }

    private void completeAs(String user, List<String> groups, Task task) {
        engine.getIdentityService().setAuthentication(user, groups);
        try {
            engine.getTaskService().complete(task.getId());
        } finally {
            engine.getIdentityService().clearAuthentication();
        }
    }
}
