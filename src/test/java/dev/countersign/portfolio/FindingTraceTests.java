package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.release.Dossiers;
import dev.countersign.workflow.ModelDeployment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.util.HtmlUtils;

/** From the gate's verdict on the release's page to the line of the document, by links only. */
@DatabaseTest
@Tag("M4.5")
class FindingTraceTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String SARIF =
            """
            {"version": "2.1.0", "runs": [{
              "tool": {"driver": {"name": "codeql"}},
              "versionControlProvenance": [{"repositoryUri": "https://git.example/checkout", "revisionId": "%s"}],
              "results": [
                {"ruleId": "java/xss", "level": "error", "message": {"text": "<script>alert('größe')</script>"},
                 "locations": [{"physicalLocation": {"artifactLocation": {"uri": "Page.java"}, "region": {"startLine": 7}}}]}
              ]
            }]}
            """
                    .formatted(COMMIT);

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private ModelDeployment models;

    @Autowired
    private Dossiers dossiers;

    private String key;

    @BeforeEach
    void release() {
        key = release("checkout@6.1." + NUMBER.incrementAndGet());
    }

    private String release(String name) {
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, 'checkout', ?, 1, 'standard', 'GATES', ?,"
                        + " false, 'critical', 'team-storefront', 'release-manager', 'One-page checkout', 'production', ?,"
                        + " '[\"developer\"]', '[]', '{\"apiContract\":true}', '[]', '[]', ?, ?)")
                .params(name, name.substring("checkout@".length()), now, COMMIT, models.current(), now)
                .update();
        dossiers.changed(name, "opened");
        return name;
    }

    private void send(byte[] body, String type, String source) throws Exception {
        http.perform(post("/api/releases/{key}/evidence", key)
                        .content(body)
                        .queryParam("type", type)
                        .queryParam("source", source)
                        .queryParam("commit", COMMIT)
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().isCreated());
    }

    private String page(String address) throws Exception {
        return http.perform(get(java.net.URI.create(address)).with(user("auditor")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
    }

    /** The address behind the first link to a line in the release's page. */
    private String link() throws Exception {
        Matcher link = Pattern.compile("href=\"(/releases/[^\"]+/evidence/[^\"]+line=[^\"]+#here)\"")
                .matcher(page("/releases/" + key));
        assertThat(link.find()).as("a link to a line").isTrue();
        return HtmlUtils.htmlUnescape(link.group(1));
    }

    private static String marked(String page) {
        Matcher marked = Pattern.compile("<mark>(.*?)</mark>", Pattern.DOTALL).matcher(page);
        StringBuilder all = new StringBuilder();
        while (marked.find()) {
            all.append(HtmlUtils.htmlUnescape(marked.group(1))).append('\n');
        }
        return all.toString();
    }

    private void leadsToTheFinding(byte[] sent) throws Exception {
        send(sent, "sarif", "codeql");
        String page = page(link().replaceFirst("#.*", ""));
        assertThat(marked(page)).contains("java/xss", "<script>alert('größe')</script>");
        assertThat(page)
                .as("what a stranger wrote is text")
                .doesNotContain("<script>alert")
                .contains("id=\"here\"", "tabindex=\"0\"", "href=\"#here\"");
    }

    @Test
    void as_it_is() throws Exception {
        leadsToTheFinding(SARIF.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void packed() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(SARIF.getBytes(StandardCharsets.UTF_8));
        }
        leadsToTheFinding(packed.toByteArray());
    }

    @Test
    void in_utf_16_and_in_one_line() throws Exception {
        leadsToTheFinding(SARIF.getBytes(StandardCharsets.UTF_16));
        leadsToTheFinding(SARIF.replaceAll("\\s*\\n\\s*", "").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Tag("M4.2")
    void what_a_configuration_leaves_open_leads_to_its_line() throws Exception {
        send(
                "resource \"aws_db_instance\" \"orders\" {\n  storage_encrypted   = true\n  publicly_accessible = true # <b>\n}\n"
                        .getBytes(StandardCharsets.UTF_8),
                "infrastructure",
                "main.tf");
        String page = page(link().replaceFirst("#.*", ""));
        assertThat(marked(page)).contains("publicly_accessible = true # <b>").doesNotContain("storage_encrypted");
        assertThat(page).contains("database-public").doesNotContain("# <b>");
    }

    @Test
    void an_operation_that_is_gone_leads_to_the_contract_before() throws Exception {
        String before =
                "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths:\n  /a:\n    get:\n      responses: {'200': {description: a}}\n"
                        + "  /b:\n    get:\n      responses: {'200': {description: b}}\n";
        send(before.getBytes(StandardCharsets.UTF_8), "openapi", "base");
        send(before.replaceAll("(?s)  /b:.*", "").getBytes(StandardCharsets.UTF_8), "openapi", "api");
        String page = page(link().replaceFirst("#.*", ""));
        assertThat(marked(page)).startsWith("    get:").contains("description: b");
        assertThat(page).contains("GET /b is gone");
        http.perform(get("/api/releases/{key}/gates/api-contract", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.findings[0].position.line").value(8))
                .andExpect(jsonPath("$.findings[0].position.pointer").value("/paths/~1b/get"));
    }

    @Test
    void a_document_of_another_release_is_not_shown_and_the_bytes_are_a_download() throws Exception {
        send(SARIF.getBytes(StandardCharsets.UTF_8), "sarif", "codeql");
        String sha256 = db.sql("select sha256 from evidence where release_key = ?")
                .param(key)
                .query(String.class)
                .single();
        String other = release("checkout@6.2." + NUMBER.incrementAndGet());
        http.perform(get("/releases/{key}/evidence/{sha}?line=1", other, sha256).with(user("auditor")))
                .andExpect(status().isNotFound());
        http.perform(get("/releases/{key}/evidence/{sha}?line=1", key, sha256)).andExpect(status().is3xxRedirection());
        var response = http.perform(get("/releases/{key}/evidence/{sha}/download", key, sha256)
                        .with(user("auditor")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse();
        assertThat(response.getContentAsByteArray()).isEqualTo(SARIF.getBytes(StandardCharsets.UTF_8));
        assertThat(response.getHeader("Content-Disposition")).startsWith("attachment");
    }

    @Test
    void what_a_table_finds_is_named_at_its_line_with_its_gate() throws Exception {
        String bill =
                """
                {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
                  {"type": "library", "name": "store", "version": "2.0", "purl": "pkg:npm/store@2.0",
                   "licenses": [{"license": {"id": "SSPL-1.0"}}]}
                ]}
                """;
        send(bill.getBytes(StandardCharsets.UTF_8), "cyclonedx", "cdxgen");
        String sha256 = db.sql("select sha256 from evidence where release_key = ?")
                .param(key)
                .query(String.class)
                .single();
        for (String address : List.of("?line=2", "")) {
            assertThat(page("/releases/" + key + "/evidence/" + sha256 + address))
                    .contains("SSPL-1.0@pkg:npm/store@2.0", "href=\"/releases/" + key + "/gates/licences\"");
        }
    }

    @Test
    void the_page_of_a_gate_shows_each_evaluation_and_what_was_asked_to_be_waived() throws Exception {
        assertThat(page("/releases/" + key + "/gates/tests"))
                .contains("A pipeline sends", "/evidence?type=junit", "None was asked for", "not been evaluated yet");
        assertThat(page("/releases/" + key + "/gates/certificates")).contains("The platform brings it itself");
        send(SARIF.getBytes(StandardCharsets.UTF_8), "sarif", "codeql");
        http.perform(post("/api/releases/{key}/gates/sast/waivers", key)
                        .contentType("application/json")
                        .content(
                                "{\"findings\": [\"java/xss@Page.java:7\"], \"reason\": \"An internal page, <b>gone</b> next week\", \"expires\": \"%s\"}"
                                        .formatted(Instant.now().plus(Duration.ofDays(3))))
                        .with(httpBasic("developer-2", "developer-2")))
                .andExpect(status().isCreated());
        send(SARIF.replace("\"error\"", "\"note\"").getBytes(StandardCharsets.UTF_8), "sarif", "codeql");
        String shown = page("/releases/" + key + "/gates/sast");
        assertThat(shown)
                .contains("java/xss@Page.java:7", "requested", "developer-2", "waits for", "codeql")
                .contains("An internal page, &lt;b&gt;gone&lt;/b&gt; next week")
                .containsSubsequence("Every evaluation", "PASS", "FAIL");
        http.perform(get("/releases/{key}/gates/nothing", key).with(user("auditor")))
                .andExpect(status().isNotFound());
    }
}
