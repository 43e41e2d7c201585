package dev.countersign.rollout.marker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Grafana's API for annotations. It knows no keys: a tag of ours tells whether one that may have been lost is there already. */
class GrafanaAnnotations {
    /** One annotation, or the number of a new one: far less than this. */
    private static final long LARGEST_ANSWER = 64 * 1024;

    private final GrafanaProperties properties;
    private final ObjectMapper json;
    private final HttpClient client;
    private final String address;

    GrafanaAnnotations(GrafanaProperties properties, ObjectMapper json) {
        this.properties = properties;
        this.json = json;
        String base = properties.url().toString();
        this.address = (base.endsWith("/") ? base : base + "/") + "api/annotations";
        this.client = HttpClient.newBuilder()
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** @param again whether an earlier call failed, and may have succeeded nevertheless */
    void add(Marker marker, boolean again) throws IOException {
        String own = "countersign-" + marker.id();
        if (again
                && !call(HttpRequest.newBuilder(URI.create(address + "?limit=1&tags=" + own))
                                .GET())
                        .isEmpty()) {
            return;
        }
        Map<String, Object> annotation = new TreeMap<>();
        annotation.put("time", marker.at().toEpochMilli());
        annotation.put("text", marker.text());
        annotation.put(
                "tags",
                List.of(
                        "deployment",
                        "service:" + marker.service(),
                        "version:" + marker.version(),
                        "phase:" + marker.phase(),
                        own));
        JsonNode answer = call(HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(annotation))));
        if (!answer.path("id").isNumber()) {
            throw new IOException("Grafana reports no annotation");
        }
    }

    private JsonNode call(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<byte[]> response = BoundedBody.exchange(
                    client,
                    request.timeout(properties.timeout())
                            .header(
                                    "Authorization",
                                    "Bearer "
                                            + Files.readString(properties.tokenFile())
                                                    .strip())
                            .build(),
                    LARGEST_ANSWER,
                    properties.timeout());
            if (response.statusCode() != 200) {
                throw new IOException("Grafana answered %d".formatted(response.statusCode()));
            }
            return json.readTree(response.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for Grafana", stopped);
        }
    }
}
