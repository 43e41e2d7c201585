package dev.countersign.observe;

import dev.countersign.observe.correlation.CallGraph;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Where traces come from. Implementations: Zipkin, Jaeger and Tempo. */
public interface TraceSource {
    /** Whether this source has traces of the service. */
    boolean serves(String service);

    /** Which service called which; without calls where the source does not know. */
    CallGraph graph(Instant from, Instant until) throws IOException;

    /**
     * Traces in which a service takes part, from the given time on, a bounded number of them spread over the time.
     *
     * @throws IOException where the source does not give a whole answer in time
     */
    Traced traces(String service, Instant from, Instant until) throws IOException;

    /** @param gaps what is missing, in words; a sample is no gap where it says so */
    record Traced(List<Trace> traces, List<String> gaps) {
        public Traced {
            traces = List.copyOf(traces);
            gaps = List.copyOf(gaps);
        }
    }
}
