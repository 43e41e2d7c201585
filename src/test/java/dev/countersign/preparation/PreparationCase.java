package dev.countersign.preparation;

import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.support.TransactionTemplate;

/** The model {@code release-preparation} on the whole platform, for a release that has come so far. */
@DatabaseTest
abstract class PreparationCase {
    static final String COMMIT = OpenedReleases.COMMIT;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Autowired
    MockMvc http;

    @Autowired
    JdbcClient db;

    @Autowired
    OpenedReleases opened;

    @Autowired
    Dossiers dossiers;

    @Autowired
    Releases releases;

    @Autowired
    Timeline timeline;

    @Autowired
    RuntimeService runtime;

    @Autowired
    TaskService tasks;

    @Autowired
    FormService forms;

    @Autowired
    HistoryService history;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    Hands hands;

    String key;
    private String process;

    @BeforeEach
    void release() {
        release("checkout", "standard", "developer");
    }

    /** Puts another release in the place of the one that each test begins with. */
    void release(String service, String kind, String author) {
        key = opened.withoutProcess(service, kind, "critical", author).key();
    }

    @AfterEach
    void end() {
        hands.resetTime();
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    void start() {
        process = runtime.startProcessInstanceByKey("release-preparation", key).getId();
        hands.settle();
    }

    Release current() {
        return releases.get(key);
    }

    void enter(ReleaseState state) {
        transaction.executeWithoutResult(status -> releases.enter(key, state, null));
        hands.settle();
    }

    /** Open tasks; those of the checklist with their role. */
    List<String> open() {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).list().stream()
                .map(task -> Stream.of(task.getTaskDefinitionKey(), tasks.getVariable(task.getId(), "role"))
                        .filter(Objects::nonNull)
                        .map(Object::toString)
                        .reduce((id, role) -> id + "/" + role)
                        .orElseThrow())
                .sorted()
                .toList();
    }

    Task task(String id, String role) {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).taskDefinitionKey(id).list().stream()
                .filter(task -> role == null || role.equals(tasks.getVariable(task.getId(), "role")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + "/" + role + " is not open, but " + open()));
    }

    /** Answers as people do: what the form shows comes back, with what they enter. */
    void answer(Task task, String person, Map<String, Object> fields) throws Exception {
        hands.as(person, () -> {
            tasks.complete(task.getId(), fields);
            return null;
        });
        hands.settle();
    }

    Object shown(Task task, String field) {
        return forms.getTaskFormVariables(task.getId(), List.of(field), true).get(field);
    }

    List<Map<String, Object>> rows(Task task, String list) throws Exception {
        return JSON.readValue(shown(task, list).toString(), new TypeReference<>() {});
    }

    /** Confirms every item of the role. */
    void tick(String role, String person, String evidence) throws Exception {
        Task task = task("tickChecklist", role);
        List<Map<String, Object>> items = rows(task, "items");
        items.forEach(row -> {
            row.put("ticked", true);
            row.put("evidence", evidence);
        });
        answer(task, person, Map.of("items", items, "seen", shown(task, "seen")));
    }

    /** Makes a plan final, or keeps it as a draft. */
    void plan(String status, List<Map<String, Object>> messages) throws Exception {
        Task task = task("planCommunication", null);
        answer(task, "product", Map.of("messages", messages, "status", status, "seen", shown(task, "seen")));
    }

    /** Makes what the form proposes final. */
    void plan() throws Exception {
        plan("final", rows(task("planCommunication", null), "messages"));
    }

    static Map<String, Object> message(String audience, String recipients, String moment) {
        Map<String, Object> message = new HashMap<>(Map.of(
                "audience",
                audience,
                "channel",
                "mail",
                "recipients",
                recipients,
                "owner",
                "product",
                "moment",
                moment,
                "delay",
                0,
                "subject",
                "Checkout for " + recipients.replaceAll("@.*", ""),
                "words",
                "It goes out.",
                "onRollback",
                "cancel"));
        return message;
    }

    void upload(String report, int expected) throws Exception {
        http.perform(post("/api/releases/{key}/evidence?type=junit&commit=" + COMMIT, key)
                        .contentType("application/octet-stream")
                        .content(report.getBytes(StandardCharsets.UTF_8))
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().is(expected));
        hands.settle();
    }

    /** Sends a plan as a document; Windows' line ends are a pipeline's too. */
    void sendPlan(String words, int expected) throws Exception {
        String plan = Files.readString(Path.of("src/test/resources/samples/declared/plan.yaml"))
                .replace("Everything on one page.", words)
                .replace("\n", "\r\n");
        http.perform(post("/api/releases/{key}/evidence", key)
                        .contentType("application/octet-stream")
                        .content(plan.getBytes(StandardCharsets.UTF_8))
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().is(expected));
        hands.settle();
    }

    JsonNode document() throws Exception {
        return JSON.readTree(http.perform(get("/api/releases/{key}", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8));
    }

    List<String> timelineOf(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    /** The end event that the process came to; null while it runs. */
    String ended() {
        return history
                .createHistoricActivityInstanceQuery()
                .processInstanceId(process)
                .activityType("noneEndEvent")
                .finished()
                .list()
                .stream()
                .map(activity -> activity.getActivityId())
                .filter(id -> id.startsWith("releaseIs"))
                .findFirst()
                .orElse(null);
    }

    Object outcome(String variable) {
        return history.createHistoricVariableInstanceQuery()
                .processInstanceId(process)
                .variableName(variable)
                .singleResult()
                .getValue();
    }
}
