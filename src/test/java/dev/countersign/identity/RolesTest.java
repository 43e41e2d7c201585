package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@Guarded
class RolesTest {
    @LocalServerPort
    int port;

    @Autowired
    IdentityService identity;

    @Autowired
    RuntimeService runtime;

    @Autowired
    TaskService tasks;

    @Autowired
    People people;

    Browser browser;
    String instance;
    String task;

    @BeforeEach
    void open() {
        browser = new Browser(port);
        instance =
                runtime.startProcessInstanceByKey("readRules", "checkout@2.0.0").getId();
        task = tasks.createTaskQuery()
                .processInstanceId(instance)
                .singleResult()
                .getId();
    }

    @AfterEach
    void cleanUp() {
        if (runtime.createProcessInstanceQuery().processInstanceId(instance).count() > 0) {
            runtime.deleteProcessInstance(instance, "tested");
        }
        identity.deleteUser("second-hat");
    }

    @Test
    void every_role_has_its_group_and_its_sample_person() {
        for (Role role : Role.values()) {
            assertThat(people.inGroups(List.of(role.id())))
                    .as(role.id())
                    .extracting(People.Addressee::id)
                    .contains(role.id())
                    .hasSize(SampleUsers.DECIDING.contains(role) ? 2 : 1);
        }
        assertThat(people.find("qa-2")).hasValueSatisfying(person -> {
            assertThat(person.email()).isEqualTo("qa-2@countersign.example");
            assertThat(person.has(Role.QA)).isTrue();
        });
        assertThat(people.find("nobody")).isEmpty();
    }

    // Auditor

    @Test
    @Tag("D3")
    void an_auditor_reads_the_history_and_what_runs() {
        for (String path : List.of(
                "/api/sample",
                "/engine-rest/task/" + task,
                "/engine-rest/process-instance/" + instance,
                "/engine-rest/history/process-instance/" + instance,
                "/engine-rest/history/user-operation",
                "/engine-rest/deployment",
                "/engine-rest/authorization",
                "/engine-rest/user/qa/profile")) {
            assertThat(browser.as("auditor", "GET", path, "").statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(browser.as("auditor", "GET", "/engine-rest/history/task?taskId=" + task, "")
                        .body())
                .contains(task);
        assertThat(browser.as("auditor", "GET", "/engine-rest/deployment", "").body())
                .contains("countersign");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    @Tag("D3")
    void an_auditor_changes_nothing_by_our_api(String method) {
        assertThat(browser.as("auditor", method, "/api/sample", "{}").statusCode())
                .isEqualTo(403);
    }

    @Test
    @Tag("D3")
    void an_auditor_changes_nothing_on_our_pages() {
        browser.logIn("auditor");
        String token = browser.token("/login");
        assertThat(browser.form("/sample", "_csrf=" + token).statusCode()).isEqualTo(403);
        assertThat(browser.form("/logout", "_csrf=" + token).statusCode()).isEqualTo(302);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/engine-rest/task/{task}/complete",
        "POST,/engine-rest/task/{task}/submit-form",
        "POST,/engine-rest/task/{task}/bpmnError",
        "PUT,/engine-rest/task/{task}/variables/x",
        "DELETE,/engine-rest/process-instance/{instance}",
        "POST,/engine-rest/process-instance/{instance}/modification",
        "PUT,/engine-rest/process-instance/{instance}/suspended",
        "DELETE,/engine-rest/history/process-instance/{instance}",
        "POST,/engine-rest/process-definition/key/readRules/start",
        "PUT,/engine-rest/process-definition/key/readRules/suspended"
    })
    @Tag("D3")
    void an_auditor_changes_nothing_in_the_engine(String method, String path) {
        String body = path.endsWith("suspended")
                ? "{\"suspended\": true}"
                : path.endsWith("modification") ? MODIFICATION : "{}";
        assertThat(browser.as("auditor", method, filled(path), body).statusCode())
                .isIn(400, 403);
        assertThat(tasks.createTaskQuery().taskId(task).active().count()).isOne();
    }

    private static final String MODIFICATION =
            """
            {"instructions": [{"type": "cancel", "activityId": "read"}, {"type": "startBeforeActivity", "activityId": "done"}]}""";

    @Test
    @Tag("D3")
    void an_auditor_with_a_second_role_may_act_in_it() {
        var user = identity.newUser("second-hat");
        user.setPassword("second-hat");
        identity.saveUser(user);
        identity.createMembership("second-hat", "auditor");
        assertThat(browser.as("second-hat", "POST", "/api/sample", "{}").statusCode())
                .isEqualTo(403);
        identity.createMembership("second-hat", "release-manager");
        assertThat(browser.as("second-hat", "POST", "/api/sample", "{}").statusCode())
                .isEqualTo(200);
    }

    // Who may do what

    @ParameterizedTest
    @CsvSource({"release-manager,200", "ci,200", "qa,403", "monitoring,403"})
    void a_controller_asks_for_a_role_in_words(String user, int status) {
        var answer = browser.as(user, "POST", "/api/decide", "{}");
        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 403) {
            assertThat(answer.body()).contains("it takes release-manager or ci");
        }
    }

    @ParameterizedTest
    @CsvSource({"qa,true", "qa-2,true", "release-manager,true", "security,false", "ci,false"})
    @Tag("D1")
    void people_see_the_tasks_of_their_groups_and_release_managers_see_all(String user, boolean sees) {
        String found = browser.as(user, "GET", "/engine-rest/task?processInstanceId=" + instance, "")
                .body();
        assertThat(found.contains(task)).isEqualTo(sees);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qa", "release-manager", "admin", "process-owner"})
    @Tag("D1")
    void nobody_leaves_a_task_by_another_way_than_answering_it(String user) {
        assertThat(browser.as(user, "POST", "/engine-rest/task/" + task + "/bpmnError", "{\"errorCode\": \"x\"}")
                        .statusCode())
                .isIn(400, 403);
        assertThat(browser.as(user, "PUT", "/engine-rest/task/" + task + "/variables/decision", "{\"value\": \"GO\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.as(
                                user,
                                "PUT",
                                "/engine-rest/process-instance/" + instance + "/variables/decision",
                                "{\"value\": \"GO\"}")
                        .statusCode())
                .isEqualTo("admin".equals(user) ? 204 : 403);
        assertThat(browser.as(user, "POST", "/engine-rest/task/" + task + "/assignee", "{\"userId\": \"legal\"}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(tasks.createTaskQuery().taskId(task).count()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"qa,204", "security,403", "release-manager,403", "auditor,403"})
    @Tag("D1")
    void only_candidates_claim_a_task(String user, int status) {
        assertThat(browser.as(
                                user,
                                "POST",
                                "/engine-rest/task/" + task + "/claim",
                                "{\"userId\": \"%s\"}".formatted(user))
                        .statusCode())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "qa,tasklist,200",
        "qa,cockpit,403",
        "qa,admin,403",
        "process-owner,cockpit,200",
        "auditor,cockpit,200",
        "auditor,admin,403",
        "sre,cockpit,200",
        "release-manager,cockpit,403",
        "admin,admin,200",
        "admin,cockpit,200",
        "ci,tasklist,403",
        "monitoring,tasklist,403"
    })
    void camundas_applications_open_for_the_roles_that_need_them(String user, String application, int status) {
        browser.logIn(user);
        assertThat(browser.get("/camunda/app/" + application + "/default/").statusCode())
                .isEqualTo(status);
    }

    @Test
    void the_people_service_answers_whoever_asks() {
        identity.setAuthentication("qa", List.of("qa"));
        try {
            assertThat(people.inGroups(List.of("security"))).hasSize(2);
            assertThat(identity.getCurrentAuthentication().getUserId()).isEqualTo("qa");
        } finally {
            identity.clearAuthentication();
        }
    }

    private String filled(String path) {
        return Map.of("{task}", task, "{instance}", instance).entrySet().stream()
                .reduce(path, (text, entry) -> text.replace(entry.getKey(), entry.getValue()), (a, b) -> b);
    }
}
