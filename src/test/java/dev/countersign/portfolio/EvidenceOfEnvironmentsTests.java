package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.release.Dossiers;
import dev.countersign.workflow.ModelDeployment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Evidence names an environment of the catalog. */
@DatabaseTest
@Tag("M1.4")
class EvidenceOfEnvironmentsTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String PASSED = "<testsuite name='pay'><testcase classname='Pay' name='pays'/></testsuite>";
    private static final String FAILED =
            "<testsuite name='pay'><testcase classname='Pay' name='pays'><failure message='paid twice'/></testcase></testsuite>";

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
        String version = "6.7." + NUMBER.incrementAndGet();
        key = "checkout@" + version;
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, 'checkout', ?, 1, 'standard', 'GATES', ?,"
                        + " false, 'critical', 'team-storefront', 'release-manager', 'One-page checkout', 'production', ?,"
                        + " '[\"developer\"]', '[]', '{\"apiContract\":true}', '[]', '[]', ?, ?)")
                .params(key, version, now, COMMIT, models.current(), now)
                .update();
        dossiers.changed(key, "opened");
    }

    private ResultActions send(String body, String type, String source, String environment) throws Exception {
        var request = post("/api/releases/{key}/evidence", key)
                .content(body.getBytes(StandardCharsets.UTF_8))
                .queryParam("type", type)
                .queryParam("source", source)
                .queryParam("commit", COMMIT)
                .with(httpBasic("ci", "ci"));
        return http.perform(environment == null ? request : request.queryParam("environment", environment));
    }

    private ResultActions asked(String address, Object... parts) throws Exception {
        return http.perform(get(address, parts).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk());
    }

    private String page(String address, Object... parts) throws Exception {
        return http.perform(get(address, parts).with(user("auditor")))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8);
    }

    @Test
    void what_was_tested_in_an_environment_says_so_wherever_it_is_shown() throws Exception {
        send(PASSED, "junit", "e2e", "staging")
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.environment").value("staging"))
                .andExpect(jsonPath("$.source").value("e2e in staging"));
        send(PASSED, "junit", "unit", null)
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.source").value("unit"))
                .andExpect(jsonPath("$.environment").doesNotExist());
        asked("/api/releases/{key}/evidence", key)
                .andExpect(jsonPath("$[0].environment").value("staging"))
                .andExpect(jsonPath("$[1].environment").doesNotExist());
        asked("/api/releases/{key}", key)
                .andExpect(jsonPath("$.dossier.evidence[0].environment").value("staging"));
        String sha256 = db.sql("select distinct sha256 from evidence where release_key = ?")
                .param(key)
                .query(String.class)
                .single();
        db.sql("delete from evidence where release_key = ? and source = 'unit'")
                .param(key)
                .update();
        for (String page : new String[] {
            page("/releases/{key}/evidence/{sha}", key, sha256),
            page("/releases/{key}/gates/tests", key),
            page("/releases/{key}", key)
        }) {
            assertThat(page).contains("environment <span>staging</span>");
        }
    }

    @Test
    void what_passed_in_one_environment_does_not_take_the_place_of_what_failed_in_another() throws Exception {
        send(FAILED, "junit", "e2e", "staging").andExpect(status().isCreated());
        send(PASSED, "junit", "e2e", "production").andExpect(status().isCreated());
        asked("/api/releases/{key}/gates/tests", key)
                .andExpect(jsonPath("$.verdict").value("FAIL"));
        send(PASSED, "junit", "e2e", "staging").andExpect(status().isCreated());
        asked("/api/releases/{key}/gates/tests", key)
                .andExpect(jsonPath("$.verdict").value("PASS"));
        asked("/api/releases/{key}/evidence", key)
                .andExpect(jsonPath("$[0].counts").value(false))
                .andExpect(jsonPath("$[1].counts").value(true))
                .andExpect(jsonPath("$[2].counts").value(true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "junit   | stagign | The catalog has no environment 'stagign'. It has production, staging",
                "junit   | Staging | The catalog has no environment 'Staging'",
                "jacoco  | staging | is the same in each environment",
            })
    void an_environment_that_nobody_knows_or_where_none_belongs_is_refused(String type, String environment, String why)
            throws Exception {
        String body = type.equals("junit")
                ? PASSED
                : Files.readString(Path.of("src/test/resources/samples/coverage/jacoco.xml"));
        send(body, type, "x", environment)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/environment"))
                .andExpect(jsonPath("$.errors[0].message").value(containsString(why)));
        assertThat(db.sql("select detail from release_timeline where release_key = ? and type = 'evidence.refused'")
                        .param(key)
                        .query(String.class)
                        .single())
                .contains(environment);
        asked("/api/releases/{key}/evidence", key)
                .andExpect(jsonPath("$.length()").value(0));
    }

    @Test
    void a_drill_names_its_environment_itself() throws Exception {
        String drill = Files.readString(Path.of("src/test/resources/samples/declared/drill.yaml"));
        send(drill, "rollback-drill", "drill", "production")
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].message")
                        .value("The document says itself that it is about staging, not production"));
        send(drill, "rollback-drill", "drill", null)
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.environment").value("staging"))
                .andExpect(jsonPath("$.source").value("drill"));
        send(drill.replace("environment: staging", "environment: attic"), "rollback-drill", "other", null)
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.environment").doesNotExist());
    }
}
