package dev.countersign.observe.jaeger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.spans.JaegerSpans;
import dev.countersign.observe.spans.TracingServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Asks a Jaeger query service for the calls between services and for traces, as its own pages do. */
@Component
@ConditionalOnProperty("countersign.observe.jaeger.url")
class JaegerTraces implements TraceSource {
    private final TracingServer jaeger;
    private final int limit;

    JaegerTraces(JaegerProperties properties, Catalog catalog) {
        this.jaeger = new TracingServer("Jaeger", properties, catalog);
        this.limit = properties.limit();
    }

    @Override
    public boolean serves(String service) {
        return jaeger.serves(service);
    }

    @Override
    public CallGraph graph(Instant from, Instant until) throws IOException {
        return jaeger.graph(data("api/dependencies?endTs=%d&lookback=%d"
                .formatted(until.toEpochMilli(), Duration.between(from, until).toMillis())));
    }

    @Override
    public Traced traces(String service, Instant from, Instant until) throws IOException {
        JaegerSpans spans = new JaegerSpans(jaeger.words());
        return jaeger.pieces(
                service, from, until, (begin, end) -> TracingServer.piece(found(service, begin, end), spans::trace));
    }

    private JsonNode found(String service, Instant begin, Instant end) throws IOException {
        return data("api/traces?service=%s&start=%d&end=%d&limit=%d"
                .formatted(URLEncoder.encode(service, StandardCharsets.UTF_8), micros(begin), micros(end), limit));
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    /** What stands beside errors is a part of an answer, and none. */
    private JsonNode data(String path) throws IOException {
        JsonNode answer = jaeger.ask(path);
        if (!answer.path("errors").isEmpty()) {
            throw new IOException("Jaeger's answer is not whole: "
                    + answer.path("errors").path(0).path("msg").asText("it does not say why"));
        }
        if (!answer.path("data").isArray()) {
            throw new IOException("Jaeger answered no list");
        }
        return answer.path("data");
    }
}
