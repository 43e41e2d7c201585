package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a gate's verdict to what was found and to its line in the stored document, in a browser and by links only. */
@Tag("M4.5")
class GateTraceBrowserIT {
    private static final String PERSON = "auditor";

    @TempDir
    static Path data;

    private static EvidenceSystems systems;
    private static Platform platform;
    private static Tasklist browser;
    private static Page document;
    private static final Map<String, Page> RELEASES = new HashMap<>();

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                Tasklist.chromium() != null,
                "no Chromium on this machine: install the package chromium to run the browser tests");
        systems = new EvidenceSystems(data);
        List<String> arguments = new ArrayList<>(systems.arguments());
        arguments.add("--countersign.catalog.folder=" + TracedReleases.catalog(data));
        Path checklists = Files.createDirectories(data.resolve("checklists"));
        Files.copy(Path.of("processes", "checklists", "standard.yaml"), checklists.resolve("standard.yaml"));
        arguments.add("--countersign.catalog.checklists=" + checklists);
        platform = new Platform(data.resolve("platform"), arguments.toArray(String[]::new))
                .quick()
                .start();
        new TracedReleases(platform).open();
        browser = new Tasklist(platform, Path.of("target", "pictures"));
        document = tab();
        Path standard = data.resolve("checklists").resolve("standard.yaml");
        Files.writeString(standard, Files.readString(standard).replace("have been explained", "are fixed"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
        if (platform != null) {
            platform.close();
        }
        if (systems != null) {
            systems.close();
        }
    }

    /** The page of a release, opened once, with all unfolded that stands in the way of its gates. */
    private static Page release(String key) {
        return RELEASES.computeIfAbsent(key, one -> {
            Page page = tab();
            page.navigate(platform.url("/releases/" + one));
            page.locator("[data-part=gates] details").evaluateAll("all => all.forEach(one => one.open = true)");
            return page;
        });
    }

    /** Beside the others, of the same person. */
    private static Page tab() {
        return browser.page(PERSON).context().newPage();
    }

    /** As the browser would follow it. */
    private static String address(Locator link) {
        assertThat(link.isVisible()).isTrue();
        return (String) link.evaluate("link => link.href");
    }

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "shop@1.0.0  | tests                     | junit               | rounds to the cent      | name=\"rounds to the cent\"",
                "shop@1.0.0  | sast                      | sarif               | java/xss                | <b>größe</b> is written as it came",
                "shop@1.0.0  | sca                       | trivy               | CVE-2026-2002           | \"VulnerabilityID\": \"CVE-2026-2002\"",
                "shop@1.0.0  | sca                       | trivy               | private-key             | \"RuleID\": \"private-key\"",
                "shop@1.0.0  | licences                  | spdx                | SSPL-1.0@store          | \"licenseDeclared\": \"SSPL-1.0\"",
                "shop@1.0.0  | infrastructure-compliance | checkov             | CKV_AWS_19              | \"check_id\": \"CKV_AWS_19\"",
                "shop@1.0.0  | penetration-test          | pentest             | PT-7                    | title: Sessions outlive the password",
                "shop@1.0.0  | privacy                   | dpia                | rejected                | decision: rejected",
                "shop@1.0.0  | privacy                   | dpia                | R1                      | text: Profiles leave the union",
                "shop@1.0.0  | migration-checks          | migration-check     | orders@orders           | {id: orders, kind: row-count",
                "shop@1.0.0  | downgrade-rehearsal       | migration-rehearsal | schema restored         | orders.total is still there",
                "shop@1.0.0  | downgrade-rehearsal       | migration-rehearsal | irreversible:V7__totals | V7__totals.sql, result: irreversible",
                "shop@1.0.0  | downgrade-rehearsal       | migration-rehearsal | gap:rehearsal           | document: migration-rehearsal",
                "shop@1.0.0  | rollback-drill            | rollback-drill      | drill@staging           | took: PT10M1S",
                "shop@1.0.0  | api-contract              | openapi             | became-required         | {name: dry, in: query, required: true",
                "shop@1.0.0  | api-contract              | openapi             | operation-removed       | description: every user",
                "shop@1.0.0  | provenance                | intoto              | unverified@             | https://slsa.dev/provenance/v1",
                "asked@2.0.0 | tests                     | junit               | pays once               | name=\"pays once\"",
                "asked@2.0.0 | sast                      | sonarqube           | java:S2077              | \"rule\" : \"java:S2077\"",
                "asked@2.0.0 | sast                      | sonarqube           | new_coverage            | \"metricKey\" : \"new_coverage\"",
                "asked@2.0.0 | sca                       | cyclonedx           | CVE-2026-1001           | \"id\" : \"CVE-2026-1001\"",
                "asked@2.0.0 | licences                  | cyclonedx           | SSPL-1.0                | \"id\" : \"SSPL-1.0\"",
                "asked@2.0.0 | infrastructure-compliance | opa                 | open to all             | \"msg\" : \"the bucket is open to all\"",
                "asked@2.0.0 | api-contract              | pact                | storefront and asked    | \"success\": false",
                "asked@2.0.0 | change-record             | change-record       | approval@Board          | \"decision\" : \"declined\"",
                "asked@2.0.0 | certificates              | certificate-check   | expired@localhost       | \"notAfter\" : \"2024-01-01T00:00:00Z\"",
                "asked@2.0.0 | certificates              | certificate-check   | vault-kv secret/shop/pay | \"rotatedAt\" : \"2020-01-22T02:24:06.900Z\"",
            })
    void what_stands_in_the_way_leads_to_its_line(String key, String gate, String type, String finding, String line) {
        Page release = release(key);
        assertThat(release.locator("#gate-" + gate).innerText()).contains("gate-thresholds 1.0, ", "document ");
        Locator link = release.locator("#findings-" + gate + " li")
                .filter(new Locator.FilterOptions().setHasText(finding))
                .first()
                .locator("a");
        document.navigate(address(link));

        assertThat(document.locator("h1").innerText()).startsWith(type + " from ");
        assertThat(String.join("\n", document.locator(".source mark").allInnerTexts()))
                .contains(line);
        assertThat(document.locator("#here").isVisible()).isTrue();
        assertThat(document.locator("#found ~ ul").innerText())
                .as("what was followed is named there, with its gate")
                .contains(finding, "gate " + gate);
    }

    @Test
    void from_the_line_a_link_leads_back_to_all_that_the_gate_has_judged() {
        document.navigate(address(release(TracedReleases.ASKED)
                .locator("#findings-certificates li")
                .first()
                .locator("a")));
        document.locator("#found ~ ul a").first().click();
        document.waitForURL("**/gates/certificates");
        assertThat(document.locator("main").innerText())
                .contains(
                        "expired@localhost",
                        "too-old@vault-kv secret/shop/pay",
                        "certificate-check from certificates: asked",
                        "rotation-limits 1.0",
                        "None was asked for");
        document.locator("#evaluations ~ .scroll a").first().click();
        document.waitForURL("**/evidence/**");
        assertThat(document.locator("main").innerText())
                .contains("What was found in it", "expired@localhost", "gate certificates");
    }

    /** Each gate that applies says its limits and the document, or what to send for it. */
    @ParameterizedTest
    @CsvSource({"shop@1.0.0", "asked@2.0.0"})
    void no_verdict_is_a_dead_end(String key) {
        Page page = release(key);
        List<Locator> rows = page.locator("tr[id^=gate-]").all();
        assertThat(rows).hasSizeGreaterThan(12);
        for (Locator row : rows) {
            String said = row.innerText();
            boolean judged = row.locator("td[data-label=Evidence] a").count() > 0;
            assertThat(said)
                    .containsPattern(
                            judged
                                    ? "\\(gate-thresholds [\\d.]+[^)]*, document \\w{12} of [^)]+\\)"
                                    : "A pipeline sends|The platform brings it itself");
        }
        // What nobody has looked at, and who has not answered, stands in no document.
        assertThat(page.locator("ul.findings li").all())
                .filteredOn(one -> one.locator("a").count() == 0)
                .extracting(Locator::innerText)
                .allMatch(text -> Stream.of("control:", "consent:", "no-count:", "no-document")
                        .anyMatch(text::startsWith));
    }

    @Test
    void at_the_width_of_a_phone_nothing_is_cut_off() {
        document.setViewportSize(390, 844);
        for (String gate : List.of("sca", "downgrade-rehearsal", "infrastructure-compliance")) {
            document.navigate(platform.url("/releases/" + TracedReleases.SENT + "/gates/" + gate));
            assertThat(document.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as(gate)
                    .isEqualTo(true);
        }
        document.setViewportSize(1280, 900);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/releases/shop@1.0.0/gates/sast",
                "/releases/asked@2.0.0/gates/infrastructure-compliance",
                "/reports/security-gates"
            })
    void a_page_on_the_way_is_walked_with_the_keyboard(String path) {
        document.navigate(platform.url(path));
        KeyboardWalk.over(document);
    }

    @Test
    void the_difference_of_a_checklist_is_walked_with_the_keyboard() {
        await("the changed checklist to be seen").atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            document.navigate(platform.url("/checklists/standard"));
            assertThat(document.locator("#difference ~ ul del").count()).isEqualTo(1);
        });
        KeyboardWalk.over(document);
        // The arrows choose among the versions, and Enter compares.
        document.locator("input[name=from]:checked").focus();
        document.keyboard().press("ArrowDown");
        document.keyboard().press("Enter");
        document.waitForURL("**from=sha256**");
        assertThat(document.locator("#difference").isVisible()).isTrue();
    }

    @Test
    void the_line_of_a_finding_is_reached_and_told_with_the_keyboard() {
        document.navigate(address(release(TracedReleases.SENT)
                        .locator("#findings-sast li")
                        .first()
                        .locator("a"))
                .replaceFirst("#.*", ""));
        KeyboardWalk.over(document);
        document.locator("a[href='#here']").focus();
        document.keyboard().press("Enter");
        assertThat(document.evaluate("() => document.activeElement.id")).isEqualTo("here");
        assertThat(document.locator("#here").getAttribute("aria-current")).isEqualTo("true");
        assertThat(
                        document.evaluate(
                                "() => { const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"))
                .as("in view")
                .isEqualTo(true);
    }
}
