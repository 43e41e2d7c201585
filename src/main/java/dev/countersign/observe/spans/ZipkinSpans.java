package dev.countersign.observe.spans;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Spans in the form of Zipkin's API, version 2. The tag {@code error} makes one a failure, whatever it says but {@code false}. */
public final class ZipkinSpans {
    private static final Set<String> ANSWERS = Set.of("SERVER", "CONSUMER");
    private static final Set<String> ASKS = Set.of("CLIENT", "PRODUCER");
    private static final double MICROS = 1000;
    private final SpanWords words;

    public ZipkinSpans(SpanWords words) {
        this.words = words;
    }

    /** Empty where no span has what is needed. */
    public Optional<Trace> trace(JsonNode trace) throws IOException {
        return Calls.of(trace.path(0).path("traceId").asText(""), spans(trace));
    }

    List<Span> spans(JsonNode trace) throws IOException {
        if (!trace.isArray()) {
            throw new IOException("Zipkin answered a trace that is no list of spans");
        }
        List<Span> spans = new ArrayList<>();
        for (JsonNode span : trace) {
            String id = span.path("id").asText("");
            if (!id.isEmpty() && span.path("timestamp").canConvertToLong()) {
                spans.add(span(id, span));
            }
        }
        return spans;
    }

    private Span span(String id, JsonNode span) {
        JsonNode tags = span.path("tags");
        String kind = span.path("kind").asText("");
        return new Span(
                id,
                span.path("parentId").asText(""),
                ANSWERS.contains(kind) ? Span.Kind.ANSWERS : ASKS.contains(kind) ? Span.Kind.ASKS : Span.Kind.INNER,
                words.name(span.path("localEndpoint").path("serviceName").asText("")),
                words.name(span.path("remoteEndpoint").path("serviceName").asText("")),
                Instant.EPOCH.plus(span.path("timestamp").asLong(), ChronoUnit.MICROS),
                span.path("duration").asLong(0) / MICROS,
                tags.has("error") && !"false".equals(tags.path("error").asText("")),
                words.version(name -> tags.path(name).asText("")));
    }
}
