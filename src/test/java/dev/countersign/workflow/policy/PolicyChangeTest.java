package dev.countersign.workflow.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.TestDatabase;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.PolicyChanges.State;
import dev.countersign.workflow.TaskRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.runtime.Job;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.LinkedMultiValueMap;

/** A process owner edits files in the folder; what becomes of the edit, in the running platform. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"camunda.bpm.job-execution.enabled=false", "countersign.workflow.watch=1h"})
@ContextConfiguration(initializers = TestDatabase.class)
@Tag("database")
@Tag("D2")
@Tag("M8.1")
class PolicyChangeTest {
    private static final Path FOLDER = copies();

    @Autowired
    PolicyWatch watch;

    @Autowired
    PolicyChanges changes;

    @Autowired
    ModelDeployment models;

    @Autowired
    TaskService tasks;

    @Autowired
    FormService forms;

    @Autowired
    RuntimeService runtime;

    @Autowired
    ManagementService jobs;

    @Autowired
    HistoryService history;

    @Autowired
    RepositoryService repository;

    @Autowired
    IdentityService identity;

    @Autowired
    TestRestTemplate http;

    @Autowired
    JdbcTemplate database;

    @DynamicPropertySource
    static void folders(DynamicPropertyRegistry properties) {
        properties.add("countersign.workflow.processes", () -> "file:" + FOLDER.resolve("processes"));
        properties.add("countersign.workflow.forms", () -> "file:" + FOLDER.resolve("forms"));
    }

    @AfterEach
    void putFolderBack() {
        identity.clearAuthentication();
        copy(FOLDER);
        watch.look();
    }

    @Test
    @DisplayName("the first set on an empty database is in force, and recorded as the first")
    void first() {
        assertThat(changes.list(100)).last().satisfies(change -> {
            assertThat(change.state()).isEqualTo(State.FIRST);
            assertThat(change.source()).isEqualTo("models");
        });
        assertThat(changes.inForce("models").orElseThrow().files()).containsKeys("release.bpmn", "floor.yaml");
        assertThat(leaves(changes.list(100).get(changes.list(100).size() - 1)))
                .containsExactly("policy.first by countersign");
    }

    @Test
    @DisplayName(
            "an edit takes effect for new instances once a second person has approved the difference that was shown")
    void approved() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT9H");
        String before = models.current();
        watch.look();
        watch.look();

        Change change = changes.list(1).get(0);
        assertThat(change.state()).isEqualTo(State.DETECTED);
        String difference = changes.difference(change.id());
        assertThat(difference).contains("+++ acceptance-criteria.bpmn", "PT9H").doesNotContain("release.bpmn");

        as("process-owner", "process-owner");
        Task submit = task(change, "submitPolicyChange");
        assertThat(forms.getTaskFormVariables(submit.getId()).get("difference").toString())
                .contains("PT9H");
        tasks.complete(submit.getId(), Map.of("choice", "submit", "why", "Parties in other time zones need longer"));
        Task approve = task(change, "approvePolicyChange");
        Map<String, Object> yes = Map.of("choice", "approve", "dossier", change.digest(), "reason", "");
        assertThatThrownBy(() -> tasks.complete(approve.getId(), yes))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("'process-owner' submitted this change; somebody else decides on it");
        as("compliance", "compliance");
        assertThatThrownBy(() -> tasks.complete(
                        approve.getId(), Map.of("choice", "approve", "dossier", "sha256:old", "reason", "")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("You looked at sha256:old");
        assertThat(models.current()).isEqualTo(before);

        tasks.complete(approve.getId(), yes);
        identity.clearAuthentication();
        runJobs();

        assertThat(changes.find(change.id()).orElseThrow()).satisfies(decided -> {
            assertThat(decided.state()).isEqualTo(State.APPROVED);
            assertThat(decided.submittedBy()).isEqualTo("process-owner");
            assertThat(decided.decidedBy()).isEqualTo("compliance");
        });
        assertThat(models.current()).isNotEqualTo(before);
        assertThat(leaves(change))
                .containsExactly(
                        "policy.proposed by countersign",
                        "policy.submitted by process-owner",
                        "policy.answer-refused by process-owner",
                        "policy.answer-refused by compliance",
                        "policy.approved by compliance",
                        "policy.in-force by countersign");
        assertThat(contents("policy.approved").get(0))
                .contains("\"digest\":\"" + change.digest(), "\"submittedBy\":{\"commitment\":\"")
                .doesNotContain("process-owner", "Parties in other time zones need longer");
        assertThat(personal("policy.approved"))
                .contains(
                        "/actor \"compliance\"",
                        "/submittedBy \"process-owner\"",
                        "/why \"Parties in other time zones need longer\"");
        assertThat(changes.inForce("models").orElseThrow().digest()).isEqualTo(change.digest());
    }

    @Test
    @DisplayName("an edit that falls below the floor is refused with the path, and asks nobody")
    void belowTheFloor() {
        edit(
                "processes/release.bpmn",
                "sourceRef=\"criteriaAgreed\" targetRef=\"clearance\"",
                "sourceRef=\"criteriaAgreed\" targetRef=\"exposure\"");
        long waiting = runtime.createProcessInstanceQuery()
                .processDefinitionKey(PolicyBook.PROCESS)
                .count();

        watch.look();

        Change change = changes.list(1).get(0);
        assertThat(change.state()).isEqualTo(State.REFUSED);
        assertThat(change.reasons())
                .anyMatch(
                        reason -> reason.matches("release\\.bpmn: `rollOut` can be reached without `security-signoff`,"
                                + " by way of opened → .*criteriaAgreed → exposure → exposureBegins → rollOut"));
        assertThat(runtime.createProcessInstanceQuery()
                        .processDefinitionKey(PolicyBook.PROCESS)
                        .count())
                .isEqualTo(waiting);
        assertThat(leaves(change)).containsExactly("policy.refused by countersign");
        assertThat(contents("policy.refused").get(0)).contains("can be reached without `security-signoff`");
    }

    @Test
    @DisplayName("a withdrawn edit ends, with who took it back; one that nobody claims lapses: both stand in the log")
    void withdrawnAndLapsed() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT13H");
        watch.look();
        Change withdrawn = changes.list(1).get(0);
        as("process-owner", "process-owner");
        tasks.complete(task(withdrawn, "submitPolicyChange").getId(), Map.of("choice", "withdraw", "why", "A mistake"));
        identity.clearAuthentication();
        assertThat(changes.find(withdrawn.id()).orElseThrow().state()).isEqualTo(State.REJECTED);
        assertThat(leaves(withdrawn))
                .containsExactly("policy.proposed by countersign", "policy.withdrawn by process-owner");

        edit("processes/acceptance-criteria.bpmn", "PT13H", "PT14H");
        watch.look();
        Change lapsed = changes.list(1).get(0);
        jobs.executeJob(jobs.createJobQuery()
                .processInstanceId(task(lapsed, "submitPolicyChange").getProcessInstanceId())
                .timers()
                .singleResult()
                .getId());
        assertThat(changes.find(lapsed.id()).orElseThrow().state()).isEqualTo(State.LAPSED);
        assertThat(leaves(lapsed)).containsExactly("policy.proposed by countersign", "policy.lapsed by countersign");
    }

    @Test
    @DisplayName("a rejected edit stays out, with the reason, and is not put before people again")
    void rejected() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT10H");
        watch.look();
        Change change = changes.list(1).get(0);
        as("process-owner", "process-owner");
        tasks.complete(task(change, "submitPolicyChange").getId(), Map.of("choice", "submit", "why", "Longer"));
        as("process-owner-2", "process-owner");
        tasks.complete(
                task(change, "approvePolicyChange").getId(),
                Map.of("choice", "reject", "dossier", change.digest(), "reason", "Too long"));
        watch.look();

        assertThat(changes.list(1).get(0)).satisfies(newest -> {
            assertThat(newest.id()).isEqualTo(change.id());
            assertThat(newest.state()).isEqualTo(State.REJECTED);
            assertThat(newest.decisionReason()).isEqualTo("Too long");
        });
        assertThat(leaves(change))
                .containsExactly(
                        "policy.proposed by countersign",
                        "policy.submitted by process-owner",
                        "policy.rejected by process-owner-2");
    }

    @Test
    @DisplayName(
            "an edit that its owner takes back ends without effect, with the reason, and is not put before people again")
    void takenBack() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT13H");
        String before = models.current();
        watch.look();
        Change change = changes.list(1).get(0);
        as("process-owner", "process-owner");
        tasks.complete(
                task(change, "submitPolicyChange").getId(), Map.of("choice", "withdraw", "why", "Tried something"));
        watch.look();

        assertThat(changes.list(1).get(0)).satisfies(newest -> {
            assertThat(newest.id()).isEqualTo(change.id());
            assertThat(newest.state()).isEqualTo(State.REJECTED);
            assertThat(newest.decidedBy()).isEqualTo("process-owner");
            assertThat(newest.decisionReason()).isEqualTo("Tried something");
        });
        assertThat(end(change)).isEqualTo("changeClosed");
        assertThat(models.current()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "an edit that nobody submits in two weeks lapses without effect, and is asked about anew while it is there")
    void neverSubmitted() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT14H");
        String before = models.current();
        watch.look();
        Change change = changes.list(1).get(0);
        assertThat(dueAfter(change, "neverSubmitted")).isEqualTo(Duration.ofDays(14));
        fire(change, "neverSubmitted");

        assertThat(changes.find(change.id()).orElseThrow()).satisfies(PolicyChangeTest::lapsed);
        assertThat(end(change)).isEqualTo("changeClosed");
        assertThat(models.current()).isEqualTo(before);

        watch.look();
        assertThat(changes.list(1).get(0)).satisfies(again -> {
            assertThat(again.id()).isNotEqualTo(change.id());
            assertThat(again.digest()).isEqualTo(change.digest());
            assertThat(again.state()).isEqualTo(State.DETECTED);
        });
    }

    @Test
    @DisplayName("a submitted edit that nobody decides on in two weeks lapses: silence approves nothing")
    void neverApproved() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT15H");
        String before = models.current();
        watch.look();
        Change change = changes.list(1).get(0);
        as("process-owner", "process-owner");
        tasks.complete(task(change, "submitPolicyChange").getId(), Map.of("choice", "submit", "why", "Longer"));
        identity.clearAuthentication();
        assertThat(dueAfter(change, "neverApproved")).isEqualTo(Duration.ofDays(14));
        fire(change, "neverApproved");

        assertThat(changes.find(change.id()).orElseThrow()).satisfies(PolicyChangeTest::lapsed);
        assertThat(end(change)).isEqualTo("changeClosed");
        assertThat(models.current()).isEqualTo(before);
        assertThat(changes.inForce("models").orElseThrow().digest()).isNotEqualTo(change.digest());
    }

    @Test
    @DisplayName(
            "when the folder changes again, the older change ends and the newer one is decided; the floor moves with compliance only")
    void superseded() {
        edit("processes/acceptance-criteria.bpmn", "PT8H", "PT11H");
        watch.look();
        Change older = changes.list(1).get(0);
        edit("processes/floor.yaml", "version: \"1.0\"", "version: \"1.1\"");
        watch.look();
        Change newer = changes.list(1).get(0);

        assertThat(changes.find(older.id()).orElseThrow().state()).isEqualTo(State.SUPERSEDED);
        assertThat(tasks.createTaskQuery()
                        .processInstanceBusinessKey(PolicyBook.businessKey(older.id()))
                        .count())
                .isZero();
        as("process-owner", "process-owner");
        tasks.complete(task(newer, "submitPolicyChange").getId(), Map.of("choice", "submit", "why", "A new floor"));
        as("process-owner-2", "process-owner");
        assertThatThrownBy(() -> tasks.complete(
                        task(newer, "approvePolicyChange").getId(),
                        Map.of("choice", "approve", "dossier", newer.digest(), "reason", "")))
                .isInstanceOf(AuthorizationException.class)
                .hasMessageContaining("'process-owner-2' does not have");
        assertThat(leaves(older)).containsExactly("policy.proposed by countersign", "policy.superseded by countersign");
        assertThat(leaves(newer)).endsWith("policy.answer-refused by process-owner-2");
    }

    @Test
    @DisplayName(
            "a weaker table is refused by Camunda's REST API with the row, and a sound set because nobody approved it")
    void otherWaysIn() {
        Map<String, byte[]> weaker = inFolder();
        weaker.put(
                "rollout-plan.dmn",
                new String(weaker.get("rollout-plan.dmn"))
                        .replace("<text>0.05</text>", "<text>1</text>")
                        .getBytes());
        ResponseEntity<String> answer = create(weaker);
        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
        assertThat(answer.getBody())
                .contains(
                        "rollout-plan.dmn: `rollout-plan` answers share = 1.0, over the limit of 0.1 (row 1 `rollout-plan-row-1`: Critical services, step 1");

        Map<String, byte[]> sound = inFolder();
        sound.put(
                "acceptance-criteria.bpmn",
                new String(sound.get("acceptance-criteria.bpmn"))
                        .replace("PT8H", "PT12H")
                        .getBytes());
        assertThat(create(sound).getBody()).contains("take effect when a second person has approved the change");
        assertThat(contents("policy.deployment-refused")).hasSize(2).first().satisfies(leaf -> assertThat(leaf)
                .contains(Digests.ofSet(weaker), "`rollout-plan` answers share = 1.0, over the limit of 0.1"));
        assertThat(personal("policy.deployment-refused")).containsOnly("/actor \"admin\"");

        var sneaking = repository.createDeployment().name("sneaking");
        sneaking.addString(
                "sneak.bpmn",
                """
                <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">
                  <bpmn:message id="running" name="candidateRunning"/>
                  <bpmn:process id="sneak" isExecutable="true" camunda:historyTimeToLive="P2555D">
                    <bpmn:startEvent id="told"><bpmn:messageEventDefinition messageRef="running"/></bpmn:startEvent>
                    <bpmn:sequenceFlow id="go" sourceRef="told" targetRef="promote"/>
                    <bpmn:serviceTask id="promote" camunda:delegateExpression="${promoteCandidate}"/>
                    <bpmn:userTask id="agreeOnCriteria" camunda:candidateGroups="process-owner"/>
                  </bpmn:process>
                </bpmn:definitions>""");
        assertThatThrownBy(sneaking::deploy)
                .hasMessageContaining("`told` waits for the platform's message `candidateRunning`")
                .hasMessageContaining("`promote` uses the platform's `promoteCandidate`")
                .hasMessageContaining("`agreeOnCriteria` is a task of the platform");

        var alone = repository.createDeployment().name("alone");
        alone.addInputStream("required-gates.dmn", new ByteArrayInputStream(sound.get("required-gates.dmn")));
        assertThatThrownBy(alone::deploy).hasMessageContaining("partial deployment");
        assertThat(contents("policy.deployment-refused")).hasSize(4).last().satisfies(leaf -> assertThat(leaf)
                .contains("\"files\":[\"required-gates.dmn\"]", "partial deployment"));
    }

    /** What the log says about a change, in order. */
    private List<String> leaves(Change change) {
        return database.queryForList(
                "select type || ' by ' || coalesce(replace(value_, '\"', ''), actor) from log_outbox"
                        + " left join personal_value on personal_value.leaf_id = log_outbox.leaf_id and path = '/actor' where type like 'policy.%' and (content like ? or content like ?) order by id",
                String.class, "%\"change\":" + change.id() + ",%", "%\"change\":" + change.id() + "}%");
    }

    /** What was taken out of the leaves of one type, with its place in them. */
    private List<String> personal(String type) {
        return database.queryForList(
                "select path || ' ' || value_ from personal_value join log_outbox"
                        + " on log_outbox.leaf_id = personal_value.leaf_id where type = ? order by id, path",
                String.class,
                type);
    }

    /** The exact bytes of the leaves of one type, in order. */
    private List<String> contents(String type) {
        return database.queryForList("select content from log_outbox where type = ? order by id", String.class, type);
    }

    private ResponseEntity<String> create(Map<String, byte[]> files) {
        var parts = new LinkedMultiValueMap<String, Object>();
        parts.add("deployment-name", "countersign");
        files.forEach((name, bytes) -> parts.add(name, new ByteArrayResource(bytes) {
            @Override
            public String getFilename() {
                return name;
            }
        }));
        return http.withBasicAuth("admin", "admin")
                .postForEntity("/engine-rest/deployment/create", parts, String.class);
    }

    private static Map<String, byte[]> inFolder() {
        return new ModelFolder(
                        new PathMatchingResourcePatternResolver(),
                        "file:" + FOLDER.resolve("processes"),
                        "file:" + FOLDER.resolve("forms"))
                .read();
    }

    private void as(String person, String group) {
        identity.setAuthentication(person, List.of(group));
    }

    private Task task(Change change, String key) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(PolicyBook.businessKey(change.id()))
                .taskDefinitionKey(key)
                .singleResult();
    }

    private static void lapsed(Change change) {
        assertThat(change.state()).isEqualTo(State.LAPSED);
        assertThat(change.decidedBy()).isEqualTo(Actors.PLATFORM);
        assertThat(change.decisionReason()).isEqualTo("Nobody decided in time");
    }

    private Job timer(Change change, String event) {
        String process = runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(PolicyBook.businessKey(change.id()))
                .singleResult()
                .getId();
        return jobs.createJobQuery()
                .processInstanceId(process)
                .activityId(event)
                .singleResult();
    }

    /** How long the task may stay open, to the minute. */
    private Duration dueAfter(Change change, String event) {
        Job timer = timer(change, event);
        return Duration.ofMinutes(Math.round(Duration.between(
                                timer.getCreateTime().toInstant(),
                                timer.getDuedate().toInstant())
                        .toSeconds()
                / 60.0));
    }

    private void fire(Change change, String event) {
        jobs.executeJob(timer(change, event).getId());
    }

    /** The end event of a change's process. */
    private String end(Change change) {
        String process = history.createHistoricProcessInstanceQuery()
                .processInstanceBusinessKey(PolicyBook.businessKey(change.id()))
                .finished()
                .singleResult()
                .getId();
        return history.createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .activityType("noneEndEvent")
                .singleResult()
                .getActivityId();
    }

    private void runJobs() {
        jobs.createJobQuery()
                .processDefinitionKey(PolicyBook.PROCESS)
                .messages()
                .list()
                .forEach(job -> jobs.executeJob(job.getId()));
    }

    private static void edit(String file, String from, String to) {
        try {
            String before = Files.readString(FOLDER.resolve(file));
            assertThat(before).contains(from);
            Files.writeString(FOLDER.resolve(file), before.replace(from, to));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Path copies() {
        try {
            Path folder = Files.createTempDirectory("policy");
            Files.createDirectories(folder.resolve("processes"));
            Files.createDirectories(folder.resolve("forms"));
            copy(folder);
            return folder;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static void copy(Path to) {
        for (String name : List.of("processes", "forms")) {
            try (Stream<Path> files = Files.list(Path.of(name))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.write(to.resolve(name).resolve(file.getFileName()), Files.readAllBytes(file));
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}
