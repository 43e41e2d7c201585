package dev.countersign.rollout.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M3.2")
class WebhookFlagsTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    static final WireMockExtension SYSTEM = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    private WebhookFlags flags;

    @BeforeEach
    void connect() {
        flags = new WebhookFlags(
                new FlagWebhookProperties(
                        URI.create("http://127.0.0.1:" + SYSTEM.getPort() + "/flags"),
                        SECRET,
                        Duration.ofSeconds(4),
                        Set.of("checkout")),
                new ObjectMapper());
    }

    @Test
    void a_share_is_set_by_its_variants_in_a_signed_body_and_read_back() throws IOException {
        SYSTEM.stubFor(
                post("/flags")
                        .willReturn(
                                okJson(
                                        "{\"flagKey\": \"one-page\", \"state\": \"ENABLED\", \"variants\": {\"on\": 0.25, \"off\": 0.75}}")));
        assertThat(flags.serves("checkout")).isTrue();
        assertThat(flags.serves("other")).isFalse();
        flags.setShare("checkout", "one-page", 0.25);
        SYSTEM.verify(
                postRequestedFor(urlEqualTo("/flags"))
                        .withHeader("X-Countersign-Signature", matching("sha256=[0-9a-f]{64}"))
                        .withRequestBody(
                                equalToJson(
                                        "{\"action\": \"set-flag\", \"service\": \"checkout\", \"flagKey\": \"one-page\", \"variants\": {\"on\": 0.25, \"off\": 0.75}}")));
        assertThat(flags.readShare("checkout", "one-page")).isEqualTo(0.25);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"flagKey\": \"another\", \"state\": \"ENABLED\", \"variants\": {\"on\": 0, \"off\": 1}}",
                "{\"flagKey\": \"one-page\", \"state\": \"DISABLED\", \"variants\": {\"on\": 0, \"off\": 1}}",
                "{\"flagKey\": \"one-page\", \"state\": \"ENABLED\", \"variants\": {\"on\": 0}}",
                "{\"flagKey\": \"one-page\", \"state\": \"ENABLED\", \"variants\": {\"on\": 0, \"off\": 0.5}}",
                "{\"flagKey\": \"one-page\", \"state\": \"ENABLED\", \"variants\": {\"on\": \"0\", \"off\": \"1\"}}"
            })
    void an_answer_that_does_not_tell_for_whom_is_no_exposure(String answer) {
        SYSTEM.stubFor(post("/flags").willReturn(okJson(answer)));
        assertThatThrownBy(() -> flags.readShare("checkout", "one-page")).isInstanceOf(IOException.class);
    }

    @Test
    void a_refusal_is_none_either() {
        SYSTEM.stubFor(post("/flags").willReturn(aResponse().withStatus(500)));
        assertThatThrownBy(() -> flags.setShare("checkout", "one-page", 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The flag management system answered set-flag with 500");
    }
}
