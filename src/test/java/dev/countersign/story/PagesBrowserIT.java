package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our pages in a real browser: for people who cannot see them, for those who use no mouse, and on a telephone. */
@Tag("D3")
class PagesBrowserIT {
    private static final int WIDE = 1280;
    private static final int NARROW = 400;

    @TempDir
    static Path data;

    private static Platform platform;
    private static Tasklist people;
    private static String stable;
    private static String rolledBack;
    private static String open;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                Tasklist.chromium() != null,
                "no Chromium on this machine: install the package chromium to run the browser tests");
        platform = new Platform(data).start();
        people = new Tasklist(platform, Path.of("target", "pictures"));
        stable = Story.open(platform, "4.0.0").until(PagesBrowserIT::isClosed).key();
        Story back = Story.open(platform, "4.1.0").until(story -> story.state().equals("ROLLING_OUT"));
        back.as("sre").put("/api/sandbox/checkout/faults", Map.of("errorRate", 0.2));
        rolledBack = back.until(PagesBrowserIT::isClosed).key();
        open = Story.open(platform, "4.2.0").key();
    }

    private static boolean isClosed(Story story) {
        return story.release().path("closed").asBoolean();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (people != null) {
            people.close();
        }
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void no_page_has_a_serious_fault_of_accessibility_wide_or_narrow() throws IOException {
        Page page = people.page("admin");
        List<String> faults = new ArrayList<>();
        for (int width : new int[] {WIDE, NARROW}) {
            page.setViewportSize(width, 900);
            for (Map.Entry<String, String> each : pages().entrySet()) {
                show(page, each.getValue());
                faults.addAll(faults(page, each.getKey() + " at " + width));
                people.picture(page, "page-" + each.getKey() + "-" + width);
                int needed = ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue();
                if (needed > width) {
                    faults.add(each.getKey() + " at " + width + " must be scrolled sideways: it needs " + needed);
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void the_log_in_page_has_none_either() throws IOException {
        Page page = people.stranger();
        page.navigate(platform.url("/login?error"));
        assertThat(faults(page, "login")).isEmpty();
        people.picture(page, "page-login-" + WIDE);
        page.setViewportSize(NARROW, 900);
        assertThat(faults(page, "login at 400")).isEmpty();
        people.picture(page, "page-login-" + NARROW);
    }

    /** What is focused by the tabulator key, in order, and whether a person sees where they are. */
    @Test
    void whoever_uses_the_keyboard_sees_where_they_are() {
        Page page = people.page("admin");
        page.setViewportSize(WIDE, 900);
        for (String path : List.of("/", "/releases/" + rolledBack, "/sandbox", "/services/checkout")) {
            show(page, path);
            Set<String> reached = new LinkedHashSet<>();
            for (int i = 0; i < 30; i++) {
                page.keyboard().press("Tab");
                String focus = (String)
                        page.evaluate(
                                """
                                () => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
                                  const seen = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && b.width > 0 && b.left >= 0;
                                  return (seen ? 'seen ' : 'UNSEEN ') + e.tagName + ' ' + (e.id || e.textContent.trim().substring(0, 30)); }""");
                // Behind the last one the browser itself is reached, before it begins anew.
                if (!focus.contains(" BODY ")) {
                    reached.add(focus);
                }
            }
            assertThat(reached).as(path).hasSizeGreaterThan(10).noneMatch(focus -> focus.startsWith("UNSEEN"));
            assertThat(reached.iterator().next()).contains("Skip to the content");
        }
    }

    @Test
    void an_open_page_where_nothing_happens_is_sent_nothing_again() {
        Page page = people.page("admin");
        List<String> polls = new CopyOnWriteArrayList<>();
        show(page, "/releases/" + open);
        page.waitForResponse(response -> response.url().endsWith("/diagram"), page::reload);
        page.onResponse(response -> {
            String part = response.url().substring(response.url().lastIndexOf('/') + 1);
            if (Set.of("live", "chart", "diagram").contains(part)) {
                polls.add(part + " " + response.status());
            }
        });
        for (int i = 0; i < 3; i++) {
            page.waitForResponse(response -> response.url().endsWith("/live"), () -> {});
        }
        assertThat(polls).hasSizeGreaterThanOrEqualTo(3).containsOnly("live 304");
    }

    @Test
    void the_page_of_a_closed_release_tells_what_was_learned_and_leads_to_its_mail() {
        Page page = people.page("admin");
        show(page, "/releases/" + rolledBack);
        assertThat(page.locator("[data-part=incident]").innerText())
                .contains("An unhandled answer of the payment provider", "A missing case in the new page")
                .contains("Add the case to the contract test");
        show(page, "/releases/" + stable);
        assertThat(page.locator("[data-part=retrospective]").innerText())
                .contains("A quiet release.", "The gates answered within minutes.", "gates and approvals rated");
        page.locator("#mails > summary").click();
        page.locator("#mails tbody a").first().click();
        page.waitForURL(url -> url.contains("/mail/"));
        assertThat(page.locator("main").innerText()).contains(stable);
    }

    /** Name to address. */
    private static Map<String, String> pages() {
        var pages = new java.util.LinkedHashMap<String, String>();
        pages.put("releases", "/");
        pages.put("releases-empty", "/?text=nothing-is-called-this");
        pages.put("release-open", "/releases/" + open);
        pages.put("release-stable", "/releases/" + stable);
        pages.put("release-rolled-back", "/releases/" + rolledBack);
        pages.put("tasks", "/tasks");
        pages.put("services", "/services");
        pages.put("services-empty", "/services?team=nobody");
        pages.put("service", "/services/checkout");
        pages.put("mail-list", "/mail");
        pages.put("mail-list-empty", "/mail?release=nothing@1");
        pages.put("mail", "/mail/1");
        pages.put("sandbox", "/sandbox");
        pages.put("operations", "/operations");
        pages.put("not-found", "/releases/nothing@1");
        pages.put("refused", "/?state=BOGUS");
        return pages;
    }

    /** With what opens opened, so that it is looked at too, and the diagram drawn. */
    private static void show(Page page, String path) {
        Response answer = page.navigate(platform.url(path));
        assertThat(answer.status()).as(path).isLessThan(500);
        if (path.startsWith("/releases/") && answer.ok()) {
            page.locator("#path svg").first().waitFor();
        }
    }

    private static List<String> faults(Page page, String name) {
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
        page.evaluate(AXE);
        @SuppressWarnings("unchecked")
        List<String> found = (List<String>)
                page.evaluate(
                        """
                        () => axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations
                          .filter(v => v.impact === 'serious' || v.impact === 'critical')
                          .flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ' ' + n.html.substring(0, 160))))""");
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)");
        return found.stream().map(fault -> name + ": " + fault).toList();
    }

    private static final String AXE = axe();

    private static String axe() {
        try (InputStream script = PagesBrowserIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
