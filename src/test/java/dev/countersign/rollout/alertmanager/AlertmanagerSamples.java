package dev.countersign.rollout.alertmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Recorded deliveries, for the test over all samples. */
public final class AlertmanagerSamples {
    private AlertmanagerSamples() {}

    public static void check(Path file, JsonNode expected) throws IOException {
        Delivery delivery = Delivery.read(Files.newInputStream(file));
        assertThat(delivery.faults()).isEmpty();
        List<Delivery.Alert> alerts = delivery.alerts();
        assertThat(alerts).hasSize(expected.get("alerts").asInt());
        // One without a status of its own has that of its group.
        assertThat(alerts.stream().filter(alert -> !alert.resolved()).count())
                .isEqualTo(expected.at("/alert_status/firing").asLong()
                        + (expected.get("status").asText().equals("firing")
                                ? expected.at("/alert_status/None").asLong()
                                : 0));
        labels(alerts, "severity", expected.get("severities"));
        labels(alerts, "alertname", expected.get("alertnames"));
    }

    private static void labels(List<Delivery.Alert> alerts, String label, JsonNode counts) {
        counts.properties().forEach(count -> assertThat(alerts)
                .filteredOn(alert -> count.getKey().equals(alert.label(label)))
                .hasSize(count.getValue().asInt()));
    }
}
