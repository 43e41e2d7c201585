package dev.countersign.notice.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.countersign.DatabaseTest;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

/** What systems are told beside people, against a receiver that answers, refuses, or breaks the line. */
@DatabaseTest
@Tag("M6.4")
@Tag("E5")
class WebhookTests {
    private static final String SECRET = "a secret of more than thirty-two characters";
    private static final WireMockServer RECEIVER = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

    @Autowired
    private Notices notices;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private ManualScheduler scheduler;

    @Autowired
    private SettableClock schedulerClock;

    @Autowired
    private ObjectMapper json;

    @DynamicPropertySource
    static void receiver(DynamicPropertyRegistry registry) {
        RECEIVER.start();
        registry.add("countersign.notice.webhooks[0].name", () -> "duty-desk");
        registry.add("countersign.notice.webhooks[0].url", () -> RECEIVER.url("/incidents"));
        registry.add("countersign.notice.webhooks[0].secret", () -> SECRET);
    }

    @AfterAll
    static void stop() {
        RECEIVER.stop();
    }

    @BeforeEach
    void forget() {
        RECEIVER.resetAll();
        jdbc.sql("delete from webhook_delivery").update();
    }

    @Test
    void an_incident_is_told_as_a_signed_event() throws Exception {
        RECEIVER.stubFor(post("/incidents").willReturn(aResponse().withStatus(204)));

        notices.mail(notice("incident"));
        runDue();

        LoggedRequest request =
                RECEIVER.findAll(postRequestedFor(urlEqualTo("/incidents"))).get(0);
        String signed = "%s.%s.%s"
                .formatted(
                        request.getHeader("webhook-id"),
                        request.getHeader("webhook-timestamp"),
                        request.getBodyAsString());
        assertThat(request.getHeader("webhook-signature")).isEqualTo("v1," + WebhookCall.signature(SECRET, signed));
        JsonNode event = json.readTree(request.getBodyAsString());
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("type").asText()).isEqualTo("dev.countersign.notice.incident");
        assertThat(event.path("subject").asText()).isEqualTo("checkout@2.1.0");
        assertThat(event.path("data").path("lines").get(0).asText())
                .isEqualTo("Traffic is back on the stable version.");
        assertThat(event.path("data").path("link").asText()).startsWith("http").endsWith("/releases/checkout@2.1.0");
        assertThat(states()).containsExactly("DELIVERED");
    }

    @Test
    void what_a_receiver_did_not_ask_for_is_not_told() {
        notices.mail(notice("reminder"));

        assertThat(states()).isEmpty();
    }

    @Test
    void a_notice_of_a_transaction_that_is_rolled_back_is_never_told() {
        transaction.executeWithoutResult(status -> {
            notices.mail(notice("incident"));
            status.setRollbackOnly();
        });
        runDue();

        assertThat(states()).isEmpty();
        assertThat(RECEIVER.findAll(postRequestedFor(urlEqualTo("/incidents")))).isEmpty();
    }

    @Test
    void a_receiver_that_fails_is_asked_again_with_the_same_words() {
        RECEIVER.stubFor(post("/incidents").willReturn(serverError()));
        notices.mail(notice("incident"));
        runDue();
        assertThat(states()).containsExactly("WAITING");

        RECEIVER.stubFor(post("/incidents").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        later();
        assertThat(states()).containsExactly("WAITING");

        RECEIVER.stubFor(post("/incidents").willReturn(aResponse().withStatus(200)));
        later();
        assertThat(states()).containsExactly("DELIVERED");
        assertThat(RECEIVER.findAll(postRequestedFor(urlEqualTo("/incidents"))).stream()
                        .map(LoggedRequest::getBodyAsString)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void a_receiver_without_a_long_secret_or_a_web_address_is_refused_at_the_start() {
        assertThatThrownBy(() -> new WebhookProperties.Receiver(
                        "desk", URI.create("https://desk.example/"), "short", Set.of("incident")))
                .hasMessageContaining("at least 32 characters");
        assertThatThrownBy(() -> new WebhookProperties.Receiver(
                        "desk", URI.create("file:///etc/passwd"), SECRET, Set.of("incident")))
                .hasMessageContaining("http or https");
    }

    private void later() {
        runDue(Duration.ofMinutes(20));
    }

    private void runDue() {
        runDue(Duration.ZERO);
    }

    private void runDue(Duration ahead) {
        schedulerClock.set(Instant.now().plusSeconds(1).plus(ahead));
        scheduler.runAnyDueExecutions();
    }

    private List<String> states() {
        return jdbc.sql("select state from webhook_delivery order by id")
                .query(String.class)
                .list();
    }

    private static Notice notice(String kind) {
        return new Notice(
                "checkout@2.1.0",
                kind,
                Set.of("on-call"),
                Set.of(),
                "Incident",
                List.of("Traffic is back on the stable version."),
                "/releases/checkout@2.1.0",
                null);
    }
}
