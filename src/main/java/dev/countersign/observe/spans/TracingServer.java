package dev.countersign.observe.spans;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.MonitoringCalls;
import dev.countersign.observe.TraceSource.Traced;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.spans.Pieces.Piece;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Asks a tracing server, whichever it is: with what is configured, for the services that have their traces there, piece by piece. */
public final class TracingServer {
    private final TracingProperties properties;
    private final Map<String, String> headers;
    private final MonitoringCalls calls;
    private final Served served;

    /** @param name as sentences say it */
    public TracingServer(String name, TracingProperties properties, Catalog catalog) {
        this(name, properties, catalog, Map.of());
    }

    /** @param headers that each query has, beside who asks */
    public TracingServer(String name, TracingProperties properties, Catalog catalog, Map<String, String> headers) {
        this.properties = properties;
        this.headers = Map.copyOf(headers);
        this.calls = new MonitoringCalls(
                name,
                properties.url(),
                properties.timeout(),
                properties.maxResponse().toBytes());
        this.served = new Served(catalog, properties.targets());
    }

    public boolean serves(String service) {
        return served.has(service);
    }

    /** How its spans are understood now: the catalog may have changed since the last time. */
    public SpanWords words() {
        return new SpanWords(properties.versionTags(), served.names());
    }

    public Traced pieces(String service, Instant from, Instant until, Pieces.Asked asked) throws IOException {
        return new Pieces(properties.slice(), properties.limit()).ask(service, from, until, asked);
    }

    /** @param path below the server's address, its parts encoded */
    public JsonNode ask(String path) throws IOException {
        HttpRequest.Builder request = calls.request(path).GET();
        MonitoringCalls.header(request, "Authorization", properties.authorized());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            MonitoringCalls.header(request, header.getKey(), header.getValue());
        }
        return calls.json(request.build());
    }

    /** Of calls as Zipkin and Jaeger tell them: {@code parent} called {@code child}. */
    public CallGraph graph(JsonNode links) {
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

    /** Understands a trace; empty where it has nothing of use. */
    @FunctionalInterface
    public interface Reading {
        Optional<Trace> of(JsonNode trace) throws IOException;
    }

    /** Of a list of whole traces; what has nothing of use counts as found. */
    public static Piece piece(JsonNode found, Reading read) throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (JsonNode each : found) {
            read.of(each).ifPresent(traces::add);
        }
        return new Piece(traces, found.size(), 0);
    }
}
