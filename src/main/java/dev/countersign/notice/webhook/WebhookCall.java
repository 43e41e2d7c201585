package dev.countersign.notice.webhook;

import dev.countersign.notice.webhook.WebhookProperties.Receiver;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * One signed call. Headers as Standard Webhooks 1.0.0 names them: {@code webhook-id}, the same at each attempt; {@code webhook-timestamp} in seconds;
 * {@code webhook-signature: v1,<base64 of HMAC-SHA256 over id.timestamp.body>}. An answer of 2xx is a delivery. Redirects are not followed.
 */
@Component
class WebhookCall {
    private final WebhookProperties properties;
    private final HttpClient client;

    WebhookCall(WebhookProperties properties) {
        this.properties = properties;
        this.client = HttpClient.newBuilder()
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    void send(Receiver receiver, long id, String body, Instant now) throws IOException {
        String timestamp = String.valueOf(now.getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(receiver.url())
                .timeout(properties.timeout())
                .header("Content-Type", "application/cloudevents+json; charset=UTF-8")
                .header("webhook-id", String.valueOf(id))
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", "v1," + signature(receiver.secret(), id + "." + timestamp + "." + body))
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status < 200 || status > 299) {
                throw new IOException("The receiver %s answered %d".formatted(receiver.name(), status));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the receiver " + receiver.name(), stopped);
        }
    }

    static String signature(String secret, String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
