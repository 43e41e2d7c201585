package dev.countersign.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.Processes;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.Task;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A release as it stands when its rollout is over, and the people and the time that follow. */
@TestComponent
public class ReleaseFollowUp {
    private final JdbcClient jdbc;
    private final Processes processes;
    private final ModelDeployment models;
    private final TaskService tasks;
    private final ManagementService jobs;
    private final IdentityService identity;
    private final HistoryService history;

    ReleaseFollowUp(
            JdbcClient jdbc,
            Processes processes,
            ModelDeployment models,
            TaskService tasks,
            ManagementService jobs,
            IdentityService identity,
            HistoryService history) {
        this.jdbc = jdbc;
        this.processes = processes;
        this.models = models;
        this.tasks = tasks;
        this.jobs = jobs;
        this.identity = identity;
        this.history = history;
    }

    /** Writes a release of {@code checkout} in a state. */
    public String release(String version, String state) {
        String key = "checkout@" + version;
        OffsetDateTime now = ClockUtil.getCurrentTime().toInstant().atOffset(ZoneOffset.UTC);
        jdbc.sql(
                        """
                        insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,
                          requested_by, summary, environment, commit_, committed_at, authors, artifacts, changes, depends_on,
                          success_metrics, policy, opened_at)
                        values (?, 'checkout', ?, 1, 'standard', ?, ?, false, 'critical', 'checkout-team', 'developer',
                          'One-page checkout', 'production', '6dcb09b5b57875f334f61aebed695e2e4193db5e', ?, '["developer"]', '[]',
                          '{}', '[]', '[{"name":"conversion","target":0.031,"direction":"increase"}]', ?, ?)
                        """)
                .params(key, version, state, now, now.minusHours(30), models.current(), now)
                .update();
        return key;
    }

    /** Returns the process instance. */
    public String start(String process, String releaseKey) {
        String instance = processes.start(models.current(), process, releaseKey);
        settle(instance);
        return instance;
    }

    public List<Task> open(String instance) {
        return tasks.createTaskQuery()
                .processInstanceId(instance)
                .orderByTaskName()
                .asc()
                .list();
    }

    public Task only(String instance) {
        assertThat(open(instance)).hasSize(1);
        return open(instance).get(0);
    }

    public void complete(Task task, String person, Map<String, Object> answer) {
        identity.setAuthentication(person, List.of(person.replaceAll("-2$", "")));
        try {
            tasks.complete(task.getId(), answer);
        } finally {
            identity.clearAuthentication();
        }
        settle(task.getProcessInstanceId());
    }

    /** Lets time pass in steps, so that timers fire in their order. */
    public void pass(String instance, Duration time) {
        Instant end = ClockUtil.getCurrentTime().toInstant().plus(time);
        for (Job next = dueBefore(instance, end); next != null; next = dueBefore(instance, end)) {
            ClockUtil.setCurrentTime(next.getDuedate());
            jobs.executeJob(next.getId());
            settle(instance);
        }
        ClockUtil.setCurrentTime(Date.from(end));
    }

    private Job dueBefore(String instance, Instant end) {
        return jobs.createJobQuery().processInstanceId(instance).timers().orderByJobDuedate().asc().list().stream()
                .filter(job -> !job.getDuedate().toInstant().isAfter(end))
                .findFirst()
                .orElse(null);
    }

    private void settle(String instance) {
        List<Job> ready =
                jobs.createJobQuery().processInstanceId(instance).messages().list();
        while (!ready.isEmpty()) {
            ready.forEach(job -> jobs.executeJob(job.getId()));
            ready = jobs.createJobQuery().processInstanceId(instance).messages().list();
        }
    }

    public boolean isEnded(String instance) {
        return history.createHistoricProcessInstanceQuery()
                        .processInstanceId(instance)
                        .finished()
                        .count()
                == 1;
    }

    /** The groups that may complete a task. */
    public List<String> groupsOf(Task task) {
        return tasks.getIdentityLinksForTask(task.getId()).stream()
                .filter(link -> link.getGroupId() != null)
                .map(link -> link.getGroupId())
                .sorted()
                .toList();
    }

    /** Subjects of the mails of a kind about a release, oldest first. */
    public List<String> mails(String releaseKey, String kind) {
        return jdbc.sql("select subject from mail where release_key = ? and kind = ? order by id")
                .params(releaseKey, kind)
                .query(String.class)
                .list();
    }
}
