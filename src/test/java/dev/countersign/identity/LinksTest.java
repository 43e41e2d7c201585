package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Countersign;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Every link, picture, style and script on our pages leads somewhere, with the sandbox and without it. */
@Tag("D3")
class LinksTest {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#]+)[^\"]*\"");
    private static final String SECRET = "one-time-secret-2026";
    private static final String PASSWORD = "Correct-Horse-7";

    @TempDir
    Path data;

    @Test
    void in_the_sandbox() {
        try (ConfigurableApplicationContext application = start("sandbox")) {
            Browser browser = new Browser(port(application)).logIn("admin");
            assertThat(walk(browser)).containsKeys("/mail", "/sandbox", "/services/checkout");
            assertThat(browser.get("/releases/x@1").body())
                    .as("a page of ours, with the way on, that says what is not there")
                    .contains("<h1>There is nothing here</h1>", "There is no release x@1", "Log out", "To my tasks");
            assertThat(browser.get("/mail/999999").body()).contains("There is no mail 999999", "Log out");
            assertThat(browser.get("/?state=BOGUS").body()).contains("is no state", "Log out");
            Browser qa = new Browser(port(application)).logIn("qa");
            assertThat(qa.get("/operations").body())
                    .contains("<h1>This is not for your role</h1>", "it takes process-owner", "Log out");
        }
    }

    @Test
    void in_production_where_there_is_no_sandbox() {
        try (ConfigurableApplicationContext application = start(
                "production",
                "--spring.datasource.username=sa",
                "--spring.datasource.password=",
                "--server.address=127.0.0.1",
                "--server.servlet.session.cookie.secure=false",
                "--camunda.bpm.webapp.csrf.enable-secure-cookie=false",
                "--camunda.bpm.webapp.session-cookie.enable-secure-cookie=false",
                "--countersign.catalog.folder=classpath:sample/catalog",
                "--countersign.identity.bootstrap-admin-secret=" + SECRET)) {
            Browser browser = new Browser(port(application));
            browser.form(
                    "/first-administrator",
                    "secret=" + SECRET + "&userId=alex&name=Alex&email=alex%40example.org&password=" + PASSWORD
                            + "&_csrf=" + browser.token("/first-administrator"));
            browser.submit("/login", "alex", PASSWORD);
            assertThat(walk(browser))
                    .containsKeys("/mail", "/services/checkout")
                    .doesNotContainKey("/sandbox");
            assertThat(browser.get("/sandbox").statusCode()).isEqualTo(404);
        }
    }

    /** Address to status of everything that the pages lead to, from the first one on. */
    private static Map<String, Integer> walk(Browser browser) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> broken = new ArrayList<>();
        Deque<String> ahead = new ArrayDeque<>(List.of("/"));
        while (!ahead.isEmpty()) {
            String address = ahead.pop();
            if (seen.containsKey(address)) {
                continue;
            }
            HttpResponse<String> answer = browser.get(address);
            seen.put(address, answer.statusCode());
            if (answer.statusCode() >= 400
                    || answer.headers().firstValue("Location").orElse("").contains("/login")) {
                broken.add(answer.statusCode() + " " + address);
            }
            if (isOurs(address, answer)) {
                Matcher link = LINK.matcher(answer.body());
                while (link.find()) {
                    String target = link.group(1).replace("&amp;", "&");
                    if (target.startsWith("/") && !seen.containsKey(target)) {
                        ahead.push(target);
                    }
                }
            }
        }
        assertThat(broken).as("links that lead nowhere").isEmpty();
        assertThat(seen).as("pages, styles and scripts").hasSizeGreaterThan(15);
        return seen;
    }

    private static boolean isOurs(String address, HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html")
                && !address.startsWith("/camunda/")
                && !address.startsWith("/swagger-ui");
    }

    private ConfigurableApplicationContext start(String profile, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--countersign.data=" + data,
                "--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                "--camunda.bpm.job-execution.enabled=false",
                "--countersign.sandbox.load.enabled=false"));
        arguments.addAll(List.of(more));
        return new SpringApplicationBuilder(Countersign.class).profiles(profile).run(arguments.toArray(String[]::new));
    }

    private static int port(ConfigurableApplicationContext application) {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
