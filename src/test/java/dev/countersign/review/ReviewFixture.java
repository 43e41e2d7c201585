package dev.countersign.review;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelDeployment;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A review on the real engine with the real tables; time and jobs are moved by hand. */
@DatabaseTest
abstract class ReviewFixture {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    static final List<String> SEATS = List.of("developer", "qa", "security", "operations", "compliance", "product");

    @Autowired
    RuntimeService runtime;

    @Autowired
    TaskService tasks;

    @Autowired
    FormService forms;

    @Autowired
    ManagementService management;

    @Autowired
    HistoryService history;

    @Autowired
    IdentityService identity;

    @Autowired
    JdbcClient db;

    @Autowired
    ModelDeployment models;

    @Autowired
    Dossiers dossiers;

    @Autowired
    Review review;

    @Autowired
    Releases releases;

    @Autowired
    DecisionIsGo cleared;

    @Autowired
    HistoryIsReviewed historyIsReviewed;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    Engine.Hands hands;

    String key;
    ProcessInstance process;

    @AfterEach
    void reset() {
        ClockUtil.reset();
        identity.clearAuthentication();
        if (process != null && process() != null) {
            runtime.deleteProcessInstance(process.getId(), "test over");
        }
    }

    /** A release of {@code checkout} that waits for its review; written by {@code developer}, requested by {@code ci}. */
    void release(String tier, String changes) {
        key = "checkout@2.0." + NUMBER.incrementAndGet();
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, 'checkout', ?, 1, 'standard', 'REVIEW', ?,"
                        + " false, ?, 'checkout-team', 'ci', 'One-page checkout', 'production', '6dcb09b', '[\"developer\"]',"
                        + " '[{\"name\":\"checkout\",\"digest\":\"sha256:aa\"}]', ?, '[]', '[]', ?, ?)")
                .params(
                        key,
                        key.substring("checkout@".length()),
                        OffsetDateTime.now(ZoneOffset.UTC),
                        tier,
                        changes,
                        models.current(),
                        OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        dossiers.changed(key, "opened");
    }

    void standardRelease() {
        release("standard", noChange());
    }

    static String noChange() {
        return "{\"externalEndpoints\":false,\"authentication\":false,\"personalData\":false,\"databaseMigration\":false,"
                + "\"infrastructure\":false,\"apiContract\":false}";
    }

    void start() {
        process = runtime.startProcessInstanceByKey("readiness-review", key);
        runJobs();
    }

    ProcessInstance process() {
        return runtime.createProcessInstanceQuery()
                .processInstanceId(process.getId())
                .singleResult();
    }

    /** Runs what is due now, until nothing is. */
    void runJobs() {
        for (int round = 0; round < 100; round++) {
            var due = management
                    .createJobQuery()
                    .processInstanceId(process.getId())
                    .executable()
                    .list();
            if (due.isEmpty()) {
                return;
            }
            for (Job job : due) {
                if (management.createJobQuery().jobId(job.getId()).count() == 1) {
                    management.executeJob(job.getId());
                }
            }
        }
        throw new IllegalStateException("Jobs do not end");
    }

    void pass(java.time.Duration time) {
        ClockUtil.setCurrentTime(new Date(ClockUtil.getCurrentTime().getTime() + time.toMillis()));
        runJobs();
    }

    <T> T as(String user, Callable<T> action) throws Exception {
        return hands.as(user, action);
    }

    List<Task> open(String definition) {
        return tasks.createTaskQuery()
                .processInstanceId(process.getId())
                .taskDefinitionKey(definition)
                .list();
    }

    Task task(String definition, String variable, String value) {
        return open(definition).stream()
                .filter(task -> value.equals(tasks.getVariable(task.getId(), variable)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No task " + definition + " for " + value));
    }

    String dossier() {
        return review.of(key).dossier();
    }

    Map<String, Object> ballot(String vote, Object... more) {
        var fields = new HashMap<String, Object>();
        fields.put("vote", vote);
        fields.put("dossier", dossier());
        for (int i = 0; i < more.length; i += 2) {
            fields.put((String) more[i], more[i + 1]);
        }
        return fields;
    }

    void vote(String seat, String user, Map<String, Object> ballot) throws Exception {
        complete(task("voteOnReadiness", "seat", seat), user, ballot);
    }

    void complete(Task task, String user, Map<String, Object> fields) throws Exception {
        as(user, () -> {
            tasks.complete(task.getId(), fields);
            return null;
        });
        runJobs();
    }

    /** Everybody but the named seats votes GO; the author's seat is taken by the second developer. */
    void everybodyVotesGoBut(String... seats) throws Exception {
        for (String seat : SEATS) {
            if (!Arrays.asList(seats).contains(seat)) {
                vote(seat, seat.equals("developer") ? "developer-2" : seat, ballot("GO"));
            }
        }
    }

    void reviewHistory() throws Exception {
        complete(
                open("reviewHistory").get(0),
                "release-manager",
                Map.of("mitigationNeeded", "no", "reason", "Nothing happened"));
    }

    Object outcome() {
        var variable = history.createHistoricVariableInstanceQuery()
                .processInstanceId(process.getId())
                .variableName("decision")
                .singleResult();
        return variable == null ? null : variable.getValue();
    }

    /** Changes a part of the dossier that concerns everybody. */
    void changeCommit() {
        db.sql("update release set commit_ = ? where key_ = ?")
                .params("c" + NUMBER.incrementAndGet(), key)
                .update();
        dossiers.changed(key, "another commit");
    }

    /** Changes a part that concerns operations only. */
    void changeWindow() {
        db.sql("update release set window_start = ? where key_ = ?")
                .params(OffsetDateTime.now(ZoneOffset.UTC).plusDays(NUMBER.incrementAndGet()), key)
                .update();
        dossiers.changed(key, "another window");
    }

    long mails(String kind) {
        return db.sql("select count(*) from mail where release_key = ? and kind = ?")
                .params(key, kind)
                .query(Long.class)
                .single();
    }

    /** The reminders written so far, oldest first, as {@code groups | subject}. */
    List<String> reminders() {
        return db.sql(
                        "select groups_ || ' | ' || subject from mail where release_key = ? and kind = 'reminder' order by id")
                .param(key)
                .query(String.class)
                .list();
    }

    /** Leaves earlier reminders out of what comes. */
    void forget() {
        db.sql("delete from mail where release_key = ? and kind = 'reminder'")
                .param(key)
                .update();
    }

    /** How mails name the release. */
    String title() {
        return key.replace('@', ' ');
    }

    List<String> timeline() {
        return db.sql("select type || ' ' || text from release_timeline where release_key = ? order by id")
                .param(key)
                .query(String.class)
                .list();
    }
}
