package dev.countersign.observe.zipkin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Turns the spans of a trace into calls: what each service answered. Server's and consumer's spans are calls; a client's span stands for a call to a service that reports none of its
 * own, as a database, or never answered. Any other span is where its service comes in if nothing above it is of that service: a root, one whose caller was not recorded, or one that a
 * client writes in the name of what it calls.
 */
final class TraceReader {
    private static final Set<String> ANSWERS = Set.of("SERVER", "CONSUMER");
    private static final Set<String> ASKS = Set.of("CLIENT", "PRODUCER");
    private static final double MICROS = 1000;
    private final List<String> versionTags;
    private final UnaryOperator<String> names;

    /** @param names as the catalog has them */
    TraceReader(List<String> versionTags, UnaryOperator<String> names) {
        this.versionTags = List.copyOf(versionTags);
        this.names = names;
    }

    /** A span that is a call, with its place in the list of calls. */
    private record Node(JsonNode span, String service, boolean remote) {}

    /** Empty where no span has what is needed. */
    Optional<Trace> read(JsonNode spans) throws IOException {
        if (!spans.isArray()) {
            throw new IOException("Zipkin answered a trace that is no list of spans");
        }
        List<Node> nodes = new ArrayList<>();
        Map<String, Integer> answering = new HashMap<>();
        Map<String, JsonNode> asking = new LinkedHashMap<>();
        for (JsonNode span : spans) {
            String id = span.path("id").asText("");
            if (id.isEmpty() || !span.path("timestamp").canConvertToLong()) {
                continue;
            }
            if (isAnswer(span) && !local(span).isEmpty()) {
                answering.put(id, nodes.size());
                nodes.add(new Node(span, local(span), false));
            } else {
                asking.put(id, span);
            }
        }
        entrances(asking, answering, nodes);
        unanswered(asking, answering, nodes);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            calls.add(call(nodes.get(i), caller(nodes.get(i), i, answering, asking)));
        }
        return calls.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trace(spans.path(0).path("traceId").asText(""), calls));
    }

    private void entrances(Map<String, JsonNode> asking, Map<String, Integer> answering, List<Node> nodes) {
        asking.forEach((id, span) -> {
            String service = local(span);
            if (!service.isEmpty()
                    && !answering.containsKey(id)
                    && !service.equals(above(span, asking, answering, nodes))) {
                answering.put(id, nodes.size());
                nodes.add(new Node(span, service, false));
            }
        });
    }

    /** Whose span is right above; empty where none was recorded. */
    private String above(
            JsonNode span, Map<String, JsonNode> asking, Map<String, Integer> answering, List<Node> nodes) {
        String parent = span.path("parentId").asText("");
        Integer node = answering.get(parent);
        if (node != null) {
            return nodes.get(node).service();
        }
        JsonNode inner = asking.get(parent);
        return inner == null ? "" : local(inner);
    }

    private void unanswered(Map<String, JsonNode> asking, Map<String, Integer> answering, List<Node> nodes) {
        Set<String> answered = new HashSet<>();
        nodes.forEach(node -> {
            answered.add(node.span().path("parentId").asText(""));
            if (isAnswer(node.span())) {
                answered.add(node.span().path("id").asText());
            }
        });
        asking.forEach((id, span) -> {
            String remote = name(span.path("remoteEndpoint"));
            if (ASKS.contains(span.path("kind").asText(""))
                    && !remote.isEmpty()
                    && !remote.equals(local(span))
                    && !answered.contains(id)) {
                nodes.add(new Node(span, remote, true));
            }
        });
    }

    /** Up through clients' and inner spans to the next span that answers. A server may share its id with the client that called it. */
    private int caller(Node node, int index, Map<String, Integer> answering, Map<String, JsonNode> asking) {
        JsonNode span = node.span();
        String id = span.path("id").asText();
        Integer own = answering.get(id);
        if (node.remote() && own != null && own != index) {
            return own; // it comes in and calls at once
        }
        JsonNode client = asking.get(id);
        String parent = client != null && !node.remote() && isAnswer(span)
                ? client.path("parentId").asText("")
                : span.path("parentId").asText("");
        for (int depth = 0; !parent.isEmpty() && depth <= answering.size() + asking.size(); depth++) {
            Integer found = answering.get(parent);
            if (found != null && found != index) {
                return found;
            }
            JsonNode inner = asking.get(parent);
            parent = inner == null ? "" : inner.path("parentId").asText("");
        }
        return Trace.NOBODY;
    }

    private Call call(Node node, int caller) {
        JsonNode span = node.span();
        JsonNode tags = span.path("tags");
        String error =
                tags.path("error").isMissingNode() ? null : tags.path("error").asText("");
        return new Call(
                node.service(),
                node.remote() ? null : version(tags),
                Instant.EPOCH.plus(span.path("timestamp").asLong(), ChronoUnit.MICROS),
                span.path("duration").asLong(0) / MICROS,
                error != null && !"false".equals(error),
                caller);
    }

    private String version(JsonNode tags) {
        for (String tag : versionTags) {
            String version = tags.path(tag).asText("");
            if (!version.isEmpty()) {
                return version.substring(version.lastIndexOf('@') + 1);
            }
        }
        return null;
    }

    private static boolean isAnswer(JsonNode span) {
        return ANSWERS.contains(span.path("kind").asText(""));
    }

    private String local(JsonNode span) {
        return name(span.path("localEndpoint"));
    }

    private String name(JsonNode endpoint) {
        String name = endpoint.path("serviceName").asText("");
        return name.isEmpty() ? "" : names.apply(name);
    }
}
