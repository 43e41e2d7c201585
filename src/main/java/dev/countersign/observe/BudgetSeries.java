package dev.countersign.observe;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.SloStates.Burn;
import dev.countersign.observe.SloStates.SloState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * What is left of each error budget and how fast it burns, as it was when objectives were last counted: a scrape asks nothing. Of several nodes the one that counted shows it,
 * and after another has counted a few times shows it no more.
 */
@Component
class BudgetSeries implements ScrapedSeries {
    /** Series are paid for by whoever stores them: nine for each objective. */
    static final int MOST_OBJECTIVES = 1_000;

    private static final Duration OLD = Duration.ofMinutes(3);

    private final SloStates states;
    private final Catalog catalog;
    private final Clock clock;
    private volatile Known known = new Known(Instant.EPOCH, Map.of());

    private record Known(Instant at, Map<String, List<SloState>> states) {}

    BudgetSeries(SloStates states, Catalog catalog, Clock clock) {
        this.states = states;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Once a minute, after the counting, in one statement for all services. */
    void refresh() {
        List<String> services = catalog.services().stream().map(Service::name).toList();
        known = new Known(clock.instant(), new TreeMap<>(states.of(services)));
    }

    @Override
    public String name() {
        return "objectives";
    }

    @Override
    public void scrape(Scrape scrape) {
        Known now = known;
        if (now.at().plus(OLD).isBefore(clock.instant())) {
            return;
        }
        int shown = 0;
        int all = 0;
        for (Map.Entry<String, List<SloState>> service : now.states().entrySet()) {
            Set<String> names = new HashSet<>();
            for (SloState state : service.getValue()) {
                // Of two with one name, which the catalog reports, the first counts.
                if (!names.add(state.name())) {
                    continue;
                }
                all++;
                if (shown < MOST_OBJECTIVES) {
                    shown++;
                    show(scrape, service.getKey(), state);
                }
            }
        }
        scrape.gauge("slo_left_out", "Objectives that are too many to be shown", (double) (all - shown));
    }

    private static void show(Scrape scrape, String service, SloState state) {
        String[] labels = {"service", service, "slo", state.name(), "kind", state.kind()};
        scrape.gauge("slo_objective", "The ratio of good to all that is promised", state.objective(), labels);
        // What nobody knows any more has no sample, unless it is spent: that stands.
        if (state.isUnknown() && !state.isSpent()) {
            return;
        }
        scrape.gauge(
                "slo_budget_remaining",
                "What is left of an error budget: 1 is untouched, 0 spent",
                state.budgetRemaining(),
                labels);
        for (Burn burn : state.burns()) {
            String pair = span(burn.longWindow()) + "/" + span(burn.shortWindow());
            burn(scrape, service, state, pair, "long", burn.longBurn());
            burn(scrape, service, state, pair, "short", burn.shortBurn());
        }
    }

    /** As in PromQL. */
    private static String span(Duration window) {
        if (window.toMinutes() % 60 != 0) {
            return window.toMinutes() + "m";
        }
        return window.toHours() % 24 == 0 ? window.toDays() + "d" : window.toHours() + "h";
    }

    private static void burn(Scrape scrape, String service, SloState state, String pair, String window, Double rate) {
        scrape.gauge(
                "slo_burn_rate",
                "How many times faster than sustainable an error budget is spent over a window of a pair",
                rate,
                "service",
                service,
                "slo",
                state.name(),
                "kind",
                state.kind(),
                "pair",
                pair,
                "window",
                window);
    }
}
