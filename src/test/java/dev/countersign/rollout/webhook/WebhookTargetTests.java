package dev.countersign.rollout.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.countersign.catalog.Catalog;
import dev.countersign.rollout.Deployer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("D6")
@Tag("M3.1")
class WebhookTargetTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    static final WireMockExtension SYSTEM = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private WebhookTarget target;

    @BeforeEach
    void connect() {
        target = new WebhookTarget(
                new DeploymentWebhookProperties(
                        URI.create("http://127.0.0.1:" + SYSTEM.getPort() + "/deploy"), SECRET, Duration.ofSeconds(4)),
                new ObjectMapper(),
                mock(Catalog.class));
    }

    private static void answers(String json) {
        SYSTEM.stubFor(post("/deploy").willReturn(okJson(json)));
    }

    @Test
    void a_deployment_is_asked_for_with_a_signed_body() throws IOException {
        answers("{\"stable\": \"sha256:aa\", \"candidate\": null, \"share\": 0}");

        target.deployCandidate("checkout", "2.0.0", "sha256:bb");

        // HMAC-SHA256 of the body under the secret, computed with openssl.
        SYSTEM.verify(
                postRequestedFor(urlEqualTo("/deploy"))
                        .withHeader(
                                "X-Countersign-Signature",
                                equalTo("sha256=cb701f10de3c225762f80c0d4ae8ea22e39afbe092b99433de5a23014e268f4b"))
                        .withRequestBody(
                                equalToJson(
                                        "{\"action\":\"deploy-candidate\",\"service\":\"checkout\",\"version\":\"2.0.0\",\"digest\":\"sha256:bb\"}")));
    }

    @Test
    void what_runs_is_what_the_system_reports() throws IOException {
        answers("{\"stable\": \"sha256:aa\", \"candidate\": \"sha256:bb\", \"share\": 0.05}");

        assertThat(target.stableDigest("checkout")).contains("sha256:aa");
        assertThat(target.candidateDigest("checkout")).contains("sha256:bb");
        assertThat(target.readShare("checkout")).isEqualTo(0.05);
    }

    @Test
    void an_answer_that_is_too_large_or_trickles_is_none() {
        answers("{\"stable\": \"sha256:aa\", \"more\": \"" + "x".repeat(70_000) + "\"}");
        assertThatThrownBy(() -> target.stableDigest("checkout"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than");
        SYSTEM.stubFor(
                post("/deploy").willReturn(okJson("{\"stable\": \"sha256:aa\"}").withChunkedDribbleDelay(5, 10_000)));
        assertThatThrownBy(() -> target.stableDigest("checkout"))
                .isInstanceOf(IOException.class)
                // On a busy machine the time is over before the first byte.
                .message()
                .containsAnyOf("No complete answer within PT4S", "timed out");
    }

    @Test
    @Tag("M3.1")
    void that_its_share_arrived_is_not_taken_from_its_own_word() {
        assertThat(target.isProvenByMetrics()).isTrue();
    }

    @Test
    void a_missing_share_is_no_share_of_zero() {
        answers("{\"stable\": \"sha256:aa\"}");

        assertThatThrownBy(() -> target.readShare("checkout")).isInstanceOf(IOException.class);
    }

    @Test
    void a_promotion_that_is_not_reported_back_has_failed() {
        answers("{\"stable\": \"sha256:aa\", \"candidate\": \"sha256:bb\", \"share\": 1}");

        assertThatThrownBy(() -> target.promote("checkout", "sha256:bb")).hasMessageContaining("does not report");
    }

    @Test
    void a_system_that_fails_hangs_or_talks_nonsense_has_not_answered() {
        SYSTEM.stubFor(post("/deploy").willReturn(aResponse().withStatus(500)));
        assertThatThrownBy(() -> target.setShare("checkout", 0)).hasMessageContaining("500");
        SYSTEM.stubFor(post("/deploy").willReturn(okJson("{}").withFixedDelay(5000)));
        assertThatThrownBy(() -> target.setShare("checkout", 0)).isInstanceOf(IOException.class);
        SYSTEM.stubFor(post("/deploy").willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));
        assertThatThrownBy(() -> target.setShare("checkout", 0)).isInstanceOf(IOException.class);
        answers("<html>");
        assertThatThrownBy(() -> target.setShare("checkout", 0)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @Tag("M2.6")
    @CsvSource(
            delimiter = '|',
            value = {
                "checkout@staging | \"environment\": \"staging\", | true",
                "checkout@staging | | false",
                "checkout@staging | \"environment\": null, | false",
                "checkout@staging | \"environment\": [\"staging\"], | false",
                "checkout@staging | \"environment\": \"production\", | false",
                "checkout | | true",
                "checkout | \"environment\": \"production\", | true",
                "checkout | \"environment\": \"staging\", | false",
                "checkout | \"environment\": \"prod\", | true",
                "checkout | \"environment\": null, | true"
            })
    void an_answer_about_another_place_than_was_asked_about_is_none(String place, String environment, boolean believed)
            throws IOException {
        answers("{%s \"stable\": \"sha256:aa\", \"candidate\": null, \"share\": 0}"
                .formatted(environment == null ? "" : environment));
        if (believed) {
            assertThat(target.stableDigest(place)).contains("sha256:aa");
            target.setShare(place, 0.5);
            return;
        }
        assertThatThrownBy(() -> target.stableDigest(place))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was asked for status in " + (place.contains("@") ? "staging" : "production"));
        assertThatThrownBy(() -> target.setShare(place, 0.5)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> target.script(place, "rollback.sh")).isInstanceOf(IOException.class);
    }

    @Test
    @Tag("M6.2")
    void what_stands_ready_is_what_the_system_reports_and_no_word_of_it_is_none() throws IOException {
        answers("{\"environment\": \"staging\", \"script\": {\"digest\": \"sha256:cc\", \"executable\": true}}");
        assertThat(target.script("checkout@staging", "rollback.sh"))
                .contains(new Deployer.StagedScript("sha256:cc", true));
        SYSTEM.verify(
                postRequestedFor(urlEqualTo("/deploy"))
                        .withRequestBody(
                                equalToJson(
                                        "{\"action\":\"read-script\",\"service\":\"checkout\",\"environment\":\"staging\",\"path\":\"rollback.sh\"}")));
        answers("{\"script\": null}");
        assertThat(target.script("checkout", "rollback.sh")).isEmpty();
        for (String silent :
                List.of("{}", "{\"script\": {\"digest\": \"sha256:cc\"}}", "{\"script\": {\"executable\": true}}")) {
            answers(silent);
            assertThatThrownBy(() -> target.script("checkout", "rollback.sh")).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Tag("M6.2")
    void a_script_has_run_when_the_system_says_so_of_this_run() throws IOException {
        var run = new Deployer.ScriptRun(
                "checkout@2.0.0", "rollback.sh", "sha256:cc", List.of(new Deployer.ScriptFile("U2.sql", "sha256:dd")));
        for (String other : List.of(
                "{}",
                "{\"run\": {\"id\": \"checkout@2.0.0\", \"state\": \"running\"}}",
                "{\"run\": {\"id\": \"checkout@2.0.0\", \"state\": \"failed\"}}",
                "{\"run\": {\"id\": \"checkout@1.9.0\", \"state\": \"succeeded\"}}")) {
            answers(other);
            assertThatThrownBy(() -> target.runScript("checkout", run)).isInstanceOf(IOException.class);
        }
        answers("{\"run\": {\"id\": \"checkout@2.0.0\", \"state\": \"succeeded\"}}");
        target.runScript("checkout", run);
        SYSTEM.verify(
                5,
                postRequestedFor(urlEqualTo("/deploy"))
                        .withRequestBody(
                                equalToJson(
                                        "{\"action\":\"run-script\",\"service\":\"checkout\",\"run\":\"checkout@2.0.0\",\"path\":\"rollback.sh\",\"digest\":\"sha256:cc\",\"files\":[{\"name\":\"U2.sql\",\"digest\":\"sha256:dd\"}]}")));
    }

    @Test
    @Tag("M6.1")
    void the_stable_version_is_deployed_anew_by_its_digest() throws IOException {
        answers("{\"stable\": \"sha256:aa\", \"candidate\": null, \"share\": 0}");
        target.redeployStable("checkout", "sha256:aa");
        SYSTEM.verify(postRequestedFor(urlEqualTo("/deploy"))
                .withRequestBody(equalToJson(
                        "{\"action\":\"redeploy-stable\",\"service\":\"checkout\",\"digest\":\"sha256:aa\"}")));
    }

    @Test
    void a_short_secret_is_refused() {
        assertThatThrownBy(() -> new DeploymentWebhookProperties(
                        URI.create("http://127.0.0.1/"), "short", Duration.ofSeconds(1)))
                .hasMessageContaining("32 characters");
    }
}
