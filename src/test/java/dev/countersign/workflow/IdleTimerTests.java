package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.TestDatabase;
import java.time.Duration;
import java.util.Date;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.history.HistoricActivityInstance;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.management.Metrics;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** With the executor of jobs as the platform configures it: a release that waits for a timer is not kept waiting because nothing else happens. */
@SpringBootTest(properties = "countersign.sandbox.load.enabled=false")
@ContextConfiguration(initializers = TestDatabase.class)
@DirtiesContext
@Tag("database")
@Tag("M6.1")
@Tag("alone")
class IdleTimerTests {
    /** The wait between two looks doubles with each look that finds nothing, up to its maximum: more looks than it takes. */
    private static final int LOOKS_IN_VAIN = 6;

    private static final Duration PROMISED = Duration.ofMillis(1500);

    @Autowired
    private ProcessEngine engine;

    @Autowired
    private RepositoryService repository;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private ManagementService management;

    @Autowired
    private HistoryService history;

    private String deployment;

    @BeforeEach
    void deploy() {
        ClockUtil.reset();
        deployment = repository
                .createDeployment()
                .addModelInstance(
                        "wait.bpmn",
                        Bpmn.createExecutableProcess("wait")
                                .camundaHistoryTimeToLive(1)
                                .startEvent()
                                .intermediateCatchEvent("waits")
                                .timerWithDuration("PT2S")
                                .endEvent()
                                .done())
                .deploy()
                .getId();
    }

    @AfterEach
    void remove() {
        repository.deleteDeployment(deployment, true);
    }

    @RepeatedTest(3)
    void a_timer_fires_in_time_on_an_idle_platform() {
        untilIdle();
        String process = runtime.startProcessInstanceByKey("wait").getId();
        Date due = management
                .createJobQuery()
                .processInstanceId(process)
                .singleResult()
                .getDuedate();
        await().atMost(Duration.ofSeconds(30)).until(() -> fired(process).getEndTime() != null);
        assertThat(Duration.between(due.toInstant(), fired(process).getEndTime().toInstant()))
                .isBetween(Duration.ZERO, PROMISED);
    }

    /** Nothing is due, and the executor has looked in vain so often that it looks as rarely as it ever does. */
    private void untilIdle() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> management
                                .createJobQuery()
                                .executable()
                                .withRetriesLeft()
                                .count()
                        == 0);
        long before = looks();
        await().atMost(Duration.ofSeconds(60)).until(() -> looks() >= before + LOOKS_IN_VAIN);
    }

    private long looks() {
        var configuration = (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
        assertThat(configuration.getJobExecutor().isActive()).isTrue();
        return configuration
                .getMetricsRegistry()
                .getDbMeterByName(Metrics.JOB_ACQUISITION_ATTEMPT)
                .get();
    }

    private HistoricActivityInstance fired(String process) {
        return history.createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .activityId("waits")
                .singleResult();
    }
}
