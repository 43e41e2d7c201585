package dev.countersign.observe;

import dev.countersign.observe.Reading.Counts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Counts of beacons as all nodes stored them. */
@Repository
class RumStore implements Pages {
    /** A share of the interval: what is known changes once an interval. */
    private static final int LOOKS = 4;

    private final JdbcClient jdbc;
    private final JdbcTemplate batch;
    private final RumProperties properties;
    private final Clock clock;
    private final Map<Long, Known> known = new HashMap<>();

    RumStore(JdbcTemplate batch, RumProperties properties, Clock clock) {
        this.jdbc = JdbcClient.create(batch);
        this.batch = batch;
        this.properties = properties;
        this.clock = clock;
    }

    /** Which release's pages a digest that serves may be named by; empty where none is known. It became stable before it was anybody's baseline, so that one look is enough. */
    private final Map<Version, String> stable = new HashMap<>();

    private record Version(String service, String digest) {}

    private record Known(Instant at, List<Reading> readings) {}

    void insert(List<RumCount> counts) {
        batch.batchUpdate(
                "insert into rum_count (service, version, vital, at_, pages, buckets) values (?, ?, ?, ?, ?, ?)",
                new Rows(counts.size(), (row, index) -> {
                    RumCount count = counts.get(index);
                    row.setString(1, count.service());
                    row.setString(2, count.version());
                    row.setString(3, count.vital().name());
                    row.setObject(4, count.at().atOffset(ZoneOffset.UTC));
                    row.setLong(5, count.pages());
                    row.setString(6, count.buckets().toString());
                }));
    }

    void forgetOld() {
        jdbc.sql("delete from rum_count where at_ < ?")
                .param(clock.instant().minus(properties.keep()).atOffset(ZoneOffset.UTC))
                .update();
    }

    /** One statement for all that asks, and none while what is known is young. */
    @Override
    public synchronized Map<Long, List<Reading>> read(List<Watched> asking) {
        known.keySet().retainAll(asking.stream().map(Watched::number).toList());
        Instant now = clock.instant();
        List<Watched> old = asking.stream()
                .filter(watched -> !known.containsKey(watched.number())
                        || !now.isBefore(known.get(watched.number())
                                .at()
                                .plus(properties.interval().dividedBy(LOOKS))))
                .toList();
        if (!old.isEmpty()) {
            List<RumCount> counts = between(old);
            nameBaselines(asking);
            old.forEach(watched -> known.put(watched.number(), new Known(now, readings(watched, counts))));
        }
        Map<Long, List<Reading>> read = new HashMap<>();
        known.forEach((number, each) -> read.put(number, each.readings()));
        return read;
    }

    /** One statement where baselines are new, and none otherwise. */
    private void nameBaselines(List<Watched> asking) {
        Set<Version> baselines = asking.stream()
                .filter(watched -> watched.order().baseline() != null)
                .map(watched ->
                        new Version(watched.order().service(), watched.order().baseline()))
                .collect(Collectors.toSet());
        stable.keySet().retainAll(baselines);
        baselines.removeAll(stable.keySet());
        if (baselines.isEmpty()) {
            return;
        }
        Map<Version, String> named = new HashMap<>();
        jdbc.sql(
                        "select service, candidate, release_key from observation where kind = 'stabilisation' and verdict = 'PASS'"
                                + " and candidate in (:digests) order by no_")
                .param("digests", baselines.stream().map(Version::digest).toList())
                .query(row -> {
                    named.put(
                            new Version(row.getString("service"), row.getString("candidate")),
                            row.getString("release_key"));
                });
        baselines.forEach(baseline -> stable.put(baseline, named.getOrDefault(baseline, "")));
    }

    /** The key of the release that made the baseline the stable version; null where that is not known, or the candidate is the same artifact again. */
    private String baselineKey(Watched watched) {
        String key = stable.getOrDefault(
                new Version(watched.order().service(), watched.order().baseline()), "");
        return key.isEmpty() || key.equals(watched.order().releaseKey()) ? null : key;
    }

    private List<RumCount> between(List<Watched> asking) {
        Instant from = asking.stream()
                .map(watched -> watched.observation().since())
                .min(Instant::compareTo)
                .orElseThrow();
        return jdbc.sql("select * from rum_count where service in (:services) and at_ >= :from")
                .param(
                        "services",
                        asking.stream()
                                .map(watched -> watched.order().service())
                                .distinct()
                                .toList())
                .param("from", from.atOffset(ZoneOffset.UTC))
                .query((row, number) -> new RumCount(
                        row.getString("service"),
                        row.getString("version"),
                        Vital.valueOf(row.getString("vital")),
                        row.getObject("at_", OffsetDateTime.class).toInstant(),
                        row.getLong("pages"),
                        Latencies.parse(row.getString("buckets"))))
                .list();
    }

    private List<Reading> readings(Watched watched, List<RumCount> counts) {
        Set<String> candidate =
                labels(watched.order().candidate(), watched.order().releaseKey(), "canary");
        Set<String> baseline = labels(watched.order().baseline(), baselineKey(watched), "stable");
        List<RumCount> own = counts.stream()
                .filter(count -> count.service().equals(watched.order().service())
                        && !count.at().isBefore(watched.observation().since()))
                .toList();
        List<Reading> readings = new ArrayList<>();
        for (CanaryMetric metric : watched.order().triggers().metrics()) {
            if (metric.isSignal() && !metric.isOfKpi()) {
                Vital vital = Vital.ofMetric(metric.name());
                Counts ofCandidate = side(watched, own, vital, candidate);
                Counts ofBaseline = side(watched, own, vital, baseline);
                readings.add(new Reading(
                        metric.name(),
                        Gaps.later(ofCandidate.until(), ofBaseline.until()),
                        properties.interval(),
                        ofCandidate,
                        ofBaseline,
                        List.of()));
            }
        }
        return readings;
    }

    private static Set<String> labels(String digest, String release, String variant) {
        return Stream.of(digest, release, variant).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private Counts side(Watched watched, List<RumCount> counts, Vital vital, Set<String> labels) {
        if (vital == Vital.JS_ERROR) {
            // Held against the pages that told when their largest part was painted: each page does once.
            return new Counts(
                    pages(counts, vital, labels),
                    pages(counts, Vital.LCP, labels),
                    null,
                    newest(counts, Vital.LCP, labels),
                    resumed(watched, counts, Vital.LCP, labels));
        }
        SortedMap<Double, Long> buckets = new TreeMap<>();
        counts.stream()
                .filter(count -> count.vital() == vital && labels.contains(count.version()))
                .forEach(count ->
                        count.buckets().counts().forEach((bound, times) -> buckets.merge(bound, times, Long::sum)));
        // What was told before this observation began and taken back since.
        buckets.values().removeIf(times -> times <= 0);
        Latencies values = new Latencies(buckets);
        return new Counts(
                0,
                values.total(),
                values.toString(),
                newest(counts, vital, labels),
                resumed(watched, counts, vital, labels));
    }

    /** Where pages told something again after the last hole; null where there was none. */
    private Instant resumed(Watched watched, List<RumCount> counts, Vital vital, Set<String> labels) {
        List<RumCount> told = counts.stream()
                .filter(count -> isNew(count, vital, labels))
                .sorted(Comparator.comparing(RumCount::at))
                .toList();
        if (told.isEmpty()) {
            return null;
        }
        Instant known = watched.observation().since();
        Duration hole = Reading.hole(
                Reading.patience(properties.interval(), watched.order().triggers()),
                Duration.between(known, told.get(told.size() - 1).at().plus(properties.interval())),
                told.stream().mapToLong(RumCount::pages).sum());
        Instant resumed = null;
        for (Instant at : told.stream().map(RumCount::at).toList()) {
            if (!at.isBefore(known.plus(hole))) {
                resumed = at;
            }
            known = Gaps.later(at.plus(properties.interval()), known);
        }
        return resumed;
    }

    /** Pages that only tell anew what they told before are no new ones. */
    private static boolean isNew(RumCount count, Vital vital, Set<String> labels) {
        return count.vital() == vital && labels.contains(count.version()) && count.pages() > 0;
    }

    /** The end of the last interval in which pages told something; null where none did. */
    private Instant newest(List<RumCount> counts, Vital vital, Set<String> labels) {
        return counts.stream()
                .filter(count -> isNew(count, vital, labels))
                .map(count -> count.at().plus(properties.interval()))
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static long pages(List<RumCount> counts, Vital vital, Set<String> labels) {
        return Math.max(
                0,
                counts.stream()
                        .filter(count -> count.vital() == vital && labels.contains(count.version()))
                        .mapToLong(RumCount::pages)
                        .sum());
    }
}
