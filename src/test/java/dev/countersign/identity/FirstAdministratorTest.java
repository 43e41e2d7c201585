package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.UUID;
import org.camunda.bpm.engine.IdentityService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An installation without sample people, as in production. */
@Tag("E3")
class FirstAdministratorTest {
    private static final String SECRET = "one-time-secret-2026";
    private static final String PASSWORD = "Correct-Horse-7";

    private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    @Test
    void the_holder_of_the_secret_becomes_administrator_once() {
        try (ConfigurableApplicationContext application = start(SECRET)) {
            Browser browser = new Browser(port(application));
            IdentityService identity = application.getBean(IdentityService.class);
            assertThat(identity.createUserQuery().count()).isZero();
            assertThatThrownBy(new AdministratorRequired(withoutSecret(application))::afterSingletonsInstantiated)
                    .as("without an administrator and without a secret it does not start")
                    .hasMessageContaining("There is no administrator")
                    .hasMessageContaining("bootstrap-admin-secret");
            assertThat(browser.get("/login").body()).doesNotContain("Sandbox");

            assertThat(ask(browser, "a-guess-of-the-secret", "alex", PASSWORD))
                    .contains("This is not the one-time secret");
            assertThat(ask(browser, SECRET, "alex", "short")).contains("The password needs at least 12 characters");
            assertThat(ask(browser, SECRET, "admin", PASSWORD)).contains("is not the name of a role");
            assertThat(ask(browser, SECRET, "a".repeat(65), PASSWORD)).contains("at most 64 characters");
            assertThat(ask(browser, SECRET, "alex-.b", PASSWORD)).contains("separated by one of");
            assertThat(identity.createUserQuery().count()).isZero();

            ask(browser, SECRET, "alex", PASSWORD);
            assertThat(identity.createUserQuery()
                            .memberOfGroup("camunda-admin")
                            .singleResult()
                            .getId())
                    .isEqualTo("alex");
            assertThat(browser.submit("/login", "alex", PASSWORD).headers().firstValue("Location"))
                    .hasValueSatisfying(to -> assertThat(to).doesNotContain("error"));
            assertThat(browser.get("/camunda/app/admin/default/").statusCode()).isEqualTo(200);
            assertThat(new Browser(port(application))
                            .get("/first-administrator")
                            .statusCode())
                    .isEqualTo(404);

            identity.deleteUser("alex");
            assertThat(new Browser(port(application))
                            .get("/first-administrator")
                            .statusCode())
                    .as("a used secret opens nothing, also when the administrator has gone")
                    .isEqualTo(404);
            assertThatThrownBy(application.getBean(AdministratorRequired.class)::afterSingletonsInstantiated)
                    .as("nor does it let the platform start")
                    .hasMessageContaining("There is no administrator");
        }
    }

    @Test
    void a_secret_that_can_be_guessed_is_refused() {
        assertThatThrownBy(() -> new IdentitySettings("short")).hasMessageContaining("at least 16 characters");
    }

    private static FirstAdministrator withoutSecret(ConfigurableApplicationContext application) {
        return new FirstAdministrator(
                application.getBean(IdentityService.class),
                application.getBean(JdbcClient.class),
                application.getBean(Clock.class),
                new IdentitySettings(""));
    }

    private static String ask(Browser browser, String secret, String user, String password) {
        String token = browser.token("/first-administrator");
        return browser.form(
                        "/first-administrator",
                        "secret=" + secret + "&userId=" + user + "&name=Alex&email=alex%40example.org&password="
                                + password + "&_csrf=" + token)
                .body();
    }

    private ConfigurableApplicationContext start(String secret) {
        return new SpringApplicationBuilder(GuardedApplication.class)
                .profiles("without-sandbox")
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=" + database,
                        "--camunda.bpm.job-execution.enabled=false",
                        "--countersign.workflow.processes=classpath:/identity",
                        "--countersign.workflow.forms=classpath:/identity",
                        "--countersign.identity.bootstrap-admin-secret=" + secret);
    }

    private static int port(ConfigurableApplicationContext application) {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
