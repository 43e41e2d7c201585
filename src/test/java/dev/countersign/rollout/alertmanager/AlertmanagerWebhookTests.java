package dev.countersign.rollout.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.api.Problem;
import dev.countersign.workflow.Decisions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

/** The way in; what becomes of an alert is in {@code AlertWebhookTests}. */
@Tag("M3.5")
class AlertmanagerWebhookTests {
    private static AlertmanagerProperties properties(String secret) {
        return new AlertmanagerProperties(secret, null, DataSize.ofKilobytes(1));
    }

    @Test
    void without_a_secret_the_path_is_closed_whatever_is_sent() {
        for (String none : new String[] {null, "", "  "}) {
            MockHttpServletRequest request = new MockHttpServletRequest();
            request.addHeader("Authorization", "Bearer " + none);
            assertThatThrownBy(
                            () -> new AlertmanagerWebhook(properties(none), null, Clock.systemUTC()).receive(request))
                    .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.getStatusCode())
                            .isEqualTo(HttpStatus.NOT_FOUND));
        }
    }

    @Test
    void a_short_secret_is_refused_and_none_is_logged() {
        assertThatThrownBy(() -> properties("short")).hasMessageContaining("32 characters");
        assertThat(properties("x".repeat(32)).toString()).doesNotContain("x".repeat(8));
    }

    /** No database keeps it: the alert would be refused, and sent again for ever. */
    @Test
    void a_label_with_a_byte_that_cannot_be_kept_is_read_without_it() throws IOException {
        String delivery =
                """
                {"version": "4", "status": "firing", "alerts": [{"labels": {"release": "a\\u0000b"}, "startsAt": "2027-03-01T12:00:00Z"}]}""";
        assertThat(Delivery.read(new ByteArrayInputStream(delivery.getBytes(StandardCharsets.UTF_8)))
                        .alerts()
                        .get(0)
                        .label("release"))
                .isEqualTo("a b");
    }

    private static Delivery read(String delivery, long limit) throws IOException {
        return Delivery.read(new Bounded(new ByteArrayInputStream(delivery.getBytes(StandardCharsets.UTF_8)), limit));
    }

    @Test
    void of_a_delivery_that_goes_on_for_too_long_what_was_read_is_known() throws IOException {
        String alert =
                """
                {"status": "firing", "labels": {"release": "a"}, "startsAt": "2027-03-01T12:00:00Z"}""";
        String whole = "{\"status\": \"firing\", \"alerts\": [" + alert + "," + alert + "], \"version\": \"4\"}";
        assertThat(read(whole, whole.length()).alerts()).hasSize(2);
        assertThat(read(whole, whole.length()).cut()).isFalse();
        assertThat(read(whole, whole.length() - 1).cut()).isTrue();
        Delivery cut = read(whole, whole.indexOf(alert) + alert.length() + 5L);
        assertThat(cut.cut()).isTrue();
        assertThat(cut.alerts()).hasSize(1);
        assertThatThrownBy(() -> read(whole.replace("\"4\"", "\"3\""), whole.length()))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read(whole + "x", whole.length() + 1L)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read(whole.substring(0, 150), 1000)).isInstanceOf(Problem.class);
    }

    /** Older senders say it once for all, and JSON knows no order. */
    @Test
    void the_status_of_the_group_may_stand_behind_its_alerts() throws IOException {
        String delivery =
                """
                {"version": "4", "alerts": [{"labels": {"release": "a"}, "startsAt": "2027-03-01T12:00:00Z"}], "status": "resolved"}""";
        assertThat(read(delivery, 1000).alerts()).singleElement().satisfies(alert -> assertThat(alert.resolved())
                .isTrue());
    }

    @Test
    void an_alert_finds_its_release_though_the_table_of_labels_does_not_answer() {
        boolean[] broken = {true};
        AlertLabels labels = new AlertLabels(
                (policy, table, facts) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("The table cannot be evaluated");
                    }
                    return new Decisions.Answered(table, "1", List.of(Map.of("label", "app")));
                },
                () -> "now");
        Delivery.Alert alert =
                new Delivery.Alert(false, "f", Instant.EPOCH, Map.of("service", "checkout", "app", "checkout-app"), "");
        assertThat(labels.services(alert)).containsExactly("checkout");
        broken[0] = false;
        assertThat(labels.services(alert)).as("asked again").containsExactly("checkout-app");
    }

    @Test
    void deliveries_that_others_recorded_are_read() throws IOException {
        Path samples =
                Path.of(System.getProperty("samples", "../shared/samples")).resolve("alertmanager");
        assumeTrue(Files.isDirectory(samples), "no recorded deliveries in " + samples);
        // An old sender: neither a fingerprint nor a status of its own, and a time with an offset.
        assertThat(Delivery.read(Files.newInputStream(samples.resolve("prom_post_request.json")))
                        .alerts())
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.resolved()).isFalse();
                    assertThat(alert.fingerprint()).hasSize(32);
                    assertThat(alert.startsAt()).isEqualTo("2018-03-07T11:33:21.873077Z");
                    assertThat(alert.label("severity")).isEqualTo("warning");
                });
        assertThat(Delivery.read(Files.newInputStream(samples.resolve("grafana-inspired.json")))
                        .alerts())
                .hasSize(3)
                .extracting(Delivery.Alert::fingerprint)
                .doesNotHaveDuplicates()
                .contains("ff6a7a0f5f1c1309");
    }
}
