package dev.countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Evidence that arrives after the gates of a release were clear and before its review, on the whole platform. */
@DatabaseTest
@Tag("D2")
@Tag("M1.5")
class ChangedEvidenceTests {
    @Autowired
    private MockMvc http;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Releases releases;

    @Autowired
    private Timeline timeline;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private TaskService tasks;

    @Autowired
    private FormService forms;

    @Autowired
    private Hands hands;

    private String key;

    @BeforeEach
    void aReleaseInSignOff() throws Exception {
        key = opened.byPipeline("checkout").key();
        hands.settle();
        for (String party : List.of("product", "security", "operations")) {
            answer("agreeOnCriteria", party, party, Map.of("answer", "agree"));
        }
        send("junit.xml");
        send("results.sarif");
        assertThat(open()).containsExactly("signOff");
        assertThat(running()).containsOnlyOnce("security-signoff").doesNotContain("release-gates");
    }

    @AfterEach
    void end() {
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .rootProcessInstances()
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    @Test
    void what_gates_wait_for_does_not_begin_the_clearance_again() {
        assertThat(timelineOf("gates.reopened")).isEmpty();
        assertThat(timelineOf("state.entered")).containsOnlyOnce("CRITERIA → GATES");
    }

    @Test
    void evidence_that_turns_a_gate_leads_back_from_the_sign_off_at_once() throws Exception {
        String asked = task("signOff", "security").getId();

        send("results-failing.sarif").andExpect(jsonPath("$.gates[0].verdict").value("FAIL"));

        assertThat(open()).containsExactly("resolveGate");
        assertThat(tasks.createTaskQuery().taskId(asked).count()).isZero();
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.GATES);
        assertThat(timelineOf("gates.reopened")).singleElement().asString().contains("evidence.sarif");

        send("results.sarif");
        assertThat(open()).containsExactly("signOff");
        assertThat(timelineOf("gates.reopened")).hasSize(1);
    }

    @Test
    void evidence_that_turns_a_gate_leads_back_from_the_preparation_and_voids_only_what_it_concerns() throws Exception {
        answer("signOff", "security", "security", Map.of("decision", "approve"));
        assertThat(open()).isNotEmpty().allMatch(List.of("tickChecklist", "planCommunication")::contains);

        // Security does not look at test reports: its sign-off stands.
        send("junit-failing.xml");
        assertThat(open()).containsExactly("resolveGate");
        assertThat(timelineOf("signoff.voided")).isEmpty();
        send("junit.xml");
        assertThat(open()).isNotEmpty().allMatch(List.of("tickChecklist", "planCommunication")::contains);

        // It does look at the analysis.
        send("results-failing.sarif");
        assertThat(open()).containsExactly("resolveGate");
        assertThat(timelineOf("signoff.voided")).hasSize(1);
        send("results.sarif");
        assertThat(open()).containsExactly("signOff");
    }

    @Test
    void a_plan_made_in_the_preparation_is_its_own_work_and_leads_nowhere_back() throws Exception {
        answer("signOff", "security", "security", Map.of("decision", "approve"));
        Task plan = task("planCommunication", "product");
        hands.as("product", () -> {
            Map<String, Object> form = forms.getTaskFormVariables(plan.getId());
            tasks.complete(
                    plan.getId(),
                    Map.of("messages", form.get("messages"), "status", "final", "seen", form.get("seen")));
            return null;
        });
        hands.settle();

        assertThat(timelineOf("communication.final")).hasSize(1);
        assertThat(timelineOf("gates.reopened")).isEmpty();
        assertThat(running()).contains("release-preparation");
    }

    @Test
    void the_same_document_again_leads_nowhere_back() throws Exception {
        String asked = task("signOff", "security").getId();
        send("results.sarif");
        assertThat(tasks.createTaskQuery().taskId(asked).count()).isEqualTo(1);
        assertThat(timelineOf("gates.reopened")).isEmpty();
    }

    private ResultActions send(String file) throws Exception {
        ResultActions answer = http.perform(post("/api/releases/{key}/evidence", key)
                        .queryParam("commit", OpenedReleases.COMMIT)
                        .queryParam("source", file.startsWith("junit") ? "surefire" : "codeql")
                        .contentType("application/octet-stream")
                        .content(Files.readAllBytes(Path.of("docs/tour", file)))
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().isCreated());
        hands.settle();
        return answer;
    }

    private Task task(String id, String group) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey(id)
                .taskCandidateGroup(group)
                .singleResult();
    }

    private void answer(String id, String group, String person, Map<String, Object> fields) throws Exception {
        Task task = task(id, group);
        hands.as(person, () -> {
            Map<String, Object> all = new java.util.HashMap<>(fields);
            all.put("dossier", forms.getTaskFormVariables(task.getId()).get("dossier"));
            tasks.complete(task.getId(), all);
            return null;
        });
        hands.settle();
    }

    private List<String> open() {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).list().stream()
                .map(Task::getTaskDefinitionKey)
                .toList();
    }

    private List<String> running() {
        return runtime.createProcessInstanceQuery().processInstanceBusinessKey(key).list().stream()
                .map(instance -> instance.getProcessDefinitionId().replaceAll(":.*", ""))
                .toList();
    }

    private List<String> timelineOf(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }
}
