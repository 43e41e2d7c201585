package dev.countersign.observe.jaeger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.MonitoringCalls;
import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.spans.JaegerSpans;
import dev.countersign.observe.spans.Pieces;
import dev.countersign.observe.spans.Pieces.Piece;
import dev.countersign.observe.spans.Served;
import dev.countersign.observe.spans.SpanWords;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Asks a Jaeger query service for the calls between services and for traces, as its own pages do. */
@Component
@ConditionalOnProperty("countersign.observe.jaeger.url")
class JaegerTraces implements TraceSource {
    private final JaegerProperties properties;
    private final MonitoringCalls calls;
    private final Served served;

    JaegerTraces(JaegerProperties properties, Catalog catalog) {
        this.properties = properties;
        this.calls = new MonitoringCalls(
                "Jaeger",
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
        UnaryOperator<String> names = served.names();
        Set<Edge> edges = new HashSet<>();
        for (JsonNode link : data("api/dependencies?endTs=%d&lookback=%d"
                .formatted(until.toEpochMilli(), Duration.between(from, until).toMillis()))) {
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
        JaegerSpans spans = new JaegerSpans(new SpanWords(properties.versionTags(), served.names()));
        return new Pieces(properties.slice(), properties.limit())
                .ask(service, from, until, (begin, end) -> piece(service, begin, end, spans));
    }

    private Piece piece(String service, Instant begin, Instant end, JaegerSpans spans) throws IOException {
        JsonNode data = data("api/traces?service=%s&start=%d&end=%d&limit=%d"
                .formatted(
                        URLEncoder.encode(service, StandardCharsets.UTF_8),
                        micros(begin),
                        micros(end),
                        properties.limit()));
        List<Trace> traces = new ArrayList<>();
        for (JsonNode trace : data) {
            spans.trace(trace).ifPresent(traces::add);
        }
        return new Piece(traces, data.size(), 0);
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    /** What stands beside errors is a part of an answer, and none. */
    private JsonNode data(String path) throws IOException {
        HttpRequest.Builder request = calls.request(path).GET();
        MonitoringCalls.bearer(request, properties.bearerToken(), properties.bearerTokenFile());
        JsonNode answer = calls.json(request.build());
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
