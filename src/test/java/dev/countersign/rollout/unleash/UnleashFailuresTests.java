package dev.countersign.rollout.unleash;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.countersign.rollout.unleash.UnleashProperties.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** What the server itself does not do on demand: break off, be slow, answer too much, redirect, or tell its clients something else. */
@Tag("M3.2")
class UnleashFailuresTests {
    private static final String OFF = "{\"name\": \"one-page\", \"enabled\": false, \"strategies\": []}";

    @RegisterExtension
    static final WireMockExtension SYSTEM = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @TempDir
    Path folder;

    /** With time enough for a busy machine. */
    private UnleashFlags flags(boolean client) throws IOException {
        return flags(client, Duration.ofSeconds(3));
    }

    private UnleashFlags flags(boolean client, Duration timeout) throws IOException {
        return new UnleashFlags(new UnleashProperties(
                URI.create("http://127.0.0.1:" + SYSTEM.getPort()),
                Files.writeString(folder.resolve("token"), "admin"),
                client ? Files.writeString(folder.resolve("client"), "client") : null,
                "default",
                timeout,
                DataSize.ofKilobytes(10),
                Map.of("checkout", new Place("default", "production"))));
    }

    private static MappingBuilder asked() {
        return get(urlPathMatching("/api/admin/.*"));
    }

    private static String on(String rollout) {
        return """
                {"enabled": true, "strategies": [{"id": "1", "name": "flexibleRollout", "constraints": [],
                 "parameters": {"rollout": "%s"}}]}"""
                .formatted(rollout);
    }

    @Test
    void a_connection_that_broke_is_tried_once_more() throws IOException {
        SYSTEM.stubFor(asked().inScenario("broken")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER))
                .willSetStateTo("mended"));
        SYSTEM.stubFor(
                asked().inScenario("broken").whenScenarioStateIs("mended").willReturn(okJson(OFF)));
        assertThat(flags(false).readShare("checkout", "one-page")).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void a_server_that_is_not_ready_is_asked_twice_and_not_for_ever(int status) throws IOException {
        SYSTEM.stubFor(asked().willReturn(aResponse().withStatus(status)));
        assertThatThrownBy(() -> flags(false).readShare("checkout", "one-page"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(status));
        SYSTEM.verify(2, getRequestedFor(urlPathMatching("/api/admin/.*")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow", "large", "redirect", "no JSON", "nothing", "half"})
    void no_whole_answer_is_never_an_exposure(String answer) throws IOException {
        SYSTEM.stubFor(asked().willReturn(answer(answer)));
        Duration timeout = answer.equals("slow") ? Duration.ofMillis(500) : Duration.ofSeconds(3);
        assertThatThrownBy(() -> flags(false, timeout).readShare("checkout", "one-page"))
                .isInstanceOf(IOException.class);
    }

    private static ResponseDefinitionBuilder answer(String kind) {
        return switch (kind) {
            case "slow" -> okJson(OFF).withFixedDelay(1500);
            case "large" -> okJson("{\"x\": \"" + "y".repeat(20_000) + "\"}");
            case "redirect" -> aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1:1/");
            case "no JSON" -> aResponse().withStatus(200).withBody("<html>");
            case "nothing" -> aResponse().withStatus(200);
            default -> okJson("{\"enabled\": true}");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"101", "-5", "5.5", "", "many"})
    void a_rollout_that_is_no_per_cent_is_no_exposure(String rollout) throws IOException {
        SYSTEM.stubFor(asked().willReturn(okJson(on(rollout))));
        assertThatThrownBy(() -> flags(false).readShare("checkout", "one-page")).isInstanceOf(IOException.class);
    }

    @Test
    void what_the_clients_are_told_counts() throws IOException {
        SYSTEM.stubFor(asked().willReturn(okJson(on("5"))));
        SYSTEM.stubFor(get(urlPathMatching("/api/client/.*")).willReturn(okJson(on("100"))));
        assertThat(flags(false).readShare("checkout", "one-page")).isEqualTo(0.05);
        assertThatThrownBy(() -> flags(true).readShare("checkout", "one-page"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tells its clients 100 %");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://unleash.example",
                "https://u:p@unleash.example",
                "https://unleash.example?x=1",
                "file:///x"
            })
    void an_address_that_is_none_for_secrets_is_refused_at_the_start(String url) {
        assertThatThrownBy(() -> new UnleashProperties(
                        URI.create(url),
                        folder,
                        null,
                        "default",
                        Duration.ofSeconds(2),
                        DataSize.ofMegabytes(1),
                        Map.of("checkout", new Place("default", "production"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("countersign.rollout.unleash.url");
    }
}
