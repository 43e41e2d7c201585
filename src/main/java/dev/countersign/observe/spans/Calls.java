package dev.countersign.observe.spans;

import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the spans of a trace into calls: what each service answered. Server's and consumer's spans are calls; a client's span stands for a call to a service that reports none of its
 * own, as a database, or never answered. Any other span is where its service comes in if nothing above it is of that service: a root, one whose caller was not recorded, or one that a
 * client writes in the name of what it calls. A span that was delivered twice is one.
 */
final class Calls {
    private final Map<String, Integer> answering = new HashMap<>();
    private final Map<String, Span> asking = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /** A span that is a call, with its place in the list of calls. */
    private record Node(Span span, String service, boolean remote) {}

    private Calls() {}

    /** Empty where no span is a call. */
    static Optional<Trace> of(String trace, Collection<Span> spans) {
        Calls calls = new Calls();
        for (Span span : new LinkedHashSet<>(spans)) {
            if (span.answers()) {
                calls.answering.put(span.id(), calls.nodes.size());
                calls.nodes.add(new Node(span, span.service(), false));
            } else {
                calls.asking.put(span.id(), span);
            }
        }
        calls.entrances();
        calls.unanswered();
        return calls.nodes.isEmpty() ? Optional.empty() : Optional.of(new Trace(trace, calls.all()));
    }

    private List<Call> all() {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            Span span = node.span();
            calls.add(new Call(
                    node.service(),
                    node.remote() ? null : span.version(),
                    span.at(),
                    span.milliseconds(),
                    span.error(),
                    caller(node, i)));
        }
        return calls;
    }

    private void entrances() {
        asking.forEach((id, span) -> {
            String service = span.service();
            if (!service.isEmpty() && !answering.containsKey(id) && !service.equals(above(span))) {
                answering.put(id, nodes.size());
                nodes.add(new Node(span, service, false));
            }
        });
    }

    /** Whose span is right above; empty where none was recorded. */
    private String above(Span span) {
        Integer node = answering.get(span.parent());
        if (node != null) {
            return nodes.get(node).service();
        }
        Span inner = asking.get(span.parent());
        return inner == null ? "" : inner.service();
    }

    private void unanswered() {
        Set<String> answered = new HashSet<>();
        nodes.forEach(node -> {
            answered.add(node.span().parent());
            if (node.span().kind() == Span.Kind.ANSWERS) {
                answered.add(node.span().id());
            }
        });
        asking.forEach((id, span) -> {
            if (span.kind() == Span.Kind.ASKS
                    && !span.remote().isEmpty()
                    && !span.remote().equals(span.service())
                    && !answered.contains(id)) {
                nodes.add(new Node(span, span.remote(), true));
            }
        });
    }

    /** Up through clients' and inner spans to the next span that answers. A server may share its id with the client that called it. */
    private int caller(Node node, int index) {
        Span span = node.span();
        Integer own = answering.get(span.id());
        if (node.remote() && own != null && own != index) {
            return own; // it comes in and calls at once
        }
        Span client = asking.get(span.id());
        String parent =
                client != null && !node.remote() && span.kind() == Span.Kind.ANSWERS ? client.parent() : span.parent();
        for (int depth = 0; !parent.isEmpty() && depth <= answering.size() + asking.size(); depth++) {
            Integer found = answering.get(parent);
            if (found != null && found != index) {
                return found;
            }
            Span inner = asking.get(parent);
            parent = inner == null ? "" : inner.parent();
        }
        return Trace.NOBODY;
    }
}
