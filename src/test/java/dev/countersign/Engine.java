package dev.countersign;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import dev.countersign.release.Dossiers;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelDeployment;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.Job;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Time, jobs and scheduled tasks in the hands of a test. */
@TestConfiguration(proxyBeanMethods = false)
public class Engine {
    private static final int ROUNDS = 200;

    @Bean
    SettableClock schedulerClock() {
        return new SettableClock();
    }

    @Bean
    ManualScheduler manualScheduler(DataSource dataSource, List<Task<?>> tasks, SettableClock clock) {
        return TestHelper.createManualScheduler(new TransactionAwareDataSourceProxy(dataSource), List.copyOf(tasks))
                .clock(clock)
                .build();
    }

    @Bean
    Hands hands(ProcessEngine engine, ManualScheduler scheduler, SettableClock clock, JdbcClient db) {
        return new Hands(engine, scheduler, clock, db);
    }

    @Bean
    OpenedReleases openedReleases(
            ReleaseOpening opening,
            Releases releases,
            Dossiers dossiers,
            ModelDeployment models,
            JdbcClient db,
            Hands hands) {
        return new OpenedReleases(opening, releases, dossiers, models, db, hands);
    }

    /** What a test does to the platform. */
    public static final class Hands {
        private final ProcessEngine engine;
        private final ManualScheduler scheduler;
        private final SettableClock clock;
        private final JdbcClient db;

        Hands(ProcessEngine engine, ManualScheduler scheduler, SettableClock clock, JdbcClient db) {
            this.engine = engine;
            this.db = db;
            this.scheduler = scheduler;
            this.clock = clock;
        }

        /** Runs every job and scheduled task that is due, and what follows from them, until nothing is due. */
        public void settle() {
            for (int round = 0; round < ROUNDS; round++) {
                Instant now = ClockUtil.getCurrentTime().toInstant();
                clock.set(now.isAfter(Instant.now()) ? now : Instant.now());
                runScheduled();
                List<Job> due = engine.getManagementService()
                        .createJobQuery()
                        .active()
                        .executable()
                        .withRetriesLeft()
                        .listPage(0, 50);
                if (due.isEmpty()) {
                    runScheduled();
                    if (engine.getManagementService()
                                    .createJobQuery()
                                    .active()
                                    .executable()
                                    .withRetriesLeft()
                                    .count()
                            == 0) {
                        return;
                    }
                }
                due.forEach(job -> {
                    try {
                        engine.getManagementService().executeJob(job.getId());
                    } catch (RuntimeException failed) {
                        // As the job executor does: the job's retries are counted down, and it is due again.
                        LastFailure.of(failed);
                    }
                });
            }
            throw new IllegalStateException("The platform does not come to rest: ", LastFailure.last);
        }

        /**
         * The scheduler takes so many at a time: what other tests left must not keep it from what is due now. Ends when no fewer are left, since some are due again at once when
         * the test's time is ahead.
         */
        private void runScheduled() {
            long before = Long.MAX_VALUE;
            long left = due();
            while (left > 0 && left < before) {
                before = left;
                scheduler.runAnyDueExecutions();
                left = due();
            }
        }

        private long due() {
            return db.sql("select count(*) from scheduled_tasks where execution_time <= ? and picked = false")
                    .param(OffsetDateTime.ofInstant(clock.now(), ZoneOffset.UTC))
                    .query(Long.class)
                    .single();
        }

        /** Lets time pass, and everything happen that it brings. */
        public void pass(Duration time) {
            ClockUtil.setCurrentTime(
                    Date.from(ClockUtil.getCurrentTime().toInstant().plus(time)));
            settle();
        }

        /** To be called after each test that let time pass. */
        public void resetTime() {
            ClockUtil.reset();
        }

        /** Acts as a person, with the groups that the person has. */
        public <T> T as(String person, Callable<T> act) throws Exception {
            List<String> groups = engine.getIdentityService().createGroupQuery().groupMember(person).list().stream()
                    .map(org.camunda.bpm.engine.identity.Group::getId)
                    .toList();
            engine.getIdentityService().setAuthentication(person, groups);
            try {
                return act.call();
            } finally {
                engine.getIdentityService().clearAuthentication();
            }
        }

        /** Completes the open task of a release as a person. */
        public void answer(String releaseKey, String task, String person, Map<String, Object> fields) throws Exception {
            String id = engine
                    .getTaskService()
                    .createTaskQuery()
                    .processInstanceBusinessKey(releaseKey)
                    .taskDefinitionKey(task)
                    .listPage(0, 1)
                    .stream()
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(task + " is not open for " + releaseKey))
                    .getId();
            as(person, () -> {
                engine.getTaskService().complete(id, fields);
                return null;
            });
        }
    }

    private static final class LastFailure {
        private static volatile RuntimeException last;

        private static void of(RuntimeException failure) {
            last = failure;
        }
    }
}
