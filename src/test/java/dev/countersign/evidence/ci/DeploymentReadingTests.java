package dev.countersign.evidence.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.ci.PipelineDeployments.Job;
import dev.countersign.evidence.ci.PipelineDeployments.Pipeline;
import dev.countersign.evidence.ci.PipelineDeployments.Result;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import dev.countersign.release.DeploymentsReported;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.unit.DataSize;

/** What is read of deployments in hooks and answers of GitHub and GitLab. */
@Tag("E2")
class DeploymentReadingTests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path OWN = Path.of("src/test/resources/samples/deployments");
    private static final Path SAMPLES = Path.of(System.getProperty("samples", "../shared/samples"), "dora");
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final GitlabDeployments GITLAB =
            new GitlabDeployments(new GitlabDeploymentsProperties(null, null, null));

    private static JsonNode own(String name) throws IOException {
        return JSON.readTree(OWN.resolve(name).toFile());
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-26T" + time + "Z");
    }

    @Test
    void deployments_that_another_tool_stored_give_what_its_manifest_concludes() throws Exception {
        Path manifest = SAMPLES.resolve("MANIFEST.tsv");
        assumeTrue(Files.exists(manifest), "The samples are not there: -Dsamples=… names their folder");
        List<String> lines = Files.readAllLines(manifest);
        int column = Arrays.asList(lines.get(0).split("\t")).indexOf("expected");
        int checked = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            Path file = SAMPLES.resolve(cells[0]);
            if (DeploymentSamples.covers(file)) {
                DeploymentSamples.check(
                        file,
                        cells[column].startsWith("{")
                                ? JSON.readTree(cells[column])
                                : JSON.getNodeFactory().textNode(cells[column]));
                checked++;
            }
        }
        assertThat(checked).isEqualTo(7);
    }

    @Test
    void a_pipeline_of_gitlab_is_a_deployment_into_each_environment_that_a_job_of_it_starts() throws Exception {
        List<DeploymentReport> reports = GITLAB.hook(own("gitlab-pipeline.json"));
        assertThat(reports)
                .extracting(DeploymentReport::id, DeploymentReport::environment, DeploymentReport::startedAt)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("job:9005", "production", at("09:25:00")),
                        org.assertj.core.groups.Tuple.tuple("job:9003", "staging", at("08:05:00")));
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.state()).isEqualTo(State.SUCCESS);
            assertThat(report.commit()).isEqualTo(COMMIT);
            assertThat(report.repository()).isEqualTo("acme/orders");
            assertThat(report.createdAt()).isEqualTo(at("08:00:00"));
            assertThat(report.finishedAt()).isEqualTo(at("09:30:00"));
        });
    }

    @Test
    void gitlabs_own_hook_speaks_of_the_same_deployment_as_the_pipelines() throws Exception {
        DeploymentReport hook = GITLAB.hook(own("gitlab-deployment.json")).get(0);
        assertThat(hook.id())
                .isEqualTo(GITLAB.hook(own("gitlab-pipeline.json")).get(0).id());
        assertThat(hook.commit()).isEqualTo(COMMIT);
        assertThat(hook.startedAt()).isEqualTo(at("09:25:00"));
        assertThat(hook.state()).isEqualTo(State.RUNNING);
        assertThat(hook.address()).isEqualTo("https://gitlab.example/acme/orders/-/jobs/9005");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                "created, WAITING",
                "blocked, HELD",
                "running, RUNNING",
                "success, SUCCESS",
                "failed, FAILURE",
                "canceled, FAILURE",
                "skipped, -",
                "undreamt-of, -",
            })
    void the_states_of_gitlab_are_read(String status, State state) throws Exception {
        ObjectNode event = (ObjectNode) own("gitlab-deployment.json");
        event.put("status", status);
        assertThat(GITLAB.hook(event).stream().map(DeploymentReport::state).toList())
                .isEqualTo(state == null ? List.of() : List.of(state));
    }

    @Test
    void a_pipeline_or_a_job_without_an_environment_is_a_deployment_where_it_is_declared() throws Exception {
        ObjectNode event = (ObjectNode) own("gitlab-pipeline.json");
        event.withArray("builds").forEach(build -> ((ObjectNode) build).putNull("environment"));
        assertThat(GITLAB.hook(event)).isEmpty();
        GitlabDeployments byName =
                new GitlabDeployments(new GitlabDeploymentsProperties(Pattern.compile("Delivery"), null, "production"));
        assertThat(byName.hook(event)).singleElement().satisfies(report -> {
            assertThat(report.id()).isEqualTo("pipeline:4711");
            assertThat(report.environment()).isEqualTo("production");
            // As long before its end as it ran: what it waited for somebody is no deploying.
            assertThat(report.startedAt()).isEqualTo(at("09:15:00"));
        });
        GitlabDeployments byJob = new GitlabDeployments(
                new GitlabDeploymentsProperties(null, Pattern.compile("deploy: pro.*"), "production"));
        assertThat(byJob.hook(event))
                .singleElement()
                .extracting(DeploymentReport::id)
                .isEqualTo("job:9005");
        ((ObjectNode) event.get("object_attributes")).put("status", "skipped");
        assertThat(byName.hook(event)).isEmpty();
    }

    @Test
    void a_pipeline_that_goes_on_has_begun_once_a_job_of_it_has() throws Exception {
        ObjectNode event = (ObjectNode) own("gitlab-pipeline.json");
        ((ObjectNode) event.get("object_attributes")).put("status", "running").putNull("finished_at");
        assertThat(GITLAB.hook(event).get(0)).satisfies(report -> {
            assertThat(report.state()).isEqualTo(State.RUNNING);
            assertThat(report.finishedAt()).isNull();
        });
        ((ObjectNode) event.at("/builds/0")).put("status", "pending").putNull("started_at");
        assertThat(GITLAB.hook(event).get(0).state()).isEqualTo(State.WAITING);
        ((ObjectNode) event.at("/builds/0")).put("status", "manual");
        assertThat(GITLAB.hook(event)).extracting(DeploymentReport::environment).containsExactly("staging");
    }

    @Test
    void each_job_of_a_pipeline_that_deploys_has_its_own_start_and_result() throws Exception {
        ObjectNode event = (ObjectNode) own("gitlab-pipeline.json");
        ObjectNode other = event.at("/builds/0").deepCopy();
        // Earlier, later in the list, and told of as that job by GitLab's own hook.
        other.put("id", 9006).put("started_at", "2026-11-26 08:30:00 UTC").put("status", "failed");
        event.withArray("builds").add(other);
        assertThat(GITLAB.hook(event).stream()
                        .filter(report -> report.environment().equals("production")))
                .extracting(DeploymentReport::id, DeploymentReport::startedAt, DeploymentReport::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("job:9005", at("09:25:00"), State.SUCCESS),
                        org.assertj.core.groups.Tuple.tuple("job:9006", at("08:30:00"), State.FAILURE));
    }

    @Test
    void a_job_that_was_refused_or_found_nobody_to_run_it_deployed_nothing() throws Exception {
        ObjectNode event = (ObjectNode) own("gitlab-pipeline.json");
        ((ObjectNode) event.get("object_attributes")).put("status", "failed");
        ObjectNode job = (ObjectNode) event.at("/builds/0");
        job.putNull("started_at");
        for (String status : List.of("failed", "canceled")) {
            job.put("status", status);
            assertThat(GITLAB.hook(event))
                    .extracting(DeploymentReport::environment)
                    .containsExactly("staging");
        }
        job.put("status", "pending");
        assertThat(GITLAB.hook(event))
                .filteredOn(report -> report.id().equals("job:9005"))
                .extracting(DeploymentReport::state)
                .containsExactly(State.WAITING);
    }

    @Test
    void what_was_skipped_deploys_nothing_whatever_it_is_declared_as() {
        Job skipped = new Job("1", true, "production", Result.SKIPPED, null, null);
        assertThat(PipelineDeployments.of(
                        new Pipeline("p", false, null, COMMIT, Result.SUCCESS, NOW, Duration.ZERO, List.of(skipped))))
                .isEmpty();
        assertThat(PipelineDeployments.of(
                        new Pipeline("p", true, "production", COMMIT, Result.SKIPPED, NOW, Duration.ZERO, List.of())))
                .isEmpty();
        assertThat(PipelineDeployments.of(
                        new Pipeline("p", true, null, COMMIT, Result.SUCCESS, NOW, null, List.of(skipped))))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.environment()).isNull();
                    assertThat(one.started()).isNull();
                });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                "pending, WAITING, -",
                "queued, WAITING, -",
                "waiting, HELD, -",
                "in_progress, RUNNING, -",
                "success, SUCCESS, 09:00:10",
                "failure, FAILURE, 09:00:10",
                "error, FAILURE, 09:00:10",
                "inactive, SUCCESS, 09:00:10",
                "undreamt-of, -, -",
            })
    void the_states_of_github_are_read(String status, State state, String finished) throws Exception {
        ObjectNode event = (ObjectNode) own("github-deployment-status.json");
        ((ObjectNode) event.get("deployment_status")).put("state", status);
        assertThat(GithubDeployments.hook(event).map(DeploymentReport::state).orElse(null))
                .isEqualTo(state);
        assertThat(GithubDeployments.hook(event)
                        .map(DeploymentReport::finishedAt)
                        .orElse(null))
                .isEqualTo(finished == null ? null : at(finished));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"deployment\":7,\"deployment_status\":[]}",
                "{\"deployment\":{\"id\":\"1459\",\"created_at\":\"yesterday\"},\"deployment_status\":{\"state\":\"success\",\"created_at\":1}}",
                "{\"object_kind\":\"deployment\",\"status\":\"success\",\"deployment_id\":{},\"status_changed_at\":\"2026-13-45 99:00:00 UTC\"}",
                "{\"object_kind\":\"pipeline\",\"object_attributes\":{\"id\":1,\"status\":\"success\",\"duration\":-9e300,\"created_at\":\"2026-11-26 08:00:00 UTC\"},\"builds\":{\"a\":1}}",
                "{\"object_kind\":\"pipeline\",\"object_attributes\":[],\"builds\":7}",
            })
    void a_body_that_says_nothing_of_use_reports_nothing(String body) throws Exception {
        assertThat(GithubDeployments.hook(JSON.readTree(body))).isEmpty();
        assertThat(GITLAB.hook(JSON.readTree(body))).isEmpty();
        assertThat(GithubDeployments.node("acme/checkout", JSON.readTree(body))).isEmpty();
    }

    @Test
    void what_strangers_write_is_made_fit_to_be_stored_and_shown() throws Exception {
        ObjectNode event = (ObjectNode) own("github-deployment-status.json");
        ObjectNode deployment = (ObjectNode) event.get("deployment");
        deployment
                .put("environment", "pro\u0000duction\n\u202e" + "x".repeat(5000))
                .put("sha", "<script>");
        ((ObjectNode) event.get("repository")).put("html_url", "javascript:alert(1)//");
        DeploymentReport report = GithubDeployments.hook(event).orElseThrow();
        assertThat(report.environment()).startsWith("pro duction x").hasSizeLessThanOrEqualTo(200);
        assertThat(report.commit()).isNull();
        assertThat(report.address()).isNull();
        deployment.put("created_at", "+999999999-12-31T23:59:59Z");
        assertThat(GithubDeployments.hook(event).map(DeploymentReport::createdAt))
                .hasValueSatisfying(time -> assertThat(time).isBefore("9999-12-31T00:00:01Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployed", "upgraded", "rolledback"})
    void an_event_of_a_service_says_what_was_deployed_or_its_chain_does(String predicate) throws Exception {
        CdeventStore store = mock(CdeventStore.class);
        when(store.ties("a-chain")).thenReturn(List.of(new CdeventStore.Tie(COMMIT, null)));
        CdeventsWebhook webhook = new CdeventsWebhook(
                new CdeventsProperties("a-secret-of-the-webhook", null),
                store,
                mock(Projects.class),
                mock(EvidenceSources.class),
                mock(PlatformTransactionManager.class),
                said -> reports.addAll(((DeploymentsReported) said).reports()));
        String event =
                """
                {"context":{"version":"0.4.1","id":"e-1","chainId":"a-chain","source":"/ci/stock","type":"dev.cdevents.service.%s.0.2.0",
                 "timestamp":"2026-11-26T09:00:00Z"},"subject":{"id":"stock","source":"/ci/stock","type":"service","content":
                 {"environment":{"id":"production"},"artifactId":"pkg:oci/stock@sha256%%3A%s"}}}"""
                        .formatted(predicate, "b".repeat(64));
        for (int delivery = 0; delivery < 2; delivery++) {
            MockHttpServletRequest request = new MockHttpServletRequest();
            request.setContentType("application/json");
            request.addHeader("ce-specversion", "1.0");
            request.addHeader("ce-id", "e-1");
            request.addHeader("ce-source", "/ci/stock");
            request.addHeader("ce-type", "dev.cdevents.service." + predicate + ".0.2.0");
            request.addHeader("Authorization", "Bearer a-secret-of-the-webhook");
            request.setContent(event.getBytes(StandardCharsets.UTF_8));
            assertThat(webhook.cdevents(request).getBody().outcome())
                    .isEqualTo("the deployment is compared with what was approved");
        }
        assertThat(reports).hasSize(2);
        assertThat(reports.get(1)).isEqualTo(reports.get(0));
        assertThat(reports.get(0)).satisfies(report -> {
            assertThat(report.repository()).isEqualTo("/ci/stock");
            assertThat(report.environment()).isEqualTo("production");
            assertThat(report.commit()).isEqualTo(COMMIT);
            assertThat(report.digest()).isEqualTo("sha256:" + "b".repeat(64));
            assertThat(report.begin()).isEqualTo(at("09:00:00"));
        });
    }

    @Test
    void a_chain_that_is_about_several_things_does_not_say_which_of_them_was_deployed() throws Exception {
        CdeventStore store = mock(CdeventStore.class);
        when(store.ties("a-chain"))
                .thenReturn(List.of(
                        new CdeventStore.Tie(COMMIT, null),
                        new CdeventStore.Tie(COMMIT, "sha256:" + "c".repeat(64)),
                        new CdeventStore.Tie(null, "sha256:" + "d".repeat(64))));
        CdeventsWebhook webhook = new CdeventsWebhook(
                new CdeventsProperties("a-secret-of-the-webhook", null),
                store,
                mock(Projects.class),
                mock(EvidenceSources.class),
                mock(PlatformTransactionManager.class),
                said -> reports.addAll(((DeploymentsReported) said).reports()));
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContentType("application/cloudevents+json");
        request.addHeader("Authorization", "Bearer a-secret-of-the-webhook");
        request.setContent(
                """
                {"specversion":"1.0","id":"e-2","source":"/ci/stock","type":"dev.cdevents.service.deployed.0.2.0","data":
                {"context":{"version":"0.4.1","id":"e-2","chainId":"a-chain","source":"/ci/stock","type":"dev.cdevents.service.deployed.0.2.0",
                 "timestamp":"2026-11-26T09:00:00Z"},"subject":{"id":"stock","source":"/ci/stock","type":"service","content":
                 {"environment":{"id":"production"},"artifactId":"pkg:oci/stock"}}}}"""
                        .getBytes(StandardCharsets.UTF_8));
        webhook.cdevents(request);
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.commit()).isEqualTo(COMMIT);
            assertThat(report.digest()).isNull();
        });
    }

    // The answers of GitHub's API, page by page.

    private final List<JsonNode> questions = new ArrayList<>();
    private final List<DeploymentReport> reports = new ArrayList<>();

    private void ask(Function<JsonNode, String> answers) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/graphql", exchange -> {
            JsonNode question = JSON.readTree(exchange.getRequestBody());
            questions.add(question);
            assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer a-token");
            byte[] body = answers.apply(question).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v3");
            new AskGithubDeployments(
                            new GithubProperties(
                                    url,
                                    "a-token",
                                    null,
                                    null,
                                    null,
                                    Pattern.compile(".*"),
                                    Duration.ofSeconds(20),
                                    DataSize.ofKilobytes(64)),
                            new GithubDeploymentsProperties(
                                    List.of("acme/checkout"), Duration.ofMinutes(15), Duration.ofDays(7)),
                            said -> reports.addAll(((DeploymentsReported) said).reports()),
                            Clock.fixed(NOW, ZoneOffset.UTC))
                    .all();
        } finally {
            server.stop(0);
        }
    }

    private static String page(JsonNode question) {
        try {
            return Files.readString(OWN.resolve(
                    question.at("/variables/after").isNull()
                            ? "github-deployments-1.json"
                            : "github-deployments-2.json"));
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }

    @Test
    void githubs_list_is_read_page_by_page_until_it_is_older_than_what_is_looked_back_at() throws Exception {
        ask(DeploymentReadingTests::page);
        assertThat(questions)
                .extracting(question -> question.at("/variables/after").asText(""))
                .containsExactly("", "Y3Vyc29yOjI=");
        assertThat(questions.get(0).at("/variables/owner").asText()).isEqualTo("acme");
        assertThat(reports).extracting(DeploymentReport::id).containsExactly("1461", "1460", "1459");
        assertThat(reports)
                .extracting(DeploymentReport::state)
                .containsExactly(State.RUNNING, State.FAILURE, State.SUCCESS);
        assertThat(reports.get(2)).satisfies(inactive -> {
            assertThat(inactive.startedAt()).isEqualTo(at("09:00:10"));
            assertThat(inactive.finishedAt()).isEqualTo(at("09:05:00"));
        });
    }

    @Test
    void one_that_a_protection_rule_did_not_let_go_is_no_attempt() throws Exception {
        JsonNode node = own("github-deployments-1.json").at("/data/repository/deployments/nodes/1");
        assertThat(GithubDeployments.node("acme/checkout", node).map(DeploymentReport::state))
                .hasValue(State.FAILURE);
        ((ObjectNode) node)
                .set(
                        "statuses",
                        JSON.readTree(
                                "{\"nodes\":[{\"state\":\"FAILURE\",\"updatedAt\":\"2026-11-26T10:03:00Z\"},{\"state\":\"WAITING\",\"updatedAt\":\"2026-11-26T10:00:01Z\"}]}"));
        assertThat(GithubDeployments.node("acme/checkout", node).map(DeploymentReport::state))
                .hasValue(State.HELD);
    }

    @Test
    void one_that_is_said_to_run_again_after_its_end_began_when_it_was_asked_for() throws Exception {
        ObjectNode node = (ObjectNode) own("github-deployments-1.json").at("/data/repository/deployments/nodes/1");
        Instant created = Instant.parse(node.path("createdAt").asText());
        for (String latest : List.of("IN_PROGRESS", "SUCCESS")) {
            node.set(
                    "statuses",
                    JSON.readTree(
                            """
                            {"nodes":[{"state":"SUCCESS","updatedAt":"2026-11-26T11:30:00Z"},{"state":"IN_PROGRESS","updatedAt":"2026-11-26T11:00:00Z"},
                             {"state":"SUCCESS","updatedAt":"2026-11-26T10:03:00Z"}]}"""));
            node.set(
                    "latestStatus",
                    JSON.readTree("{\"state\":\"%s\",\"updatedAt\":\"2026-11-26T11:30:00Z\"}".formatted(latest)));
            assertThat(GithubDeployments.node("acme/checkout", node)).hasValueSatisfying(report -> {
                assertThat(report.state()).isEqualTo(State.SUCCESS);
                assertThat(report.startedAt()).isEqualTo(created);
                assertThat(report.finishedAt()).isEqualTo(at("10:03:00"));
            });
        }
    }

    @Test
    void a_list_that_never_ends_is_read_no_further_than_its_bound() throws Exception {
        int[] page = {0};
        ask(question ->
                page(question).replaceAll("Y3Vyc29yOj.=", "page" + page[0]++).replace("2026-11-01", "2026-11-25"));
        assertThat(questions).hasSize(20);
        assertThat(reports).hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":null,\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit exceeded\"}]}",
                "{\"data\":{\"repository\":null}}",
                "{\"data\":{\"repository\":{\"deployments\":{\"nodes\":7}}}}",
                "[]",
                "not JSON",
            })
    void an_answer_that_is_no_list_reports_nothing_and_breaks_nothing(String answer) throws Exception {
        ask(question -> answer);
        assertThat(reports).isEmpty();
        assertThat(questions).hasSize(1);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({GithubProperties.class, GithubDeploymentsProperties.class})
    @Import({AskGithubDeployments.class, GithubDeploymentsSchedule.class})
    static class Asking {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @Test
    void nothing_is_asked_where_github_is_not_set_up_and_a_name_that_is_no_repository_is_refused_at_the_start() {
        ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Asking.class);
        runner.run(context -> assertThat(context).doesNotHaveBean("askGithubDeploymentsTask"));
        ApplicationContextRunner github = runner.withPropertyValues(
                "countersign.evidence.github.url=https://api.github.example",
                "countersign.evidence.github.token=a-token");
        github.withPropertyValues("countersign.evidence.github.deployments.repositories=acme/checkout, acme/cart")
                .run(context -> {
                    assertThat(context).hasBean("askGithubDeploymentsTask");
                    assertThat(context.getBean(GithubDeploymentsProperties.class)
                                    .repositories())
                            .containsExactly("acme/checkout", "acme/cart");
                });
        github.run(context -> assertThat(
                        context.getBean(GithubDeploymentsProperties.class).repositories())
                .isEmpty());
        for (String wrong : List.of(
                "repositories=acme", "repositories=acme/..%2f", "interval=PT1S", "look-back=PT0S", "look-back=-P1D")) {
            github.withPropertyValues("countersign.evidence.github.deployments." + wrong)
                    .run(context -> assertThat(context).as(wrong).hasFailed());
        }
    }

    @Test
    void an_answer_larger_than_its_bound_is_not_read() throws Exception {
        ask(question -> "{\"data\":\"" + "x".repeat(70_000) + "\"}");
        assertThat(reports).isEmpty();
    }
}
