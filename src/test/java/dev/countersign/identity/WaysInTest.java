package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.util.Date;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

@Guarded
@Tag("E3")
class WaysInTest {
    @LocalServerPort
    int port;

    @Autowired
    EngineLogin login;

    Browser browser;

    @AfterEach
    void letTimeRun() {
        ClockUtil.reset();
    }

    @BeforeEach
    void open() {
        browser = new Browser(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/sample", "/engine-rest/task", "/actuator/prometheus"})
    void a_machine_without_a_password_gets_401_as_a_problem(String path) {
        HttpResponse<String> answer = browser.get(path);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(how -> assertThat(how).startsWith("Basic"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sample", "/camunda/app/tasklist/default/", "/camunda/app/admin/default/"})
    void a_person_who_is_not_logged_in_is_led_to_the_login_page(String path) {
        HttpResponse<String> answer = browser.get(path);
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/login"));
    }

    @Test
    void calls_of_camundas_pages_learn_that_nobody_is_logged_in() {
        assertThat(browser.get("/camunda/api/engine/engine/default/task").statusCode())
                .isEqualTo(401);
    }

    @Test
    void basic_names_the_actor_to_us_and_to_the_engine() {
        assertThat(browser.as("qa", "GET", "/api/sample", "").body())
                .contains("\"actor\":\"qa\"", "\"groups\":[\"qa\"]", "\"engine\":[\"qa\"]");
        assertThat(browser.as("qa", "GET", "/engine-rest/task", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_session_cookie_does_not_authenticate_where_machines_call() {
        browser.logIn("release-manager");
        assertThat(browser.get("/sample").body())
                .contains("\"actor\":\"release-manager\"", "\"engine\":[\"release-manager\"]");
        assertThat(browser.get("/api/sample").statusCode()).isEqualTo(401);
        assertThat(browser.get("/engine-rest/task").statusCode()).isEqualTo(401);
        assertThat(browser.get("/actuator/prometheus").statusCode()).isEqualTo(401);
    }

    @Test
    void webhooks_are_open_for_their_own_checks_and_nobody_acts_there() {
        HttpResponse<String> answer = browser.send("POST", "/api/webhooks/sample", "{}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"actor\":\"countersign\"", "\"engine\":[]");
    }

    @Test
    void the_engine_forgets_the_caller_with_the_request() {
        for (int i = 0; i < 20; i++) {
            browser.as("qa", "GET", "/api/sample", "");
            assertThat(browser.send("POST", "/api/webhooks/sample", "{}").body())
                    .contains("\"engine\":[]");
        }
    }

    @Test
    void a_form_without_its_token_is_refused() {
        browser.logIn("qa");
        assertThat(browser.form("/sample", "").statusCode()).isEqualTo(403);
        assertThat(browser.form("/sample", "_csrf=" + browser.token("/login")).statusCode())
                .isEqualTo(200);
        assertThat(browser.form("/logout", "").statusCode()).isEqualTo(403);
    }

    @Test
    void camundas_calls_need_camundas_token() {
        browser.logIn("qa");
        assertThat(browser.send(
                                "POST",
                                "/camunda/api/engine/engine/default/task/count",
                                "{}",
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(403);
        assertThat(new Browser(port)
                        .logIn("qa")
                        .camunda("POST", "/camunda/api/engine/engine/default/task/count", "{}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @Tag("D1")
    void one_login_serves_our_pages_and_tasklist() {
        browser.logIn("qa");
        assertThat(browser.get("/camunda/app/tasklist/default/").statusCode()).isEqualTo(200);
        assertThat(browser.get("/camunda/api/admin/auth/user/default").body())
                .contains("\"userId\":\"qa\"", "tasklist");
    }

    @Test
    void logging_out_of_tasklist_logs_out_everywhere() {
        browser.logIn("qa");
        assertThat(browser.camunda("POST", "/camunda/api/admin/auth/user/default/logout", "{}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(browser.get("/sample").statusCode()).isEqualTo(302);
        assertThat(browser.get("/camunda/api/engine/engine/default/task").statusCode())
                .isEqualTo(401);
    }

    @Test
    void the_health_probes_are_open_and_the_figures_are_not() {
        assertThat(browser.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(browser.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(browser.as("qa", "GET", "/actuator/prometheus", "").statusCode())
                .isEqualTo(403);
        assertThat(browser.as("monitoring", "GET", "/actuator/prometheus", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    @Tag("D4")
    void the_description_of_the_api_is_for_anybody_to_read() {
        assertThat(browser.get("/v3/api-docs").statusCode()).isEqualTo(200);
        assertThat(browser.get("/v3/api-docs").body()).contains("\"openapi\":");
        assertThat(browser.get("/v3/api-docs.yaml").body()).contains("openapi:");
        assertThat(browser.get("/v3/api-docs/swagger-config").statusCode()).isEqualTo(200);
        assertThat(browser.get("/swagger-ui.html").headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/swagger-ui/index.html"));
        assertThat(browser.get("/swagger-ui/index.html").body()).contains("swagger-ui");
        assertThat(browser.send("POST", "/v3/api-docs", "{}").statusCode()).isIn(401, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/api/sample"})
    void answers_carry_the_protective_headers(String path) {
        var headers = browser.get(path).headers();
        assertThat(headers.firstValue("Content-Security-Policy")).hasValue(SecurityConfiguration.CONTENT_POLICY);
        assertThat(headers.firstValue("X-Frame-Options")).hasValue("SAMEORIGIN");
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("same-origin");
    }

    @Test
    void the_session_cookie_is_kept_from_scripts_and_from_other_sites() {
        assertThat(browser.get("/login").headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie).contains("JSESSIONID", "HttpOnly", "SameSite=Lax"));
    }

    @Test
    void a_wrong_password_breaks_neither_the_next_call_nor_anybody_elses() {
        assertThat(browser.as("legal-2", "wrong", "GET", "/api/sample", "").statusCode())
                .isEqualTo(401);
        assertThat(browser.as("legal-2", "GET", "/api/sample", "").statusCode()).isEqualTo(200);
    }

    @Test
    void guessing_is_slowed_down_even_for_the_right_password_and_never_for_good() {
        Date now = new Date();
        ClockUtil.setCurrentTime(now);
        for (int i = 0; i < 30; i++) {
            assertThat(browser.as("privacy-2", "wrong", "GET", "/api/sample", "")
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(browser.as("privacy-2", "GET", "/api/sample", "").statusCode())
                .isEqualTo(401);
        assertThat(browser.submit("/login", "privacy-2", "privacy-2").headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/login?error"));
        assertThat(browser.as("privacy", "GET", "/api/sample", "").statusCode())
                .as("another user at the same address")
                .isEqualTo(200);

        ClockUtil.setCurrentTime(Date.from(now.toInstant().plusSeconds(61)));
        assertThat(browser.as("privacy-2", "GET", "/api/sample", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void wrong_passwords_from_elsewhere_lock_nobody_out() {
        ClockUtil.setCurrentTime(new Date());
        var guess = UsernamePasswordAuthenticationToken.unauthenticated("ci", "wrong");
        guess.setDetails(new WebAuthenticationDetails("192.0.2.66", null));
        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> login.authenticate(guess)).isInstanceOf(BadCredentialsException.class);
        }
        var right = UsernamePasswordAuthenticationToken.unauthenticated("ci", "ci");
        right.setDetails(new WebAuthenticationDetails("192.0.2.66", null));
        assertThatThrownBy(() -> login.authenticate(right)).isInstanceOf(BadCredentialsException.class);
        assertThat(browser.as("ci", "GET", "/api/sample", "").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/engine-rest/identity/verify", "/engine-rest/engine/default/identity/verify"})
    void the_engine_answers_nobody_whether_a_password_is_right(String path) {
        assertThat(browser.as("qa", "POST", path, "{\"username\": \"ci\", \"password\": \"ci\"}")
                        .statusCode())
                .isEqualTo(403);
    }
}
