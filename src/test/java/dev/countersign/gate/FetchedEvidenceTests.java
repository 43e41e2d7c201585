package dev.countersign.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.rotation.ShopServer;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.ModelDeployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Systems that hold evidence, asked by the whole platform: before a gate, in the background, by webhook, on demand and right before the rollout. */
@DatabaseTest
@Tag("M1.5")
@Tag("M2.4")
@Tag("M8.6")
class FetchedEvidenceTests {
    private static final String HOOK = "a-secret-of-the-webhook";
    private static final String RUNS = "/repos/acme/checkout/actions/runs";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final VendorServer GITHUB = new VendorServer();
    /** Dependency-Track, SonarQube, Open Policy Agent and a Pact broker: their paths differ. */
    private static final VendorServer SCANNERS = new VendorServer();

    private static final String PROJECT = "550e8400-e29b-41d4-a716-446655440000";
    private static final ShopServer SHOP = new ShopServer();

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private ModelDeployment models;

    @Autowired
    private Dossiers dossiers;

    @Autowired
    private Releases releases;

    @Autowired
    private Evidence evidence;

    @Autowired
    private dev.countersign.release.ChangeFacts facts;

    @Autowired
    private Timeline timeline;

    @Autowired
    private Gates gates;

    @Autowired
    private FreshLook fresh;

    @Autowired
    private GatesClear clear;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private HistoryService history;

    @Autowired
    private Hands hands;

    @Autowired
    private org.springframework.transaction.PlatformTransactionManager transactions;

    private String key;
    private String commit;
    private boolean changed;

    @DynamicPropertySource
    static void systems(DynamicPropertyRegistry properties) throws IOException {
        Path folder = Files.createTempDirectory("catalog");
        Path sample = Path.of("src/main/resources/sample/catalog");
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(sample.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                String text = Files.readString(file);
                if (file.endsWith("storefront.yaml")) {
                    text = text.replace(
                            "    countersign.dev/announce-to: customers@example.org",
                            "    countersign.dev/announce-to: customers@example.org\n    github.com/project-slug: acme/checkout");
                }
                if (file.endsWith("loyalty.yaml")) {
                    text = text.replaceFirst(
                            "  annotations:\n", "  annotations:\n    cdevents.dev/sources: /tekton/shop\n");
                }
                if (file.endsWith("payments.yaml")) {
                    text = text.replace("countersign.dev/target: sandbox", "countersign.dev/target: production");
                }
                Files.writeString(copy, text);
            }
        }
        properties.add("countersign.catalog.folder", folder::toString);
        Path rotation = Files.createTempDirectory("rotation");
        Files.writeString(
                rotation.resolve("payments.yaml"),
                """
                rotation: payments
                service: payments
                endpoints: [{id: edge, host: localhost, port: %d, serverName: shop.example}]
                secrets: [{id: key, kind: api-key, in: vault-kv, mount: secret, path: payments/key}]
                """
                        .formatted(SHOP.port()));
        properties.add("countersign.catalog.rotation", rotation::toString);
        properties.add("countersign.evidence.certificates.allow", () -> "localhost:" + SHOP.port());
        properties.add("countersign.evidence.certificates.networks", () -> "127.0.0.0/8,::1/128");
        properties.add("countersign.evidence.certificates.trust-file", () -> SHOP.root(rotation));
        properties.add("countersign.evidence.certificates.vault.url", GITHUB::url);
        properties.add("countersign.evidence.certificates.vault.token", () -> "s.token");
        properties.add("countersign.evidence.github.url", GITHUB::url);
        properties.add("countersign.evidence.github.token", () -> "token");
        properties.add("countersign.learning.changes.github.url", GITHUB::url);
        properties.add("countersign.learning.changes.github.token", () -> "token");
        properties.add("countersign.evidence.github.webhook-secret", () -> HOOK);
        properties.add("countersign.evidence.cdevents.webhook-secret", () -> HOOK);
        for (String system : new String[] {"dependency-track", "sonarqube", "opa", "pact-broker"}) {
            properties.add("countersign.evidence." + system + ".url", SCANNERS::url);
        }
        properties.add("countersign.evidence.dependency-track.api-key", () -> "key");
        properties.add("countersign.evidence.dependency-track.projects.checkout", () -> "shop-checkout");
        properties.add("countersign.evidence.sonarqube.token", () -> "token");
        properties.add("countersign.evidence.pact-broker.secret", () -> "token");
    }

    @BeforeEach
    void silence() {
        GITHUB.forget();
        SCANNERS.forget();
        changed = false;
    }

    @AfterEach
    void end() {
        hands.resetTime();
        db.sql("update release set state = 'ABORTED' where key_ = ?").param(key).update();
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    private void release(String service) {
        int number = NUMBER.incrementAndGet();
        String version = "7.0." + number;
        key = service + "@" + version;
        commit = "%040x".formatted(0xabcdef000L + number);
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, ?, ?, 1, 'standard', 'GATES', ?,"
                        + " false, 'critical', 'team-storefront', 'release-manager', 'One-page checkout', 'production', ?,"
                        + " '[\"developer\"]', ?, ?, '[]', '[]', ?, ?)")
                .params(
                        key,
                        service,
                        version,
                        now,
                        commit,
                        "[{\"name\":\"%s\",\"digest\":\"sha256:%064x\"}]".formatted(service, 0xf0000 + number),
                        "{\"externalEndpoints\":false,\"authentication\":false,\"personalData\":false,"
                                + "\"databaseMigration\":false,\"infrastructure\":%1$s,\"apiContract\":%1$s}"
                                        .formatted(changed),
                        models.current(),
                        now)
                .update();
        dossiers.changed(key, "opened");
    }

    private void run(String status, String conclusion) {
        GITHUB.json(
                RUNS,
                "{\"total_count\":1,\"workflow_runs\":[{\"id\":11,\"name\":\"build\",\"workflow_id\":7,\"run_number\":5,\"head_sha\":\"%s\",\"status\":\"%s\",\"conclusion\":\"%s\"}]}"
                        .formatted(commit, status, conclusion));
        GITHUB.json(RUNS + "/11/artifacts", "{\"total_count\":1,\"artifacts\":[{\"id\":1,\"name\":\"test-reports\"}]}");
    }

    private void reports(int failures) {
        String failure = failures > 0 ? "<testcase name='b' classname='T'><failure message='no'/></testcase>" : "";
        GITHUB.reply(
                "/repos/acme/checkout/actions/artifacts/1/zip",
                200,
                Map.of(),
                VendorServer.zip(Map.of(
                        "TEST-T.xml",
                        ("<testsuite name='T'><testcase name='a' classname='T'/>" + failure + "</testsuite>")
                                .getBytes(StandardCharsets.UTF_8),
                        "scan.sarif",
                        ("{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"scan\"}},\"results\":[]}]}")
                                .getBytes(StandardCharsets.UTF_8))));
    }

    private List<String> heardOf(String type, String system) {
        return timelineOf(type).stream()
                .filter(text -> text.startsWith(system + " "))
                .toList();
    }

    private Gate gate(String name) {
        return gates.find(key, name).orElseThrow();
    }

    private List<String> timelineOf(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    private ResultActions as(String user, MockHttpServletRequestBuilder request) throws Exception {
        return http.perform(request.with(httpBasic(user, user)));
    }

    private static MockHttpServletRequestBuilder hook(String body, String delivery, String event) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(HOOK.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return post("/api/webhooks/github")
                .contentType("application/json")
                .content(bytes)
                .header("X-GitHub-Event", event)
                .header("X-GitHub-Delivery", delivery)
                .header("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(bytes)));
    }

    private String event(String sha) {
        return "{\"action\":\"completed\",\"workflow_run\":{\"head_sha\":\"%s\",\"conclusion\":\"success\"},\"repository\":{\"full_name\":\"Acme/checkout\"}}"
                .formatted(sha);
    }

    @Test
    void a_system_that_is_down_is_named_asked_again_and_its_reports_clear_the_gates() {
        release("checkout");
        GITHUB.reply(RUNS, 503, Map.of(), new byte[0]);
        String process = runtime.startProcessInstanceByKey("release-gates", key).getId();
        hands.settle();
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.ERROR);
        assertThat(gate("tests").sentence())
                .contains("No document of type junit has arrived; github could not be asked: it answered 503");
        assertThat(heardOf("evidence.fetch-failed", "github"))
                .containsExactly("github was asked for evidence in vain: it answered 503 to " + RUNS);
        run("completed", "success");
        reports(0);
        hands.pass(Duration.ofSeconds(31));
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.PASS);
        assertThat(heardOf("evidence.fetched", "github"))
                .containsExactly("github was asked for evidence: 2 documents, 2 of them new");
        assertThat(evidence.current(key, "junit")).singleElement().satisfies(document -> {
            assertThat(document.source()).isEqualTo("github: build");
            assertThat(document.assertedBy()).isEqualTo("github");
            assertThat(document.subject()).containsEntry("commit", commit);
            assertThat(document.receivedBy()).isEqualTo("countersign");
        });
        hands.pass(Duration.ofSeconds(31));
        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceId(process)
                        .count())
                .isZero();
        assertThat(history.createHistoricVariableInstanceQuery()
                        .processInstanceId(process)
                        .variableName("gatesClear")
                        .singleResult()
                        .getValue())
                .isEqualTo(true);
        int calls = GITHUB.calls.size();
        hands.pass(Duration.ofHours(2));
        assertThat(GITHUB.calls).as("nobody waits for it any more").hasSize(calls);
    }

    @Test
    void the_same_bytes_are_nothing_new_and_a_red_run_without_a_report_never_passes() throws Exception {
        release("checkout");
        run("completed", "success");
        reports(1);
        as("developer", post("/api/releases/{key}/gates/tests/fetch", key))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.gate").value("tests"))
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.systems[0].source").value("github"))
                .andExpect(jsonPath("$.systems[0].outcome").value("ARRIVED"));
        hands.pass(Duration.ofSeconds(11));
        as("ci", post("/api/releases/{key}/gates/tests/fetch", key)).andExpect(status().isOk());
        assertThat(evidence.of(key)).hasSize(2);
        assertThat(heardOf("evidence.fetched", "github"))
                .contains("github was asked for evidence: 2 documents, 0 of them new");
        run("completed", "failure");
        GITHUB.json(RUNS + "/11/artifacts", "{\"total_count\":0,\"artifacts\":[]}");
        hands.pass(Duration.ofSeconds(11));
        as("qa", post("/api/releases/{key}/gates/tests/fetch", key))
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(
                        jsonPath("$.findings[0].title", org.hamcrest.Matchers.containsString("left no test report")));
    }

    @Test
    void evidence_is_asked_for_by_those_whom_the_gate_concerns() throws Exception {
        release("checkout");
        as("support", post("/api/releases/{key}/gates/tests/fetch", key)).andExpect(status().isForbidden());
        as("developer", post("/api/releases/{key}/gates/provenance/fetch", key)).andExpect(status().isNotFound());
        assertThat(GITHUB.calls).isEmpty();
    }

    @Test
    void nobody_sends_under_the_name_of_a_system_or_what_only_systems_state() throws Exception {
        release("checkout");
        as(
                        "ci",
                        post("/api/releases/{key}/evidence", key)
                                .queryParam("source", "github: build")
                                .queryParam("commit", commit)
                                .content("<testsuite name='T'><testcase name='a'/></testsuite>"))
                .andExpect(status().isUnprocessableEntity());
        as(
                        "ci",
                        post("/api/releases/{key}/evidence", key)
                                .queryParam("type", "change-record")
                                .content("{\"document\":\"change-record\"}"))
                .andExpect(status().isUnprocessableEntity());
        assertThat(evidence.of(key)).isEmpty();
    }

    @Test
    void a_run_that_ended_has_its_reports_taken_in_once() throws Exception {
        release("checkout");
        run("completed", "success");
        reports(0);
        http.perform(post("/api/webhooks/github").content(event(commit))).andExpect(status().isUnauthorized());
        http.perform(post("/api/webhooks/github")
                        .content(event(commit))
                        .header("X-GitHub-Event", "workflow_run")
                        .header("X-Hub-Signature-256", "sha256=" + "0".repeat(64)))
                .andExpect(status().isUnauthorized());
        http.perform(hook(event(commit), "d0-" + key, "workflow_run"))
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.releases[0]").value(key));
        http.perform(hook("{\"action\":\"requested\",\"workflow_run\":{}}", "d1-" + key, "workflow_run"))
                .andExpect(status().isOk());
        http.perform(hook(event("f".repeat(40)), "d2-" + key, "workflow_run"))
                .andExpect(jsonPath("$.releases").isEmpty());
        http.perform(hook(event(commit), "d3-" + key, "workflow_run"))
                .andExpect(jsonPath("$.outcome").value("taken in before"));
        hands.settle();
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.PASS);
        assertThat(heardOf("evidence.fetched", "github")).hasSize(1);
        http.perform(post("/api/webhooks/gitlab").content("{}")).andExpect(status().isNotFound());
        http.perform(post("/api/webhooks/jenkins").content("{}")).andExpect(status().isNotFound());
    }

    private MvcEvent event(String type, String content) {
        return new MvcEvent(
                "/tekton/shop", "e%d".formatted(NUMBER.incrementAndGet()), type, "chain of " + key, content);
    }

    /** One event of a pipeline, as a CloudEvent with its attributes in headers. */
    private record MvcEvent(String source, String id, String type, String chain, String content) {
        MockHttpServletRequestBuilder request(String token) {
            return post("/api/webhooks/cdevents")
                    .contentType("application/json")
                    .header("Authorization", "Bearer " + token)
                    .header("ce-specversion", "1.0")
                    .header("ce-id", id)
                    .header("ce-source", source)
                    .header("ce-type", type)
                    .content(
                            "{\"context\":{\"specversion\":\"0.5.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"%s\",\"timestamp\":\"%s\",\"chainId\":\"%s\"},\"subject\":{\"id\":\"run-%s\",\"content\":%s}}"
                                    .formatted(id, source, type, Instant.now(), chain, id, content));
        }
    }

    private MvcEvent ended(String outcome) {
        return event(
                "dev.cdevents.pipelinerun.finished.0.2.0",
                "{\"pipelineName\":\"build\",\"outcome\":\"%s\",\"errors\":\"no disk\"}".formatted(outcome));
    }

    @Test
    void an_event_of_a_pipeline_fails_its_release_by_the_chain_and_one_of_success_passes_nothing() throws Exception {
        release("loyalty-points");
        MvcEvent failed = ended("failure");
        http.perform(failed.request("another-secret-of-it")).andExpect(status().isUnauthorized());
        http.perform(failed.request(HOOK))
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.outcome").value("no release on its way is of this run"))
                .andExpect(jsonPath("$.event.outcome").value("failure"));
        http.perform(failed.request(HOOK))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.outcome").value("taken in before"));
        String digest = "sha256:%064x".formatted(0xf0000 + Integer.parseInt(key.substring(key.lastIndexOf('.') + 1)));
        http.perform(event(
                                "dev.cdevents.service.deployed.0.2.0",
                                "{\"environment\":{\"id\":\"test\"},\"artifactId\":\"pkg:oci/loyalty-points@%s\"}"
                                        .formatted(digest.replace(":", "%3A")))
                        .request(HOOK))
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.releases[0]").value(key));
        hands.settle();
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate("tests").findings()).anySatisfy(finding -> assertThat(finding.title())
                .contains("pipeline build ended with failure", "no disk"));
        assertThat(evidence.current(key, "junit")).singleElement().satisfies(document -> assertThat(document.source())
                .isEqualTo("cdevents: pipeline build"));

        // A later run of the same pipeline takes the failure back, and shows no tests.
        http.perform(ended("success").request(HOOK))
                .andExpect(jsonPath("$.releases[0]").value(key));
        hands.settle();
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.NO_DATA);
        as(
                        "ci",
                        post("/api/releases/{key}/evidence", key)
                                .queryParam("source", "surefire")
                                .queryParam("commit", commit)
                                .content("<testsuite name='T'><testcase name='a'/></testsuite>"))
                .andExpect(status().isCreated());
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.PASS);

        // Whoever's events are not this service's say nothing of it, whatever chain they name.
        http.perform(new MvcEvent("/elsewhere", "e-" + key, failed.type(), failed.chain(), failed.content())
                        .request(HOOK))
                .andExpect(jsonPath("$.releases").isEmpty());
        hands.settle();
        assertThat(gate("tests").verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void what_is_no_event_is_refused_with_its_place() throws Exception {
        release("loyalty-points");
        MvcEvent good = ended("success");
        http.perform(new MvcEvent(good.source(), good.id(), "dev.cdevents.pipelinerun", good.chain(), "{}")
                        .request(HOOK))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/context/type"));
        http.perform(
                        post("/api/webhooks/cdevents")
                                .header("Authorization", "Bearer " + HOOK)
                                .header("ce-specversion", "1.0")
                                .header("ce-id", "another")
                                .header("ce-source", good.source())
                                .header("ce-type", good.type())
                                .content(
                                        "{\"context\":{\"version\":\"0.3.0\",\"id\":\"x\",\"source\":\"/tekton/shop\",\"type\":\"dev.cdevents.pipelinerun.finished.0.1.0\",\"timestamp\":\"2026-01-01T00:00:00Z\"},\"subject\":{\"id\":\"1\",\"content\":{}}}"))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/context/id"));
        http.perform(post("/api/webhooks/cdevents")
                        .header("Authorization", "Bearer " + HOOK)
                        .content("{}"))
                .andExpect(status().isUnsupportedMediaType());
    }

    private ResultActions fetched(String gate) throws Exception {
        hands.pass(Duration.ofSeconds(11));
        return as("ci", post("/api/releases/{key}/gates/{gate}/fetch", key, gate))
                .andExpect(status().isOk());
    }

    private void tracked(String vulnerabilities) {
        String version = key.substring("checkout@".length());
        long now = java.time.Instant.now().toEpochMilli();
        SCANNERS.json(
                "/api/v1/project/lookup",
                "{\"uuid\":\"%s\",\"name\":\"shop-checkout\",\"version\":\"%s\",\"lastBomImport\":%d,\"lastVulnerabilityAnalysis\":%d}"
                        .formatted(PROJECT, version, now - 5000, now - 1000));
        SCANNERS.json(
                "/api/v1/bom/cyclonedx/project/" + PROJECT,
                "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"metadata\":{\"component\":{\"bom-ref\":\"%s\",\"type\":\"application\",\"name\":\"shop-checkout\",\"version\":\"%s\"}},\"components\":[{\"bom-ref\":\"a\",\"type\":\"library\",\"name\":\"a\",\"version\":\"1\"}],\"vulnerabilities\":[%s]}"
                        .formatted(PROJECT, version, vulnerabilities));
    }

    @Test
    @Tag("M4.1")
    void what_dependency_track_knows_of_the_version_decides_the_gate_sca() throws Exception {
        release("checkout");
        fetched("sca")
                .andExpect(jsonPath("$.verdict").value("NO_DATA"))
                .andExpect(jsonPath("$.systems[0].source").value("dependency-track"))
                .andExpect(jsonPath("$.systems[0].reason")
                        .value("it knows no project shop-checkout in version " + key.substring(9)));
        tracked("");
        fetched("sca").andExpect(jsonPath("$.verdict").value("PASS"));
        assertThat(evidence.current(key, "cyclonedx")).singleElement().satisfies(document -> {
            assertThat(document.source()).isEqualTo("dependency-track: project");
            assertThat(document.subject()).containsEntry("version", key.substring(9));
        });
        tracked("{\"id\":\"CVE-2026-1\",\"ratings\":[{\"severity\":\"critical\"}],\"affects\":[{\"ref\":\"a\"}]}");
        fetched("sca")
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.findings[0].id").value("CVE-2026-1@a@1"));
    }

    private void analysed(String revision, String status, String issues) {
        SCANNERS.json(
                "/api/project_analyses/search",
                "{\"analyses\":[{\"key\":\"A1\",\"date\":\"2026-11-20T09:00:00+0000\",\"revision\":\"%s\"}]}"
                        .formatted(revision));
        SCANNERS.json("/api/ce/component", "{\"queue\":[]}");
        SCANNERS.json(
                "/api/qualitygates/project_status",
                "{\"projectStatus\":{\"status\":\"%s\",\"conditions\":[]}}".formatted(status));
        SCANNERS.json(
                "/api/issues/search",
                "{\"paging\":{\"total\":%d},\"issues\":[%s]}".formatted(issues.isEmpty() ? 0 : 1, issues));
    }

    @Test
    @Tag("M4.1")
    void sonarqubes_issues_and_its_quality_gate_decide_the_gate_sast() throws Exception {
        release("checkout");
        analysed("f".repeat(40), "OK", "");
        fetched("sast")
                .andExpect(jsonPath("$.verdict").value("NO_DATA"))
                .andExpect(jsonPath("$.systems[?(@.source=='sonarqube')].reason")
                        .value("none of the last 100 analyses of checkout is of commit " + commit));
        analysed(commit, "ERROR", "");
        fetched("sast").andExpect(jsonPath("$.verdict").value("FAIL"));
        assertThat(gate("sast").sentence()).contains("gateConditionsFailed 1");
        analysed(
                commit,
                "OK",
                "{\"key\":\"I1\",\"rule\":\"java:S3649\",\"project\":\"checkout\",\"component\":\"checkout:a.java\",\"line\":3,\"type\":\"VULNERABILITY\",\"severity\":\"BLOCKER\",\"status\":\"OPEN\",\"message\":\"SQL\"}");
        fetched("sast")
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.findings[0].id").value("java:S3649@a.java:3"));
        analysed(commit, "OK", "");
        fetched("sast").andExpect(jsonPath("$.verdict").value("PASS"));
        as(
                        "ci",
                        post("/api/releases/{key}/evidence", key)
                                .queryParam("type", "sonarqube")
                                .content("{\"document\":\"sonarqube\"}"))
                .andExpect(status().isUnprocessableEntity());
    }

    @Test
    @Tag("M4.2")
    void a_decision_of_opa_and_a_pact_brokers_answer_count_for_their_gates() throws Exception {
        changed = true;
        release("checkout");
        SCANNERS.json("/v1/data/countersign/release", "{}");
        fetched("infrastructure-compliance")
                .andExpect(jsonPath("$.verdict").value("NO_DATA"))
                .andExpect(jsonPath("$.systems[0].source").value("opa"))
                .andExpect(jsonPath("$.systems[0].outcome").value("NOTHING"));
        SCANNERS.json(
                "/v1/data/countersign/release", "{\"decision_id\":\"d-1\",\"result\":{\"deny\":[\"no encryption\"]}}");
        fetched("infrastructure-compliance")
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.findings[0].id").value("countersign/release/deny@no encryption"));
        assertThat(evidence.current(key, "opa")).singleElement().satisfies(document -> assertThat(document.details())
                .containsEntry("decision", "d-1"));

        String sha256 = evidence.current(key, "opa").get(0).sha256();
        new org.springframework.transaction.support.TransactionTemplate(transactions).executeWithoutResult(status -> {
            releases.lock(key);
            facts.raise(key, "personalData", sha256, "opa", "a test says so");
        });
        hands.settle();
        assertThat(evidence.current(key, "opa"))
                .as("a fact was raised: the policy has decided anew")
                .singleElement()
                .satisfies(document -> assertThat(document.details().get("decidedOn"))
                        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                        .containsEntry("personalData", true));

        fetched("api-contract").andExpect(jsonPath("$.verdict").value("NO_DATA"));
        SCANNERS.json("/pacticipants/checkout/versions/" + commit, "{\"number\":\"%s\"}".formatted(commit));
        SCANNERS.json(
                "/matrix",
                "{\"summary\":{\"deployable\":false,\"failed\":1},\"matrix\":[{\"consumer\":{\"name\":\"checkout\",\"version\":{\"number\":\"%s\"}},\"provider\":{\"name\":\"payments\",\"version\":{\"number\":\"4.1\"}},\"verificationResult\":{\"success\":false}}]}"
                        .formatted(commit));
        fetched("api-contract").andExpect(jsonPath("$.verdict").value("FAIL"));
        assertThat(gate("api-contract").sentence()).contains("notDeployable 1");
    }

    private String enter(String version) throws Exception {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        String answer = as(
                        "release-manager",
                        post("/api/change-records")
                                .contentType("application/json")
                                .content(
                                        "{\"service\":\"payments\",\"version\":\"%s\",\"summary\":\"Pay\",\"windowStart\":\"%s\",\"windowEnd\":\"%s\"}"
                                                .formatted(version, now.minusHours(1), now.plusDays(2))))
                .andExpect(status().isCreated())
                .andReturn()
                .getResponse()
                .getContentAsString();
        return answer.replaceAll(".*\"number\":\"(change-\\d+)\".*", "$1");
    }

    private ResultActions decide(String user, String number, String group, String decision) throws Exception {
        return as(
                user,
                post("/api/change-records/{number}/approvals", number)
                        .contentType("application/json")
                        .content("{\"group\":\"%s\",\"decision\":\"%s\",\"reason\":\"looked at it\"}"
                                .formatted(group, decision)));
    }

    @Test
    void a_change_record_of_our_own_holds_a_production_release_and_is_looked_at_before_the_rollout() throws Exception {
        release("payments");
        as("ci", post("/api/releases/{key}/gates/change-record/fetch", key))
                .andExpect(jsonPath("$.required").value("required"))
                .andExpect(jsonPath("$.verdict").value("NO_DATA"))
                .andExpect(jsonPath("$.systems[0].reason")
                        .value("no change record is entered for payments " + key.substring(9)));
        String number = enter(key.substring(9));
        hands.settle();
        assertThat(gate("change-record").verdict()).isEqualTo(Verdict.FAIL);
        decide("release-manager", number, "compliance", "approve").andExpect(status().isForbidden());
        decide("developer", number, "compliance", "approve").andExpect(status().isForbidden());
        decide("compliance", number, "head-of-operations", "approve").andExpect(status().isForbidden());
        decide("compliance", number, "compliance", "approve").andExpect(status().isOk());
        decide("compliance", number, "compliance", "decline").andExpect(status().isForbidden());
        hands.settle();
        assertThat(gate("change-record").sentence()).contains("pending 1");
        decide("head-of-operations", number, "head-of-operations", "approve")
                .andExpect(jsonPath("$.state").value("approved"));
        hands.settle();
        assertThat(gate("change-record").verdict()).isEqualTo(Verdict.PASS);
        assertThat(timelineOf("change-record.approved")).hasSize(2);
        assertThat(dossiers.of(key).parts()).containsKey("evidence.change-record");

        hands.pass(Duration.ofHours(1));
        Release release = releases.get(key);
        assertThat(fresh.missing(release, "d"))
                .filteredOn(missing -> missing.contains("change-record"))
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("gate change-record is to be looked at once more: register last answered at");
        String before = dossiers.of(key).digest();
        fresh.look(release);
        assertThat(fresh.missing(release, "d")).isEmpty();
        assertThat(clear.missing(release, "d")).noneMatch(reason -> reason.contains("change-record"));
        assertThat(dossiers.of(key).digest()).as("it says the same as before").isEqualTo(before);

        as("release-manager", delete("/api/change-records/{number}", number))
                .andExpect(jsonPath("$.state").value("withdrawn"));
        hands.pass(Duration.ofMinutes(20));
        fresh.look(releases.get(key));
        as("auditor", get("/api/change-records/{number}", number))
                .andExpect(jsonPath("$.approvals.length()").value(2));
        assertThat(clear.missing(releases.get(key), "d")).anyMatch(reason -> reason.contains("change-record"));
    }

    @Test
    @Tag("M2.4")
    void who_holds_the_release_has_a_system_asked_soon_and_does_not_wait_for_itself() throws Exception {
        release("payments");
        enter(key.substring(9));
        new org.springframework.transaction.support.TransactionTemplate(transactions).executeWithoutResult(status -> {
            fresh.look(releases.lock(key));
            assertThat(evidence.current(key, "change-record")).isEmpty();
        });
        hands.settle();
        assertThat(evidence.current(key, "change-record")).hasSize(1);
    }

    private void keyRotated(Instant at) {
        GITHUB.json(
                "/v1/secret/metadata/payments/key",
                "{\"data\":{\"current_version\":1,\"versions\":{\"1\":{\"created_time\":\"%s\",\"deletion_time\":\"\",\"destroyed\":false}}}}"
                        .formatted(at));
    }

    @Test
    @Tag("M4.4")
    void certificates_and_secrets_of_a_production_service_are_looked_at_and_once_more_before_the_rollout()
            throws Exception {
        release("payments");
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        SHOP.shows(now.minus(Duration.ofDays(9)), now.plus(Duration.ofDays(10)));
        keyRotated(now.minus(Duration.ofDays(20)));
        as("ci", post("/api/releases/{key}/gates/certificates/fetch", key))
                .andExpect(jsonPath("$.required").value("required"))
                .andExpect(jsonPath("$.verdict").value("FAIL"))
                .andExpect(jsonPath("$.findings.length()").value(1))
                .andExpect(jsonPath(
                        "$.findings[0].title",
                        org.hamcrest.Matchers.containsString("in less than the 21 days of rotation-limits")));
        // Renewed.
        SHOP.shows(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(60)));
        hands.pass(Duration.ofSeconds(31));
        assertThat(gate("certificates").verdict()).isEqualTo(Verdict.PASS);
        String digest = dossiers.of(key).digest();
        assertThat(evidence.current(key, "certificate-check")).singleElement().satisfies(document -> {
            assertThat(document.source()).isEqualTo("certificates: payments");
            assertThat(document.receivedBy()).isEqualTo("countersign");
            assertThat(document.sha256()).matches("[0-9a-f]{64}");
        });

        hands.pass(Duration.ofHours(1));
        Release release = releases.get(key);
        assertThat(fresh.missing(release, "d"))
                .anyMatch(
                        missing -> missing.startsWith("gate certificates is to be looked at once more: certificates"));
        int connections = SHOP.connections();
        fresh.look(release);
        assertThat(SHOP.connections()).isEqualTo(connections + 1);
        assertThat(fresh.missing(release, "d")).noneMatch(missing -> missing.contains("certificates"));
        assertThat(clear.missing(release, "d")).noneMatch(missing -> missing.contains("certificates"));

        // Vault is gone when the rollout begins: what it said an hour ago does not count for now.
        GITHUB.reply("/v1/secret/metadata/payments/key", 403, Map.of(), new byte[0]);
        hands.pass(Duration.ofMinutes(20));
        fresh.look(releases.get(key));
        assertThat(gate("certificates").verdict()).isEqualTo(Verdict.ERROR);
        assertThat(gate("certificates").findings()).singleElement().satisfies(finding -> assertThat(finding.title())
                .contains("vault-kv secret/payments/key: Vault: it refuses our credentials (403)"));
        assertThat(clear.missing(releases.get(key), "d")).anyMatch(missing -> missing.contains("certificates"));
        assertThat(dossiers.of(key).digest())
                .as("nobody votes again because a certificate was looked at")
                .isEqualTo(digest);
    }

    @Test
    @Tag("M4.4")
    void nobody_sends_a_check_of_certificates() throws Exception {
        release("payments");
        for (String user : List.of("ci", "head-of-security")) {
            as(
                            user,
                            post("/api/releases/{key}/evidence", key)
                                    .content(
                                            "{\"document\":\"certificate-check\",\"subject\":{\"service\":\"payments\",\"version\":\"%s\"},\"declarations\":[{\"name\":\"p\",\"sha256\":\"d\",\"nothing\":null}],\"endpoints\":[],\"secrets\":[]}"
                                                    .formatted(key.substring(9))))
                    .andExpect(status().isUnprocessableEntity())
                    .andExpect(jsonPath(
                            "$.detail", org.hamcrest.Matchers.containsString("a check of certificates and secrets")));
        }
        assertThat(evidence.current(key, "certificate-check")).isEmpty();
        assertThat(timelineOf("evidence.refused")).hasSize(2);
    }

    /** Here, since whoever is asked for reports is asked for changes too, and another platform need not be started. */
    @Test
    @Tag("M7.5")
    void a_release_that_is_stable_shows_the_changes_since_the_one_before_it() throws Exception {
        release("checkout");
        String before = key;
        String base = commit;
        releases.enter(before, ReleaseState.STABLE, "test");
        hands.settle();
        as("auditor", get("/api/releases/{key}/changes", before))
                .andExpect(jsonPath("$.outcome").value("NOT_KNOWN"));
        release("checkout");
        String repository = "/repos/acme/checkout";
        GITHUB.json(
                repository + "/compare/" + base + "..." + commit,
                "{\"base_commit\":{\"sha\":\"%s\"},\"total_commits\":1,\"commits\":[{\"sha\":\"%s\"}]}"
                        .formatted(base, commit));
        GITHUB.json(
                repository + "/commits/" + commit + "/pulls",
                "[{\"number\":7,\"user\":{\"login\":\"ada\"},\"created_at\":\"2026-03-02T12:00:00Z\",\"merged_at\":\"2026-03-02T13:00:00Z\",\"merge_commit_sha\":\"%s\"}]"
                        .formatted(commit));
        for (String list : List.of("/pulls/7/commits", "/pulls/7/reviews", "/pulls/7/comments")) {
            GITHUB.json(repository + list, "[]");
        }
        GITHUB.json(
                repository + "/issues/7/comments",
                "[{\"id\":1,\"user\":{\"login\":\"grace\",\"type\":\"User\"},\"created_at\":\"2026-03-02T12:20:00Z\"}]");
        releases.enter(key, ReleaseState.STABILISING, "test");
        releases.enter(key, ReleaseState.STABLE, "test");
        as("auditor", get("/api/releases/{key}/changes", key))
                .andExpect(jsonPath("$.outcome").value("AWAITED"));
        hands.settle();
        as("auditor", get("/api/releases/{key}/changes", key))
                .andExpect(jsonPath("$.outcome").value("KNOWN"))
                .andExpect(jsonPath("$.since").value(base))
                .andExpect(jsonPath("$.leadTime.changes[0].number").value("7"))
                .andExpect(jsonPath("$.leadTime.changes[0].parts.pickup").value("PT20M"))
                .andExpect(jsonPath("$.leadTime.changes[0].parts.review").value("PT40M"));
        db.sql("update release set state = 'ABORTED' where key_ = ?")
                .param(before)
                .update();
    }
}
