package dev.countersign.rollout.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.BoundedBody;
import dev.countersign.rollout.Staging;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One signed call: a JSON body with {@code action} and {@code service}, and {@code X-Countersign-Signature: sha256=<HMAC of the body>}. The system answers every
 * call with what it runs now: {@code {"stable": digest, "candidate": digest or null, "share": 0.1}}. What is about a service's place in staging has {@code "environment": "staging"} beside the service, and so must its answer.
 */
class DeploymentWebhook {
    /** Two digests and a share. */
    private static final long LARGEST_ANSWER = 64 * 1024;

    private final DeploymentWebhookProperties properties;
    private final ObjectMapper json;
    private final String system;
    private final HttpClient client;

    /** @param system what answers, for a person */
    DeploymentWebhook(DeploymentWebhookProperties properties, ObjectMapper json, String system) {
        this.properties = properties;
        this.json = json;
        this.system = system;
        this.client = HttpClient.newBuilder()
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    JsonNode call(String action, String service, Map<String, Object> more) throws IOException {
        Map<String, Object> content = new TreeMap<>(more);
        content.put("action", action);
        content.put("service", Staging.service(service).orElse(service));
        if (Staging.service(service).isPresent()) {
            content.put("environment", Staging.ENVIRONMENT);
        }
        byte[] body = json.writeValueAsBytes(content);
        HttpRequest request = HttpRequest.newBuilder(properties.url())
                .timeout(properties.timeout())
                .header("Content-Type", "application/json")
                .header("X-Countersign-Signature", "sha256=" + signature(body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> response = BoundedBody.exchange(client, request, LARGEST_ANSWER, properties.timeout());
            if (response.statusCode() != 200) {
                throw new IOException("The %s answered %s with %d".formatted(system, action, response.statusCode()));
            }
            JsonNode answer = json.readTree(response.body());
            requireItsPlace(answer, action, Staging.service(service).isPresent());
            return answer;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the " + system, stopped);
        }
    }

    /**
     * A system that does not know of staging has done to production what it was asked to do there. Production has other names elsewhere, and nothing keeps traffic from being taken
     * back there but the word that it was done in staging.
     */
    private void requireItsPlace(JsonNode answer, String action, boolean staging) throws IOException {
        JsonNode place = answer.path("environment");
        String wanted = staging ? Staging.ENVIRONMENT : "production";
        if (Staging.ENVIRONMENT.equals(place.textValue()) != staging) {
            throw new IOException("The %s was asked for %s in %s, and answers of %s"
                    .formatted(system, action, wanted, place.isTextual() ? place.textValue() : "no environment"));
        }
    }

    private String signature(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(properties.secret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
