package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** What the API server means by an answer other than 200. It explains itself by an object of kind {@code Status}, unless something before it answers. */
final class Refusals {
    private static final int LONGEST = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Refusals() {}

    static IOException of(int code, byte[] body) {
        JsonNode status = status(body);
        String said = said(status);
        return switch (code) {
            case 401 -> new IOException("The API server does not accept our token (401)" + said);
            case 403 -> new IOException("Our service account may not do this (403)" + said);
            case 404 ->
                new IOException(
                        "NotFound".equals(status.path("reason").asText())
                                        && !status.at("/details/name").asText().isEmpty()
                                ? "The route is gone (404)" + said
                                : "The API server does not know HTTPRoutes of gateway.networking.k8s.io/v1 (404)"
                                        + said);
            case 409 -> new Conflict("The route was changed by somebody else (409)" + said);
            case 422 -> new Unprocessable("The API server cannot accept the weights (422)" + said);
            case 429 -> new IOException("The API server is asked too often (429)" + said);
            default ->
                new IOException(
                        code / 100 == 3
                                ? "The API server answered with a redirect (%d), which is not followed".formatted(code)
                                : "The API server answered %d%s".formatted(code, said));
        };
    }

    static boolean mayPass(int code) {
        return code == 429 || code / 100 == 5;
    }

    /** How long the server wants rest. */
    static Optional<Duration> rest(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** Words of others, for a line of ours. */
    static String line(String words) {
        String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String said(JsonNode status) {
        String message = line(status.path("message").asText());
        return message.isEmpty() ? "" : ": " + message;
    }

    private static JsonNode status(byte[] body) {
        try {
            JsonNode answer = JSON.readTree(body);
            return answer.path("kind").asText().equals("Status") ? answer : JSON.createObjectNode();
        } catch (IOException unreadable) {
            return JSON.createObjectNode();
        }
    }
}
