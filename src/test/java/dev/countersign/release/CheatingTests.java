package dev.countersign.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Targets;
import dev.countersign.workflow.TaskRefused;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.history.HistoricProcessInstance;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;

/**
 * Ways around the clearance: whoever tries them, no share of the traffic moves, and the attempt stands in the timeline.
 *
 * <p>Other attempts are shown elsewhere: a second vote, a vote for another seat, as author or requester, on an old dossier or with variables of one's own in
 * {@code VotingTests}; a report for another commit in {@code EvidenceToSignoffTests}; weaker models and tables in {@code GuardrailDeployerTest}; forged variables and
 * tasks left by an error in {@code RolesTest}.
 */
@DatabaseTest
@Tag("M2.2")
class CheatingTests {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @Autowired
    private MockMvc http;

    @Autowired
    private ReleaseOpening opening;

    @Autowired
    private Releases releases;

    @Autowired
    private Timeline timeline;

    @Autowired
    private Rollouts rollouts;

    @Autowired
    private Targets targets;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private TaskService tasks;

    @Autowired
    private FormService forms;

    @Autowired
    private HistoryService history;

    @Autowired
    private RepositoryService repository;

    @Autowired
    private Hands hands;

    private String key;

    @BeforeEach
    void aReleaseThatIsNotCleared() throws Exception {
        key = hands.as("ci", () -> opening.open(request())).key();
        hands.settle();
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.CRITERIA);
    }

    @AfterEach
    void noShareMoved() throws Exception {
        try {
            assertThat(targets.routerOf("checkout").readShare("checkout")).isZero();
            assertThat(targets.deployerOf("checkout").candidateDigest("checkout"))
                    .isEmpty();
            assertThat(rollouts.find(key)).isEmpty();
        } finally {
            instances().forEach(instance -> {
                if (runtime.createProcessInstanceQuery()
                                .processInstanceId(instance)
                                .count()
                        == 1) {
                    runtime.deleteProcessInstance(instance, "test over");
                }
            });
        }
    }

    @Test
    void an_administrator_who_moves_the_release_to_its_rollout_moves_no_share() throws Exception {
        String release = instance("release");
        as("admin", () -> {
            runtime.createProcessInstanceModification(release)
                    .startBeforeActivity("rollOut")
                    .execute();
            return null;
        });
        hands.settle();
        watch();
        hands.settle();
        assertThat(refusals("rollout.refused"))
                .singleElement()
                .asString()
                .contains("planRollout")
                .contains("no clearance");
        assertThat(releases.get(key).state())
                .as("the way begins again where it is cleared")
                .isEqualTo(ReleaseState.CRITERIA);
        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey(key)
                        .processDefinitionKey("staged-rollout")
                        .count())
                .isZero();
    }

    @Test
    void an_administrator_who_starts_a_rollout_moves_no_share() throws Exception {
        as("admin", () -> runtime.startProcessInstanceByKey("staged-rollout", key));
        hands.settle();
        watch();
        hands.settle();
        assertThat(refusals("rollout.refused")).isNotEmpty().allMatch(text -> text.contains("no clearance"));
    }

    @ParameterizedTest
    @CsvSource({"planRollout", "deployCandidate", "setSplit"})
    void an_administrator_who_enters_a_rollout_in_the_middle_moves_no_share(String step) throws Exception {
        as("admin", () -> {
            repository
                    .createProcessDefinitionQuery()
                    .processDefinitionKey("staged-rollout")
                    .latestVersion()
                    .list()
                    .forEach(definition -> runtime.createProcessInstanceById(definition.getId())
                            .businessKey(key)
                            .startBeforeActivity(step)
                            .execute());
            return null;
        });
        hands.settle();
        assertThat(refusals("rollout.refused"))
                .isNotEmpty()
                .allMatch(text -> text.contains(step) && text.contains("no clearance"));
    }

    @ParameterizedTest
    @CsvSource({
        "release-manager, rollout/promote, 409",
        "sre,             rollout/promote, 409",
        "developer,       rollout/promote, 403",
        "ci,              rollout/promote, 403",
        "on-call,         rollout/resume,  409",
        "qa,              rollout/resume,  403",
        "release-manager, rollback,        409",
        "developer,       rollback,        403",
    })
    void nobody_steers_a_rollout_before_go(String person, String act, int expected) throws Exception {
        http.perform(post("/api/releases/{key}/" + act, key)
                        .with(httpBasic(person, person))
                        .contentType("application/json")
                        .content("{\"reason\":\"It is urgent\"}"))
                .andExpect(status().is(expected));
        assertThat(timeline.of(key))
                .filteredOn(entry -> entry.type().equals("rollout.refused"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.actor()).isEqualTo(person));
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.CRITERIA);
    }

    @Test
    void there_is_nothing_to_steer_where_there_is_no_release() throws Exception {
        for (String act : List.of("rollout/promote", "rollout/resume", "rollback")) {
            http.perform(post("/api/releases/{key}/" + act, "checkout@0.0.0")
                            .with(httpBasic("release-manager", "release-manager"))
                            .contentType("application/json")
                            .content("{\"reason\":\"It is urgent\"}"))
                    .andExpect(status().isNotFound());
        }
    }

    @Test
    void nobody_completes_anothers_task() throws Exception {
        Task task = task();
        for (String stranger : List.of("support", "admin", "ci")) {
            assertThatThrownBy(() -> as(stranger, () -> {
                        tasks.complete(task.getId(), Map.of("answer", "agree"));
                        return null;
                    }))
                    .isInstanceOf(AuthorizationException.class);
            assertThatThrownBy(() -> as(stranger, () -> {
                        forms.submitTaskForm(task.getId(), Map.of("answer", "agree"));
                        return null;
                    }))
                    .isInstanceOf(AuthorizationException.class);
        }
        assertThat(timeline.of(key))
                .filteredOn(entry -> entry.type().equals("task.refused"))
                .extracting(Timeline.Entry::actor)
                .containsExactly("support", "support", "admin", "admin", "ci", "ci");
        assertThat(tasks.createTaskQuery().taskId(task.getId()).count()).isOne();
    }

    @Test
    void variables_of_ones_own_are_refused_with_the_answer() throws Exception {
        Task task = task();
        Map<String, Object> forged = new TreeMap<>(forms.getTaskFormVariables(task.getId(), List.of("dossier"), true));
        forged.put("answer", "agree");
        forged.put("criteriaAgreed", true);
        forged.put("gatesClear", true);
        assertThatThrownBy(() -> as(groupOf(task), () -> {
                    forms.submitTaskForm(task.getId(), forged);
                    return null;
                }))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("no field [criteriaAgreed, gatesClear]");
        assertThat(refusals("task.refused")).singleElement().asString().contains("criteriaAgreed");
        assertThat(history.createHistoricVariableInstanceQuery()
                        .processInstanceIdIn(instances().toArray(String[]::new))
                        .variableNameIn("criteriaAgreed", "gatesClear")
                        .count())
                .isZero();
    }

    @Test
    void a_second_process_for_a_release_is_refused() {
        String policy = releases.get(key).policy();
        for (String person : List.of("release-manager", "ci", "admin")) {
            assertThatThrownBy(() -> as(person, () -> runtime.startProcessInstanceByKey("release", key)))
                    .isInstanceOf(TaskRefused.class)
                    .hasMessageContaining("once");
            assertThatThrownBy(() -> as(person, () -> forms.submitStartForm(definition(policy), key, Map.of("a", "b"))))
                    .isInstanceOf(TaskRefused.class)
                    .hasMessageContaining("once");
        }
        assertThat(refusals("release.refused")).hasSize(6);
        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey(key)
                        .processDefinitionKey("release")
                        .count())
                .isOne();
    }

    @Test
    void a_key_of_ones_own_opens_no_release() {
        assertThatThrownBy(() -> as(
                        "release-manager",
                        () -> runtime.startProcessInstanceByKey("release", "checkout@99.0.0-forged")))
                .isInstanceOf(TaskRefused.class);
        assertThat(releases.find("checkout@99.0.0-forged")).isEmpty();
    }

    @Test
    void outcomes_written_into_the_start_form_do_not_stay() throws Exception {
        OpenRelease wanted = request();
        Map<String, Object> form = new TreeMap<>(Map.of(
                "service", wanted.service(),
                "version", wanted.version(),
                "kind", "standard",
                "summary", wanted.summary(),
                "commit", wanted.commit(),
                "authors", "developer",
                "artifact", wanted.artifacts().get(0).name(),
                "digest", wanted.artifacts().get(0).digest()));
        for (String outcome : List.of("criteriaAgreed", "gatesClear", "signedOff")) {
            form.put(outcome, true);
        }
        form.put("decision", "GO");
        String policy = releases.get(key).policy();
        ProcessInstance opened =
                as("release-manager", () -> forms.submitStartForm(definition(policy), new TreeMap<>(form)));
        try {
            assertThat(releases.find(wanted.service() + "@" + wanted.version())).isPresent();
            assertThat(runtime.getVariables(opened.getId())).isEmpty();
        } finally {
            runtime.deleteProcessInstance(opened.getId(), "test over");
        }
    }

    private static OpenRelease request() {
        return new OpenRelease(
                "checkout",
                "6.0." + NUMBER.incrementAndGet(),
                "standard",
                "One-page checkout",
                "production",
                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                null,
                List.of("developer"),
                List.of(new Release.Artifact("registry.example/checkout", "sha256:" + "a".repeat(64))),
                Map.of(),
                null,
                List.of(),
                null,
                List.of());
    }

    private String definition(String policy) {
        return repository
                .createProcessDefinitionQuery()
                .deploymentId(policy)
                .processDefinitionKey("release")
                .singleResult()
                .getId();
    }

    private List<String> instances() {
        return history.createHistoricProcessInstanceQuery().processInstanceBusinessKey(key).list().stream()
                .map(HistoricProcessInstance::getId)
                .toList();
    }

    private String instance(String process) {
        return runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .processDefinitionKey(process)
                .singleResult()
                .getId();
    }

    private Task task() {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("agreeOnCriteria")
                .list()
                .get(0);
    }

    private String groupOf(Task task) {
        return tasks.getIdentityLinksForTask(task.getId()).stream()
                .map(IdentityLink::getGroupId)
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }

    private void watch() throws Exception {
        Task watch = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey("acknowledgeWatch")
                .singleResult();
        hands.answer(key, "acknowledgeWatch", groupOf(watch), Map.of("acknowledged", true));
    }

    private List<String> refusals(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    private <T> T as(String person, Callable<T> act) throws Exception {
        return hands.as(person, act);
    }
}
