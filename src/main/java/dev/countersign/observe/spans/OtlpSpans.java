package dev.countersign.observe.spans;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Spans in the JSON form of OpenTelemetry's protocol. Ids are hexadecimal there; what is made from the protocol's binary form writes them in base64, kinds and status as words, and may
 * call the list {@code batches}.
 */
public final class OtlpSpans {
    private static final long NANOS = 1_000_000_000;
    private static final double NANOS_OF_MILLI = 1e6;
    private static final int BASE64_OF_8 = 12;
    private static final int BASE64_OF_16 = 24;
    private final SpanWords words;

    public OtlpSpans(SpanWords words) {
        this.words = words;
    }

    public List<Trace> traces(JsonNode document) throws IOException {
        List<Trace> traces = new ArrayList<>();
        spans(document).forEach((trace, spans) -> Calls.of(trace, spans).ifPresent(traces::add));
        return traces;
    }

    /** By the id of their trace. */
    Map<String, List<Span>> spans(JsonNode document) throws IOException {
        JsonNode resources = document.has("batches") ? document.path("batches") : document.path("resourceSpans");
        if (!resources.isArray()) {
            throw new IOException("A trace has no list of resources with spans");
        }
        Map<String, List<Span>> spans = new LinkedHashMap<>();
        for (JsonNode resource : resources) {
            for (JsonNode scope : resource.path("scopeSpans")) {
                for (JsonNode span : scope.path("spans")) {
                    if (span.path("startTimeUnixNano").asLong(0) > 0
                            && !span.path("spanId").asText("").isEmpty()) {
                        spans.computeIfAbsent(id(span.path("traceId")), trace -> new ArrayList<>())
                                .add(span(span, resource.path("resource")));
                    }
                }
            }
        }
        return spans;
    }

    private Span span(JsonNode span, JsonNode resource) throws IOException {
        long began = span.path("startTimeUnixNano").asLong();
        String peer = attribute(span, "peer.service");
        String status = span.path("status").path("code").asText("");
        return new Span(
                id(span.path("spanId")),
                id(span.path("parentSpanId")),
                kind(span.path("kind").asText("")),
                words.name(attribute(resource, "service.name")),
                words.name(peer.isEmpty() ? attribute(span, "service.peer.name") : peer),
                Instant.ofEpochSecond(began / NANOS, began % NANOS),
                Math.max(0, span.path("endTimeUnixNano").asLong(began) - began) / NANOS_OF_MILLI,
                status.equals("2") || status.equals("STATUS_CODE_ERROR"),
                words.version(
                        name -> attribute(span, name).isEmpty() ? attribute(resource, name) : attribute(span, name)));
    }

    private static Span.Kind kind(String said) {
        return switch (said) {
            case "2", "5", "SPAN_KIND_SERVER", "SPAN_KIND_CONSUMER" -> Span.Kind.ANSWERS;
            case "3", "4", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER" -> Span.Kind.ASKS;
            default -> Span.Kind.INNER;
        };
    }

    private static String id(JsonNode said) throws IOException {
        String id = said.asText("");
        if (id.length() != BASE64_OF_8 && id.length() != BASE64_OF_16) {
            return id.toLowerCase(Locale.ROOT);
        }
        try {
            return HexFormat.of().formatHex(Base64.getDecoder().decode(id));
        } catch (IllegalArgumentException broken) {
            throw new IOException("A span's id is none", broken);
        }
    }

    private static String attribute(JsonNode of, String key) {
        for (JsonNode attribute : of.path("attributes")) {
            if (attribute.path("key").asText("").equals(key)) {
                return attribute.path("value").path("stringValue").asText("");
            }
        }
        return "";
    }
}
