package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where measurements come from. One batch of queries per service and tick. Implementations: sandbox, Prometheus. */
public interface MetricsSource {
    /** Whether this source measures the service. */
    default boolean serves(String service) {
        return true;
    }

    /**
     * Requests of one service, per version and interval, from the given time on, oldest first. Intervals in which nothing was
     * measured are absent; they are never reported as zero. An interval that is not over yet is absent too.
     *
     * @throws IOException when the source does not answer: the observation holds with verdict {@code ERROR}
     */
    List<Sample> requests(String service, Instant from, Instant to) throws IOException;

    /** Whether objectives are asked for by their own queries, and not counted from requests. */
    default boolean asksObjectives() {
        return false;
    }

    /**
     * Good and all events of a service's objectives, counted by their own queries: one batch, however many there are. What cannot be counted of one objective does not
     * hide the others. One answer for each, in their order.
     *
     * @param to nothing that is measured later is counted
     * @throws IOException when the source does not answer at all
     */
    default List<Tally> objectives(String service, List<Ask> asked, Instant to) throws IOException {
        throw new IOException("This source asks for no objectives");
    }

    /**
     * The same over one stretch of time, counted once as a whole, slices or not.
     *
     * @throws IOException also where too little of it has been measured yet
     */
    default List<Tally> objectivesOver(String service, List<Slo> objectives, Instant from, Instant to)
            throws IOException {
        throw new IOException("This source asks for no objectives");
    }

    /** @param from a whole number of slices after the epoch */
    record Ask(Slo slo, Instant from) {}

    /**
     * @param counts oldest first; an interval of which nothing is known is absent, one without events counts zero
     * @param until up to where the source was asked: next time goes on from there
     * @param trouble why nothing, or not all, could be counted; null where it could
     * @param byVersion the same of each version that all of the objective's queries tell apart
     * @param quiet up to when there were events, and no series of bad ones: nothing bad happened yet, or the query finds nothing. By version, and of the whole by {@link #WHOLE};
     *     absent where that never was
     */
    record Tally(
            String slo,
            List<Events> counts,
            Instant until,
            String trouble,
            Map<String, List<Events>> byVersion,
            Map<String, Instant> quiet) {
        /** No version is called so. */
        public static final String WHOLE = "";

        public Tally {
            counts = List.copyOf(counts);
            byVersion = Map.copyOf(byVersion);
            quiet = Map.copyOf(quiet);
        }

        public Tally(
                String slo, List<Events> counts, Instant until, String trouble, Map<String, List<Events>> byVersion) {
            this(slo, counts, until, trouble, byVersion, Map.of());
        }

        /** Of a version where it is told apart, else of the whole; null where it never was quiet. */
        public Instant quietOf(String version) {
            return quiet.get(byVersion.getOrDefault(version, List.of()).isEmpty() ? WHOLE : version);
        }

        /** Of the service as a whole. */
        public Tally(String slo, List<Events> counts, Instant until, String trouble) {
            this(slo, counts, until, trouble, Map.of());
        }
    }

    /** @param at where the interval begins */
    record Events(Instant at, double good, double total) {}

    /** What one of these counts covers, slices apart. */
    default Duration objectivesInterval() {
        return Duration.ofMinutes(1);
    }

    /**
     * The same, and counts of business figures, in one batch.
     *
     * @throws IOException also where this source cannot count what is asked for: what is declared and not counted holds
     */
    default Batch measure(String service, List<Query> queries, Instant from, Instant to) throws IOException {
        if (!queries.stream().allMatch(Query::isValue)) {
            throw new IOException("the metrics source of %s counts no business figures".formatted(service));
        }
        return new Batch(requests(service, from, to), List.of());
    }

    /**
     * Events for each unit of the whole service in the same hour of the weeks before, the latest first; a week that is not known is left out. Asked once an hour.
     *
     * @param hour where the present hour begins
     */
    default Map<Query, List<Double>> seasons(String service, List<Query> queries, Instant hour) throws IOException {
        return Map.of();
    }

    /**
     * A business figure: what is counted, and what it is held against, in the source's own words. Or a value of one version, of a team's own canary configuration: a source that
     * cannot tell it leaves it out, so that it does not hide what it measures else.
     *
     * @param per null for a value
     */
    record Query(String events, String per) {
        static Query value(String promql) {
            return new Query(promql, null);
        }

        public boolean isValue() {
            return per == null;
        }
    }

    /** @param answered values that the source told, be it that there are none: of all others nothing is known */
    record Batch(List<Sample> samples, List<Counted> counted, List<Valued> valued, Set<Query> answered) {
        public Batch {
            samples = List.copyOf(samples);
            counted = List.copyOf(counted);
            valued = List.copyOf(valued);
            answered = Set.copyOf(answered);
        }

        /** What has no value was not answered. */
        public Batch(List<Sample> samples, List<Counted> counted, List<Valued> valued) {
            this(samples, counted, valued, valued.stream().map(Valued::query).collect(Collectors.toSet()));
        }

        public Batch(List<Sample> samples, List<Counted> counted) {
            this(samples, counted, List.of(), Set.of());
        }
    }

    /**
     * A value that was asked for.
     *
     * @param at where the interval begins
     * @param labels that tell it from others of the same query; empty where it is the only one
     * @param value what is no finite number says that the interval's is not known
     */
    record Valued(Query query, Instant at, Map<String, String> labels, double value) {
        public Valued {
            labels = Map.copyOf(labels);
        }
    }

    /** What one version earned in one interval. @param at where the interval begins */
    record Counted(Query query, Instant at, Duration interval, String version, double events, double of) {
        public Instant end() {
            return at.plus(interval);
        }
    }

    /** How this source's measurements come. */
    default Pace pace() {
        return Pace.SECONDS;
    }

    /**
     * @param interval length of one measurement, a minute or a part of it
     * @param delay until a measurement that has ended is final: before that it is absent
     */
    record Pace(Duration interval, Duration delay) {
        static final Pace SECONDS = new Pace(Duration.ofSeconds(1), Duration.ZERO);

        /** How far one must look back to see some whole measurements. */
        public Duration reach() {
            return interval.multipliedBy(2).plus(delay);
        }
    }

    /**
     * What one version answered in one interval.
     *
     * @param at where the interval begins
     * @param version the artifact digest that answered
     * @param latencyP50Ms null where nothing was measured
     * @param latencies the same as counts per bucket; null where the source knows percentiles only
     * @param values of the team's own canary configuration, by {@link ValueKeys#key}; empty where it has none
     */
    record Sample(
            Instant at,
            Duration interval,
            String version,
            long requests,
            long errors,
            Double latencyP50Ms,
            Double latencyP95Ms,
            Double latencyP99Ms,
            Latencies latencies,
            Map<String, Double> values) {
        public Sample {
            values = Map.copyOf(values);
        }

        public Sample(
                Instant at,
                Duration interval,
                String version,
                long requests,
                long errors,
                Double latencyP50Ms,
                Double latencyP95Ms,
                Double latencyP99Ms,
                Latencies latencies) {
            this(
                    at,
                    interval,
                    version,
                    requests,
                    errors,
                    latencyP50Ms,
                    latencyP95Ms,
                    latencyP99Ms,
                    latencies,
                    Map.of());
        }

        public Sample(
                Instant at,
                Duration interval,
                String version,
                long requests,
                long errors,
                Double latencyP50Ms,
                Double latencyP95Ms,
                Double latencyP99Ms) {
            this(at, interval, version, requests, errors, latencyP50Ms, latencyP95Ms, latencyP99Ms, null);
        }

        /** The same, with the values of the interval. */
        Sample with(Map<String, Double> known) {
            return new Sample(
                    at,
                    interval,
                    version,
                    requests,
                    errors,
                    latencyP50Ms,
                    latencyP95Ms,
                    latencyP99Ms,
                    latencies,
                    known);
        }

        public Instant end() {
            return at.plus(interval);
        }
    }
}
