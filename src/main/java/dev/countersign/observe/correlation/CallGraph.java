package dev.countersign.observe.correlation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which service calls which.
 *
 * @param seen true where the calls were seen in traces; false where a catalog declares them, and one may be missing
 */
public record CallGraph(Set<Edge> calls, boolean seen) {
    public CallGraph {
        calls = Set.copyOf(calls);
    }

    public record Edge(String caller, String called) {}

    /** How a service stands to the one whose release it is. */
    public enum Relation {
        ITSELF("the released service itself"),
        DEPENDENT("depends on the released service"),
        DEPENDENCY("is called by the released service"),
        NONE("has no path to or from the released service");

        private final String words;

        Relation(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    public Set<String> services() {
        Set<String> services = new TreeSet<>();
        calls.forEach(edge -> {
            services.add(edge.caller());
            services.add(edge.called());
        });
        return services;
    }

    /** Both graphs' calls; seen where either was. */
    public CallGraph and(CallGraph other) {
        Set<Edge> both = new HashSet<>(calls);
        both.addAll(other.calls);
        return new CallGraph(both, seen || other.seen);
    }

    /** Where two call each other, the dependency is what matters: failures come from there. */
    Relation relation(String released, String service) {
        if (released.equals(service)) {
            return Relation.ITSELF;
        }
        if (path(released, service).isPresent()) {
            return Relation.DEPENDENCY;
        }
        return path(service, released).isPresent() ? Relation.DEPENDENT : Relation.NONE;
    }

    /** The services on the shortest way of calls from one to another, both included. */
    Optional<List<String>> path(String from, String to) {
        Map<String, String> cameFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(from));
        cameFrom.put(from, from);
        while (!open.isEmpty()) {
            String next = open.poll();
            if (next.equals(to)) {
                return Optional.of(way(cameFrom, from, to));
            }
            for (String called : calledBy(next)) {
                if (cameFrom.putIfAbsent(called, next) == null) {
                    open.add(called);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> way(Map<String, String> cameFrom, String from, String to) {
        List<String> way = new ArrayList<>(List.of(to));
        for (String at = to; !at.equals(from); at = cameFrom.get(at)) {
            way.add(cameFrom.get(at));
        }
        Collections.reverse(way);
        return List.copyOf(way);
    }

    /** The service and whatever has a path to or from it, nearest first, no more than so many. */
    public Set<String> around(String service, int most) {
        Set<String> around = new LinkedHashSet<>(List.of(service));
        List<String> down = List.of(service);
        List<String> up = List.of(service);
        while (around.size() < most && !(down.isEmpty() && up.isEmpty())) {
            down = next(down, around, this::calledBy);
            up = next(up, around, this::callersOf);
        }
        return around.stream().limit(most).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<String> next(List<String> last, Set<String> around, Function<String, Set<String>> step) {
        return last.stream()
                .flatMap(service -> step.apply(service).stream())
                .filter(around::add)
                .toList();
    }

    public Set<String> callersOf(String called) {
        Set<String> callers = new TreeSet<>();
        for (Edge edge : calls) {
            if (edge.called().equals(called)) {
                callers.add(edge.caller());
            }
        }
        return callers;
    }

    Set<String> calledBy(String caller) {
        Set<String> called = new TreeSet<>();
        for (Edge edge : calls) {
            if (edge.caller().equals(caller)) {
                called.add(edge.called());
            }
        }
        return called;
    }
}
