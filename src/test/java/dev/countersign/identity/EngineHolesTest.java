package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.FilterService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.authorization.Resources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The known holes of the engine's last community release, each attacked the way it would be. */
@Guarded
@Tag("D1")
class EngineHolesTest {
    private static final String NEW_ADMINISTRATOR =
            """
            {"profile": {"id": "intruder", "firstName": "I", "lastName": "N", "email": "i@example.org"},
             "credentials": {"password": "Intruder-2026!"}}""";

    private static final String FILTER =
            """
            {"resourceType": "Task", "name": "%s", "query": {"assigneeExpression": "${currentUser()}"}, "properties": {}}""";

    @LocalServerPort
    int port;

    @Autowired
    IdentityService identity;

    @Autowired
    FilterService filters;

    @Autowired
    TaskService tasks;

    @Autowired
    AuthorizationService authorizations;

    Browser browser;

    @BeforeEach
    void open() {
        browser = new Browser(port);
    }

    @AfterEach
    void cleanUp() {
        identity.deleteUser("intruder");
        if (identity.createUserQuery()
                        .userId("admin")
                        .memberOfGroup("camunda-admin")
                        .count()
                == 0) {
            identity.createMembership("admin", "camunda-admin");
        }
        filters.createFilterQuery()
                .filterNameLike("attack%")
                .list()
                .forEach(filter -> filters.deleteFilter(filter.getId()));
    }

    // 1: expressions in the sub-queries of a task query

    @ParameterizedTest
    @ValueSource(strings = {"/task", "/task/count"})
    void an_expression_in_a_sub_query_is_not_evaluated(String path) {
        String attack = "{\"orQueries\": [{\"dueAfterExpression\": \"${now()}\"}]}";
        assertThat(browser.as("qa", "POST", "/engine-rest" + path, attack).statusCode())
                .isEqualTo(400);
        assertThat(browser.logIn("qa")
                        .camunda("POST", "/camunda/api/engine/engine/default" + path, attack)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void an_expression_in_a_sub_query_is_not_evaluated_when_it_extends_a_saved_filter() {
        String filter = filters.createFilterQuery()
                .filterName("Escalated")
                .singleResult()
                .getId();
        String attack = "{\"orQueries\": [{\"dueAfterExpression\": \"${now()}\"}]}";
        assertThat(browser.as("qa", "POST", "/engine-rest/filter/" + filter + "/list", attack)
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.as("qa", "POST", "/engine-rest/filter/" + filter + "/list", "{}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_expression_in_a_sub_query_is_not_even_saved_by_an_administrator() {
        String attack =
                """
                {"resourceType": "Task", "name": "attack", "query": {"orQueries": [{"dueAfterExpression": "${now()}"}]}, "properties": {}}""";
        assertThat(browser.as("admin", "POST", "/engine-rest/filter/create", attack)
                        .statusCode())
                .isEqualTo(400);
        assertThat(filters.createFilterQuery().filterName("attack").count()).isZero();
    }

    // 2: whoever comes first makes himself administrator

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/camunda/api/admin/setup/default/user/create",
                "/camunda/api/admin/setup/default/user/create/",
                "/camunda/api/admin/setup/%64efault/user/create",
                "/camunda/api/admin//setup/default/user/create",
                "/camunda/api/admin/./setup/default/user/create",
                "/camunda/api/admin/setup;x=1/default/user/create",
                "/camunda//api/admin/setup/default/user/create"
            })
    void nobody_creates_an_administrator_through_camundas_set_up(String path) {
        identity.deleteMembership("admin", "camunda-admin");
        HttpResponse<String> anonymous =
                browser.send("POST", path, NEW_ADMINISTRATOR, "Content-Type", "application/json");
        assertThat(anonymous.statusCode()).isBetween(400, 500);
        browser.logIn("qa").camunda("POST", path, NEW_ADMINISTRATOR);
        assertThat(identity.createUserQuery().userId("intruder").count()).isZero();
    }

    // 3: expressions in saved filters

    @ParameterizedTest
    @ValueSource(strings = {"qa", "release-manager", "process-owner", "auditor", "sre", "ci"})
    void nobody_but_an_administrator_creates_a_filter(String user) {
        assertThat(browser.as(user, "POST", "/engine-rest/filter/create", FILTER.formatted("attack"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(filters.createFilterQuery().filterName("attack").count()).isZero();
    }

    @Test
    void nobody_but_an_administrator_changes_a_filter() {
        String mine = filters.createFilterQuery()
                .filterName("My tasks")
                .singleResult()
                .getId();
        assertThat(browser.as("release-manager", "PUT", "/engine-rest/filter/" + mine, FILTER.formatted("attack"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.as("release-manager", "DELETE", "/engine-rest/filter/" + mine, "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.as("admin", "POST", "/engine-rest/filter/create", FILTER.formatted("attack"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void expressions_are_refused_in_queries_asked_at_once() {
        String attack = "{\"dueAfterExpression\": \"${now()}\"}";
        String filter = filters.createFilterQuery()
                .filterName("Escalated")
                .singleResult()
                .getId();
        assertThat(browser.as("qa", "POST", "/engine-rest/task", attack).statusCode())
                .isEqualTo(400);
        assertThat(browser.as("qa", "POST", "/engine-rest/filter/" + filter + "/list", attack)
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.as("qa", "GET", "/engine-rest/task?dueAfterExpression=%24%7Bnow()%7D", "")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void the_ready_made_filters_work_for_an_ordinary_person() {
        for (String name : new String[] {"My tasks", "My groups' tasks", "Overdue", "Escalated"}) {
            String id =
                    filters.createFilterQuery().filterName(name).singleResult().getId();
            assertThat(browser.as("qa", "GET", "/engine-rest/filter/" + id + "/count", "")
                            .statusCode())
                    .as(name)
                    .isEqualTo(200);
        }
        String all = filters.createFilterQuery()
                .filterName("All tasks")
                .singleResult()
                .getId();
        assertThat(browser.as("qa", "GET", "/engine-rest/filter/" + all, "").statusCode())
                .isIn(403, 404);
        assertThat(browser.as("auditor", "GET", "/engine-rest/filter/" + all + "/count", "")
                        .statusCode())
                .isEqualTo(200);
    }

    // 4: the engine's own REST API and authorizations are off, or open, by default

    @ParameterizedTest
    @CsvSource({
        "GET,/engine-rest/user",
        "GET,/engine-rest/task",
        "POST,/engine-rest/deployment/create",
        "GET,/engine-rest/engine"
    })
    void the_engines_api_answers_nobody_who_is_not_logged_in(String method, String path) {
        assertThat(browser.send(method, path, "", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void authorizations_apply_to_the_engines_api() {
        assertThat(browser.as("qa", "POST", "/engine-rest/user/create", NEW_ADMINISTRATOR)
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.as("qa", "GET", "/engine-rest/history/process-instance", "")
                        .body())
                .isEqualTo("[]");
        assertThat(browser.as("qa", "PUT", "/engine-rest/group/camunda-admin/members/qa", "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(identity.createUserQuery()
                        .userId("qa")
                        .memberOfGroup("camunda-admin")
                        .count())
                .isZero();
    }

    // 5: who deploys runs code

    @ParameterizedTest
    @CsvSource({
        "qa,403",
        "release-manager,403",
        "sre,403",
        "auditor,403",
        "ci,403",
        "developer,403",
        "process-owner,200"
    })
    void only_process_owners_and_administrators_deploy(String user, int status) {
        assertThat(new Deploying(port).empty(user)).isEqualTo(status);
    }

    @Test
    void no_group_may_update_tasks() {
        assertThat(authorizations.createAuthorizationQuery().list())
                .filteredOn(held -> held.getGroupId() != null)
                .noneMatch(held -> held.getResourceType() == Resources.TASK.resourceType()
                        && held.isPermissionGranted(org.camunda.bpm.engine.authorization.TaskPermissions.UPDATE))
                .noneMatch(held -> held.getResourceType() == Resources.PROCESS_DEFINITION.resourceType()
                        && held.isPermissionGranted(
                                org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions.UPDATE_TASK));
    }

    @Test
    void camundas_own_login_is_closed_so_that_no_second_user_stands_beside_ours() {
        browser.logIn("qa").get("/camunda/app/tasklist/default/");
        HttpResponse<String> answer = browser.send(
                "POST",
                "/camunda/api/admin/auth/user/default/login/tasklist",
                "username=admin&password=admin",
                "Content-Type",
                "application/x-www-form-urlencoded",
                "X-XSRF-TOKEN",
                browser.cookie("XSRF-TOKEN"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(browser.get("/camunda/api/admin/auth/user/default").body()).contains("\"userId\":\"qa\"");
    }
}
