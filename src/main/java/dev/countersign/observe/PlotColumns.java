package dev.countersign.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Points of one chart by time; a point later than the one before it, or it is left out. */
final class PlotColumns {
    static final int CANDIDATE = 0;
    static final int BASELINE = 1;
    static final int MEDIAN = 2;
    static final int TOLERATED = 3;
    static final int LIMIT = 4;
    private static final int ALL = 5;

    private final List<Double> times = new ArrayList<>();
    private final List<Double[]> rows = new ArrayList<>();

    /** @param values null where nothing is known */
    void add(long milliseconds, Double... values) {
        double at = milliseconds / 1000.0;
        if (times.isEmpty() || times.get(times.size() - 1) < at) {
            times.add(at);
            rows.add(Arrays.stream(Arrays.copyOf(values, ALL))
                    .map(SignalPoint::figure)
                    .toArray(Double[]::new));
        }
    }

    /** No line is drawn across. */
    void gap(long milliseconds) {
        if (!times.isEmpty()) {
            add(milliseconds, (Double) null);
        }
    }

    boolean isEmpty() {
        return !has(CANDIDATE) && !has(BASELINE);
    }

    private boolean has(int column) {
        return rows.stream().anyMatch(row -> row[column] != null);
    }

    List<Double> times() {
        return isEmpty() ? List.of() : times;
    }

    /** Empty where nothing is known at all. */
    List<Double> of(int column) {
        return isEmpty() || !has(column)
                ? List.of()
                : rows.stream().map(row -> row[column]).toList();
    }

    /** So many at most, the last among them: what was counted since a begin loses nothing by it. */
    PlotColumns thinned(int most) {
        if (rows.size() <= most) {
            return this;
        }
        int stride = (rows.size() + most - 1) / most;
        PlotColumns thinned = new PlotColumns();
        for (int index = (rows.size() - 1) % stride; index < rows.size(); index++) {
            boolean gap = Arrays.stream(rows.get(index)).allMatch(Objects::isNull);
            if (gap || (rows.size() - 1 - index) % stride == 0) {
                thinned.times.add(times.get(index));
                thinned.rows.add(rows.get(index));
            }
        }
        return thinned;
    }
}
