package dev.countersign.rollout.unleash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.countersign.api.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** One call of Unleash's Admin or Client API. A call that may be repeated is tried once more where the connection broke or the server was not ready. */
final class UnleashApi {
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;
    private static final int LONGEST = 300;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final UnleashProperties properties;
    private final String base;
    private final HttpClient client;

    UnleashApi(UnleashProperties properties) {
        this.properties = properties;
        this.base = properties.url().toString().replaceAll("/+$", "") + "/api/";
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    JsonNode admin(String method, String path, JsonNode body) throws IOException {
        return repeated(method, "admin/" + path, body, properties.tokenFile());
    }

    /** Makes something: repeating it would make two. */
    void make(String path, JsonNode body) throws IOException {
        once("POST", "admin/" + path, body, properties.tokenFile());
    }

    JsonNode client(String path) throws IOException {
        return repeated("GET", "client/" + path, null, properties.clientTokenFile());
    }

    private JsonNode repeated(String method, String path, JsonNode body, Path token) throws IOException {
        try {
            return once(method, path, body, token);
        } catch (Passing passing) {
            return once(method, path, body, token);
        }
    }

    private JsonNode once(String method, String path, JsonNode body, Path token) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(properties.timeout())
                .header("Accept", "application/json")
                .header("Authorization", read(token))
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<byte[]> response = send(request.build());
        int status = response.statusCode();
        if (status >= SERVER || status == TOO_MANY) {
            throw new Passing("Unleash answered %d".formatted(status), null);
        }
        if (status / 100 != 2) {
            throw new IOException("Unleash answered %d: %s".formatted(status, message(response.body())));
        }
        try {
            return response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body());
        } catch (JsonProcessingException broken) {
            throw new IOException("Unleash answered something that is no JSON", broken);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return BoundedBody.exchange(
                    client, request, properties.maxResponse().toBytes(), properties.timeout());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for Unleash", stopped);
        } catch (IOException failed) {
            String why = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            throw new Passing("Unleash does not answer: " + why, failed);
        }
    }

    /** What it says of a refusal. */
    private static String message(byte[] body) {
        try {
            String message = JSON.readTree(body).path("message").asText("no reason");
            return message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
        } catch (IOException broken) {
            return "no reason";
        }
    }

    private static String read(Path file) throws IOException {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new IOException("The file of Unleash's token cannot be read", unreadable);
        }
        // Else the client would print it where it complains about the header.
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException("The file of Unleash's token has no token");
        }
        return token;
    }

    /** May be gone at the next try. */
    private static final class Passing extends IOException {
        private static final long serialVersionUID = 1L;

        Passing(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
