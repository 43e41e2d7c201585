package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.BoundedBody;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The API server. Every call reads the token anew. What passes by itself (429, 5xx, a connection that broke) is tried some times more within the deadline; a change too,
 * since it names the version that it changes. Whatever is no good answer is told in words.
 */
final class KubernetesApi {
    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final GatewayProperties properties;
    private final TrustedClient trusted;
    private final String base;

    KubernetesApi(GatewayProperties properties) {
        this.properties = properties;
        boolean tls = "https".equals(properties.url().getScheme());
        this.trusted = new TrustedClient(tls ? properties.caFile() : null, properties.timeout());
        this.base = properties.url().toString().replaceAll("/+$", "");
    }

    JsonNode get(String path, Deadline deadline) throws IOException {
        return call("GET", path, null, deadline);
    }

    /**
     * @param patch JSON patch (RFC 6902)
     * @throws Conflict when the object has another version than the patch names
     * @throws Unprocessable when the patch does not fit the object, or is not allowed
     */
    void patch(String path, JsonNode patch, Deadline deadline) throws IOException {
        call("PATCH", path, patch, deadline);
    }

    private JsonNode call(String method, String path, JsonNode body, Deadline deadline) throws IOException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; true; attempt++) {
            IOException passing;
            Duration wait = pause;
            try {
                HttpResponse<byte[]> response = send(method, path, body, deadline);
                if (response.statusCode() == 200) {
                    return read(response.body());
                }
                passing = Refusals.of(response.statusCode(), response.body());
                if (!Refusals.mayPass(response.statusCode())) {
                    throw passing;
                }
                wait = Refusals.rest(response.headers()).orElse(pause);
            } catch (Broken broken) {
                passing = broken;
            }
            if (attempt == ATTEMPTS || !deadline.pause(wait)) {
                throw passing;
            }
            pause = pause.multipliedBy(2);
        }
    }

    private HttpResponse<byte[]> send(String method, String path, JsonNode body, Deadline deadline) throws IOException {
        try {
            HttpClient client = trusted.get();
            Duration left = deadline.left();
            if (left.toMillis() < 1) {
                throw new IOException("no time is left");
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(left)
                    .header("Accept", "application/json")
                    .header("Authorization", "Bearer " + token());
            if (body == null) {
                request.GET();
            } else {
                request.header("Content-Type", "application/json-patch+json")
                        .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
            }
            return BoundedBody.exchange(
                    client, request.build(), properties.maxResponse().toBytes(), left);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the API server", stopped);
        } catch (IOException failed) {
            String reason = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            String words = "The API server at %s: %s".formatted(properties.url().getAuthority(), reason);
            throw isBroken(failed) ? new Broken(words, failed) : new IOException(words, failed);
        }
    }

    private static boolean isBroken(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException || cause instanceof EOFException) {
                return true;
            }
        }
        return false;
    }

    private String token() throws IOException {
        String token;
        try {
            token = Files.readString(properties.tokenFile()).strip();
        } catch (IOException unreadable) {
            throw new IOException("the token's file cannot be read", unreadable);
        }
        // Else the client would print it where it complains about the header.
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException("the token's file has no token");
        }
        return token;
    }

    private static JsonNode read(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException broken) {
            // Without its words, which quote the answer.
            throw new IOException("The API server's answer is not JSON", broken);
        }
    }

    /** No connection, or one that ended before there was an answer. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
