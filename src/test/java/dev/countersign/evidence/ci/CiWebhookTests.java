package dev.countersign.evidence.ci;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import dev.countersign.evidence.AskedReleases;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentsReported;
import dev.countersign.release.Releases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

/** What GitLab and the notification plugin of Jenkins post. */
@Tag("M8.6")
class CiWebhookTests {
    private static final String SECRET = "a-secret-of-the-webhook";
    private static final Path SAMPLES = Path.of("src/test/resources/samples/deployments");
    private final List<String> asked = new ArrayList<>();
    private final List<DeploymentReport> deployed = new ArrayList<>();

    private CiWebhooks hooks(String secret) {
        Releases releases = mock(Releases.class);
        when(releases.list(any())).thenReturn(List.of(asked(null).release()));
        Projects projects = new Projects(
                AskedReleases.catalog(Map.of(
                        Projects.GITHUB,
                        "acme/checkout",
                        Projects.GITLAB,
                        "acme/shop/checkout",
                        Projects.JENKINS,
                        "default:shop/checkout",
                        Projects.BITBUCKET,
                        "acme/checkout")),
                releases);
        Duration timeout = Duration.ofSeconds(1);
        DataSize size = DataSize.ofMegabytes(1);
        return new CiWebhooks(
                new GithubProperties(null, null, null, secret, null, Pattern.compile(".*"), timeout, size),
                new GitlabProperties(null, null, null, secret, null, timeout, size),
                new JenkinsProperties(null, null, null, null, secret, null, 10, timeout, size),
                new BitbucketProperties(null, null, null, secret, null, timeout, size),
                mock(Deliveries.class),
                projects,
                (release, source) -> asked.add(release + " of " + source),
                new ObjectMapper(),
                new GitlabDeployments(new GitlabDeploymentsProperties(null, null, null)),
                said -> deployed.addAll(((DeploymentsReported) said).reports()));
    }

    private static MockHttpServletRequest request(String body, String header, String value) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContent(body.getBytes(StandardCharsets.UTF_8));
        if (header != null) {
            request.addHeader(header, value);
        }
        return request;
    }

    private static String signature(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String pipeline(String status) {
        return "{\"object_kind\":\"pipeline\",\"object_attributes\":{\"id\":41,\"sha\":\"%s\",\"status\":\"%s\"},\"project\":{\"path_with_namespace\":\"acme/shop/checkout\"}}"
                .formatted(COMMIT, status);
    }

    @Test
    void a_delivery_of_github_is_taken_as_json_or_as_the_form_that_github_posts_unless_told_otherwise()
            throws Exception {
        String event =
                "{\"action\":\"completed\",\"workflow_run\":{\"head_sha\":\"%s\"},\"repository\":{\"full_name\":\"acme/checkout\"}}"
                        .formatted(COMMIT);
        String form = "payload=" + java.net.URLEncoder.encode(event, StandardCharsets.UTF_8);
        for (String body : List.of(event, form)) {
            MockHttpServletRequest request = request(body, "X-Hub-Signature-256", signature(body));
            request.addHeader("X-GitHub-Event", "workflow_run");
            if (body.equals(form)) {
                request.setContentType("application/x-www-form-urlencoded");
            }
            hooks(SECRET).github(request);
        }
        assertThat(asked).containsExactly("checkout@2.0.0 of github", "checkout@2.0.0 of github");
        MockHttpServletRequest unsigned = request(form, "X-Hub-Signature-256", signature(event));
        unsigned.setContentType("application/x-www-form-urlencoded");
        assertThatThrownBy(() -> hooks(SECRET).github(unsigned)).hasMessageContaining("missing or wrong");
        String other = "another=1";
        MockHttpServletRequest without = request(other, "X-Hub-Signature-256", signature(other));
        without.setContentType("application/x-www-form-urlencoded");
        assertThatThrownBy(() -> hooks(SECRET).github(without)).hasMessageContaining("no field payload");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"success, true", "failed, true", "canceled, true", "running, false", "pending, false"})
    void the_end_of_a_pipeline_on_gitlab_has_it_asked(String status, boolean isAsked) throws Exception {
        hooks(SECRET).gitlab(request(pipeline(status), "X-Gitlab-Token", SECRET));
        assertThat(asked).isEqualTo(isAsked ? List.of("checkout@2.0.0 of gitlab") : List.of());
    }

    @Test
    @Tag("E2")
    void a_deployment_is_told_on_as_often_as_it_is_delivered_and_asks_for_no_evidence() throws Exception {
        String body = Files.readString(SAMPLES.resolve("github-deployment-status.json"));
        for (int delivery = 0; delivery < 2; delivery++) {
            MockHttpServletRequest request = request(body, "X-Hub-Signature-256", signature(body));
            request.addHeader("X-GitHub-Event", "deployment_status");
            assertThat(hooks(SECRET).github(request).getStatusCode().value()).isEqualTo(202);
        }
        assertThat(deployed).extracting(DeploymentReport::id).containsExactly("1459", "1459");
        assertThat(deployed.get(0).repository()).isEqualTo("acme/checkout");
        hooks(SECRET)
                .gitlab(request(Files.readString(SAMPLES.resolve("gitlab-deployment.json")), "X-Gitlab-Token", SECRET));
        assertThat(deployed).last().extracting(DeploymentReport::id).isEqualTo("job:9005");
        assertThat(asked).isEmpty();
    }

    @Test
    @Tag("E2")
    void the_end_of_a_pipeline_that_deploys_is_both_a_deployment_and_an_occasion_to_ask() throws Exception {
        String body =
                Files.readString(SAMPLES.resolve("gitlab-pipeline.json")).replace("acme/orders", "acme/shop/checkout");
        hooks(SECRET).gitlab(request(body, "X-Gitlab-Token", SECRET));
        assertThat(deployed).extracting(DeploymentReport::environment).containsExactly("production", "staging");
        assertThat(asked).containsExactly("checkout@2.0.0 of gitlab");
    }

    @Test
    @Tag("E2")
    void a_deployment_is_taken_from_nobody_who_does_not_know_the_secret() throws Exception {
        String body = Files.readString(SAMPLES.resolve("github-deployment-status.json"));
        MockHttpServletRequest forged = request(body, "X-Hub-Signature-256", signature(body + " "));
        forged.addHeader("X-GitHub-Event", "deployment_status");
        assertThatThrownBy(() -> hooks(SECRET).github(forged)).hasMessageContaining("missing or wrong");
        assertThatThrownBy(() -> hooks(SECRET)
                        .gitlab(request(
                                Files.readString(SAMPLES.resolve("gitlab-deployment.json")),
                                "X-Gitlab-Token",
                                "another-secret-of-it")))
                .hasMessageContaining("missing or wrong");
        assertThat(deployed).isEmpty();
        String useless = "{\"deployment\":{},\"deployment_status\":7}";
        MockHttpServletRequest signed = request(useless, "X-Hub-Signature-256", signature(useless));
        signed.addHeader("X-GitHub-Event", "deployment_status");
        assertThat(hooks(SECRET).github(signed).getStatusCode().value()).isEqualTo(200);
        assertThat(deployed).isEmpty();
    }

    @Test
    void the_end_of_a_job_on_gitlab_has_it_asked() throws Exception {
        hooks(SECRET)
                .gitlab(request(
                        "{\"object_kind\":\"build\",\"build_status\":\"failed\",\"sha\":\"%s\",\"project\":{\"path_with_namespace\":\"acme/shop/checkout\"}}"
                                .formatted(COMMIT),
                        "X-Gitlab-Token",
                        SECRET));
        assertThat(asked).containsExactly("checkout@2.0.0 of gitlab");
    }

    @Test
    void a_build_of_jenkins_that_ended_has_it_asked_whether_signed_or_with_a_token() throws Exception {
        String body =
                "{\"name\":\"checkout\",\"url\":\"job/shop/job/checkout/\",\"build\":{\"number\":17,\"phase\":\"FINALIZED\",\"status\":\"SUCCESS\",\"scm\":{\"commit\":\"%s\"}}}"
                        .formatted(COMMIT);
        hooks(SECRET).jenkins(request(body, "Authorization", "Bearer " + SECRET));
        hooks(SECRET).jenkins(request(body, "X-Countersign-Signature", signature(body)));
        assertThat(asked).containsExactly("checkout@2.0.0 of jenkins", "checkout@2.0.0 of jenkins");
        hooks(SECRET).jenkins(request(body.replace("FINALIZED", "STARTED"), "Authorization", "Bearer " + SECRET));
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "repo:commit_status_updated, SUCCESSFUL, true",
        "repo:commit_status_created, FAILED, true",
        "repo:commit_status_updated, STOPPED, true",
        "repo:commit_status_updated, INPROGRESS, false",
        "repo:push, SUCCESSFUL, false",
    })
    void a_build_status_of_bitbucket_that_says_an_end_has_it_asked(String event, String state, boolean isAsked)
            throws Exception {
        String body =
                "{\"repository\":{\"full_name\":\"acme/checkout\"},\"commit_status\":{\"state\":\"%s\",\"commit\":{\"hash\":\"%s\"}}}"
                        .formatted(state, COMMIT);
        MockHttpServletRequest request = request(body, "X-Hub-Signature", signature(body));
        request.addHeader("X-Event-Key", event);
        hooks(SECRET).bitbucket(request);
        assertThat(asked).isEqualTo(isAsked ? List.of("checkout@2.0.0 of bitbucket") : List.of());
        asked.clear();
        String linked = body.replace(
                "\"commit\":{\"hash\":\"" + COMMIT + "\"}",
                "\"links\":{\"commit\":{\"href\":\"https://api.bitbucket.org/2.0/repositories/acme/checkout/commit/"
                        + COMMIT + "\"}}");
        MockHttpServletRequest byAddress = request(linked, "X-Hub-Signature", signature(linked));
        byAddress.addHeader("X-Event-Key", event);
        hooks(SECRET).bitbucket(byAddress);
        assertThat(asked).isEqualTo(isAsked ? List.of("checkout@2.0.0 of bitbucket") : List.of());
        assertThatThrownBy(() -> hooks(SECRET).bitbucket(request(body, "X-Hub-Signature", signature(body + " "))))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refusal -> assertThat(refusal.getStatusCode().value()).isEqualTo(401));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "X-Gitlab-Token, another-secret-of-it",
        "X-Gitlab-Token, ''",
        "X-Other, a-secret-of-the-webhook",
    })
    void whoever_does_not_know_the_secret_is_refused(String header, String value) {
        assertThatThrownBy(() -> hooks(SECRET).gitlab(request(pipeline("success"), header, value)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refusal -> assertThat(refusal.getStatusCode().value()).isEqualTo(401));
        assertThatThrownBy(() -> hooks(SECRET).jenkins(request("{}", header, value)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refusal -> assertThat(refusal.getStatusCode().value()).isEqualTo(401));
        assertThat(asked).isEmpty();
    }

    @Test
    void without_a_secret_the_path_is_closed_and_a_short_one_is_none() {
        assertThatThrownBy(() -> hooks(null).gitlab(request(pipeline("success"), "X-Gitlab-Token", "")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refusal -> assertThat(refusal.getStatusCode().value()).isEqualTo(404));
        assertThatThrownBy(() -> hooks("short")).hasMessageContaining("at least 16 characters");
    }
}
