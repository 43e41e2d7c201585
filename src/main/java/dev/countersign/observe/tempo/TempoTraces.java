package dev.countersign.observe.tempo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.TraceSource;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.spans.OtlpSpans;
import dev.countersign.observe.spans.Pieces.Piece;
import dev.countersign.observe.spans.TracingServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Searches Tempo for traces of a service and asks for each by its id, some at once: a search tells of matching spans only. Tempo does not tell who calls whom; the traces do.
 */
@Component
@ConditionalOnProperty("countersign.observe.tempo.url")
class TempoTraces implements TraceSource {
    private static final long NANOS = 1_000_000_000;
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{1,32}");
    private final TempoProperties properties;
    private final TracingServer tempo;

    TempoTraces(TempoProperties properties, Catalog catalog) {
        this.properties = properties;
        this.tempo = new TracingServer(
                "Tempo",
                properties,
                catalog,
                properties.tenant() == null ? Map.of() : Map.of("X-Scope-OrgID", properties.tenant()));
    }

    @Override
    public boolean serves(String service) {
        return tempo.serves(service);
    }

    @Override
    public CallGraph graph(Instant from, Instant until) {
        return new CallGraph(Set.of(), false);
    }

    @Override
    public Traced traces(String service, Instant from, Instant until) throws IOException {
        OtlpSpans spans = new OtlpSpans(tempo.words());
        Set<String> asked = new HashSet<>();
        try (AtOnce traces = new AtOnce("Tempo", properties.within())) {
            return tempo.pieces(service, from, until, (begin, end) -> {
                List<String> found = search(service, begin, end);
                List<Read> read = traces.all(found.stream().filter(asked::add).toList(), id -> read(id, spans));
                return new Piece(
                        read.stream().flatMap(each -> each.traces().stream()).toList(), found.size(), (int)
                                read.stream().filter(each -> !each.whole()).count());
            });
        }
    }

    /** Whole seconds: what lies at the border of two pieces is found by both. */
    private List<String> search(String service, Instant begin, Instant end) throws IOException {
        JsonNode answer = tempo.ask("api/search?q=%s&start=%d&end=%d&limit=%d&spss=1"
                .formatted(
                        URLEncoder.encode("{ resource.service.name = %s }".formatted(quoted(service)), UTF_8),
                        begin.getEpochSecond(),
                        end.plusNanos(NANOS - 1).getEpochSecond(),
                        properties.limit()));
        JsonNode traces = answer.path("traces");
        // Nothing found may be no list: a field that is empty is left out.
        if (!traces.isArray()
                && !(traces.isMissingNode() && answer.path("metrics").isObject())) {
            throw new IOException("Tempo answered no list of traces");
        }
        JsonNode jobs = answer.path("metrics");
        if (traces.size() < properties.limit()
                && jobs.path("completedJobs").asLong(0) < jobs.path("totalJobs").asLong(0)) {
            throw new IOException("Tempo did not search everything: its answer is not whole");
        }
        List<String> ids = new ArrayList<>();
        for (JsonNode trace : traces) {
            String id = trace.path("traceID").asText("");
            if (!ID.matcher(id).matches()) {
                throw new IOException("Tempo found a trace without an id");
            }
            ids.add(id);
        }
        return ids;
    }

    private static String quoted(String service) {
        return '"' + service.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** @param whole false where Tempo gave a part only: that is none */
    private record Read(List<Trace> traces, boolean whole) {}

    private Read read(String id, OtlpSpans spans) throws IOException {
        JsonNode answer = tempo.ask("api/v2/traces/" + id);
        boolean isWhole = answer.path("trace").has("resourceSpans")
                && !Set.of("PARTIAL", "1").contains(answer.path("status").asText(""));
        return new Read(isWhole ? spans.traces(answer.path("trace")) : List.of(), isWhole);
    }
}
