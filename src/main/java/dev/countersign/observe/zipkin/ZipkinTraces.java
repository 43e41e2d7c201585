package dev.countersign.observe.zipkin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.MonitoringCalls;
import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Asks Zipkin for the calls between services and for traces, piece by piece: it answers with the newest of a time, so that one query would see its end only. */
@Component
@ConditionalOnProperty("countersign.observe.zipkin.url")
class ZipkinTraces implements TraceSource {
    private static final int MOST_SLICES = 120;
    private final ZipkinProperties properties;
    private final MonitoringCalls calls;
    private final Catalog catalog;

    ZipkinTraces(ZipkinProperties properties, Catalog catalog) {
        this.properties = properties;
        this.calls = new MonitoringCalls(
                "Zipkin",
                properties.url(),
                properties.timeout(),
                properties.maxResponse().toBytes());
        this.catalog = catalog;
    }

    @Override
    public boolean serves(String service) {
        return catalog.service(service)
                .map(known -> properties.targets().contains(known.target()))
                .orElse(false);
    }

    @Override
    public CallGraph graph(Instant from, Instant until) throws IOException {
        JsonNode links = ask("api/v2/dependencies?endTs=%d&lookback=%d"
                .formatted(until.toEpochMilli(), Duration.between(from, until).toMillis()));
        if (!links.isArray()) {
            throw new IOException("Zipkin answered no list of dependencies");
        }
        Names names = new Names();
        Set<Edge> edges = new HashSet<>();
        for (JsonNode link : links) {
            String parent = link.path("parent").asText("");
            String child = link.path("child").asText("");
            if (!parent.isEmpty() && !child.isEmpty() && !parent.equals(child)) {
                edges.add(new Edge(names.of(parent), names.of(child)));
            }
        }
        return new CallGraph(edges, !edges.isEmpty());
    }

    @Override
    public Traced traces(String service, Instant from, Instant until) throws IOException {
        Duration whole = Duration.between(from, until);
        Duration slice = longer(properties.slice(), whole.dividedBy(MOST_SLICES));
        TraceReader reader = new TraceReader(properties.versionTags(), new Names()::of);
        // A trace at the border of two pieces is in both.
        Map<String, Trace> traces = new LinkedHashMap<>();
        int slices = 0;
        int cut = 0;
        for (Instant begin = from; begin.isBefore(until); begin = begin.plus(slice)) {
            Instant end = begin.plus(slice).isBefore(until) ? begin.plus(slice) : until;
            JsonNode answer = ask("api/v2/traces?serviceName=%s&endTs=%d&lookback=%d&limit=%d"
                    .formatted(
                            URLEncoder.encode(service.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8),
                            end.toEpochMilli(),
                            Duration.between(begin, end).toMillis(),
                            properties.limit()));
            if (!answer.isArray()) {
                throw new IOException("Zipkin answered no list of traces");
            }
            for (JsonNode spans : answer) {
                reader.read(spans).ifPresent(trace -> traces.put(trace.id(), trace));
            }
            slices++;
            cut += answer.size() >= properties.limit() ? 1 : 0;
        }
        List<String> gaps = new ArrayList<>();
        if (cut > 0) {
            gaps.add("Traces of %s are a sample: %d of %d pieces of %d s had more than %d"
                    .formatted(service, cut, slices, slice.toSeconds(), properties.limit()));
        }
        return new Traced(List.copyOf(traces.values()), gaps);
    }

    private JsonNode ask(String path) throws IOException {
        HttpRequest.Builder request = calls.request(path).GET();
        String token = MonitoringCalls.secret(properties.bearerToken(), properties.bearerTokenFile());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return calls.json(request.build());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Zipkin writes names in small letters; the catalog as its files do. */
    private final class Names {
        private final Map<String, String> known = new TreeMap<>();

        private Names() {
            for (Service service : catalog.services()) {
                known.put(service.name().toLowerCase(Locale.ROOT), service.name());
            }
        }

        private String of(String name) {
            return known.getOrDefault(name.toLowerCase(Locale.ROOT), name);
        }
    }
}
