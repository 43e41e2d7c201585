package dev.countersign.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import dev.countersign.story.Parts.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Camunda Tasklist in a real browser, each person in a session of their own. */
final class Tasklist implements AutoCloseable {
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-quic");
    private final Platform platform;
    private final Path pictures;
    private final Playwright playwright;
    private final Browser browser;
    private final Map<String, Page> pages = new HashMap<>();

    Tasklist(Platform platform, Path pictures) throws IOException {
        this.platform = platform;
        this.pictures = Files.createDirectories(pictures);
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium())
                        .setArgs(FLAGS));
    }

    /** Null where there is no Chromium on this machine. */
    static Path chromium() {
        return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Claims the task, fills the form as it is rendered, and completes it. */
    void answer(JsonNode task, Part part) throws IOException {
        String id = task.path("id").asText();
        Page page = page(part.user());
        page.navigate(platform.url("/camunda/app/tasklist/default/#/?task=" + id));
        Locator claim = page.locator("[cam-tasklist-task-meta] a.claim, a:has-text('Claim')")
                .first();
        claim.waitFor();
        if (claim.isVisible() && !"Reset".equals(claim.innerText().strip())) {
            claim.click();
        }
        page.locator(".fjs-form").waitFor();
        JsonNode form = Api.JSON.readTree(
                Files.readString(Path.of("forms", task.path("taskDefinitionKey").asText() + ".form")));
        for (Map.Entry<String, Object> field : part.fields().entrySet()) {
            fill(page, form, field.getKey(), field.getValue());
        }
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(pictures.resolve(task.path("taskDefinitionKey").asText() + "-" + part.user() + ".png"))
                .setFullPage(true));
        Locator complete = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Complete"));
        page.waitForResponse(
                response -> response.url().contains(id + "/submit-form"),
                new Page.WaitForResponseOptions().setTimeout(20_000),
                complete::click);
    }

    private static void fill(Page page, JsonNode form, String key, Object value) {
        JsonNode component = component(form.path("components"), key);
        switch (component.path("type").asText()) {
            case "radio" ->
                page.getByLabel(labelOf(component, value), new Page.GetByLabelOptions().setExact(false))
                        .first()
                        .check();
            case "checkbox" ->
                page.getByLabel(component.path("label").asText()).first().check();
            case "dynamiclist" ->
                throw new IllegalArgumentException("Lists are filled by the form's own default: " + key);
            default -> page.getByLabel(component.path("label").asText()).first().fill(String.valueOf(value));
        }
    }

    private static String labelOf(JsonNode component, Object value) {
        for (JsonNode choice : component.path("values")) {
            if (choice.path("value").asText().equals(value)) {
                return choice.path("label").asText();
            }
        }
        throw new IllegalArgumentException(component.path("key").asText() + " has no choice " + value);
    }

    private static JsonNode component(JsonNode components, String key) {
        for (JsonNode component : components) {
            if (key.equals(component.path("key").asText())
                    || key.equals(component.path("path").asText(null))) {
                return component;
            }
            if (component.has("components")) {
                JsonNode inner = component(component.path("components"), key);
                if (inner != null) {
                    return inner;
                }
            }
        }
        return null;
    }

    /** The page of a person who is logged in. */
    Page page(String user) {
        return pages.computeIfAbsent(user, id -> {
            BrowserContext context = browser.newContext(
                    new Browser.NewContextOptions().setViewportSize(1280, 900).setLocale("en-GB"));
            Page page = context.newPage();
            page.navigate(platform.url("/login"));
            page.fill("input[name=username]", id);
            page.fill("input[name=password]", id);
            page.locator("form button[type=submit]").first().click();
            page.waitForURL(url -> !url.contains("/login"));
            return page;
        });
    }

    void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(pictures.resolve(name + ".png"))
                .setFullPage(true));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
