package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObservationStore.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The samples of the running observations, so that a tick reads only what is new. What another node has judged since is read again
 * from the database: the observation's {@code readUntil} tells.
 */
final class SampleMemory {
    private final Map<Long, Remembered> known = new HashMap<>();

    private record Remembered(
            Instant readUntil, TreeMap<Instant, Sample> candidate, TreeMap<Instant, Sample> baseline) {}

    /** Forgets what no longer runs, and fetches with one query what is not known as it stands. */
    void follow(List<Watched> active, ObservationStore store) {
        known.keySet().retainAll(active.stream().map(Watched::number).toList());
        List<Long> unknown = new ArrayList<>();
        for (Watched each : active) {
            Remembered remembered = known.get(each.number());
            if (remembered == null || !remembered.readUntil().equals(each.readUntil())) {
                known.put(each.number(), new Remembered(each.readUntil(), new TreeMap<>(), new TreeMap<>()));
                if (each.readUntil().isAfter(each.observation().since())) {
                    unknown.add(each.number());
                }
            }
        }
        if (!unknown.isEmpty()) {
            for (Stored stored : store.samplesOf(unknown)) {
                side(stored.observation(), stored.candidate())
                        .put(stored.sample().at(), stored.sample());
            }
        }
    }

    /** Those of the samples that are new to an observation. The first report of an interval counts, so that a verdict can be repeated. */
    List<Stored> news(Watched watched, List<Sample> samples) {
        List<Stored> news = new ArrayList<>();
        for (Sample sample : samples) {
            boolean candidate = sample.version().equals(watched.order().candidate());
            boolean baseline =
                    !candidate && sample.version().equals(watched.order().baseline());
            boolean since = !sample.at().isBefore(watched.observation().since());
            if (since
                    && (candidate || baseline)
                    && !side(watched.number(), candidate).containsKey(sample.at())) {
                news.add(new Stored(watched.number(), candidate, sample));
            }
        }
        return news;
    }

    /** One side's samples with the news, from the time on, by time. */
    List<Sample> with(Watched watched, boolean candidate, List<Stored> news, Instant from) {
        TreeMap<Instant, Sample> all =
                new TreeMap<>(side(watched.number(), candidate).tailMap(from, true));
        for (Stored each : news) {
            if (each.candidate() == candidate && !each.sample().at().isBefore(from)) {
                all.put(each.sample().at(), each.sample());
            }
        }
        return List.copyOf(all.values());
    }

    void stored(Watched watched, List<Stored> news, Instant readUntil) {
        for (Stored each : news) {
            side(watched.number(), each.candidate()).put(each.sample().at(), each.sample());
        }
        Remembered before = known.get(watched.number());
        known.put(watched.number(), new Remembered(readUntil, before.candidate(), before.baseline()));
    }

    void forget(Watched watched) {
        known.remove(watched.number());
    }

    private TreeMap<Instant, Sample> side(long observation, boolean candidate) {
        Remembered remembered = known.get(observation);
        return candidate ? remembered.candidate() : remembered.baseline();
    }
}
