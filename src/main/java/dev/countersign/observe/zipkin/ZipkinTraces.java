package dev.countersign.observe.zipkin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.MonitoringCalls;
import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.spans.Pieces;
import dev.countersign.observe.spans.Pieces.Piece;
import dev.countersign.observe.spans.Served;
import dev.countersign.observe.spans.SpanWords;
import dev.countersign.observe.spans.ZipkinSpans;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Asks Zipkin for the calls between services and for traces. */
@Component
@ConditionalOnProperty("countersign.observe.zipkin.url")
class ZipkinTraces implements TraceSource {
    private final ZipkinProperties properties;
    private final MonitoringCalls calls;
    private final Served served;

    ZipkinTraces(ZipkinProperties properties, Catalog catalog) {
        this.properties = properties;
        this.calls = new MonitoringCalls(
                "Zipkin",
                properties.url(),
                properties.timeout(),
                properties.maxResponse().toBytes());
        this.served = new Served(catalog, properties.targets());
    }

    @Override
    public boolean serves(String service) {
        return served.has(service);
    }

    @Override
    public CallGraph graph(Instant from, Instant until) throws IOException {
        JsonNode links = ask("api/v2/dependencies?endTs=%d&lookback=%d"
                .formatted(until.toEpochMilli(), Duration.between(from, until).toMillis()));
        if (!links.isArray()) {
            throw new IOException("Zipkin answered no list of dependencies");
        }
        UnaryOperator<String> names = served.names();
        Set<Edge> edges = new HashSet<>();
        for (JsonNode link : links) {
            String parent = link.path("parent").asText("");
            String child = link.path("child").asText("");
            if (!parent.isEmpty() && !child.isEmpty() && !parent.equals(child)) {
                edges.add(new Edge(names.apply(parent), names.apply(child)));
            }
        }
        return new CallGraph(edges, !edges.isEmpty());
    }

    @Override
    public Traced traces(String service, Instant from, Instant until) throws IOException {
        ZipkinSpans spans = new ZipkinSpans(new SpanWords(properties.versionTags(), served.names()));
        return new Pieces(properties.slice(), properties.limit())
                .ask(service, from, until, (begin, end) -> piece(service, begin, end, spans));
    }

    private Piece piece(String service, Instant begin, Instant end, ZipkinSpans spans) throws IOException {
        JsonNode answer = ask("api/v2/traces?serviceName=%s&endTs=%d&lookback=%d&limit=%d"
                .formatted(
                        URLEncoder.encode(service.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8),
                        end.toEpochMilli(),
                        Duration.between(begin, end).toMillis(),
                        properties.limit()));
        if (!answer.isArray()) {
            throw new IOException("Zipkin answered no list of traces");
        }
        List<Trace> traces = new ArrayList<>();
        for (JsonNode trace : answer) {
            spans.trace(trace).ifPresent(traces::add);
        }
        return new Piece(traces, answer.size(), 0);
    }

    private JsonNode ask(String path) throws IOException {
        HttpRequest.Builder request = calls.request(path).GET();
        MonitoringCalls.bearer(request, properties.bearerToken(), properties.bearerTokenFile());
        return calls.json(request.build());
    }
}
