package dev.countersign.observe;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.SloCounts.Measured;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Says how services stand against their objectives, by what {@link SloCounting} has counted. */
@Component
class SloAccounting implements SloStates {
    /** Nothing to measure for so long, and nobody knows how it stands. */
    private static final Duration BLIND = Duration.ofHours(1);

    private final SloCounts counts;
    private final Sources sources;
    private final Catalog catalog;
    private final Clock clock;

    SloAccounting(SloCounts counts, Sources sources, Catalog catalog, Clock clock) {
        this.counts = counts;
        this.sources = sources;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public List<SloState> of(String service) {
        List<Slo> slos = catalog.slosOf(service);
        if (slos.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant();
        SortedSet<Duration> windows = new TreeSet<>(Budget.WINDOWS);
        add(windows, service, slos, now);
        return states(service, slos, counts.of(service, windows.last(), now), now);
    }

    @Override
    public Map<String, List<SloState>> of(Collection<String> services) {
        Instant now = clock.instant();
        Map<String, List<Slo>> promised = new TreeMap<>();
        services.forEach(service -> promised.put(service, catalog.slosOf(service)));
        SortedSet<Duration> windows = new TreeSet<>(Budget.WINDOWS);
        promised.forEach((service, slos) -> add(windows, service, slos, now));
        Measured measured = counts.between(services, windows, now);
        Map<String, List<SloState>> states = new TreeMap<>();
        promised.forEach((service, slos) -> states.put(service, states(service, slos, measured, now)));
        return states;
    }

    private void add(SortedSet<Duration> windows, String service, List<Slo> slos, Instant now) {
        for (Slo slo : slos) {
            // A calendar that has not begun yet has no window.
            Duration age = Duration.between(slo.windowStart(now), now);
            windows.add(age.isNegative() ? Duration.ZERO : age);
            windows.add(slice(service, slo).multipliedBy(2));
        }
    }

    /** What one count covers; zero where it is a minute, which every window sees. */
    private Duration slice(String service, Slo slo) {
        Duration slice = slo.timeSliceWindow() == null ? Duration.ZERO : slo.timeSliceWindow();
        Duration interval = sources == null ? Duration.ZERO : sources.objectivesInterval(service);
        Duration longer = interval.compareTo(slice) > 0 ? interval : slice;
        return longer.compareTo(Duration.ofMinutes(1)) > 0 ? longer : Duration.ZERO;
    }

    private List<SloState> states(String service, List<Slo> slos, Measured measured, Instant now) {
        return slos.stream()
                .map(slo -> state(
                        service,
                        slo,
                        measured.counts(service, slo.name()),
                        measured.progress(service, slo.name()),
                        now))
                .toList();
    }

    private SloState state(String service, Slo slo, List<Count> measured, SloProgress progress, Instant now) {
        Duration slice = slice(service, slo);
        SloState state = Budget.of(Objective.of(slo), slo.window(), slo.windowStart(now), slice, measured, now);
        Instant oldest = now.minus(BLIND).minus(slice);
        boolean blind = progress.countedUntil() != null
                && (progress.seenUntil() == null || progress.seenUntil().isBefore(oldest));
        String trouble = trouble(service, slo, state, progress, blind, oldest);
        // What has spent its budget before nobody saw it any more has still spent it.
        String word = !blind && unread(service, slo) == null || state.isSpent() ? state.state() : "NO_DATA";
        return new SloState(
                state.name(),
                slo.kind(),
                state.objective(),
                state.window(),
                word,
                state.compliance(),
                state.budgetRemaining(),
                state.measuredSince(),
                state.requests(),
                state.burns(),
                state.windowStart(),
                progress.seenUntil(),
                progress.countedUntil(),
                trouble);
    }

    private String trouble(
            String service, Slo slo, SloState state, SloProgress progress, boolean blind, Instant oldest) {
        String unread = unread(service, slo);
        if (unread != null) {
            return unread;
        }
        if (progress.trouble() != null) {
            return progress.trouble();
        }
        if (blind && progress.countedUntil().isBefore(oldest)) {
            return "Counted until " + progress.countedUntil() + " so far";
        }
        if (blind) {
            return progress.seenUntil() == null
                    ? "Nothing has ever been measured"
                    : "Nothing has been measured since " + progress.seenUntil();
        }
        if (state.budgetRemaining() != null) {
            return null;
        }
        return sources != null && !sources.serve(service)
                ? "No metrics source measures this service"
                : "Nothing has been counted in this window yet";
    }

    private String unread(String service, Slo slo) {
        return unread(slo, sources != null && sources.asksObjectives(service));
    }

    /**
     * Why nothing can count it; null where something can.
     *
     * @param asks whether its own queries are asked, which need not be told what they speak of
     */
    static String unread(Slo slo, boolean asks) {
        if (slo.unread() != null) {
            return slo.unread();
        }
        if (!Objective.of(slo).measurable() && !(asks && !slo.queries().isEmpty())) {
            return "Its file does not tell whether it speaks of availability, latency or errors";
        }
        return Slices.of(slo).isTooLong() ? "Slices of time longer than an hour are not counted" : null;
    }
}
