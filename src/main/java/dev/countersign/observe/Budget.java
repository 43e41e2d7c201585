package dev.countersign.observe;

import dev.countersign.observe.Objective.Ratio;
import dev.countersign.observe.SloStates.Burn;
import dev.countersign.observe.SloStates.SloState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Error budget and burn rates over several windows (Site Reliability Workbook, chapter 5). */
final class Budget {
    private record Pair(String severity, double limit, Duration longWindow, Duration shortWindow) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("PAGE", 14.4, Duration.ofHours(1), Duration.ofMinutes(5)),
            new Pair("PAGE", 6, Duration.ofHours(6), Duration.ofMinutes(30)),
            new Pair("TICKET", 3, Duration.ofDays(1), Duration.ofHours(2)),
            new Pair("TICKET", 1, Duration.ofDays(3), Duration.ofHours(6)));

    /** The windows that burn rates look at: counts may be summed between their beginnings. */
    static final List<Duration> WINDOWS = PAIRS.stream()
            .flatMap(pair -> Stream.of(pair.longWindow(), pair.shortWindow()))
            .distinct()
            .toList();

    private Budget() {}

    /** @param at where the counted interval begins */
    record Count(boolean hourly, Instant at, double good, double total) {}

    static SloState of(Objective objective, Duration window, List<Count> counts, Instant now) {
        return of(objective, window, now.minus(window), Duration.ZERO, counts, now);
    }

    /**
     * @param from where the window begins
     * @param slice length of a time slice: no window is shorter than two, or it would see none
     */
    static SloState of(
            Objective objective, Duration window, Instant from, Duration slice, List<Count> counts, Instant now) {
        Ratio whole = ratio(counts, true, from);
        if (whole == null) {
            return new SloState(
                    objective.name(),
                    objective.kind(),
                    objective.target(),
                    window,
                    "NO_DATA",
                    null,
                    null,
                    null,
                    0,
                    List.of(),
                    from,
                    null,
                    null,
                    null);
        }
        Duration shortest = slice.multipliedBy(2);
        List<Burn> burns = PAIRS.stream()
                .map(pair -> burn(objective, pair, shortest, counts, now))
                .toList();
        double remaining = 1 - objective.burn(whole);
        String state = burns.stream()
                .filter(Burn::exceeded)
                .map(Burn::severity)
                .findFirst()
                .orElse(remaining <= 0 ? "EXHAUSTED" : "OK");
        Instant oldest = counts.stream()
                .filter(count -> count.hourly() && !count.at().isBefore(from))
                .map(Count::at)
                .min(Instant::compareTo)
                .orElse(null);
        return new SloState(
                objective.name(),
                objective.kind(),
                objective.target(),
                window,
                state,
                whole.value(),
                remaining,
                oldest,
                whole.events(),
                burns,
                from,
                null,
                null,
                null);
    }

    private static Burn burn(Objective objective, Pair pair, Duration shortest, List<Count> counts, Instant now) {
        Double lasting = burn(objective, counts, atLeast(shortest, pair.longWindow()), now);
        Double brief = burn(objective, counts, atLeast(shortest, pair.shortWindow()), now);
        boolean exceeded = lasting != null && brief != null && lasting > pair.limit() && brief > pair.limit();
        return new Burn(pair.severity(), pair.limit(), pair.longWindow(), pair.shortWindow(), lasting, brief, exceeded);
    }

    private static Duration atLeast(Duration shortest, Duration window) {
        return window.compareTo(shortest) < 0 ? shortest : window;
    }

    private static Double burn(Objective objective, List<Count> counts, Duration window, Instant now) {
        Ratio ratio = ratio(counts, window.compareTo(SloCounts.MINUTES_KEPT) > 0, now.minus(window));
        return ratio == null ? null : objective.burn(ratio);
    }

    private static Ratio ratio(List<Count> counts, boolean hourly, Instant from) {
        double good = 0;
        double total = 0;
        for (Count count : counts) {
            if (count.hourly() == hourly && !count.at().isBefore(from)) {
                good += count.good();
                total += count.total();
            }
        }
        return total == 0 ? null : new Ratio(good, total);
    }
}
