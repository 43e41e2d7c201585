package dev.countersign.observe.spans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Recorded traces in the three forms, for the test over all samples. */
public final class TraceSamples {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SpanWords WORDS = new SpanWords(List.of("service.version"), name -> name);

    private TraceSamples() {}

    public static void check(Path file, JsonNode expected) throws IOException {
        JsonNode document = JSON.readTree(file.toFile());
        if (file.toString().endsWith(".manifest.json")) {
            label(file, document);
            return;
        }
        Map<String, List<Span>> traces = spans(document);
        JsonNode analysis = expected.path("analysis").isObject() ? expected.path("analysis") : expected;
        assertThat(traces.values().stream().mapToInt(List::size).sum())
                .isEqualTo(analysis.get("spans").asInt());
        Set<String> services = new TreeSet<>();
        analysis.get("services").forEach(service -> services.add(service.asText()));
        List<Call> calls = traces.entrySet().stream()
                .flatMap(trace -> Calls.of(trace.getKey(), trace.getValue()).orElseThrow().calls().stream())
                .toList();
        assertThat(calls.stream().map(Call::service).collect(Collectors.toSet()))
                .containsAll(services);
        Map<String, Integer> failed = new HashMap<>();
        analysis.path("deepest_error_spans")
                .forEach(span -> failed.merge(span.get(0).asText(), 1, Integer::sum));
        Map<String, Integer> failing = new HashMap<>();
        calls.stream().filter(Call::error).forEach(call -> failing.merge(call.service(), 1, Integer::sum));
        assertThat(failing).isEqualTo(failed);
        for (String trace : List.of("/trace_ids/0", "/traceID")) {
            if (!expected.at(trace).isMissingNode()) {
                assertThat(traces.keySet()).containsExactly(expected.at(trace).asText());
            }
        }
        if (file.toString().endsWith("otlp2jaeger-out.json")) {
            sameAsItsSource(file, calls);
        }
    }

    /** Jaeger made it from a document in OpenTelemetry's form: both say the same. */
    private static void sameAsItsSource(Path file, List<Call> calls) throws IOException {
        JsonNode source =
                JSON.readTree(file.resolveSibling("otlp2jaeger-in.json").toFile());
        List<Trace> traces = new OtlpSpans(WORDS).traces(source);
        assertThat(traces).singleElement().satisfies(trace -> assertThat(trace.calls())
                .isEqualTo(calls));
    }

    private static Map<String, List<Span>> spans(JsonNode document) throws IOException {
        Map<String, List<Span>> traces = new LinkedHashMap<>();
        if (document.isArray()) {
            traces.put(document.at("/0/traceId").asText(), new ZipkinSpans(WORDS).spans(document));
        } else if (document.has("data")) {
            for (JsonNode trace : document.path("data")) {
                traces.put(trace.path("traceID").asText(), new JaegerSpans(WORDS).spans(trace));
            }
        } else {
            traces.putAll(new OtlpSpans(WORDS).spans(document));
        }
        return traces;
    }

    /** What a label says of the trace beside it: one span makes so many of a kind below it, one after the other. */
    private static void label(Path file, JsonNode label) throws IOException {
        Path beside = Path.of(file.toString().replace(".manifest.json", ".otlp.json"));
        JsonNode document = JSON.readTree(beside.toFile());
        Map<String, List<Span>> traces = spans(document);
        assertThat(traces.keySet()).containsExactly(label.get("trace_id").asText());
        JsonNode said = label.get("expected");
        List<Span> siblings = traces.values().iterator().next().stream()
                .filter(span -> span.parent().equals(said.get("parent_span_id").asText()))
                .filter(span -> operation(document, span.id())
                        .equals(said.get("operation").asText()))
                .sorted(Comparator.comparing(Span::at))
                .toList();
        assertThat(siblings).hasSize(said.get("siblings").asInt());
        assertThat(siblings)
                .extracting(Span::service)
                .containsOnly(said.get("service").asText());
        long overlaps = 0;
        for (int i = 1; i < siblings.size(); i++) {
            overlaps += sinceFirst(siblings, i)
                            < sinceFirst(siblings, i - 1) + siblings.get(i - 1).milliseconds()
                    ? 1
                    : 0;
        }
        assertThat(overlaps).isEqualTo(said.get("overlapping_pairs").asLong());
        int last = siblings.size() - 1;
        assertThat(sinceFirst(siblings, last) + siblings.get(last).milliseconds())
                .isCloseTo(said.get("wall_ms").asDouble(), within(0.1));
        assertThat(siblings.stream().mapToDouble(Span::milliseconds).sum())
                .isCloseTo(said.get("sum_of_durations_ms").asDouble(), within(0.1));
        assertThat(label.get("pattern_present").asBoolean()).isTrue();
        calledByOne(traces, siblings);
    }

    /** Each is one call of the same caller: a service's own span, or a client's that the called one answers. */
    private static void calledByOne(Map<String, List<Span>> traces, List<Span> siblings) {
        String trace = traces.keySet().iterator().next();
        List<Call> calls = Calls.of(trace, traces.get(trace)).orElseThrow().calls();
        Set<Integer> callers = new TreeSet<>();
        for (Span span : siblings) {
            assertThat(calls)
                    .filteredOn(call -> call.caller() != Trace.NOBODY && isWithin(call, span))
                    .filteredOn(call -> !calls.get(call.caller())
                            .at()
                            .isAfter(siblings.get(0).at()))
                    .singleElement()
                    .satisfies(call -> callers.add(call.caller()));
        }
        assertThat(callers).hasSize(1);
    }

    private static boolean isWithin(Call call, Span span) {
        double since = java.time.Duration.between(span.at(), call.at()).toNanos() / 1e6;
        return since >= 0 && since < span.milliseconds();
    }

    private static double sinceFirst(List<Span> siblings, int index) {
        return java.time.Duration.between(
                                siblings.get(0).at(), siblings.get(index).at())
                        .toNanos()
                / 1e6;
    }

    private static String operation(JsonNode document, String id) {
        for (JsonNode span : document.findParents("spanId")) {
            if (span.path("spanId").asText().equals(id)) {
                return span.path("name").asText();
            }
        }
        return "";
    }
}
