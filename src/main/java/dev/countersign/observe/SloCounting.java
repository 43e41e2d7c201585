package dev.countersign.observe;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.MetricsSource.Ask;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.Objective.Ratio;
import dev.countersign.observe.SloCounts.Row;
import dev.countersign.observe.Sources.Answer;
import dev.countersign.observe.Sources.Tallied;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts good and all events of every service's objectives, from where it was left: each minute a minute, and all that a source remembers of the window where it was not
 * counted before.
 */
@Component
class SloCounting {
    /** How far back a service is counted whose source tells requests only: it may not remember more. */
    private static final Duration CATCH_UP = Duration.ofHours(1);

    /** The longest window of a burn rate, which may be longer than the objective's own. */
    private static final Duration LONGEST_BURN = Duration.ofDays(3);

    private final SloCounts counts;
    private final Sources sources;
    private final Catalog catalog;
    private final ObserveProperties properties;
    private final TransactionTemplate transaction;
    private final Clock clock;

    SloCounting(
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

    /** What this time brought: rows for the counts, and how far each objective has come. */
    private record Found(List<Row> rows, List<SloProgress> progress) {
        Found() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Counts what is complete and not counted yet. */
    void count() throws InterruptedException {
        Instant settled = clock.instant().minus(properties.settle());
        Map<String, Map<String, SloProgress>> progress = counts.progress();
        Map<String, List<Ask>> byQuery = new TreeMap<>();
        Map<String, List<Ask>> byRequests = new TreeMap<>();
        for (Service service : catalog.services()) {
            String name = service.name();
            if (sources.serve(name)) {
                boolean asks = sources.asksObjectives(name);
                List<Ask> due = due(name, asks, until(name, settled), progress.getOrDefault(name, Map.of()));
                if (!due.isEmpty()) {
                    (asks ? byQuery : byRequests).put(name, due);
                }
            }
        }
        Found found = new Found();
        asked(byQuery, settled, progress, found);
        counted(byRequests, settled, progress, found);
        if (!found.progress().isEmpty()) {
            transaction.executeWithoutResult(status -> store(found));
        }
    }

    /** The last minute all of whose measurements are final. */
    private Instant until(String service, Instant settled) {
        return settled.minus(sources.paceOf(service).delay()).truncatedTo(ChronoUnit.MINUTES);
    }

    private List<Ask> due(String service, boolean asks, Instant until, Map<String, SloProgress> progress) {
        List<Ask> due = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Slo slo : catalog.slosOf(service)) {
            // Of two with one name, which the catalog reports, the first counts.
            if (!names.add(slo.name()) || SloAccounting.unread(slo, asks) != null) {
                continue;
            }
            Slices slices = Slices.of(slo);
            Instant reach =
                    asks ? Gaps.earlier(slo.windowStart(until), until.minus(LONGEST_BURN)) : until.minus(CATCH_UP);
            SloProgress known = progress.get(slo.name());
            Instant from = slices.ceil(Gaps.later(reach, known == null ? null : known.countedUntil()));
            if (!from.plus(slices.length()).isAfter(until)) {
                due.add(new Ask(slo, from));
            }
        }
        return due;
    }

    private void asked(
            Map<String, List<Ask>> asked, Instant settled, Map<String, Map<String, SloProgress>> progress, Found found)
            throws InterruptedException {
        for (Map.Entry<String, Tallied> answer : sources.count(asked, settled).entrySet()) {
            String service = answer.getKey();
            Map<String, Tally> tallies =
                    answer.getValue().tallies().stream().collect(toMap(Tally::slo, Function.identity()));
            for (Ask ask : asked.get(service)) {
                Tally tally = tallies.get(ask.slo().name());
                SloProgress known = known(progress, service, ask.slo());
                if (tally == null || tally.until() == null) {
                    String because = tally == null ? answer.getValue().trouble() : tally.trouble();
                    found.progress().add(known.failed(because == null ? "The source did not answer" : because));
                } else {
                    add(found, known, ask, tally.counts(), tally.until(), tally.trouble());
                }
            }
        }
    }

    private void counted(
            Map<String, List<Ask>> asked, Instant settled, Map<String, Map<String, SloProgress>> progress, Found found)
            throws InterruptedException {
        Map<String, Instant> from = new TreeMap<>();
        asked.forEach((service, asks) -> from.put(
                service, asks.stream().map(Ask::from).min(Instant::compareTo).orElseThrow()));
        for (Map.Entry<String, Answer> answer : sources.read(from, settled).entrySet()) {
            String service = answer.getKey();
            Map<Instant, List<Sample>> minutes = answer.getValue().samples().stream()
                    .collect(groupingBy(sample -> sample.at().truncatedTo(ChronoUnit.MINUTES), TreeMap::new, toList()));
            for (Ask ask : asked.get(service)) {
                SloProgress known = known(progress, service, ask.slo());
                if (answer.getValue().trouble() != null) {
                    found.progress().add(known.failed(answer.getValue().trouble()));
                } else {
                    Instant until = Slices.of(ask.slo()).floor(until(service, settled));
                    add(found, known, ask, events(ask.slo(), minutes), until, null);
                }
            }
        }
    }

    private static SloProgress known(Map<String, Map<String, SloProgress>> progress, String service, Slo slo) {
        return progress.getOrDefault(service, Map.of()).getOrDefault(slo.name(), SloProgress.none(service, slo.name()));
    }

    private static List<Events> events(Slo slo, Map<Instant, List<Sample>> minutes) {
        Objective objective = Objective.of(slo);
        List<Events> events = new ArrayList<>();
        minutes.forEach((minute, samples) -> {
            Ratio ratio = objective.measure(samples);
            if (ratio != null) {
                events.add(new Events(minute, ratio.good(), ratio.total()));
            } else if (samples.stream().allMatch(sample -> sample.requests() == 0)) {
                events.add(new Events(minute, 0, 0));
            }
        });
        return events;
    }

    private void add(Found found, SloProgress known, Ask ask, List<Events> all, Instant until, String trouble) {
        List<Events> events = all.stream()
                .filter(each -> !each.at().isBefore(ask.from()) && each.at().isBefore(until))
                .toList();
        Slices slices = Slices.of(ask.slo());
        slices.counts(events).forEach(count -> found.rows().add(new Row(known.service(), known.slo(), count)));
        Duration interval = sources.objectivesInterval(known.service());
        Duration covered = interval.compareTo(slices.length()) > 0 ? interval : slices.length();
        Instant seen = events.stream()
                .map(each -> slices.floor(each.at()).plus(covered))
                .max(Instant::compareTo)
                .orElse(null);
        found.progress().add(known.counted(until, seen, trouble));
    }

    private void store(Found found) {
        Instant now = clock.instant();
        Map<String, Row> byHour = new TreeMap<>();
        for (Row each : found.rows()) {
            Instant hour = each.count().at().truncatedTo(ChronoUnit.HOURS);
            Count count =
                    new Count(true, hour, each.count().good(), each.count().total());
            byHour.merge(
                    each.service() + " " + each.slo() + " " + hour,
                    new Row(each.service(), each.slo(), count),
                    SloCounting::sum);
        }
        counts.keep(found.progress());
        if (byHour.isEmpty()) {
            return;
        }
        List<Row> recent = found.rows().stream()
                .filter(each -> each.count().at().isAfter(now.minus(SloCounts.MINUTES_KEPT)))
                .toList();
        if (!recent.isEmpty()) {
            counts.insert(recent);
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
            counts.forget(longest(now), now);
        }
    }

    private Duration longest(Instant now) {
        return catalog.services().stream()
                .flatMap(service -> catalog.slosOf(service.name()).stream())
                .map(slo -> Duration.between(slo.windowStart(now), now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
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
