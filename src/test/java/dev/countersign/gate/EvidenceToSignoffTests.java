package dev.countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** From a document in the body to a gate, a waiver and a sign-off: the whole platform, its forms and its models. */
@DatabaseTest
@Tag("M1.5")
@Tag("M4.1")
class EvidenceToSignoffTests {
    private static final String COMMIT = OpenedReleases.COMMIT;
    private static final String OTHER = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Dossiers dossiers;

    @Autowired
    private Timeline timeline;

    @Autowired
    private Gates gates;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private TaskService tasks;

    @Autowired
    private HistoryService history;

    @Autowired
    private Hands hands;

    private String key;
    private String digest;
    private String process;

    @BeforeEach
    void release() {
        Release release = opened.withoutProcess("checkout", "standard", "critical", "developer");
        key = release.key();
        digest = release.artifacts().get(0).digest();
    }

    @AfterEach
    void end() {
        hands.resetTime();
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    private static byte[] tour(String file) throws Exception {
        return Files.readAllBytes(Path.of("docs/tour", file));
    }

    private MockHttpServletRequestBuilder evidence() {
        // What curl sends when nothing else is said.
        return post("/api/releases/{key}/evidence", key).contentType("application/x-www-form-urlencoded");
    }

    private ResultActions send(String user, byte[] body, String... parameters) throws Exception {
        MockHttpServletRequestBuilder request = evidence().content(body).with(httpBasic(user, user));
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam(parameters[i], parameters[i + 1]);
        }
        return http.perform(request);
    }

    private void start(String model) {
        process = runtime.startProcessInstanceByKey(model, key).getId();
        hands.settle();
    }

    private List<String> open() {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).list().stream()
                .map(Task::getTaskDefinitionKey)
                .sorted()
                .toList();
    }

    private Object outcome(String variable) {
        return history.createHistoricVariableInstanceQuery()
                .processInstanceId(process)
                .variableName(variable)
                .singleResult()
                .getValue();
    }

    private boolean isOver() {
        return runtime.createProcessInstanceQuery().processInstanceId(process).count() == 0;
    }

    private List<String> timelineOf(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    @Test
    void a_good_report_is_read_judged_kept_once_and_given_back_byte_for_byte() throws Exception {
        send("ci", tour("junit.xml"), "type", "junit", "source", "surefire")
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.subject.commit").value(COMMIT))
                .andExpect(jsonPath("$.assertedBy").value("document"))
                .andExpect(jsonPath("$.summary.passed").value(23))
                .andExpect(jsonPath("$.gates[0].gate").value("tests"))
                .andExpect(jsonPath("$.gates[0].verdict").value("PASS"));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(tour("junit.xml"));
        }
        send("ci", packed.toByteArray(), "source", "surefire").andExpect(status().isCreated());
        String sha256 = java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(tour("junit.xml")));
        http.perform(get("/api/releases/{key}/evidence", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.length()").value(1))
                .andExpect(jsonPath("$[0].sha256").value(sha256))
                .andExpect(jsonPath("$[0].counts").value(true));
        http.perform(get("/api/releases/{key}/evidence/{sha}", key, sha256).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(content().bytes(tour("junit.xml")));
        assertThat(db.sql("select count(*) from evidence_document where sha256 = ?")
                        .param(sha256)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(timelineOf("evidence.received")).hasSize(1);
    }

    @Test
    void the_service_account_asserts_the_commit_where_the_format_states_none() throws Exception {
        byte[] bare = "<testsuite name=\"s\"><testcase name=\"a\"/></testsuite>".getBytes(StandardCharsets.UTF_8);
        send("ci", bare, "commit", COMMIT)
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.assertedBy").value("ci"));
        send("ci", bare)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/commit"));
        send("qa", bare, "commit", COMMIT)
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.detail").value(containsString("Only the service account ci")));
    }

    @Test
    void a_report_for_another_commit_is_refused_with_both_values_and_counts_for_nothing() throws Exception {
        byte[] other = new String(tour("junit.xml"), StandardCharsets.UTF_8)
                .replace(COMMIT, OTHER)
                .getBytes(StandardCharsets.UTF_8);
        for (String[] parameters : new String[][] {{}, {"commit", COMMIT}}) {
            send("ci", other, parameters)
                    .andExpect(status().isConflict())
                    .andExpect(jsonPath("$.detail")
                            .value("this report is for commit " + OTHER + ", the release is built from " + COMMIT));
        }
        send("ci", tour("junit.xml"), "commit", OTHER).andExpect(status().isConflict());
        assertThat(timelineOf("evidence.refused")).hasSize(3).allMatch(text -> text.contains(OTHER));
        assertThat(gates.find(key, "tests").orElseThrow().evidence()).isNull();
    }

    @ParameterizedTest(name = "{0} as {1}: {3}")
    @CsvSource({
        "<testsuite><testcase>, junit, 422, cannot be read as JUnit XML",
        "<html></html>, junit, 422, not a test report",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite/>, junit, 422, document type declaration",
        "{, sarif, 422, not well-formed JSON",
        "hello, , 422, cannot be told from its content",
        "x, cyclonedx, 422, not well-formed",
        "x, pentest, 422, not a penetration test report",
        "x, communication-plan, 422, not a communication plan",
        "x, junitt, 422, There is no document type 'junitt'",
    })
    void what_cannot_be_read_is_refused_in_words(String body, String type, int status, String reason) throws Exception {
        String[] parameters = type == null ? new String[0] : new String[] {"type", type};
        send("ci", body.getBytes(StandardCharsets.UTF_8), parameters)
                .andExpect(status().is(status))
                .andExpect(jsonPath("$.detail").value(containsString(reason)));
        assertThat(timelineOf("evidence.refused")).hasSize(1);
    }

    @Test
    void an_encoding_that_is_not_read_and_types_that_cannot_be_sent_are_told() throws Exception {
        http.perform(evidence()
                        .content(tour("junit.xml"))
                        .header("Content-Encoding", "br")
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().isUnsupportedMediaType())
                .andExpect(jsonPath("$.detail").value(containsString("'br' is not read")));
        send("ci", tour("junit.xml"), "type", "junitt")
                .andExpect(jsonPath("$.detail").value(containsString("dpia")))
                .andExpect(jsonPath("$.detail").value(org.hamcrest.Matchers.not(containsString("certificate-check"))))
                .andExpect(jsonPath("$.detail").value(org.hamcrest.Matchers.not(containsString("opa"))));
    }

    @Test
    void an_empty_body_and_one_over_the_limit_are_refused() throws Exception {
        send("ci", new byte[0]).andExpect(status().isUnprocessableEntity());
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] spaces = new byte[1024 * 1024];
            java.util.Arrays.fill(spaces, (byte) ' ');
            for (int i = 0; i < 51; i++) {
                gzip.write(spaces);
            }
        }
        send("ci", bomb.toByteArray(), "type", "sarif").andExpect(status().isPayloadTooLarge());
        byte[] cut = java.util.Arrays.copyOf(bomb.toByteArray(), 2000);
        send("ci", cut, "type", "sarif")
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.place").exists());
    }

    @Test
    void who_may_not_send() throws Exception {
        send("auditor", tour("junit.xml")).andExpect(status().isForbidden());
        send("support", tour("junit.xml")).andExpect(status().isForbidden());
        http.perform(evidence().content(tour("junit.xml"))).andExpect(status().isUnauthorized());
    }

    @Test
    void a_pipeline_waits_for_the_verdict() throws Exception {
        var waiting = http.perform(get("/api/releases/{key}/gates/tests", key)
                        .queryParam("wait", "PT30S")
                        .with(httpBasic("ci", "ci")))
                .andReturn();
        assertThat(waiting.getRequest().isAsyncStarted()).isTrue();
        send("ci", tour("junit-failing.xml")).andExpect(status().isCreated());
        waiting.getAsyncResult(20_000);
        http.perform(org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch(waiting))
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.clear").value(false));
        var longest = http.perform(get("/api/releases/{key}/gates/sast", key)
                        .queryParam("wait", "PT1H")
                        .with(httpBasic("ci", "ci")))
                .andReturn();
        assertThat(longest.getRequest().getAsyncContext().getTimeout())
                .as("clamped to two minutes")
                .isEqualTo(120_000);
        for (String wait : List.of("abc", "-PT1S")) {
            http.perform(get("/api/releases/{key}/gates/tests", key)
                            .queryParam("wait", wait)
                            .with(httpBasic("ci", "ci")))
                    .andExpect(status().isUnprocessableEntity())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/wait"))
                    .andExpect(jsonPath("$.errors[0].message").value(containsString("PT60S")));
        }
    }

    @Test
    void a_digest_without_clearance_may_go_nowhere_and_the_reasons_are_said() throws Exception {
        http.perform(get("/api/deployments/allowed")
                        .queryParam("service", "checkout")
                        .queryParam("digest", digest)
                        .queryParam("environment", "production")
                        .with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.allowed").value(false))
                .andExpect(jsonPath("$.reasons", hasItem(containsString("no clearance"))))
                .andExpect(jsonPath("$.reasons", hasItem(containsString("Gate tests of " + key + " is NO_DATA"))));
        http.perform(get("/api/deployments/allowed")
                        .queryParam("service", "checkout")
                        .queryParam("digest", "sha256:" + "9".repeat(64))
                        .queryParam("environment", "production")
                        .with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.allowed").value(false))
                .andExpect(jsonPath("$.reasons[0]").value(containsString("No release of checkout")));
    }

    @Test
    void a_failed_gate_is_fixed_another_waived_and_the_process_goes_on() throws Exception {
        start("release-gates");
        assertThat(open()).isEmpty();
        send("ci", tour("junit-failing.xml")).andExpect(status().isCreated());
        hands.settle();
        assertThat(open()).containsExactly("resolveGate");
        send("ci", tour("junit.xml")).andExpect(status().isCreated());
        hands.settle();
        assertThat(open()).isEmpty();

        send("ci", tour("results-failing.sarif")).andExpect(status().isCreated());
        hands.settle();
        String finding = gates.find(key, "sast").orElseThrow().findings().get(0).id();
        Map<String, Object> wish = new HashMap<>(Map.of(
                "choice",
                "waiver",
                "findings",
                "[\"" + finding + "\"]",
                "reason",
                "the table name is a constant",
                "expires",
                OffsetDateTime.now(ZoneOffset.UTC).plusDays(5).toLocalDate().toString(),
                "dossier",
                dossiers.of(key).digest()));
        assertThatThrownBy(() -> hands.answer(key, "resolveGate", "qa", wish))
                .isInstanceOf(AuthorizationException.class);
        hands.answer(key, "resolveGate", "security", wish);
        hands.settle();
        assertThat(open()).containsExactly("decideWaiver");

        Map<String, Object> decision = Map.of(
                "decision",
                "approve",
                "reason",
                "accepted until the next release",
                "waiver",
                db.sql("select id from gate_waiver where release_key = ?")
                        .param(key)
                        .query(Long.class)
                        .single()
                        .toString(),
                "dossier",
                dossiers.of(key).digest());
        assertThatThrownBy(() -> hands.answer(key, "decideWaiver", "security", decision))
                .isInstanceOf(AuthorizationException.class);
        hands.answer(key, "decideWaiver", "head-of-security", decision);
        hands.settle();
        assertThat(isOver()).isTrue();
        assertThat(outcome("gatesClear")).isEqualTo(true);
        http.perform(get("/api/releases/{key}/gates/sast", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.clear").value(true))
                .andExpect(jsonPath("$.waiver.decidedBy").value("head-of-security"));
    }

    @Test
    void a_waiver_asked_for_by_api_is_decided_in_a_task() throws Exception {
        send("ci", tour("junit.xml"));
        send("ci", tour("results-failing.sarif"));
        start("release-gates");
        String finding = gates.find(key, "sast").orElseThrow().findings().get(0).id();
        String body = "{\"findings\":[\"%s\"],\"reason\":\"the table name is a constant\",\"expires\":\"%s\"}"
                .formatted(finding, OffsetDateTime.now(ZoneOffset.UTC).plusDays(5));
        http.perform(post("/api/releases/{key}/gates/sast/waivers", key)
                        .contentType("application/json")
                        .content(body)
                        .with(httpBasic("support", "support")))
                .andExpect(status().isForbidden());
        http.perform(post("/api/releases/{key}/gates/sast/waivers", key)
                        .contentType("application/json")
                        .content(body)
                        .with(httpBasic("security", "security")))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.status").value("REQUESTED"))
                .andExpect(jsonPath("$.authority").value("head-of-security"));
        hands.settle();
        assertThat(open()).containsExactly("decideWaiver");
    }

    @Test
    @Tag("M4.6")
    void security_signs_what_it_sees_and_a_change_of_that_voids_it() throws Exception {
        send("ci", tour("junit.xml"));
        send("ci", tour("results.sarif"));
        start("security-signoff");
        assertThat(open()).containsExactly("signOff");
        Map<String, Object> approve =
                Map.of("decision", "approve", "dossier", dossiers.of(key).digest());
        for (String stranger : List.of("qa", "developer", "admin")) {
            assertThatThrownBy(() -> hands.answer(key, "signOff", stranger, approve))
                    .isInstanceOf(ProcessEngineException.class);
        }
        hands.answer(key, "signOff", "security", approve);
        hands.settle();
        assertThat(isOver()).isTrue();
        assertThat(outcome("signedOff")).isEqualTo(true);

        send("ci", tour("results-failing.sarif")).andExpect(status().isCreated());
        assertThat(timelineOf("signoff.voided")).singleElement().asString().contains("evidence.sarif");
        start("security-signoff");
        assertThat(open()).containsExactly("signOff");
        assertThatThrownBy(() -> hands.answer(key, "signOff", "security", approve))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("has changed");
    }
}
