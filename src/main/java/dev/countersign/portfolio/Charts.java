package dev.countersign.portfolio;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** What was measured of candidate and baseline while the release rolled out, as columns that a chart can draw. */
@Component
class Charts {
    private static final int POINTS = 400;
    private static final String ALERTS = "alert.";
    /** What moves traffic, or is said by an alert; the steps and their verdicts are bands. */
    private static final Set<String> MARKED = Set.of(
            "alert.received",
            "alert.resolved",
            "rollout.split-set",
            "rollout.flag-set",
            "rollout.halted",
            "rollout.held",
            "rollout.taken-back",
            "breaker.tripped");

    private final Releases releases;
    private final Observations observations;
    private final Timeline timeline;
    private final Clock clock;

    Charts(Releases releases, Observations observations, Timeline timeline, Clock clock) {
        this.releases = releases;
        this.observations = observations;
        this.timeline = timeline;
        this.clock = clock;
    }

    Chart of(String releaseKey) {
        releases.get(releaseKey);
        List<Observation> observed = observations.ofRelease(releaseKey);
        List<Sample> samples = observed.isEmpty() ? List.of() : observations.samplesOf(releaseKey);
        String candidate = observed.isEmpty() ? "" : observed.get(0).order().candidate();
        var chart = new Chart(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                bands(observed),
                limits(observed),
                moments(releaseKey));
        long width = width(samples);
        var buckets = new TreeMap<Long, Bucket>();
        for (Sample sample : samples) {
            long at = sample.at().toEpochMilli() / width * width;
            Bucket bucket = buckets.computeIfAbsent(at, key -> new Bucket());
            (sample.version().equals(candidate) ? bucket.candidate : bucket.baseline).add(sample);
        }
        buckets.forEach((at, bucket) -> {
            chart.t().add(at / 1000.0);
            chart.candidateErrors().add(bucket.candidate.errorRate());
            chart.baselineErrors().add(bucket.baseline.errorRate());
            chart.candidateP95().add(bucket.candidate.p95());
            chart.baselineP95().add(bucket.baseline.p95());
        });
        return chart;
    }

    /** Milliseconds of one point: at least the source's own interval, and wide enough for the chart. */
    private static long width(List<Sample> samples) {
        if (samples.isEmpty()) {
            return 1000;
        }
        long interval = samples.stream()
                .mapToLong(sample -> sample.interval().toMillis())
                .max()
                .orElse(1000);
        long span = Duration.between(
                        samples.get(0).at(), samples.get(samples.size() - 1).at())
                .toMillis();
        long needed = span / POINTS;
        return Math.max(1, interval) * Math.max(1, needed / Math.max(1, interval) + (needed > interval ? 1 : 0));
    }

    private List<Band> bands(List<Observation> observed) {
        var bands = new ArrayList<Band>();
        for (int i = 0; i < observed.size(); i++) {
            Observation one = observed.get(i);
            Instant end = i + 1 < observed.size() ? observed.get(i + 1).since() : end(one);
            bands.add(new Band(
                    one.order().kind(),
                    one.order().share(),
                    one.since().toEpochMilli() / 1000.0,
                    end.toEpochMilli() / 1000.0,
                    one.ended(),
                    one.latest() == null ? null : one.latest().verdict(),
                    one.latest() == null ? null : one.latest().sentence(),
                    one.latest() == null ? null : one.latest().at().toEpochMilli() / 1000.0));
        }
        return bands;
    }

    private List<Moment> moments(String releaseKey) {
        return timeline.of(releaseKey).stream()
                .filter(entry -> MARKED.contains(entry.type()))
                .sorted(Comparator.comparingLong(Timeline.Entry::id))
                .map(entry -> new Moment(
                        entry.at().toEpochMilli() / 1000.0, entry.type().startsWith(ALERTS), entry.text()))
                .toList();
    }

    private Instant end(Observation one) {
        return one.ended() && one.latest() != null ? one.latest().at() : clock.instant();
    }

    private static Limits limits(List<Observation> observed) {
        return observed.stream()
                .map(one -> one.order().triggers())
                .filter(triggers -> triggers != null)
                .findFirst()
                .map(triggers -> new Limits(triggers.maxErrorRate(), triggers.maxLatencyIncreaseMs()))
                .orElse(null);
    }

    /**
     * @param t seconds since 1970, one for each point; the other columns are as long, null where nothing was measured
     * @param candidateErrors fraction of requests
     * @param candidateP95 milliseconds
     */
    record Chart(
            List<Double> t,
            List<Double> candidateErrors,
            List<Double> baselineErrors,
            List<Double> candidateP95,
            List<Double> baselineP95,
            List<Band> bands,
            Limits limits,
            List<Moment> moments) {}

    record Moment(double at, boolean alert, String text) {}

    record Band(
            String kind,
            double share,
            double from,
            double to,
            boolean ended,
            String verdict,
            String sentence,
            Double judgedAt) {}

    record Limits(double errorRate, double latencyIncreaseMs) {}

    private static final class Bucket {
        private final Sum candidate = new Sum();
        private final Sum baseline = new Sum();
    }

    private static final class Sum {
        private long requests;
        private long errors;
        private double weighted;
        private long weight;

        void add(Sample sample) {
            requests += sample.requests();
            errors += sample.errors();
            if (sample.latencyP95Ms() != null) {
                weighted += sample.latencyP95Ms() * sample.requests();
                weight += sample.requests();
            }
        }

        Double errorRate() {
            return requests == 0 ? null : (double) errors / requests;
        }

        Double p95() {
            return weight == 0 ? null : weighted / weight;
        }
    }
}
