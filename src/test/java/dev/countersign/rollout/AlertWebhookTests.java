package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Alerts against a release that has a tenth of the sandbox's traffic. */
@DatabaseTest
@Tag("M3.5")
@Tag("alone")
class AlertWebhookTests {
    private static final String SECRET = DatabaseTest.ALERTS_SECRET;

    @TempDir
    Path folder;

    @Autowired
    private MockMvc http;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Releases releases;

    @Autowired
    private RolloutStore store;

    @Autowired
    private Targets targets;

    @Autowired
    private Timeline timeline;

    @Autowired
    private JdbcTemplate database;

    @Autowired
    private Hands hands;

    private Release release;

    @BeforeEach
    void aReleaseWithATenthOfTheTraffic() throws Exception {
        release = opened.byPipeline("checkout");
        targets.deployerOf("checkout").deployCandidate("checkout", release.version(), candidate());
        await().atMost(Duration.ofSeconds(20)).until(() -> targets.deployerOf("checkout")
                .candidateDigest("checkout")
                .isPresent());
        BegunRollout.of(release, store);
        targets.routerOf("checkout").setShare("checkout", 0.1);
        store.split(release.key(), 0.1, 0.1);
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
    }

    @AfterEach
    void theReleaseIsOver() throws IOException {
        releases.enter(release.key(), ReleaseState.ABORTED, "test over");
        targets.routerOf("checkout").setShare("checkout", 0);
        targets.deployerOf("checkout").withdrawCandidate("checkout");
        store.freeSlot(release.key());
    }

    private String candidate() {
        return release.artifacts().get(0).digest();
    }

    private static String alert(String labels, Instant startsAt) {
        return """
                {"status": "firing", "labels": {"alertname": "HighErrors", %s}, "annotations": {"summary": "12 %% errors"},
                 "startsAt": "%s", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "f1-%s"}"""
                .formatted(labels, startsAt, Integer.toHexString(labels.hashCode()));
    }

    private static String delivery(String... alerts) {
        return "{\"version\": \"4\", \"status\": \"firing\", \"receiver\": \"countersign\", \"truncatedAlerts\": 0, \"alerts\": ["
                + String.join(",", alerts) + "]}";
    }

    private String labels(String severity, String... more) {
        return "\"severity\": \"%s\", %s"
                .formatted(severity, String.join(", ", more))
                .replace("VERSION", release.version())
                .replace("DIGEST", candidate());
    }

    private static MockHttpServletRequestBuilder request(String body) {
        return post("/api/webhooks/alertmanager")
                .contentType("application/json")
                .content(body);
    }

    private JsonNode deliver(String body) throws Exception {
        MockHttpServletResponse response = http.perform(request(body).header("Authorization", "Bearer " + SECRET))
                .andReturn()
                .getResponse();
        assertThat(response.getStatus()).as(response.getContentAsString()).isEqualTo(200);
        return new ObjectMapper().readTree(response.getContentAsString());
    }

    private List<String> outcomes(String body) throws Exception {
        return deliver(body).path("alerts").findValuesAsText("outcome");
    }

    private double share() throws IOException {
        return targets.routerOf("checkout").readShare("checkout");
    }

    private Status status() {
        return store.find(release.key()).orElseThrow().status();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // severity | other labels | outcome | status of the rollout
                "critical | `service`: `checkout`, `version`: `VERSION` | ROLLED_BACK | BACK",
                "page     | `release`: `checkout@VERSION`               | ROLLED_BACK | BACK",
                "critical | `service`: `checkout`, `version`: `registry.example/checkout@DIGEST` | ROLLED_BACK | BACK",
                "critical | `service`: `checkout`                       | HALTED      | HALTED",
                "Critical | `service`: `checkout`                       | HALTED      | HALTED",
                "warning  | `service`: `checkout`, `version`: `VERSION` | HALTED      | HALTED",
                "warning  | `service`: `checkout`                       | RECORDED    | RUNNING",
                "info     | `release`: `checkout@VERSION`               | RECORDED    | RUNNING",
                "critical | `service`: `checkout`, `version`: `1.0.0`   | NO_RELEASE  | RUNNING",
                "critical | `service`: `payments`                       | NO_RELEASE  | RUNNING",
                "critical | `release`: `kube-prometheus-stack`, `service`: `checkout` | HALTED | HALTED",
                "critical | `app`: `checkout`, `version`: `vVERSION`    | ROLLED_BACK | BACK",
                "critical | `job`: `checkout`, `app`: `something-else`  | HALTED      | HALTED",
                "critical | `service`: `payments`, `job`: `checkout`    | NO_RELEASE  | RUNNING",
                "critical | `team`: `retail`                            | NO_RELEASE  | RUNNING",
            })
    void the_table_says_what_an_alert_does_by_the_label_that_names_the_release(
            String severity, String labels, String outcome, Status status) throws Exception {
        JsonNode answer = deliver(delivery(alert(labels(severity, labels.replace('`', '"')), Instant.now())))
                .path("alerts")
                .get(0);

        assertThat(answer.path("outcome").asText()).isEqualTo(outcome);
        assertThat(status()).isEqualTo(status);
        // Before the engine has been told anything: nothing of it has run yet.
        assertThat(share()).isEqualTo(status == Status.RUNNING ? 0.1 : 0);
        if (status != Status.RUNNING) {
            assertThat(answer.path("tookMs").isIntegralNumber()).isTrue();
            assertThat(answer.path("release").asText()).isEqualTo(release.key());
        }
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("alert.received"))
                .hasSize(outcome.equals("NO_RELEASE") ? 0 : 1)
                .allSatisfy(entry -> {
                    assertThat(entry.text()).contains("HighErrors").contains("12 % errors");
                    assertThat(entry.detail()).containsEntry("rule", "alert-actions 1.0");
                });
    }

    @Test
    void with_all_users_on_the_candidate_an_alert_of_the_service_rolls_back() throws Exception {
        store.finish(release.key(), Status.COMPLETE);
        releases.enter(release.key(), ReleaseState.STABILISING, "test");
        assertThat(outcomes(delivery(alert(labels("critical", "\"service\": \"checkout\""), Instant.now()))))
                .containsExactly("ROLLED_BACK");
        assertThat(share()).isZero();
    }

    @Test
    void a_release_whose_policy_has_no_table_for_alerts_is_halted() throws Exception {
        database.update("update release set policy = 'older' where key_ = ?", release.key());
        assertThat(outcomes(delivery(alert(labels("info", "\"service\": \"checkout\""), Instant.now()))))
                .containsExactly("HALTED");
        assertThat(share()).isZero();
    }

    /** What a table does not answer, or answers so, is not dropped because all users are on it already. */
    @Test
    void an_alert_that_halts_keeps_a_release_at_full_traffic_from_becoming_stable() throws Exception {
        database.update("update release set policy = 'older' where key_ = ?", release.key());
        store.finish(release.key(), Status.COMPLETE);
        releases.enter(release.key(), ReleaseState.STABILISING, "test");
        store.startStep(
                store.find(release.key()).orElseThrow(),
                RolloutPlan.Step.automatic(4, 1, Duration.ofMinutes(10), Duration.ofHours(1)),
                release.key() + "/stabilisation#"
                        + store.find(release.key()).orElseThrow().epoch());
        assertThat(outcomes(delivery(alert(labels("info", "\"service\": \"checkout\""), Instant.now()))))
                .containsExactly("HALTED");
        assertThat(store.stepsOf(release.key())).last().satisfies(step -> assertThat(step.verdict())
                .isEqualTo("INCONCLUSIVE"));
    }

    @Test
    void an_alert_from_before_the_rollout_is_recorded_only() throws Exception {
        String old = alert(
                labels("critical", "\"release\": \"checkout@VERSION\""),
                Instant.now().minusSeconds(3600));
        assertThat(outcomes(delivery(old))).containsExactly("RECORDED");
        assertThat(status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void a_repeated_alert_does_nothing_again_and_a_resolved_one_starts_nothing_again() throws Exception {
        Instant start = Instant.parse("2026-11-24T20:00:00.123456789Z")
                .plusSeconds(Integer.parseInt(release.version().replaceFirst(".*\\.", "")));
        String labels = labels("warning", "\"service\": \"checkout\", \"version\": \"VERSION\"");
        database.update(
                "update rollout set started_at = ? where release_key = ?",
                start.minusSeconds(9).atOffset(java.time.ZoneOffset.UTC),
                release.key());
        String alert = alert(labels, start);

        assertThat(outcomes(delivery(alert, alert))).containsExactly("HALTED", "REPEATED");
        store.status(release.key(), Status.RUNNING, null, 9);
        assertThat(outcomes(delivery(alert))).containsExactly("REPEATED");
        assertThat(status()).isEqualTo(Status.RUNNING);
        assertThat(outcomes(delivery(alert.replace("firing", "resolved")))).containsExactly("RESOLVED");
        assertThat(status()).isEqualTo(Status.RUNNING);
        assertThat(timeline.of(release.key())).extracting(Timeline.Entry::type).contains("alert.resolved");
        assertThat(outcomes(delivery(alert(labels, start.plusSeconds(60))))).containsExactly("HALTED");
        assertThat(database.queryForMap(
                        "select deliveries, resolved_at from alert where release_key = ? order by starts_at fetch first 1 rows only",
                        release.key()))
                .containsEntry("deliveries", 3)
                .doesNotContainEntry("resolved_at", null);
    }

    /** Whoever resumed it may not have seen the alert, and it fires still. */
    @Test
    void an_alert_that_came_while_a_person_decided_halts_when_it_is_sent_again_after_the_release_goes_on()
            throws Exception {
        String alert = alert(labels("warning", "\"service\": \"checkout\", \"version\": \"VERSION\""), Instant.now());
        store.status(release.key(), Status.HALTED, "somebody halted it", 2);
        assertThat(outcomes(delivery(alert, alert))).containsExactly("RECORDED", "REPEATED");
        store.status(release.key(), Status.RUNNING, null, 3);
        assertThat(outcomes(delivery(alert, alert))).containsExactly("HALTED", "REPEATED");
        assertThat(share()).isZero();
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("alert.received"))
                .extracting(Timeline.Entry::text)
                .satisfiesExactly(first -> assertThat(first).endsWith("(RECORDED)"), again -> assertThat(again)
                        .endsWith("fires still (HALTED)"));
        store.status(release.key(), Status.RUNNING, null, 5);
        assertThat(outcomes(delivery(alert)))
                .as("halted by it once, a person has decided in its knowledge")
                .containsExactly("REPEATED");
    }

    @Test
    void alerts_that_were_left_out_are_said_on_the_release() throws Exception {
        String body = delivery(alert(labels("info", "\"release\": \"checkout@VERSION\""), Instant.now()))
                .replace("\"truncatedAlerts\": 0", "\"truncatedAlerts\": 7");
        assertThat(deliver(body).path("truncatedAlerts").asInt()).isEqualTo(7);
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("alert.truncated"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.text()).contains("7 alerts"));
    }

    /** What was left out may have been about it, though none of the others was. */
    @Test
    void alerts_that_were_left_out_are_said_on_the_release_that_the_group_is_about() throws Exception {
        String body = delivery(alert(labels("info", "\"service\": \"another\""), Instant.now()))
                .replace(
                        "\"truncatedAlerts\": 0",
                        "\"groupLabels\": {\"service\": \"checkout\"}, \"truncatedAlerts\": 3");
        deliver(body);
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("alert.truncated"))
                .hasSize(1);
        assertThat(status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void an_alert_that_cannot_be_read_keeps_no_other_from_acting() throws Exception {
        String critical = alert(labels("critical", "\"release\": \"checkout@VERSION\""), Instant.now());
        String broken = critical.replaceFirst("\"startsAt\": \"[^\"]*\"", "\"startsAt\": \"garbage\"");
        MockHttpServletResponse response = http.perform(
                        request(delivery(broken, critical)).header("Authorization", "Bearer " + SECRET))
                .andReturn()
                .getResponse();

        assertThat(response.getStatus()).isEqualTo(422);
        JsonNode answer = new ObjectMapper().readTree(response.getContentAsString());
        assertThat(answer.at("/errors/0/pointer").asText()).isEqualTo("/alerts/0/startsAt");
        assertThat(answer.at("/alerts/0/outcome").asText()).isEqualTo("ROLLED_BACK");
        assertThat(share()).isZero();
        assertThat(timeline.of(release.key())).extracting(Timeline.Entry::type).contains("alert.unreadable");
    }

    @Test
    void an_alert_of_the_stable_version_is_written_down_where_people_look() throws Exception {
        assertThat(outcomes(delivery(
                        alert(labels("critical", "\"service\": \"checkout\", \"version\": \"1.0.0\""), Instant.now()))))
                .containsExactly("NO_RELEASE");
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("alert.of-another-version"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.text()).contains("nothing was done"));
    }

    @Test
    void only_who_knows_the_secret_is_heard() throws Exception {
        String body = delivery(alert(labels("critical", "\"release\": \"checkout@VERSION\""), Instant.now()));
        assertThat(refused(request(body))).isEqualTo(401);
        assertThat(refused(request(body).header("Authorization", "Bearer wrong")))
                .isEqualTo(401);
        assertThat(refused(request(body).header("X-Countersign-Signature", "sha256=" + "0".repeat(64))))
                .isEqualTo(401);
        assertThat(refused(request(body + " ").header("X-Countersign-Signature", "sha256=" + hmac(body))))
                .isEqualTo(401);
        assertThat(status()).isEqualTo(Status.RUNNING);
        assertThat(refused(request(body).header("Authorization", "BEARER " + SECRET + "x")))
                .isEqualTo(401);
        assertThat(refused(request(delivery()).header("Authorization", "bearer " + SECRET)))
                .as("the scheme's name is written as anybody likes (RFC 9110)")
                .isEqualTo(200);
        assertThat(refused(request(body).header("X-Countersign-Signature", "sha256=" + hmac(body))))
                .isEqualTo(200);
        assertThat(status()).isEqualTo(Status.BACK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                                    | 400 | not JSON",
                "{\"version\": \"3\", \"alerts\": []}                 | 422 | /version",
                "{\"version\": \"4\"}                                 | 422 | /alerts",
                "{\"version\": \"4\", \"alerts\": [{\"labels\": {}}]} | 422 | /alerts/0/status",
                "{\"version\": \"4\", \"status\": \"firing\", \"alerts\": [{\"labels\": {}, \"startsAt\": \"now\"}]} | 422 | /alerts/0/startsAt",
                "{\"version\": \"4\", \"status\": \"firing\", \"alerts\": [{\"labels\": {}, \"startsAt\": \"-999999-01-01T00:00:00Z\"}]} | 422 | /alerts/0/startsAt",
                "{\"version\": \"4\", \"status\": \"firing\", \"alerts\": [{\"labels\": {}, \"fingerprint\": \"a b\"}]} | 422 | /alerts/0/fingerprint",
            })
    void a_delivery_that_is_none_is_refused_with_its_fault(String body, int status, String fault) throws Exception {
        MockHttpServletResponse response = http.perform(request(body).header("Authorization", "Bearer " + SECRET))
                .andReturn()
                .getResponse();
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(response.getContentAsString()).contains(fault);
    }

    /** {@code max_alerts: 0} sends a group of any size, and 4xx is not sent again. */
    @Test
    void a_large_delivery_is_read_to_its_last_alert() throws Exception {
        String many = alert("\"text\": \"%s\"".formatted("x".repeat(1_500_000)), Instant.now());
        String body = delivery(many, alert(labels("critical", "\"release\": \"checkout@VERSION\""), Instant.now()));
        assertThat(outcomes(body)).containsExactly("NO_RELEASE", "ROLLED_BACK");
        assertThat(share()).isZero();
        assertThat(refused(request(body).header("X-Countersign-Signature", "sha256=" + hmac(body))))
                .isEqualTo(200);
        assertThat(refused(request(body + " ").header("X-Countersign-Signature", "sha256=" + hmac(body))))
                .isEqualTo(401);
    }

    /** What was not read may have been the one that rolls back. */
    @ParameterizedTest
    @CsvSource({"info, HALTED, HALTED", "critical, ROLLED_BACK, BACK"})
    void of_a_delivery_that_is_too_large_what_was_read_acts_and_what_users_meet_is_halted(
            String severity, String outcome, Status status) throws Exception {
        String body = delivery(alert(labels(severity, "\"release\": \"checkout@VERSION\""), Instant.now()))
                .replaceFirst("]}$", " ".repeat(33 << 20) + "]}");
        MockHttpServletResponse response = http.perform(request(body).header("Authorization", "Bearer " + SECRET))
                .andReturn()
                .getResponse();

        assertThat(response.getStatus()).isEqualTo(413);
        assertThat(new ObjectMapper()
                        .readTree(response.getContentAsString())
                        .path("alerts")
                        .findValuesAsText("outcome"))
                .contains(outcome);
        assertThat(status()).isEqualTo(status);
        assertThat(share()).isZero();
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("alert.unread"))
                .hasSize(status == Status.HALTED ? 1 : 0)
                .allSatisfy(entry -> assertThat(entry.text()).contains("33554432 bytes at once"));
        assertThat(refused(request(body).header("X-Countersign-Signature", "sha256=" + hmac(body))))
                .isEqualTo(413);
    }

    /** It is planned and its candidate starts: a share was never given. */
    @Test
    void of_a_delivery_that_is_too_large_what_nobody_meets_goes_on() throws Exception {
        store.split(release.key(), 0, 0);
        String body = delivery(alert(labels("info", "\"team\": \"retail\""), Instant.now()))
                .replaceFirst("]}$", " ".repeat(33 << 20) + "]}");
        MockHttpServletRequestBuilder delivery = request(body).header("Authorization", "Bearer " + SECRET);
        assertThat(refused(delivery)).isEqualTo(413);
        assertThat(status()).isEqualTo(Status.RUNNING);
        store.unconfirmed(release.key());
        assertThat(refused(request(body).header("Authorization", "Bearer " + SECRET)))
                .isEqualTo(413);
        assertThat(status()).as("nobody knows that users have left it").isEqualTo(Status.HALTED);
    }

    @Test
    void what_the_real_alertmanager_sends_rolls_back_and_is_resolved() throws Exception {
        assumeTrue(
                RealAlertmanager.isInstalled(),
                "prometheus-alertmanager is not on the path: apt-get install prometheus-alertmanager");
        HttpServer platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        platform.createContext("/", exchange -> {
            try {
                MockHttpServletResponse response = http.perform(
                                request(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                                        .header(
                                                "Authorization",
                                                exchange.getRequestHeaders().getFirst("Authorization")))
                        .andReturn()
                        .getResponse();
                exchange.sendResponseHeaders(response.getStatus(), -1);
            } catch (Exception failed) {
                exchange.sendResponseHeaders(500, -1);
            } finally {
                exchange.close();
            }
        });
        platform.start();
        URI address = URI.create("http://127.0.0.1:%d/api/webhooks/alertmanager"
                .formatted(platform.getAddress().getPort()));
        try (RealAlertmanager alertmanager = new RealAlertmanager(folder, address, SECRET)) {
            String alert =
                    "{\"labels\": {\"alertname\": \"HighErrors\", \"severity\": \"critical\", \"release\": \"%s\"}%s}";
            alertmanager.post("[" + alert.formatted(release.key(), "") + "]");
            await().atMost(Duration.ofSeconds(20)).until(() -> status() == Status.BACK);
            assertThat(share()).isZero();
            alertmanager.post("[" + alert.formatted(release.key(), ", \"endsAt\": \"" + Instant.now() + "\"") + "]");
            await().atMost(Duration.ofSeconds(20)).until(() -> timeline.of(release.key()).stream()
                    .anyMatch(entry -> entry.type().equals("alert.resolved")));
        } finally {
            platform.stop(0);
        }
    }

    private int refused(MockHttpServletRequestBuilder request) throws Exception {
        return http.perform(request).andReturn().getResponse().getStatus();
    }

    private static String hmac(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }
}
