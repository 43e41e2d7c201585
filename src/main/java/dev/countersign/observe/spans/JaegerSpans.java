package dev.countersign.observe.spans;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Spans in the form of Jaeger's query service: what a process says of itself stands once, beside the spans. Tags are those that Jaeger writes for OpenTelemetry's too: {@code span.kind},
 * {@code peer.service}, and {@code error} for a status that is one.
 */
public final class JaegerSpans {
    private static final double MICROS = 1000;
    private final SpanWords words;

    public JaegerSpans(SpanWords words) {
        this.words = words;
    }

    /** Empty where no span has what is needed. */
    public Optional<Trace> trace(JsonNode trace) throws IOException {
        return Calls.of(trace.path("traceID").asText(""), spans(trace));
    }

    List<Span> spans(JsonNode trace) throws IOException {
        if (!trace.path("spans").isArray()) {
            throw new IOException("Jaeger answered a trace without a list of spans");
        }
        List<Span> spans = new ArrayList<>();
        for (JsonNode span : trace.path("spans")) {
            String id = span.path("spanID").asText("");
            if (!id.isEmpty() && span.path("startTime").canConvertToLong()) {
                // Older stores write the process into the span.
                JsonNode process =
                        trace.path("processes").path(span.path("processID").asText(""));
                spans.add(span(id, span, process.isMissingNode() ? span.path("process") : process));
            }
        }
        return spans;
    }

    private Span span(String id, JsonNode span, JsonNode process) {
        String error = tag(span, "error");
        return new Span(
                id,
                parent(span),
                kind(tag(span, "span.kind")),
                words.name(process.path("serviceName").asText("")),
                words.name(tag(span, "peer.service")),
                Instant.EPOCH.plus(span.path("startTime").asLong(), ChronoUnit.MICROS),
                span.path("duration").asLong(0) / MICROS,
                !error.isEmpty() && !"false".equals(error),
                words.version(name -> tag(span, name).isEmpty() ? tag(process, name) : tag(span, name)));
    }

    /** Whose child it is; what it only follows from counts where it is no child. A reference into another trace is none. */
    private static String parent(JsonNode span) {
        String follows = span.path("parentSpanID").asText("");
        for (JsonNode reference : span.path("references")) {
            String other = reference.path("spanID").asText("");
            if (!reference
                    .path("traceID")
                    .asText("")
                    .equals(span.path("traceID").asText(""))) {
                continue;
            }
            if (reference.path("refType").asText("").equals("CHILD_OF")) {
                return other;
            }
            follows = follows.isEmpty() ? other : follows;
        }
        return follows;
    }

    private static Span.Kind kind(String said) {
        return switch (said.toLowerCase(Locale.ROOT)) {
            case "server", "consumer" -> Span.Kind.ANSWERS;
            case "client", "producer" -> Span.Kind.ASKS;
            default -> Span.Kind.INNER;
        };
    }

    private static String tag(JsonNode of, String key) {
        for (JsonNode tag : of.path("tags")) {
            if (tag.path("key").asText("").equals(key)) {
                return tag.path("value").asText("");
            }
        }
        return "";
    }
}
