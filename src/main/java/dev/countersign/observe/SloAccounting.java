package dev.countersign.observe;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Objective.Ratio;
import dev.countersign.observe.SloCounts.Row;
import dev.countersign.observe.Sources.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Counts good and all requests of every service's objectives each minute, and says how they stand. */
@Component
class SloAccounting implements SloStates {
    /** How far back a service is counted that was not counted before, or not for a while. */
    private static final Duration CATCH_UP = Duration.ofHours(1);

    private final SloCounts counts;
    private final Sources sources;
    private final Catalog catalog;
    private final ObserveProperties properties;
    private final TransactionTemplate transaction;
    private final Clock clock;

    SloAccounting(
            SloCounts counts,
            Sources sources,
            Catalog catalog,
            ObserveProperties properties,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.counts = counts;
        this.sources = sources;
        this.catalog = catalog;
        this.properties = properties;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Override
    public List<SloState> of(String service) {
        Instant now = clock.instant();
        Map<String, List<Count>> measured = counts.of(service, now);
        return catalog.slosOf(service).stream()
                .map(slo ->
                        Budget.of(Objective.of(slo), slo.window(), measured.getOrDefault(slo.name(), List.of()), now))
                .toList();
    }

    @Override
    public Map<String, List<SloState>> of(Collection<String> services) {
        Instant now = clock.instant();
        Map<String, List<Slo>> promised = new TreeMap<>();
        services.forEach(service -> promised.put(service, catalog.slosOf(service)));
        SortedSet<Duration> windows = new TreeSet<>(Budget.WINDOWS);
        promised.values().forEach(slos -> slos.forEach(slo -> windows.add(slo.window())));
        Map<String, Map<String, List<Count>>> measured = counts.between(services, windows, now).stream()
                .collect(groupingBy(Row::service, groupingBy(Row::slo, mapping(Row::count, toList()))));
        Map<String, List<SloState>> states = new TreeMap<>();
        promised.forEach((service, slos) -> states.put(
                service,
                slos.stream()
                        .map(slo -> Budget.of(
                                Objective.of(slo),
                                slo.window(),
                                measured.getOrDefault(service, Map.of()).getOrDefault(slo.name(), List.of()),
                                now))
                        .toList()));
        return states;
    }

    /** Counts the minutes that are complete and not counted yet. */
    void count() throws InterruptedException {
        Instant settled = clock.instant().minus(properties.settle());
        Map<String, Instant> latest = counts.latest();
        Map<String, Instant> from = new TreeMap<>();
        Map<String, Instant> untils = new TreeMap<>();
        for (Service service : catalog.services()) {
            if (sources.serve(service.name())) {
                // The last minute all of whose measurements are final.
                Instant until =
                        settled.minus(sources.paceOf(service.name()).delay()).truncatedTo(ChronoUnit.MINUTES);
                Instant next =
                        latest.getOrDefault(service.name(), Instant.EPOCH).plus(1, ChronoUnit.MINUTES);
                Instant start = Gaps.later(next, until.minus(CATCH_UP));
                if (start.isBefore(until)) {
                    from.put(service.name(), start);
                    untils.put(service.name(), until);
                }
            }
        }
        List<Row> minutes = new ArrayList<>();
        for (Map.Entry<String, Answer> answer : sources.read(from, settled).entrySet()) {
            Instant until = untils.get(answer.getKey());
            minutes.addAll(minutes(
                    answer.getKey(),
                    answer.getValue().samples().stream()
                            .filter(sample -> sample.at().isBefore(until))
                            .toList()));
        }
        if (!minutes.isEmpty()) {
            transaction.executeWithoutResult(status -> store(minutes));
        }
    }

    private List<Row> minutes(String service, List<Sample> samples) {
        List<Row> rows = new ArrayList<>();
        Map<Instant, List<Sample>> byMinute =
                samples.stream().collect(groupingBy(sample -> sample.at().truncatedTo(ChronoUnit.MINUTES)));
        for (Slo slo : catalog.slosOf(service)) {
            Objective objective = Objective.of(slo);
            byMinute.forEach((minute, ofMinute) -> {
                Ratio ratio = objective.measurable() ? objective.measure(ofMinute) : null;
                if (ratio != null) {
                    rows.add(new Row(service, slo.name(), new Count(false, minute, ratio.good(), ratio.total())));
                }
            });
        }
        return rows;
    }

    private void store(List<Row> minutes) {
        counts.insert(minutes);
        Map<String, Row> byHour = new TreeMap<>();
        for (Row minute : minutes) {
            Instant hour = minute.count().at().truncatedTo(ChronoUnit.HOURS);
            Count count =
                    new Count(true, hour, minute.count().good(), minute.count().total());
            byHour.merge(
                    minute.service() + " " + minute.slo() + " " + hour,
                    new Row(minute.service(), minute.slo(), count),
                    SloAccounting::sum);
        }
        List<Row> hours = List.copyOf(byHour.values());
        int[] added = counts.add(hours);
        List<Row> begun = new ArrayList<>();
        for (int index = 0; index < added.length; index++) {
            if (added[index] == 0) {
                begun.add(hours.get(index));
            }
        }
        if (!begun.isEmpty()) {
            // Once an hour is often enough to forget what is too old.
            counts.insert(begun);
            counts.forget(clock.instant());
        }
    }

    private static Row sum(Row one, Row other) {
        return new Row(
                one.service(),
                one.slo(),
                new Count(
                        true,
                        one.count().at(),
                        one.count().good() + other.count().good(),
                        one.count().total() + other.count().total()));
    }
}
