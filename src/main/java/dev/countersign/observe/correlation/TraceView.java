package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Evidence.Split;
import dev.countersign.observe.correlation.Signal.Count;
import dev.countersign.observe.correlation.Signal.Kind;
import dev.countersign.observe.correlation.Trace.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What traces say. A failure counts where it came from: a call that failed, none of whose own calls did. So a service is not blamed for what it only passed on, and a candidate
 * that calls a failing dependency more often is not blamed for its failures.
 */
final class TraceView {
    static final String SOURCE = "traces";
    static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final double SLOW = 0.95;
    private static final int LEAST_CALLS = 100;
    private static final double ELSEWHERE = 0.9;
    private static final int LEAST_ELSEWHERE = 20;
    private final Question question;
    private final Map<String, Double> limits = new TreeMap<>();
    private final List<Seen> calls = new ArrayList<>();
    private final Set<Edge> edges = new HashSet<>();

    /** Which version of the released service a call met. */
    private enum Met {
        CANDIDATE,
        STABLE,
        /** It was met, and its span names no version. */
        UNTOLD,
        NEITHER
    }

    /** @param own whether it failed, or was slow, and none of its calls was */
    private record Seen(Call call, Met met, boolean below, boolean slow, boolean ownError, boolean ownSlow) {}

    TraceView(List<Trace> traces, Question question) {
        this.question = question;
        limits(traces);
        traces.forEach(this::take);
    }

    /** What 95 of 100 calls kept within while all was quiet; a service with few calls has no limit. */
    private void limits(List<Trace> traces) {
        Map<String, List<Double>> quiet = new HashMap<>();
        for (Trace trace : traces) {
            for (Call call : trace.calls()) {
                if (call.at().isBefore(question.quietUntil())) {
                    quiet.computeIfAbsent(call.service(), service -> new ArrayList<>())
                            .add(call.milliseconds());
                }
            }
        }
        quiet.forEach((service, durations) -> {
            if (durations.size() >= LEAST_CALLS) {
                double[] sorted = durations.stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
                limits.put(service, sorted[(int) Math.ceil(SLOW * sorted.length) - 1]);
            }
        });
    }

    private void take(Trace trace) {
        List<Call> all = trace.calls();
        Met[] above = new Met[all.size()];
        boolean[] callsFailing = new boolean[all.size()];
        boolean[] callsSlow = new boolean[all.size()];
        Met anywhere = Met.NEITHER;
        for (int i = 0; i < all.size(); i++) {
            Call call = all.get(i);
            above[i] = above(all, i);
            anywhere = above[i].compareTo(anywhere) < 0 ? above[i] : anywhere;
            if (call.caller() != Trace.NOBODY) {
                callsFailing[call.caller()] |= call.error();
                callsSlow[call.caller()] |= isSlow(call);
                edges.add(new Edge(all.get(call.caller()).service(), call.service()));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            Call call = all.get(i);
            boolean slow = isSlow(call);
            calls.add(new Seen(
                    call,
                    above[i] == Met.NEITHER ? anywhere : above[i],
                    above[i] != Met.NEITHER && !call.service().equals(question.service()),
                    slow,
                    call.error() && !callsFailing[i],
                    slow && !callsSlow[i]));
        }
        edges.removeIf(edge -> edge.caller().equals(edge.called()));
    }

    /** The version of the released service on the way from the call up to where the request came in. */
    private Met above(List<Call> all, int index) {
        int at = index;
        Met met = Met.NEITHER;
        for (int depth = 0; at != Trace.NOBODY && depth <= all.size(); depth++) {
            Call call = all.get(at);
            if (call.service().equals(question.service()) && call.version() != null) {
                return question.candidate().contains(call.version()) ? Met.CANDIDATE : Met.STABLE;
            }
            met = call.service().equals(question.service()) ? Met.UNTOLD : met;
            at = call.caller();
        }
        return met;
    }

    private boolean isSlow(Call call) {
        Double limit = limits.get(call.service());
        return limit != null && call.milliseconds() > limit;
    }

    CallGraph graph() {
        return new CallGraph(edges, !edges.isEmpty());
    }

    Set<String> services() {
        Set<String> services = new TreeSet<>();
        calls.forEach(seen -> services.add(seen.call().service()));
        return services;
    }

    /** Failures and slow calls of each service, its own and those that it passed on: both are met by its callers. */
    List<Signal> signals() {
        Map<String, SortedMap<Instant, double[]>> counted = new TreeMap<>();
        for (Seen seen : calls) {
            Instant at = floor(seen.call().at());
            if (!at.plus(INTERVAL).isAfter(question.until()) && !at.isBefore(question.from())) {
                double[] counts = counted.computeIfAbsent(seen.call().service(), service -> new TreeMap<>())
                        .computeIfAbsent(at, interval -> new double[3]);
                counts[0]++;
                counts[1] += seen.call().error() ? 1 : 0;
                counts[2] += seen.slow() ? 1 : 0;
            }
        }
        List<Signal> signals = new ArrayList<>();
        counted.forEach((service, intervals) -> {
            signals.add(signal(service, Kind.ERRORS, intervals, 1));
            if (limits.containsKey(service)) {
                signals.add(signal(service, Kind.LATENCY, intervals, 2));
            }
        });
        return signals;
    }

    private static Signal signal(String service, Kind kind, SortedMap<Instant, double[]> intervals, int column) {
        return new Signal(
                service,
                kind,
                SOURCE,
                intervals.entrySet().stream()
                        .map(interval -> new Count(
                                interval.getKey(), INTERVAL, interval.getValue()[0], interval.getValue()[column]))
                        .toList());
    }

    private static Instant floor(Instant at) {
        long step = INTERVAL.toMillis();
        return Instant.ofEpochMilli(Math.floorDiv(at.toEpochMilli(), step) * step);
    }

    /** What came from the service itself, in requests through the candidate and through the stable version, since both serve. */
    Split split(String service, Kind kind, Instant since) {
        double[] counts = new double[4];
        for (Seen seen : calls) {
            Call call = seen.call();
            if (call.service().equals(service)
                    && seen.met().compareTo(Met.STABLE) <= 0
                    && !call.at().isBefore(since)
                    && call.at().isBefore(question.until())) {
                int side = seen.met() == Met.CANDIDATE ? 0 : 2;
                counts[side] += (kind == Kind.LATENCY ? seen.ownSlow() : seen.ownError()) ? 1 : 0;
                counts[side + 1]++;
            }
        }
        return new Split(service, kind, SOURCE, counts[0], counts[1], counts[2], counts[3]);
    }

    /** Whether what came from the service itself came, all but a tenth of it, in requests that never reached the released service. */
    boolean isElsewhere(String service, Kind kind, Instant since) {
        double all = 0;
        double elsewhere = 0;
        for (Seen seen : calls) {
            Call call = seen.call();
            boolean own = kind == Kind.LATENCY ? seen.ownSlow() : seen.ownError();
            if (own
                    && call.service().equals(service)
                    && !call.at().isBefore(since)
                    && call.at().isBefore(question.until())) {
                all++;
                elsewhere += seen.met() == Met.NEITHER ? 1 : 0;
            }
        }
        return all >= LEAST_ELSEWHERE && elsewhere >= ELSEWHERE * all;
    }

    /** Calls of a dependency for each request of the released service; events are the calls, exposure the requests. */
    Split callsOf(String dependency) {
        double[] counts = new double[4];
        for (Seen seen : calls) {
            Call call = seen.call();
            if (seen.met().compareTo(Met.STABLE) > 0
                    || call.at().isBefore(question.began())
                    || !call.at().isBefore(question.until())) {
                continue;
            }
            int side = seen.met() == Met.CANDIDATE ? 0 : 2;
            if (call.service().equals(question.service())) {
                counts[side + 1]++;
            } else if (call.service().equals(dependency) && seen.below()) {
                counts[side]++;
            }
        }
        return new Split(dependency, Kind.ERRORS, SOURCE, counts[0], counts[1], counts[2], counts[3]);
    }
}
