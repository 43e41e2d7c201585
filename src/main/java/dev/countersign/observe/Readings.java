package dev.countersign.observe;

import static java.util.stream.Collectors.mapping;

import dev.countersign.observe.MetricsSource.Counted;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Reading.Hour;
import dev.countersign.observe.Sources.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What is known beside requests of everything that is observed, carried on from look to look. Asks nobody where no release's table has such metrics. */
@Component
class Readings {
    private final Pages pages;
    private final Seasons seasons;

    Readings(Pages pages, Seasons seasons) {
        this.pages = pages;
        this.seasons = seasons;
    }

    /** The business figures of each service, and the values of its team's own canary configuration, to be asked in one batch with its requests. */
    static Map<String, List<Query>> queries(Collection<Watched> active) {
        Map<String, Set<Query>> queries = new TreeMap<>();
        for (Watched watched : active) {
            for (CanaryMetric metric : signals(watched)) {
                if (metric.isOfKpi()) {
                    queries.computeIfAbsent(watched.order().service(), service -> new HashSet<>())
                            .add(metric.kpi().query());
                }
            }
            Values.queries(watched)
                    .forEach(query -> queries.computeIfAbsent(watched.order().service(), service -> new HashSet<>())
                            .add(query));
        }
        return queries.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, of -> List.copyOf(of.getValue())));
    }

    /** A judgement that a signal brought about is told once, also where the verdict's word stays. */
    static boolean isNews(Judgement before, Judgement after) {
        boolean ofSignal = after != null
                && after.metric() != null
                && (after.metric().startsWith("kpi ") || after.metric().startsWith("rum "));
        return ofSignal && before != null && !after.metric().equals(before.metric());
    }

    private static List<CanaryMetric> signals(Watched watched) {
        return watched.order().triggers().metrics().stream()
                .filter(CanaryMetric::isSignal)
                .toList();
    }

    /** By the number of the observation; those without signals are absent. */
    Map<Long, List<Reading>> next(List<Watched> active, Map<String, Answer> answers) throws InterruptedException {
        Map<Long, List<Reading>> next = new HashMap<>();
        List<Watched> ofPages = new ArrayList<>();
        for (Watched watched : active) {
            List<CanaryMetric> signals = signals(watched);
            if (!signals.isEmpty()) {
                next.put(watched.number(), counted(watched, signals, answers));
                if (signals.stream().anyMatch(metric -> !metric.isOfKpi())) {
                    ofPages.add(watched);
                }
            }
        }
        pages.read(ofPages).forEach((number, readings) -> next.get(number).addAll(readings));
        return next;
    }

    private List<Reading> counted(Watched watched, List<CanaryMetric> signals, Map<String, Answer> answers)
            throws InterruptedException {
        Map<String, Reading> before = watched.readings().stream()
                .collect(Collectors.toMap(Reading::metric, reading -> reading, (one, other) -> other));
        Map<Query, List<Counted>> news = answers.get(watched.order().service()).counted().stream()
                .collect(Collectors.groupingBy(Counted::query, mapping(each -> each, Collectors.toList())));
        List<Reading> readings = new ArrayList<>();
        for (CanaryMetric metric : signals) {
            if (metric.isOfKpi()) {
                Query query = metric.kpi().query();
                Reading reading = and(
                        before.getOrDefault(metric.name(), Reading.begin(metric.name())),
                        watched,
                        news.getOrDefault(query, List.of()),
                        metric.kpi().seasonal());
                readings.add(
                        metric.kpi().seasonal()
                                ? new Reading(
                                        reading.metric(),
                                        reading.until(),
                                        reading.every(),
                                        reading.candidate(),
                                        reading.baseline(),
                                        season(watched.order().service(), query, reading.hours()),
                                        reading.hours())
                                : reading);
            }
        }
        return readings;
    }

    /** What the weeks before had in the same hours, each hour with the weight that it has in the window; an hour that is not known whole makes the season as short as it is. */
    private List<Double> season(String service, Query query, List<Hour> hours) throws InterruptedException {
        double units = hours.stream().mapToDouble(Hour::units).sum();
        double[] weeks = new double[Reading.WEEKS];
        for (Hour hour : hours) {
            List<Double> known = seasons.of(service, query, hour.at());
            if (known.size() < Reading.WEEKS) {
                return known;
            }
            for (int week = 0; week < weeks.length; week++) {
                weeks[week] += known.get(week) * hour.units() / units;
            }
        }
        return units > 0 ? Arrays.stream(weeks).boxed().toList() : List.of();
    }

    /** The hours of the window, and those before it while the window alone has too few to say anything. */
    private static List<Hour> hours(List<Hour> before, Counted each, Instant windowBegins, int enough) {
        Instant at = each.at().truncatedTo(ChronoUnit.HOURS);
        List<Hour> hours = new ArrayList<>();
        double events = each.events();
        double units = each.of();
        for (Hour hour : before) {
            if (hour.at().equals(at)) {
                events += hour.events();
                units += hour.units();
            } else {
                hours.add(hour);
            }
        }
        if (units > 0) {
            hours.add(new Hour(at, events, units));
        }
        double left = hours.stream().mapToDouble(Hour::units).sum();
        while (!hours.isEmpty()
                && hours.get(0).endsBefore(windowBegins)
                && left - hours.get(0).units() >= enough) {
            left -= hours.remove(0).units();
        }
        return hours;
    }

    /** Where nothing is held against a season. */
    static Reading and(Reading before, Watched watched, List<Counted> news) {
        return and(before, watched, news, false);
    }

    /** Each interval counts once: those that began before what is counted already do not count again, however late they come. */
    private static Reading and(Reading before, Watched watched, List<Counted> news, boolean seasonal) {
        Instant since = watched.observation().since();
        List<Hour> hours = before.hours();
        Instant from = Gaps.later(watched.observation().since(), before.until());
        Instant until = before.until();
        Duration every = before.every();
        Reading.Counts candidate = before.candidate();
        Reading.Counts baseline = before.baseline();
        for (Counted each : news) {
            if (!each.at().isBefore(from)) {
                until = Gaps.later(each.end(), until);
                every = each.interval();
                Duration patience = Reading.patience(every, watched.order().triggers());
                if (each.version().equals(watched.order().candidate())) {
                    candidate = candidate.and(each, since, patience);
                    if (seasonal) {
                        hours = hours(
                                hours,
                                each,
                                until.minus(watched.order().window()),
                                watched.order().triggers().minRequests());
                    }
                } else if (each.version().equals(watched.order().baseline())) {
                    baseline = baseline.and(each, since, patience);
                }
            }
        }
        return new Reading(before.metric(), until, every, candidate, baseline, before.season(), hours);
    }
}
