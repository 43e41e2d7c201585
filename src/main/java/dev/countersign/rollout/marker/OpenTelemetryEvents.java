package dev.countersign.rollout.marker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Markers as OpenTelemetry events: log records with a name, in the JSON encoding of OTLP 1.5 and later over HTTP. What was lost and is sent again has the same
 * {@code log.record.uid}, by which receivers know it.
 */
class OpenTelemetryEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTelemetryEvents.class);
    private static final long LARGEST_ANSWER = 64 * 1024;
    /** The specification's: with any other status the same records would be refused again. */
    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);

    private static final int INFO = 9;
    private static final int WARN = 13;

    private final OpenTelemetryProperties properties;
    private final ObjectMapper json;
    private final Clock clock;
    private final HttpClient client;
    private final URI logs;

    OpenTelemetryEvents(OpenTelemetryProperties properties, ObjectMapper json, Clock clock) {
        this.properties = properties;
        this.json = json;
        this.clock = clock;
        String base = properties.url().toString();
        this.logs = URI.create((base.endsWith("/") ? base : base + "/") + "v1/logs");
        this.client = HttpClient.newBuilder()
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** @throws IOException where it is worth another try */
    void send(Marker marker) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(logs)
                .timeout(properties.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(export(marker))));
        if (properties.tokenFile() != null) {
            request.header(
                    "Authorization",
                    "Bearer " + Files.readString(properties.tokenFile()).strip());
        }
        try {
            HttpResponse<byte[]> answer =
                    BoundedBody.exchange(client, request.build(), LARGEST_ANSWER, properties.timeout());
            if (RETRYABLE.contains(answer.statusCode())) {
                throw new IOException("The receiver of OpenTelemetry events answered " + answer.statusCode());
            }
            if (answer.statusCode() / 100 != 2) {
                LOG.error("The receiver of OpenTelemetry events refuses with {}: {}", answer.statusCode(), marker);
            } else {
                warnOfRejected(answer.body(), marker);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the receiver of OpenTelemetry events", stopped);
        }
    }

    /** An answer that accepts a part only is not to be repeated either. */
    private void warnOfRejected(byte[] answer, Marker marker) throws IOException {
        JsonNode partial;
        try {
            partial = answer.length == 0
                    ? json.missingNode()
                    : json.readTree(answer).path("partialSuccess");
        } catch (JsonProcessingException unread) {
            LOG.warn(
                    "The receiver of OpenTelemetry events accepts, and nothing can be read of how: {}", marker, unread);
            return;
        }
        if (partial.path("rejectedLogRecords").asLong() > 0) {
            LOG.error(
                    "The receiver of OpenTelemetry events rejects {}: {}",
                    marker,
                    partial.path("errorMessage").asText());
        }
    }

    private Map<String, Object> export(Marker marker) {
        String name = "countersign.rollout." + marker.phase();
        boolean back = marker.phase().equals("rollback");
        Map<String, Object> event = Map.of(
                "timeUnixNano", nanos(marker.at()),
                "observedTimeUnixNano", nanos(clock.instant()),
                "severityNumber", back ? WARN : INFO,
                "severityText", back ? "WARN" : "INFO",
                "eventName", name,
                "body", Map.of("stringValue", marker.text()),
                "attributes",
                        attributes(
                                // For receivers that are older than the field of this name.
                                "event.name",
                                name,
                                "log.record.uid",
                                "countersign-" + marker.id(),
                                "countersign.service",
                                marker.service(),
                                "countersign.version",
                                marker.version()));
        return Map.of(
                "resourceLogs",
                List.of(Map.of(
                        "resource", Map.of("attributes", attributes("service.name", "countersign")),
                        "scopeLogs",
                                List.of(Map.of(
                                        "scope", Map.of("name", "dev.countersign.rollout"),
                                        "logRecords", List.of(event))))));
    }

    private static List<Map<String, Object>> attributes(String... keysAndValues) {
        List<Map<String, Object>> attributes = new ArrayList<>();
        for (int index = 0; index < keysAndValues.length; index += 2) {
            attributes.add(
                    Map.of("key", keysAndValues[index], "value", Map.of("stringValue", keysAndValues[index + 1])));
        }
        return attributes;
    }

    /** A number of 64 bits is a string in this encoding. */
    private static String nanos(Instant at) {
        return at.getEpochSecond() + "%09d".formatted(at.getNano());
    }
}
