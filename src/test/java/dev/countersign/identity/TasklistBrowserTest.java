package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.RequestOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** One login, seen in a real browser. */
@Guarded
@Tag("D1")
class TasklistBrowserTest {
    private static final Path CHROMIUM = Path.of(System.getProperty("browser.path", "/usr/bin/chromium"));

    @LocalServerPort
    int port;

    @Test
    void a_person_logs_in_once_lands_in_tasklist_and_logs_out_of_everything() {
        Assumptions.assumeTrue(
                Boolean.parseBoolean(System.getProperty("browser.tests", "true")) && Files.isExecutable(CHROMIUM),
                "there is no Chromium here");
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run")))) {
            Page page = browser.newPage();
            page.setDefaultTimeout(60_000);
            page.navigate("http://localhost:" + port + "/camunda/app/tasklist/default/");
            assertThat(page.url()).endsWith("/login");

            page.locator("button.account:has(code:text-is('qa'))").click();
            page.getByText("My groups' tasks").waitFor();
            assertThat(page.url()).contains("/camunda/app/tasklist/default/");
            assertThat(page.title()).isEqualTo("Countersign Tasks");
            assertThat(page.locator(".ce-eol-banner").isVisible()).isFalse();
            assertThat(page.getByText("Overdue").isVisible()).isTrue();
            assertThat(page.getByText("Escalated").isVisible()).isTrue();
            assertThat(page.getByText("All tasks").count()).isZero();

            page.locator(".account a.dropdown-toggle, .account > a").first().click();
            page.locator(".logout a").first().click();
            page.waitForURL(Pattern.compile(".*/login.*"));
            // Asked with the browser's cookies but beside its page, which Tasklist may still be leading elsewhere.
            var answer = page.request()
                    .get(
                            "http://localhost:" + port + "/sample",
                            RequestOptions.create().setMaxRedirects(0).setHeader("Accept", "text/html"));
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.headers().get("location")).endsWith("/login");
        }
    }
}
