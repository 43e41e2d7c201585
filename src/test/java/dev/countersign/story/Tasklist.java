package dev.countersign.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.countersign.story.Parts.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
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

    /**
     * Claims the task, fills the form as it is rendered, and completes it, in a tab of its own: what Tasklist still does after the answer before cannot take this one's form away. A task
     * that ended before somebody came to it is nobody's any more.
     */
    void answer(JsonNode task, Part part) throws IOException {
        try (Page page = page(part.user()).context().newPage()) {
            List<String> said = new ArrayList<>();
            page.onConsoleMessage(message -> said.add(message.type() + ": " + message.text()));
            page.onPageError(said::add);
            page.onRequestFailed(request -> said.add(request.url() + ": " + request.failure()));
            if (opens(page, task, said)) {
                complete(page, task, part);
            }
        }
    }

    /** Whether the form is there; false where the task has ended. A person who sees no form loads the page once more: so it is done here, and said. */
    private boolean opens(Page page, JsonNode task, List<String> said) throws IOException {
        String id = task.path("id").asText();
        if (hasEnded(id)) {
            return false;
        }
        page.navigate(platform.url("/camunda/app/tasklist/default/#/?task=" + id));
        for (boolean again = false; !shows(page); again = true) {
            if (hasEnded(id)) {
                return false;
            }
            picture(page, "no-form-" + id);
            String seen = task.path("name").asText() + " is open, and its form did not show: the page reads\n"
                    + page.locator("body").innerText() + "\nthe browser said\n" + String.join("\n", said)
                    + "\nand the platform\n" + platform.tail();
            if (again) {
                throw new AssertionError(seen);
            }
            System.out.println(seen);
            page.reload();
        }
        return true;
    }

    private boolean hasEnded(String task) {
        return new Api(platform, "admin").get("/engine-rest/task/" + task).status() == 404;
    }

    private static boolean shows(Page page) {
        try {
            page.locator(".fjs-form").waitFor(new Locator.WaitForOptions().setTimeout(45_000));
            return true;
        } catch (TimeoutError absent) {
            return false;
        }
    }

    private void complete(Page page, JsonNode task, Part part) throws IOException {
        String id = task.path("id").asText();
        Locator claim = page.locator("button.claim");
        if (claim.isVisible()) {
            claim.click();
            page.locator("button.claim").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        }
        JsonNode form = Api.JSON.readTree(
                Files.readString(Path.of("forms", task.path("taskDefinitionKey").asText() + ".form")));
        for (Map.Entry<String, Object> field : part.fields().entrySet()) {
            fill(page, form, field.getKey(), field.getValue());
        }
        for (Map.Entry<String, Map<String, Object>> list : part.rows().entrySet()) {
            fillRows(page, component(form.path("components"), list.getKey()), list.getValue());
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
            case "dynamiclist" -> addRows(page, component, (List<?>) value);
            default -> page.getByLabel(component.path("label").asText()).first().fill(String.valueOf(value));
        }
    }

    /** Completes the rows that the form has prefilled: one value for each row of a column. */
    private static void fillRows(Page page, JsonNode list, Map<String, Object> columns) {
        Locator box = page.locator(".fjs-form-field-dynamiclist");
        box.first().waitFor();
        for (Map.Entry<String, Object> column : columns.entrySet()) {
            JsonNode component = component(list.path("components"), column.getKey());
            // A list has one select a row, and may have several fields of another type.
            int rows = component.path("type").asText().equals("select")
                    ? box.locator(".fjs-form-field-select").count()
                    : box.getByLabel(component.path("label").asText()).count();
            for (int row = 0; row < rows; row++) {
                fillCell(page, box, row, component, String.valueOf(column.getValue()));
            }
        }
    }

    /** Adds a row for each entry and fills it. */
    private static void addRows(Page page, JsonNode list, List<?> entries) {
        Locator box = page.locator(".fjs-form-field-dynamiclist");
        for (int row = 0; row < entries.size(); row++) {
            if (box.locator(".fjs-form-field-textarea, .fjs-form-field-textfield")
                                    .count()
                            == 0
                    || row > 0) {
                box.locator("button.fjs-repeat-render-add").first().click();
            }
            for (Map.Entry<?, ?> cell : ((Map<?, ?>) entries.get(row)).entrySet()) {
                JsonNode component = component(list.path("components"), String.valueOf(cell.getKey()));
                fillCell(page, box, row, component, String.valueOf(cell.getValue()));
            }
        }
    }

    private static void fillCell(Page page, Locator box, int row, JsonNode component, String value) {
        switch (component.path("type").asText()) {
            case "select" -> {
                box.locator(".fjs-form-field-select .fjs-input-group").nth(row).click();
                page.locator(".fjs-dropdownlist-item")
                        .filter(new Locator.FilterOptions().setHasText(labelOf(component, value)))
                        .first()
                        .click();
            }
            case "radio" -> box.getByLabel(labelOf(component, value)).nth(row).check();
            case "checkbox" ->
                box.getByLabel(component.path("label").asText()).nth(row).check();
            case "datetime" -> {
                Locator day = box.locator(".fjs-form-field-datetime input").nth(row);
                day.fill(OffsetDateTime.parse(value).format(DateTimeFormatter.ofPattern("MM/dd/yyyy")));
                day.press("Enter");
            }
            default -> box.getByLabel(component.path("label").asText()).nth(row).fill(value);
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
                    new Browser.NewContextOptions().setViewportSize(1280, 900).setLocale("en-US"));
            Page page = context.newPage();
            page.navigate(platform.url("/login"));
            page.fill("input[name=username]", id);
            page.fill("input[name=password]", id);
            page.locator("form button[type=submit]").first().click();
            page.waitForURL(url -> !url.contains("/login"));
            return page;
        });
    }

    /** A page of somebody who is not logged in. */
    Page stranger() {
        return browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 900)
                        .setLocale("en-US"))
                .newPage();
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
