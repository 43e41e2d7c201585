package dev.countersign.observe;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.LogSource.Lines;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Correlator;
import dev.countersign.observe.correlation.Evidence;
import dev.countersign.observe.correlation.Evidence.Versions;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.Question;
import dev.countersign.observe.correlation.Signal;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Gathers calls, traces, metrics and logs of the released service and of its neighbours, and has them correlated. */
@Component
class MeasuredCorrelations implements Correlations {
    private static final int MOST_SERVICES = 30;
    private static final int MOST_CALLERS = 3;
    private final ObjectProvider<TraceSource> traceSources;
    private final ObjectProvider<LogSource> logSources;
    private final Sources metrics;
    private final Catalog catalog;

    MeasuredCorrelations(
            ObjectProvider<TraceSource> traceSources,
            ObjectProvider<LogSource> logSources,
            Sources metrics,
            Catalog catalog) {
        this.traceSources = traceSources;
        this.logSources = logSources;
        this.metrics = metrics;
        this.catalog = catalog;
    }

    @Override
    public boolean serve(String service) {
        return traces(service).isPresent() || logs(service).isPresent();
    }

    private Optional<TraceSource> traces(String service) {
        return traceSources
                .orderedStream()
                .filter(source -> source.serves(service))
                .findFirst();
    }

    private Optional<LogSource> logs(String service) {
        return logSources
                .orderedStream()
                .filter(source -> source.serves(service))
                .findFirst();
    }

    @Override
    public Finding of(Question question) throws InterruptedException {
        List<String> gaps = new ArrayList<>();
        CallGraph graph = graph(question, gaps);
        Set<String> concerned = graph.around(question.service(), MOST_SERVICES);
        List<Trace> read = traces(question, graph, gaps);
        if (!graph.seen() && read.isEmpty()) {
            gaps.add("The calls between services are those that the catalog declares");
        }
        Counted counted = new Counted(question);
        metrics(question, concerned, gaps).forEach(counted::metrics);
        counted.logs(lines(question, concerned, gaps));
        List<Signal> signals = counted.signals();
        List<Versions> versions = counted.versions();
        return Correlator.correlate(question, new Evidence(graph, read, signals, versions, gaps));
    }

    private CallGraph graph(Question question, List<String> gaps) {
        CallGraph seen = new CallGraph(Set.of(), false);
        Optional<TraceSource> source = traces(question.service());
        if (source.isPresent()) {
            try {
                seen = source.get().graph(question.from(), question.until());
            } catch (IOException silent) {
                gaps.add("The calls between services are not known: " + silent.getMessage());
            }
        }
        if (seen.seen()) {
            return seen;
        }
        Set<Edge> declared = new HashSet<>();
        for (Service service : catalog.services()) {
            service.dependsOn().forEach(needed -> declared.add(new Edge(service.name(), needed)));
        }
        return new CallGraph(declared, false);
    }

    /** Of the released service, and of its callers: their requests may fail before they reach it. */
    private List<Trace> traces(Question question, CallGraph graph, List<String> gaps) {
        Optional<TraceSource> source = traces(question.service());
        if (source.isEmpty()) {
            gaps.add("No source has traces of " + question.service());
            return List.of();
        }
        List<String> services = new ArrayList<>(List.of(question.service()));
        graph.callersOf(question.service()).stream().limit(MOST_CALLERS).forEach(services::add);
        Map<String, Trace> traces = new LinkedHashMap<>();
        for (String service : services) {
            try {
                TraceSource.Traced traced = source.get().traces(service, question.from(), question.until());
                traced.traces().forEach(trace -> traces.putIfAbsent(trace.id(), trace));
                gaps.addAll(traced.gaps());
            } catch (IOException silent) {
                // Half of the traces would make one half of the time look better than the other.
                gaps.add("There are no traces: " + silent.getMessage());
                return List.of();
            }
        }
        return List.copyOf(traces.values());
    }

    private Map<String, List<Sample>> metrics(Question question, Collection<String> services, List<String> gaps)
            throws InterruptedException {
        Map<String, Instant> from = new TreeMap<>();
        services.stream().filter(metrics::serve).forEach(service -> from.put(service, question.from()));
        Map<String, List<Sample>> samples = new TreeMap<>();
        metrics.read(from, question.until()).forEach((service, answer) -> {
            if (answer.trouble() == null) {
                samples.put(service, answer.samples());
            } else {
                gaps.add("There are no metrics of %s: %s".formatted(service, answer.trouble()));
            }
        });
        return samples;
    }

    private List<Lines> lines(Question question, Collection<String> services, List<String> gaps) {
        Optional<LogSource> source = logs(question.service());
        if (source.isEmpty()) {
            return List.of();
        }
        try {
            List<String> logging =
                    services.stream().filter(source.get()::serves).toList();
            return source.get().lines(logging, question.from(), question.until());
        } catch (IOException silent) {
            gaps.add("There are no logs: " + silent.getMessage());
            return List.of();
        }
    }
}
