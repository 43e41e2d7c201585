package dev.countersign.evidence.ci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpStatus;

/**
 * The HTTP binding of CloudEvents 1.0, structured and binary, as CDEvents use it. A signature covers the body and no header: the event in the body counts, and what
 * stands around it has to say the same.
 */
final class CloudEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SHARED = List.of("id", "source", "type");

    private CloudEvents() {}

    /** The event itself, in whichever way it was sent. */
    static JsonNode event(HttpServletRequest request, byte[] body) throws IOException {
        String contentType = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        if (contentType.startsWith("application/cloudevents+json")) {
            JsonNode envelope = object(body);
            JsonNode event = envelope.path("data_base64").isTextual()
                    ? object(decoded(envelope.path("data_base64")))
                    : envelope.path("data");
            return agreed(event, attribute -> envelope.path(attribute).asText(null));
        }
        if (request.getHeader("ce-specversion") != null && !contentType.startsWith("application/cloudevents")) {
            return agreed(object(body), attribute -> plain(request.getHeader("ce-" + attribute)));
        }
        throw Problem.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "A CloudEvent is sent as application/cloudevents+json, or with its attributes in headers (ce-specversion, ce-id, ce-source, ce-type)",
                Map.of());
    }

    private static JsonNode agreed(JsonNode event, UnaryOperator<String> attribute) {
        String version = attribute.apply("specversion");
        if (version == null || !version.startsWith("1.")) {
            throw Problem.invalid("/specversion", "CloudEvents 1.0 is read, not " + version);
        }
        if (!event.isObject()) {
            throw Problem.invalid("/data", "The CloudEvent carries no JSON object");
        }
        for (String shared : SHARED) {
            if (!event.path("context").path(shared).asText("").equals(attribute.apply(shared))) {
                throw Problem.invalid(
                        "/context/" + shared, "The event's %s is not that of the CloudEvent".formatted(shared));
            }
        }
        return event;
    }

    /** Headers are percent-encoded (CloudEvents HTTP binding, 3.1.3.2). */
    private static String plain(String header) {
        try {
            return header == null ? null : URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException asItStands) {
            return header;
        }
    }

    private static byte[] decoded(JsonNode text) {
        try {
            return java.util.Base64.getDecoder().decode(text.asText());
        } catch (IllegalArgumentException broken) {
            throw Problem.invalid("/data_base64", "It is not in base64");
        }
    }

    private static JsonNode object(byte[] body) throws IOException {
        try {
            JsonNode read = JSON.readTree(body);
            if (read == null || !read.isObject()) {
                throw Problem.of(HttpStatus.BAD_REQUEST, "The body is no JSON object", Map.of());
            }
            return read;
        } catch (JsonProcessingException broken) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "The body is not JSON: " + broken.getOriginalMessage(), Map.of());
        }
    }
}
