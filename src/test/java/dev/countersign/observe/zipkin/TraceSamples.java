package dev.countersign.observe.zipkin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Recorded traces, for the test over all samples. Zipkin's are read as they are; OTLP's are brought into Zipkin's form as OpenTelemetry's exporters do. */
public final class TraceSamples {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> KINDS =
            Map.of("2", "SERVER", "3", "CLIENT", "4", "PRODUCER", "5", "CONSUMER");

    private TraceSamples() {}

    public static void check(Path file, JsonNode expected) throws IOException {
        JsonNode root = JSON.readTree(file.toFile());
        Map<String, ArrayNode> traces = root.isArray() ? byTrace(root) : ofOtlp(root);
        List<Trace> read = traces.values().stream().map(TraceSamples::read).toList();
        JsonNode analysis = expected.path("analysis").isObject() ? expected.path("analysis") : expected;
        assertThat(traces.values().stream().mapToInt(ArrayNode::size).sum())
                .isEqualTo(analysis.get("spans").asInt());
        Set<String> services = new TreeSet<>();
        analysis.get("services").forEach(service -> services.add(service.asText()));
        assertThat(calls(read).stream().map(Call::service).collect(Collectors.toSet()))
                .containsAll(services);
        Map<String, Integer> failed = new HashMap<>();
        analysis.path("deepest_error_spans")
                .forEach(span -> failed.merge(span.get(0).asText(), 1, Integer::sum));
        Map<String, Integer> failing = new HashMap<>();
        calls(read).stream().filter(Call::error).forEach(call -> failing.merge(call.service(), 1, Integer::sum));
        assertThat(failing).isEqualTo(failed);
        siblings(read, expected.path("expected"));
        if (expected.has("trace_ids")) {
            assertThat(read)
                    .extracting(Trace::id)
                    .containsExactly(expected.at("/trace_ids/0").asText());
        }
    }

    /** Calls of one service that one caller made one after the other, where the pattern is one between services. */
    private static void siblings(List<Trace> traces, JsonNode pattern) {
        String service = pattern.path("service").asText("");
        if (!service.equals("redis-manual")) {
            return;
        }
        Map<Integer, Long> byCaller = traces.get(0).calls().stream()
                .filter(call -> call.service().equals(service))
                .collect(Collectors.groupingBy(Call::caller, Collectors.counting()));
        assertThat(byCaller).hasSize(1);
        assertThat(byCaller.keySet()).doesNotContain(Trace.NOBODY);
        assertThat(byCaller.values()).containsExactly(pattern.get("siblings").asLong());
        double sum = traces.get(0).calls().stream()
                .filter(call -> call.service().equals(service))
                .mapToDouble(Call::milliseconds)
                .sum();
        assertThat(sum)
                .isCloseTo(pattern.get("sum_of_durations_ms").asDouble(), org.assertj.core.api.Assertions.within(0.1));
    }

    private static List<Call> calls(List<Trace> traces) {
        return traces.stream().flatMap(trace -> trace.calls().stream()).toList();
    }

    private static Trace read(ArrayNode spans) {
        try {
            return new TraceReader(List.of("service.version"), name -> name)
                    .read(spans)
                    .orElseThrow();
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    private static Map<String, ArrayNode> byTrace(JsonNode spans) {
        Map<String, ArrayNode> traces = new LinkedHashMap<>();
        spans.forEach(span -> traces.computeIfAbsent(span.get("traceId").asText(), id -> JSON.createArrayNode())
                .add(span));
        return traces;
    }

    private static Map<String, ArrayNode> ofOtlp(JsonNode root) {
        ArrayNode spans = JSON.createArrayNode();
        for (JsonNode resource : root.get("resourceSpans")) {
            String service = attribute(resource.path("resource"), "service.name");
            for (JsonNode scope : resource.get("scopeSpans")) {
                scope.get("spans").forEach(span -> spans.add(zipkin(span, service)));
            }
        }
        return byTrace(spans);
    }

    private static ObjectNode zipkin(JsonNode span, String service) {
        long start = span.get("startTimeUnixNano").asLong();
        ObjectNode zipkin = JSON.createObjectNode()
                .put("traceId", span.get("traceId").asText())
                .put("id", span.get("spanId").asText())
                .put("name", span.get("name").asText())
                .put("timestamp", start / 1000)
                .put("duration", (span.get("endTimeUnixNano").asLong() - start) / 1000);
        if (!span.path("parentSpanId").asText("").isEmpty()) {
            zipkin.put("parentId", span.get("parentSpanId").asText());
        }
        String kind = KINDS.get(span.path("kind").asText(""));
        if (kind != null) {
            zipkin.put("kind", kind);
        }
        zipkin.putObject("localEndpoint").put("serviceName", service);
        for (String name : List.of("peer.service", "service.peer.name")) {
            String peer = attribute(span, name);
            if (!peer.isEmpty()) {
                zipkin.putObject("remoteEndpoint").put("serviceName", peer);
            }
        }
        ObjectNode tags = zipkin.putObject("tags");
        if (span.at("/status/code").asText("").equals("2")) {
            tags.put("error", span.at("/status/message").asText("true"));
        }
        return zipkin;
    }

    private static String attribute(JsonNode of, String key) {
        for (JsonNode attribute : of.path("attributes")) {
            if (attribute.path("key").asText().equals(key)) {
                return attribute.at("/value/stringValue").asText("");
            }
        }
        return "";
    }
}
