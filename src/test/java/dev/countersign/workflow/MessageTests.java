package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** What becomes of a message: engine and scheduler are real, time is the test's. */
@Tag("M6.1")
class MessageTests {
    private static final Instant START = Instant.parse("2026-11-24T20:00:00Z");
    private final AtomicInteger collisions = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private final SettableClock clock = new SettableClock();
    private ProcessEngine engine;
    private ManualScheduler scheduler;
    private JdbcTemplate tasks;

    @BeforeEach
    void start() {
        var configuration = new StandaloneInMemProcessEngineConfiguration();
        configuration.setProcessEngineName(UUID.randomUUID().toString());
        configuration.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        configuration.setJobExecutorActivate(false);
        configuration.setEnforceHistoryTimeToLive(false);
        configuration.setBeans(Map.of("takeBack", (JavaDelegate) execution -> {
            attempts.incrementAndGet();
            if (collisions.getAndDecrement() > 0) {
                throw new OptimisticLockingException("A job of this release was at work");
            }
        }));
        engine = configuration.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addModelInstance(
                        "waits.bpmn",
                        Bpmn.createExecutableProcess("waits")
                                .startEvent()
                                .receiveTask()
                                .message("rollbackDemanded")
                                .serviceTask()
                                .camundaDelegateExpression("${takeBack}")
                                .endEvent()
                                .done())
                .addModelInstance(
                        "begins.bpmn",
                        Bpmn.createExecutableProcess("begins")
                                .startEvent()
                                .message("rollbackDemanded")
                                .userTask()
                                .endEvent()
                                .done())
                .deploy();

        var database = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V10__audit.sql")).execute(database);
        tasks = new JdbcTemplate(database);
        clock.set(START);
        scheduler = TestHelper.createManualScheduler(
                        database, new CorrelatedMessages.Correlation().correlateMessage(engine.getRuntimeService()))
                .clock(clock)
                .build();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void a_message_wakes_what_waits_for_it_and_starts_no_model_that_begins_with_it() {
        engine.getRuntimeService().startProcessInstanceByKey("waits", "checkout@2.0.0");
        engine.getRuntimeService().startProcessInstanceByKey("waits", "basket@1.0.0");
        send("checkout@2.0.0");
        scheduler.runAnyDueExecutions();

        assertThat(running("waits")).isOne();
        assertThat(running("begins")).isZero();
    }

    @Test
    void a_message_that_nobody_waits_for_starts_nothing_either() {
        send("checkout@2.0.0");
        for (Duration wait :
                List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(15))) {
            scheduler.tick(wait);
            scheduler.runAnyDueExecutions();
        }
        assertThat(running("begins")).isZero();
    }

    @Test
    void a_message_that_meets_a_running_job_is_told_again_after_a_second() {
        collisions.set(1);
        engine.getRuntimeService().startProcessInstanceByKey("waits", "checkout@2.0.0");
        send("checkout@2.0.0");
        scheduler.runAnyDueExecutions();
        assertThat(running("waits")).isOne();

        scheduler.tick(Duration.ofSeconds(1));
        scheduler.runAnyDueExecutions();

        assertThat(running("waits")).isZero();
        assertThat(attempts).hasValue(2);
    }

    @Test
    void a_message_that_fails_is_never_given_up_and_told_at_least_every_ten_seconds() {
        collisions.set(200);
        engine.getRuntimeService().startProcessInstanceByKey("waits", "checkout@2.0.0");
        send("checkout@2.0.0");
        for (int attempt = 1; attempt <= 200; attempt++) {
            scheduler.runAnyDueExecutions();
            assertThat(attempts).hasValue(attempt);
            scheduler.tick(Duration.ofSeconds(10));
        }
        scheduler.runAnyDueExecutions();
        assertThat(running("waits")).isZero();
        assertThat(tasks.queryForObject("select count(*) from scheduled_tasks", Long.class))
                .isZero();
    }

    private void send(String releaseKey) {
        var beans = new StaticListableBeanFactory(Map.of("scheduler", scheduler));
        new CorrelatedMessages(beans.getBeanProvider(com.github.kagkarlsson.scheduler.SchedulerClient.class))
                .send("rollbackDemanded", releaseKey);
        tasks.update("update scheduled_tasks set execution_time = ?", START.atOffset(java.time.ZoneOffset.UTC));
    }

    private long running(String process) {
        return engine.getRuntimeService()
                .createProcessInstanceQuery()
                .processDefinitionKey(process)
                .count();
    }
}
