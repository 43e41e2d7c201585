package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import dev.countersign.release.Dossiers;
import dev.countersign.workflow.ModelDeployment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** Evidence goes in, and every evaluation comes out: on a page, as JSON and as CSV. */
@DatabaseTest
@Tag("M4.5")
class GateReportTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final Path SAMPLES = Path.of("src/test/resources/samples");
    private static final String API = "/api/reports/security-gates";

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private ModelDeployment models;

    @Autowired
    private Dossiers dossiers;

    private final ObjectMapper json = new ObjectMapper();
    private String key;

    @BeforeEach
    void aReleaseWhoseAnalysisFailedAndThenPassed() throws Exception {
        key = open("product-search");
        send("sarif/override.sarif", "codeql");
        send("../../../../docs/tour/results.sarif", "codeql");
        send("controls/checkov-failed.json", "checkov");
        send("test_reports/gradle.xml", "gradle");
    }

    private String open(String service) {
        String opened = service + "@9.0.0~" + System.nanoTime();
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, ?, '9.0.0', ?, 'standard', 'GATES', ?,"
                        + " false, 'critical', 'team', 'release-manager', 'A sample', 'production', ?,"
                        + " '[\"developer\"]', ?, ?, '[]', '[]', ?, ?)")
                .params(
                        opened,
                        service,
                        (int) (System.nanoTime() % 1_000_000_000),
                        now,
                        COMMIT,
                        "[{\"name\":\"" + service + "\",\"digest\":\"sha256:" + "a".repeat(64) + "\"}]",
                        "{\"externalEndpoints\":false,\"authentication\":false,\"personalData\":true,"
                                + "\"databaseMigration\":false,\"infrastructure\":true,\"apiContract\":false}",
                        models.current(),
                        now)
                .update();
        dossiers.changed(opened, "opened");
        return opened;
    }

    private void send(String file, String source) throws Exception {
        http.perform(post("/api/releases/{key}/evidence", key)
                        .queryParam("source", source)
                        .queryParam("commit", COMMIT)
                        .content(Files.readAllBytes(SAMPLES.resolve(file)))
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().isCreated());
    }

    private static RequestPostProcessor auditor() {
        return httpBasic("auditor", "auditor");
    }

    private static RequestPostProcessor person(String role) {
        return user(role).authorities(new SimpleGrantedAuthority(role));
    }

    private ResultActions ask(String path, String... parameters) throws Exception {
        var request = get(path).with(auditor()).queryParam("release", key);
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam(parameters[i], parameters[i + 1]);
        }
        return http.perform(request);
    }

    private JsonNode report(String... parameters) throws Exception {
        return json.readTree(ask(API, parameters)
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8));
    }

    private static List<String> all(JsonNode report, String field) {
        List<String> values = new ArrayList<>();
        report.get("items").forEach(item -> values.add(item.get(field).asText()));
        return values;
    }

    @Test
    void every_evaluation_of_a_security_gate_is_there_and_none_of_another() throws Exception {
        JsonNode report = report();
        assertThat(all(report, "gate")).containsExactly("infrastructure-compliance", "sast", "sast");
        JsonNode earlier = report.at("/items/2");
        JsonNode later = report.at("/items/1");
        assertThat(later.get("verdict").asText())
                .isNotEqualTo(earlier.get("verdict").asText());
        assertThat(later.get("evidence").asText())
                .hasSize(64)
                .isNotEqualTo(earlier.get("evidence").asText());
        assertThat(later.get("ruleVersion").asText()).startsWith("gate-thresholds ");
        assertThat(later.get("unit").isNull()).isFalse();
        assertThat(later.get("decidedBy").asText()).isEqualTo("countersign");
        assertThat(report.at("/totals").size()).isEqualTo(3);
    }

    @Test
    void a_control_of_a_regulation_has_its_own_outcome_and_can_be_asked_for() throws Exception {
        JsonNode report = report("control", "GDPR Art. 32(1)(a)");
        assertThat(all(report, "gate")).containsExactly("infrastructure-compliance");
        assertThat(report.at("/items/0/controls").findValuesAsText("id"))
                .contains("GDPR Art. 32(1)(a)", "GDPR Art. 32(1)(b)");
        assertThat(report.at("/items/0/controls/0/verdict").asText()).isEqualTo("FAIL");
        assertThat(all(report("control", "sast"), "gate")).containsExactly("sast", "sast");
        assertThat(all(report("control", "CKV_AWS_19"), "gate")).isEmpty();
        assertThat(all(report("control", "%"), "gate")).isEmpty();
    }

    @Test
    void pages_follow_each_other_without_gap_or_repetition() throws Exception {
        JsonNode first = report("size", "2");
        assertThat(first.get("items").size()).isEqualTo(2);
        JsonNode second = json.readTree(http.perform(
                        get(java.net.URI.create(first.get("next").asText())).with(auditor()))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8));
        assertThat(all(second, "gate")).containsExactly("sast");
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(second.has("totals")).as("said once").isFalse();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "from, 2020-01-01, 3",
        "to, 2020-01-01, 0",
        "service, product-search, 3",
        "service, checkout, 0",
        "unit, nobody, 0",
    })
    void period_service_and_unit_are_chosen_by_the_address(String name, String value, int found) throws Exception {
        assertThat(report(name, value).get("items").size()).isEqualTo(found);
    }

    @Test
    void the_unit_of_a_service_finds_its_outcomes() throws Exception {
        String unit = report().at("/items/0/unit").asText();
        assertThat(report("unit", unit).get("items").size()).isEqualTo(3);
        assertThat(report("unit", unit, "service", "checkout").get("items").size())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"from, yesterday, /from", "to, 2026-13-01, /to", "after, x, /after", "size, 0, /size"})
    void what_cannot_be_understood_is_refused_with_its_name(String name, String value, String pointer)
            throws Exception {
        ask(API, name, value)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    @Test
    void a_waiver_is_named_with_who_asked_and_who_decided_and_a_formula_in_it_stays_text() throws Exception {
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into gate_waiver (release_key, gate, findings, reason, expires, authority, status, requested_by,"
                        + " requested_at, decided_by, decided_at, decision_reason) values (?, 'sast', '[]',"
                        + " '=HYPERLINK(\"http://x\",\"y\")', ?, 'head-of-security', 'APPROVED', 'developer', ?,"
                        + " 'head-of-security', ?, 'accepted')")
                .params(key, now.plusDays(3), now, now)
                .update();
        db.sql("update gate_evaluation set covered_by = (select max(id) from gate_waiver where release_key = ?),"
                        + " covered_until = ? where release_key = ? and gate = 'sast'")
                .params(key, now.plusDays(3), key)
                .update();
        JsonNode report = report("control", "sast");
        assertThat(report.at("/items/0/decidedBy").asText()).isEqualTo("head-of-security");
        assertThat(report.at("/items/0/waiver/requestedBy").asText()).isEqualTo("developer");
        assertThat(report.at("/totals/0/waived").asLong()).isEqualTo(1);
        ask(API + ".csv", "control", "sast")
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")))
                .andExpect(content().string(not(containsString(",=HYPERLINK"))));
    }

    @Test
    void csv_has_a_line_for_each_gate_and_each_control() throws Exception {
        String csv = ask(API + ".csv")
                .andExpect(status().isOk())
                .andExpect(content().contentType("text/csv;charset=UTF-8"))
                .andExpect(header().string("Content-Disposition", containsString("security-gates.csv")))
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
        List<String> lines = csv.lines().toList();
        assertThat(lines.get(0)).startsWith("evaluated_at,business_unit,service,release,gate,control,required,verdict");
        int controls = report("control", "infrastructure-compliance")
                .at("/items/0/controls")
                .size();
        assertThat(controls).isGreaterThan(2);
        assertThat(lines).hasSize(1 + 3 + controls);
        assertThat(lines.get(2)).contains("infrastructure-compliance,GDPR Art. 32(1)(a),", ",FAIL,");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "text/csv | 200 | text/csv;charset=UTF-8",
                "application/json | 200 | application/json;charset=UTF-8",
                "*/* | 200 | application/json;charset=UTF-8",
                "text/csv;q=0.1, application/json | 200 | application/json;charset=UTF-8",
                "image/png | 406 | application/problem+json",
            })
    void the_form_follows_what_the_caller_accepts(String accept, int status, String type) throws Exception {
        http.perform(get(API).queryParam("release", key)
                        .header("Accept", accept)
                        .with(auditor()))
                .andExpect(status().is(status))
                .andExpect(header().string("Content-Type", containsString(type)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "auditor, 200",
        "compliance, 200",
        "security, 200",
        "head-of-security, 200",
        "developer, 403",
        "release-manager, 403",
        "ci, 403",
    })
    void auditors_compliance_and_security_may_read(String who, int status) throws Exception {
        for (String path : List.of(API, API + ".csv", API + ".json")) {
            http.perform(get(path).with(httpBasic(who, who))).andExpect(status().is(status));
        }
        for (String path : List.of("/reports/security-gates", "/reports/security-gates.csv")) {
            http.perform(get(path).with(person(who))).andExpect(status().is(status));
        }
    }

    @Test
    void the_page_shows_outcomes_controls_documents_and_where_to_go_on() throws Exception {
        http.perform(get("/reports/security-gates").queryParam("release", key).with(person("auditor")))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("infrastructure-compliance")))
                .andExpect(content().string(containsString("GDPR Art. 32(1)(a)")))
                .andExpect(content().string(containsString("checkov CKV_AWS_19")))
                .andExpect(content().string(containsString("/reports/security-gates.csv?from=")))
                .andExpect(content().string(containsString("/releases/" + key + "#gates")))
                .andExpect(content().string(containsString("/releases/" + key + "/gates/infrastructure-compliance\"")))
                // A page is looked at: what it shows has a download of its own.
                .andExpect(content().string(not(containsString("\" download><code"))));
    }

    @Test
    void an_empty_page_says_what_to_do_next() throws Exception {
        http.perform(get("/reports/security-gates")
                        .queryParam("to", "2020-01-01")
                        .with(person("auditor")))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("No evaluation in this period")))
                .andExpect(content().string(containsString("Choose a longer period")));
    }

    @Test
    void the_release_page_shows_each_control_with_its_checks() throws Exception {
        http.perform(get("/releases/{key}", key).with(person("developer")))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("GDPR Art. 32(1)(a)")))
                .andExpect(content().string(containsString("checkov CKV_AWS_19")));
        http.perform(get("/api/releases/{key}/gates/infrastructure-compliance", key)
                        .with(auditor()))
                .andExpect(jsonPath("$.controls[0].id").value("GDPR Art. 32(1)(a)"))
                .andExpect(jsonPath("$.controls[0].verdict").value("FAIL"))
                .andExpect(jsonPath("$.controls[0].checks[0].id").value("CKV_AWS_19"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=1+1 | '''=1+1'",
                "+1 | '''+1'",
                "-1 | '''-1'",
                "@x | '''@x'",
                "'  =1' | '''  =1'",
                "a | a",
                "1-1 | 1-1"
            })
    void a_cell_is_never_a_formula(String value, String written) {
        String cell = GateReportFiles.cell(value);
        assertThat(cell.startsWith("\"") ? cell.substring(1, cell.length() - 1) : cell)
                .isEqualTo(written);
    }
}
