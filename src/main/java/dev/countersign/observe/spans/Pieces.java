package dev.countersign.observe.spans;

import dev.countersign.observe.TraceSource.Traced;
import dev.countersign.observe.correlation.Trace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Traces are asked for piece by piece: who has many answers with so many of a time, mostly its newest, so that one query would see its end only. What was cut off is told.
 *
 * @param slice of the time for one query; longer where there were more than 120
 * @param limit traces of a piece
 */
public record Pieces(Duration slice, int limit) {
    private static final int MOST = 120;

    /** Asks for the traces of a piece of the time. */
    @FunctionalInterface
    public interface Asked {
        Piece of(Instant begin, Instant end) throws IOException;
    }

    /**
     * @param found how many the source told of, whether they could be read or not
     * @param broken how many of them it did not give whole
     */
    public record Piece(List<Trace> traces, int found, int broken) {
        public Piece {
            traces = List.copyOf(traces);
        }
    }

    public Traced ask(String service, Instant from, Instant until, Asked asked) throws IOException {
        Duration least = Duration.between(from, until).dividedBy(MOST);
        Duration length = slice.compareTo(least) >= 0 ? slice : least;
        // A trace at the border of two pieces is in both.
        Map<String, Trace> traces = new LinkedHashMap<>();
        int pieces = 0;
        int cut = 0;
        int broken = 0;
        for (Instant begin = from; begin.isBefore(until); begin = begin.plus(length)) {
            Instant end = begin.plus(length).isBefore(until) ? begin.plus(length) : until;
            Piece piece = asked.of(begin, end);
            piece.traces().forEach(trace -> traces.put(trace.id(), trace));
            pieces++;
            cut += piece.found() >= limit ? 1 : 0;
            broken += piece.broken();
        }
        List<String> gaps = new ArrayList<>();
        if (cut > 0) {
            gaps.add("Traces of %s are a sample: %d of %d pieces of %d s had more than %d"
                    .formatted(service, cut, pieces, length.toSeconds(), limit));
        }
        if (broken > 0) {
            gaps.add("Traces of %s are left out: %d were not given whole".formatted(service, broken));
        }
        return new Traced(List.copyOf(traces.values()), gaps);
    }
}
