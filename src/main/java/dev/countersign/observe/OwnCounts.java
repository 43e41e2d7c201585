package dev.countersign.observe;

import static java.util.stream.Collectors.toMap;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Ask;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.Sources.Answer;
import dev.countersign.observe.Sources.Tallied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Asks for the objectives of what stabilises by their own queries: one batch for each service and look, and none while no new slice is over. What it finds is stored with
 * the observation, so that a verdict can be repeated.
 */
@Component
class OwnCounts {
    private final Sources sources;

    OwnCounts(Sources sources) {
        this.sources = sources;
    }

    /** Of one objective of one observation. */
    private record Due(Watched watched, Slo slo, Instant from, Instant settled) {}

    /** By the number of the observation; those whose source asks for no objectives are absent. */
    Map<Long, List<OwnCount>> next(List<Watched> active, Map<String, Answer> answers, Instant until)
            throws InterruptedException {
        Map<Long, Map<String, OwnCount>> next = new HashMap<>();
        Map<String, List<Due>> due = new TreeMap<>();
        for (Watched watched : active) {
            String service = watched.order().service();
            if (watched.order().baseline() == null && sources.asksObjectives(service)) {
                next.put(watched.number(), begun(watched, sources.objectivesInterval(service)));
                Instant settled = until.minus(sources.paceOf(service).delay());
                List<Due> ofThis = due(watched, next.get(watched.number()), settled);
                due.computeIfAbsent(service, name -> new ArrayList<>()).addAll(ofThis);
            }
        }
        due.values().removeIf(List::isEmpty);
        Map<String, List<Ask>> asked = new TreeMap<>();
        due.forEach((service, all) -> {
            if (answers.get(service).trouble() == null) {
                asked.put(service, asks(all));
            } else {
                all.forEach(each -> next.get(each.watched().number())
                        .computeIfPresent(
                                each.slo().name(),
                                (name, count) ->
                                        count.failed(answers.get(service).trouble(), each.settled())));
            }
        });
        sources.count(asked, until)
                .forEach((service, tallied) -> answered(due.get(service), asked.get(service), tallied, next));
        return next.entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey, each -> List.copyOf(each.getValue().values())));
    }

    private static Map<String, OwnCount> begun(Watched watched, Duration interval) {
        Map<String, OwnCount> known = new LinkedHashMap<>();
        watched.objectives().stream()
                .filter(Objective::asksItself)
                .forEach(objective -> known.put(objective.name(), OwnCount.begin(objective, interval)));
        watched.own().forEach(count -> known.replace(count.objective(), count));
        return known;
    }

    private static List<Due> due(Watched watched, Map<String, OwnCount> known, Instant settled) {
        List<Due> due = new ArrayList<>();
        for (Objective objective : watched.objectives()) {
            OwnCount count = known.get(objective.name());
            if (count != null) {
                Slices slices = new Slices(null, count.every(), null);
                Instant from = slices.ceil(Gaps.later(watched.clockSince(), count.until()));
                if (count.isDue(from, settled)) {
                    due.add(new Due(watched, objective.slo(), from, settled));
                }
            }
        }
        return due;
    }

    /** An objective that several observations share is asked once, for the one that has to know most. */
    private static List<Ask> asks(List<Due> due) {
        Map<Slo, Instant> from = new LinkedHashMap<>();
        due.forEach(each -> from.merge(each.slo(), each.from(), Gaps::earlier));
        return from.entrySet().stream()
                .map(each -> new Ask(each.getKey(), each.getValue()))
                .toList();
    }

    private void answered(List<Due> due, List<Ask> asked, Tallied tallied, Map<Long, Map<String, OwnCount>> next) {
        Map<Slo, Tally> tallies = new HashMap<>();
        for (int index = 0; index < asked.size(); index++) {
            tallies.put(
                    asked.get(index).slo(),
                    index < tallied.tallies().size()
                            ? tallied.tallies().get(index)
                            : new Tally(asked.get(index).slo().name(), List.of(), null, tallied.trouble()));
        }
        for (Due each : due) {
            Watched watched = each.watched();
            Duration interval = sources.objectivesInterval(watched.order().service());
            next.get(watched.number())
                    .computeIfPresent(
                            each.slo().name(),
                            (name, count) -> count.and(
                                    tallies.get(each.slo()),
                                    each.slo(),
                                    each.from(),
                                    each.settled(),
                                    watched.order().candidate(),
                                    interval,
                                    watched.order().window()));
        }
    }
}
