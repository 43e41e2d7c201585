package dev.countersign.observe.zipkin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.spans.TracingServer;
import dev.countersign.observe.spans.ZipkinSpans;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Asks Zipkin for the calls between services and for traces. */
@Component
@ConditionalOnProperty("countersign.observe.zipkin.url")
class ZipkinTraces implements TraceSource {
    private final TracingServer zipkin;
    private final int limit;

    ZipkinTraces(ZipkinProperties properties, Catalog catalog) {
        this.zipkin = new TracingServer("Zipkin", properties, catalog);
        this.limit = properties.limit();
    }

    @Override
    public boolean serves(String service) {
        return zipkin.serves(service);
    }

    @Override
    public CallGraph graph(Instant from, Instant until) throws IOException {
        return zipkin.graph(list(
                "dependencies",
                "api/v2/dependencies?endTs=%d&lookback=%d"
                        .formatted(
                                until.toEpochMilli(),
                                Duration.between(from, until).toMillis())));
    }

    @Override
    public Traced traces(String service, Instant from, Instant until) throws IOException {
        ZipkinSpans spans = new ZipkinSpans(zipkin.words());
        return zipkin.pieces(
                service, from, until, (begin, end) -> TracingServer.piece(found(service, begin, end), spans::trace));
    }

    private JsonNode found(String service, Instant begin, Instant end) throws IOException {
        return list(
                "traces",
                "api/v2/traces?serviceName=%s&endTs=%d&lookback=%d&limit=%d"
                        .formatted(
                                URLEncoder.encode(service.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8),
                                end.toEpochMilli(),
                                Duration.between(begin, end).toMillis(),
                                limit));
    }

    private JsonNode list(String of, String path) throws IOException {
        JsonNode answer = zipkin.ask(path);
        if (!answer.isArray()) {
            throw new IOException("Zipkin answered no list of " + of);
        }
        return answer;
    }
}
