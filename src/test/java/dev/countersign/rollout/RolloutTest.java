package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judged;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Clearances;
import dev.countersign.release.Dossiers;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutorContext;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.transaction.support.TransactionTemplate;

/** Releases at their rollout on the real models, with a target in the test's hands. What cleared them is tested elsewhere: here they hold a clearance. */
@DatabaseTest
@Import(RolloutTest.Target.class)
abstract class RolloutTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int LOOKS = 6;

    @Autowired
    MockMvc http;

    @Autowired
    ReleaseOpening opening;

    @Autowired
    Releases releases;

    @Autowired
    Dossiers dossiers;

    @Autowired
    Clearances clearances;

    @Autowired
    Timeline timeline;

    @Autowired
    RolloutStore store;

    @Autowired
    TrafficControl traffic;

    @Autowired
    Observations observations;

    @Autowired
    ScriptedTarget target;

    @Autowired
    ScriptedTraces traces;

    @Autowired
    ScriptedMetrics metrics;

    @Autowired
    ScriptedValues values;

    @Autowired
    ScriptedSwitch flag;

    @Autowired
    ScriptedStart start;

    @Autowired
    RuntimeService runtime;

    @Autowired
    TaskService tasks;

    @Autowired
    ManagementService management;

    @Autowired
    JdbcTemplate database;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    ApplicationEventPublisher events;

    @Autowired
    Clock clock;

    @Autowired
    ObjectMapper json;

    @Autowired
    Hands hands;

    String service = "checkout";

    private final List<String> opened = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();

    @TestConfiguration(proxyBeanMethods = false)
    static class Target {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        ScriptedTarget scriptedTarget() {
            return new ScriptedTarget();
        }

        @Bean
        ScriptedTraces scriptedTraces() {
            return new ScriptedTraces();
        }

        @Bean
        ScriptedSwitch scriptedSwitch(TransactionTemplate transaction) {
            return new ScriptedSwitch(transaction);
        }

        @Bean
        ScriptedStart scriptedStart() {
            return new ScriptedStart();
        }

        @Bean
        ScriptedMetrics scriptedMetrics() {
            return new ScriptedMetrics();
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        ScriptedValues scriptedValues() {
            return new ScriptedValues();
        }
    }

    @AfterEach
    void leaveNothing() {
        hands.resetTime();
        target.letGo();
        target.reset();
        traces.reset();
        metrics.reset();
        values.reset();
        flag.governed = null;
        flag.stuck = false;
        start.against = null;
        start.unknown = null;
        for (String key : opened) {
            runtime.createProcessInstanceQuery().processInstanceBusinessKey(key).list().stream()
                    .filter(instance -> instance.getRootProcessInstanceId().equals(instance.getId()))
                    .map(ProcessInstance::getId)
                    .forEach(instance -> runtime.deleteProcessInstance(instance, "test over"));
            database.update("update rollout set slot = null where release_key = ?", key);
            database.update("update observation set ended = true where release_key = ?", key);
        }
    }

    /** Lets happen what follows from what was done. */
    void settle() {
        pass(Duration.ZERO);
    }

    /** The engine's time stands still meanwhile; what the scheduler is given is due at the machine's time, so that one look is not enough. */
    void pass(Duration time) {
        Instant now = Instant.now();
        ClockUtil.setCurrentTime(Date.from((clock.instant().isAfter(now) ? clock.instant() : now).plus(time)));
        for (int look = 0; look < LOOKS; look++) {
            hands.settle();
        }
    }

    String open(String... authors) throws Exception {
        return open("standard", null, List.of(authors.length == 0 ? new String[] {"developer"} : authors));
    }

    String open(String kind, String fixes, List<String> authors) throws Exception {
        String version = "8.0." + NUMBER.incrementAndGet();
        String key = hands.as(
                        "ci",
                        () -> opening.open(new OpenRelease(
                                service,
                                version,
                                kind,
                                "One-page checkout",
                                "production",
                                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                                null,
                                authors,
                                List.of(new Release.Artifact("registry.example/checkout", digest(version))),
                                changes(),
                                null,
                                List.of(),
                                null,
                                List.of(),
                                flag(),
                                fixes)))
                .key();
        opened.add(key);
        settle();
        return key;
    }

    /** What the release changes, beyond what it is asked for. */
    Map<String, Boolean> changes() {
        return Map.of();
    }

    /** The flag that exposes the release; null where none does. */
    String flag() {
        return null;
    }

    static String digest(String version) {
        String number = version.substring(version.lastIndexOf('.') + 1);
        return "sha256:" + "0".repeat(64 - number.length()) + number;
    }

    /** At its rollout, cleared, waiting for somebody to watch. */
    String atRollout(String... authors) throws Exception {
        String key = open(authors);
        clear(key);
        String release = instance(key, "release");
        runtime.createProcessInstanceModification(release)
                .startBeforeActivity("rollOut")
                .cancelAllForActivity("agreeCriteria")
                .execute();
        settle();
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLING_OUT);
        return key;
    }

    void clear(String key) {
        database.update(
                "insert into release_clearance (release_key, material_digest, granted_at) values (?, ?, current_timestamp)",
                key,
                dossiers.of(key).digest());
    }

    /** Watched at its first step. */
    String rollingOut(String... authors) throws Exception {
        String key = atRollout(authors);
        watch(key);
        assertThat(target.share).isEqualTo(0.1);
        return key;
    }

    /** All users are on it, and its objectives are watched. */
    String stabilising() throws Exception {
        String key = rollingOut();
        for (int step = 0; step < 3; step++) {
            judge(key, "PASS", true);
        }
        assertThat(target.share).isEqualTo(1);
        assertThat(state(key)).isEqualTo(ReleaseState.STABILISING);
        return key;
    }

    void watch(String key) throws Exception {
        hands.answer(key, "acknowledgeWatch", "on-call", Map.of("acknowledged", true));
        settle();
    }

    /** What the observation's tick stores and tells when a verdict changes; the judge itself is tested elsewhere. */
    void judge(String key, String verdict, boolean last) {
        store(key, verdict, last);
        settle();
    }

    /** The same, and nothing of what follows yet. */
    void store(String key, String verdict, boolean last) {
        Observation watched = observations.ofRelease(key).stream()
                .filter(observation -> !observation.ended())
                .findFirst()
                .orElseThrow();
        String sentence = verdict + " says the test";
        transaction.executeWithoutResult(status -> {
            events.publishEvent(new Judged(
                    watched.order().id(),
                    key,
                    watched.order().kind(),
                    new Judgement(verdict, "error rate", 0.2, 0.05, 300L, "1.0", sentence, clock.instant()),
                    last));
            database.update(
                    "update observation set verdict = ?, sentence = ?, ended = (ended or ?), judged_at = current_timestamp where id = ?",
                    verdict,
                    sentence,
                    last,
                    watched.order().id());
        });
    }

    /** Tries failed steps until their retries are used up. As under the job executor, and unlike by hand, a step knows its last attempt. */
    void useUpRetries() {
        retry();
        assertThat(failures).as("what failed before the last attempt").isNotEmpty();
    }

    /** As often as most steps are tried. */
    void retry() {
        for (int retry = 0; retry < 3; retry++) {
            for (Job job : management
                    .createJobQuery()
                    .withException()
                    .withRetriesLeft()
                    .list()) {
                Context.setJobExecutorContext(new JobExecutorContext());
                try {
                    management.executeJob(job.getId());
                } catch (RuntimeException failedAgain) {
                    failures.add(failedAgain);
                } finally {
                    Context.removeJobExecutorContext();
                }
            }
        }
        settle();
    }

    void changeDossier(String key) {
        transaction.executeWithoutResult(status -> {
            database.update(
                    "update release set commit_ = 'ffffffffffffffffffffffffffffffffffffffff' where key_ = ?", key);
            dossiers.changed(key, "a new commit");
        });
        settle();
    }

    ResultActions act(String key, String act, String person, String reason) throws Exception {
        ResultActions answer = http.perform(post("/api/releases/{key}/" + act, key)
                .with(httpBasic(person, person))
                .contentType("application/json")
                .content(json.writeValueAsString(Map.of("reason", reason))));
        settle();
        return answer;
    }

    /** A first time, about the candidate; returns what became of it. */
    String alert(String key, String severity) throws Exception {
        String body =
                """
                {"version": "4", "status": "firing", "receiver": "countersign", "truncatedAlerts": 0, "alerts": [
                 {"status": "firing", "labels": {"alertname": "HighErrors", "severity": "%s", "release": "%s"}, "annotations": {},
                  "startsAt": "%s", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "%s"}]}"""
                        .formatted(severity, key, clock.instant(), Integer.toHexString(key.hashCode()));
        String answer = http.perform(post("/api/webhooks/alertmanager")
                        .header("Authorization", "Bearer " + DatabaseTest.ALERTS_SECRET)
                        .contentType("application/json")
                        .content(body))
                .andReturn()
                .getResponse()
                .getContentAsString();
        settle();
        return json.readTree(answer).path("alerts").path(0).path("outcome").asText();
    }

    boolean isCleared(String key) {
        try {
            clearances.require(key);
            return true;
        } catch (StateConflict none) {
            return false;
        }
    }

    Rollout rollout(String key) {
        return store.find(key).orElseThrow();
    }

    ReleaseState state(String key) {
        return releases.get(key).state();
    }

    boolean isOpen(String key, String task) {
        return tasks.createTaskQuery()
                        .processInstanceBusinessKey(key)
                        .taskDefinitionKey(task)
                        .count()
                == 1;
    }

    boolean isWatched(String key) {
        return observations.ofRelease(key).stream().anyMatch(observation -> !observation.ended());
    }

    List<String> told(String key, String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    /** The groups of the mail about a release whose subject begins so. */
    List<String> mailed(String key, String subject) {
        return database.queryForList(
                "select groups_ from mail where release_key = ? and subject like ?", String.class, key, subject + "%");
    }

    String instance(String key, String process) {
        return runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .processDefinitionKey(process)
                .singleResult()
                .getId();
    }
}
