package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Countersign;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What production tells browsers, as they see it behind a balancer that ends TLS. */
@Tag("E3")
class ProductionHeadersTest {
    @TempDir
    Path data;

    @Test
    void cookies_stay_on_encrypted_ways_and_browsers_are_told_to() {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Countersign.class)
                .profiles("production")
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--countersign.data=" + data,
                        "--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                        "--spring.datasource.username=sa",
                        "--spring.datasource.password=",
                        "--camunda.bpm.job-execution.enabled=false",
                        "--countersign.catalog.folder=classpath:sample/catalog",
                        "--countersign.identity.bootstrap-admin-secret=one-time-secret-2026")) {
            Browser browser =
                    new Browser(application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
            HttpResponse<String> login = browser.send("GET", "/login", "", "X-Forwarded-Proto", "https");

            assertThat(login.statusCode()).isEqualTo(200);
            assertThat(login.headers().allValues("Set-Cookie")).isNotEmpty().allSatisfy(cookie -> assertThat(cookie)
                    .contains("Secure", "HttpOnly", "SameSite=Lax"));
            assertThat(login.headers().firstValue("Strict-Transport-Security"))
                    .hasValueSatisfying(value -> assertThat(value).contains("max-age="));
            assertThat(login.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(login.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(login.body())
                    .as("no sample accounts, and no word of them")
                    .doesNotContain("Sandbox", "password is");
        }
    }
}
