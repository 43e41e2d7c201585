package dev.countersign.gate.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.gate.Gates;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Dossiers;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.support.TransactionTemplate;

/** A release of a service in production that touches personal data, at its gates. */
@DatabaseTest
@Tag("M4.6")
class DataImpactTests {
    private static final String TASK = "assessDataImpact";
    private static final Path DPIA = Path.of("src/test/resources/samples/declared/dpia.yaml");

    @Autowired
    private MockMvc http;

    @Autowired
    private ObjectMapper json;

    @Autowired
    private JdbcClient db;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Gates gates;

    @Autowired
    private Dossiers dossiers;

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
    private TransactionTemplate transaction;

    @Autowired
    private Hands hands;

    private String key;

    /** A service that no file names runs in production: the strictest target counts. */
    @BeforeEach
    void release() {
        key = opened.withoutProcess("ledger", "standard", "critical", "developer")
                .key();
        db.sql("update release set changes = ? where key_ = ?")
                .params(
                        "{\"externalEndpoints\":false,\"authentication\":false,\"personalData\":true,"
                                + "\"databaseMigration\":false,\"infrastructure\":false,\"apiContract\":false}",
                        key)
                .update();
        dossiers.changed(key, "opened");
        runtime.startProcessInstanceByKey("release-gates", key);
        hands.settle();
    }

    @AfterEach
    void end() {
        hands.resetTime();
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    private Gate gate() {
        return gates.find(key, "privacy").orElseThrow();
    }

    private List<Task> open() {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey(TASK)
                .list();
    }

    private Task task() {
        assertThat(open()).hasSize(1);
        return open().get(0);
    }

    private boolean isOver() {
        return runtime.createProcessInstanceQuery()
                        .processDefinitionKey("data-impact")
                        .processInstanceBusinessKey(key)
                        .count()
                == 0;
    }

    /** What somebody answers who has thought of everything. */
    private Map<String, Object> answers(Object... others) {
        Map<String, Object> answers = new HashMap<>(Map.of(
                "purpose",
                "Invoices are kept with the order.",
                "dataCategories",
                List.of("identity", "financial"),
                "subjects",
                "All customers",
                "legalBasis",
                "legal-obligation",
                "necessity",
                "Tax law asks for it.",
                "recipients",
                "The tax adviser",
                "transfers",
                "no",
                "retention",
                "After ten years",
                "rights",
                "adapted"));
        answers.putAll(Map.of(
                "measures",
                "Encrypted, read by two people",
                "officer",
                "asked",
                "officerAdvice",
                "Delete drafts early",
                "risks",
                List.of(Map.of(
                        "text",
                        "Invoices leak",
                        "level",
                        "high",
                        "measure",
                        "A key for each customer",
                        "mitigated",
                        true)),
                "decision",
                "approved"));
        answers.put(
                "seen",
                forms.getTaskFormVariables(task().getId(), List.of("seen"), true)
                        .get("seen"));
        for (int i = 0; i < others.length; i += 2) {
            if ("".equals(others[i + 1])) {
                answers.remove(others[i]);
            } else {
                answers.put((String) others[i], others[i + 1]);
            }
        }
        return answers;
    }

    private static Map<String, Object> condition(String text, String owner, String due, boolean beforeRollout) {
        return Map.of("text", text, "owner", owner, "due", due, "beforeRollout", beforeRollout);
    }

    private void answer(String person, Map<String, Object> answers) throws Exception {
        Task task = task();
        hands.as(person, () -> {
            tasks.complete(task.getId(), answers);
            return null;
        });
        hands.settle();
    }

    private void send(String assessment) throws Exception {
        http.perform(post("/api/releases/{key}/evidence", key)
                        .queryParam("source", "register")
                        .content(assessment)
                        .with(httpBasic("privacy", "privacy")))
                .andExpect(status().isCreated());
        hands.settle();
    }

    private List<String> timelineOf(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    private List<String> conditions(String where) {
        return db.sql("select text || ' | ' || owner from review_condition where release_key = ? and " + where
                        + " order by id")
                .param(key)
                .query(String.class)
                .list();
    }

    @Test
    void what_privacy_answers_is_a_document_that_the_gate_judges_like_one_that_was_sent() throws Exception {
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(tasks.getIdentityLinksForTask(task().getId()))
                .extracting(IdentityLink::getGroupId)
                .containsExactly("privacy");
        answer("privacy", answers("validUntil", "2099-12-31"));
        assertThat(gate().verdict()).as(gate().sentence()).isEqualTo(Verdict.PASS);
        assertThat(isOver()).isTrue();
        JsonNode document = json.readTree(http.perform(get("/api/releases/{key}/evidence/{sha}", key, gate().evidence())
                        .with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsByteArray());
        assertThat(document.path("decidedBy").asText()).isEqualTo("privacy");
        assertThat(document.at("/answers/purpose").asText()).startsWith("Invoices");
        assertThat(document.at("/answers/dataCategories/1").asText()).isEqualTo("financial");
        assertThat(document.at("/risks/0/mitigated").asBoolean()).isTrue();
        assertThat(document.path("validUntil").asText()).isEqualTo("2099-12-31");
        assertThat(dossiers.of(key).parts().get("evidence.dpia").material()).isTrue();
        assertThat(timelineOf("impact.assessed")).hasSize(1);
        assertThat(timelineOf("impact.moot")).isEmpty();
    }

    @Test
    void conditions_are_those_of_the_release_from_then_on() throws Exception {
        answer(
                "privacy",
                answers(
                        "decision",
                        "approved-with-conditions",
                        "conditions",
                        List.of(
                                condition("Delete drafts", "developer", "2099-01-31", true),
                                condition("Report to the officer", "privacy", "2099-06-30", false))));
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(conditions("before_rollout = true and stated_by = 'privacy'"))
                .containsExactly("Delete drafts | developer");
        assertThat(conditions("before_rollout = false and withdrawn_at is null"))
                .containsExactly("Report to the officer | privacy");
        assertThat(timelineOf("condition.demanded")).singleElement().asString().contains("2 conditions");
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "purpose||is required",
                "legalBasis|none|must be one of",
                "dataCategories||is required",
                "decision|rejected|Say why you reject it",
                "decision|approved-with-conditions|Name the conditions",
                "decision|perhaps|must be one of",
                "officer|no|before the data protection officer was asked",
                "officerAdvice||what the data protection officer advised",
                "validUntil|2020-01-01|cannot end before it is made",
                "validUntil|soon|is no day",
                "seen|something else|changes is another thing",
            })
    void an_answer_that_leaves_something_open_is_refused_with_the_reason(String field, String value, String reason) {
        assertThatThrownBy(() -> answer("privacy", answers(field, value == null ? "" : value)))
                .hasMessageContaining(reason);
        assertThat(open()).hasSize(1);
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void a_high_risk_that_is_left_as_it_is_and_conditions_that_nobody_can_meet_are_refused() {
        var risk = List.of(Map.of("text", "Invoices leak", "level", "high", "mitigated", false));
        assertThatThrownBy(() -> answer("privacy", answers("risks", risk))).hasMessageContaining("cannot be approved");
        var nobody = List.of(condition("Delete drafts", "a stranger", "2099-01-31", true));
        assertThatThrownBy(
                        () -> answer("privacy", answers("decision", "approved-with-conditions", "conditions", nobody)))
                .hasMessageContaining("nobody knows a stranger");
        var late = List.of(condition("Delete drafts", "developer", "2020-01-31", true));
        assertThatThrownBy(() -> answer("privacy", answers("decision", "approved-with-conditions", "conditions", late)))
                .hasMessageContaining("due in the future");
        var some = List.of(condition("Delete drafts", "developer", "2099-01-31", true));
        assertThatThrownBy(() -> answer("privacy", answers("conditions", some)))
                .hasMessageContaining("none with conditions");
        assertThat(conditions("1 = 1")).isEmpty();
    }

    @Test
    void legal_stands_in_after_a_day_and_nobody_who_wrote_or_requested_it_ever() throws Exception {
        assertThatThrownBy(() -> answer("legal", answers())).isInstanceOf(AuthorizationException.class);
        db.sql("update release set requested_by = 'privacy' where key_ = ?")
                .param(key)
                .update();
        assertThatThrownBy(() -> answer("privacy", answers())).hasMessageContaining("wrote or requested");
        hands.pass(Duration.ofHours(9));
        assertThat(mails("reminder")).anyMatch(mail -> mail.contains("Still to be assessed"));
        assertThatThrownBy(() -> answer("legal", answers())).isInstanceOf(AuthorizationException.class);
        hands.pass(Duration.ofHours(16));
        assertThat(mails("escalation")).anyMatch(mail -> mail.contains("Nobody has assessed"));
        assertThat(task().getPriority()).isEqualTo(70);
        assertThat(gate().verdict()).as("silence approves nothing").isEqualTo(Verdict.NO_DATA);
        answer("legal", answers());
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(isOver()).isTrue();
    }

    private List<String> mails(String kind) {
        return db.sql("select subject from mail where release_key = ? and kind = ?")
                .params(key, kind)
                .query(String.class)
                .list();
    }

    @Test
    void an_assessment_that_is_sent_takes_the_task_away_and_its_conditions_fall_with_it() throws Exception {
        String assessment = Files.readString(DPIA);
        send(assessment.replace("owner: team-fulfilment", "owner: developer"));
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(open()).isEmpty();
        assertThat(isOver()).isTrue();
        assertThat(timelineOf("impact.moot")).singleElement().asString().contains("an assessment is there");
        assertThat(conditions("withdrawn_at is null")).containsExactly("Delete drafts after a month | developer");
        send(assessment.replace(", owner: team-fulfilment, due: \"2099-12-31\"", ""));
        assertThat(conditions("withdrawn_at is null"))
                .as("it names no owner, so that nobody can be held to it")
                .isEmpty();
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(timelineOf("condition.fell")).hasSize(1);
    }

    @Test
    void a_rejected_release_is_assessed_again_when_its_gate_is_being_fixed() throws Exception {
        answer("privacy", answers("decision", "rejected", "reason", "Nobody needs this data"));
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(isOver()).isTrue();
        Task resolve =
                tasks.createTaskQuery().processInstanceBusinessKey(key).taskDefinitionKey("resolveGate").list().stream()
                        .filter(task -> "privacy".equals(tasks.getVariable(task.getId(), "gate")))
                        .findFirst()
                        .orElseThrow();
        hands.as("privacy", () -> {
            tasks.complete(
                    resolve.getId(),
                    Map.of(
                            "choice",
                            "fix",
                            "reason",
                            "Only invoices are kept now",
                            "dossier",
                            dossiers.of(key).digest()));
            return null;
        });
        hands.settle();
        assertThat(forms.getTaskFormVariables(task().getId(), List.of("earlier"), true)
                        .get("earlier")
                        .toString())
                .contains("rejected");
        answer("privacy", answers());
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void nobody_is_asked_any_more_about_a_release_that_is_over() {
        assertThat(open()).hasSize(1);
        transaction.executeWithoutResult(status -> releases.enter(key, ReleaseState.ABORTED, "withdrawn"));
        hands.settle();
        assertThat(open()).isEmpty();
        assertThat(timelineOf("impact.moot")).singleElement().asString().contains("ABORTED");
    }
}
