package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/** Samples of one second each, written as in a table. */
final class Series {
    static final Instant START = Instant.parse("2026-11-24T20:00:00Z");
    static final String CANDIDATE = "sha256:new";
    static final String BASELINE = "sha256:old";
    static final Duration SECOND = Duration.ofSeconds(1);

    private Series() {}

    /** The table's row for sandbox services. */
    static Triggers seconds() {
        return new Triggers(0.05, Duration.ofSeconds(5), 20, 200, Duration.ofSeconds(2), 2, 3, "rollback-triggers 1.0");
    }

    /** The table's row for critical services. */
    static Triggers minutes() {
        return new Triggers(
                0.05, Duration.ofMinutes(5), 100, 200, Duration.ofMinutes(1), 2, 3, "rollback-triggers 1.0");
    }

    static Order step(Triggers triggers, Duration window, Duration maximum) {
        return new Order(
                "checkout@2.0.0/step-1#1",
                "checkout@2.0.0",
                "checkout",
                "step",
                CANDIDATE,
                BASELINE,
                0.1,
                window,
                maximum,
                triggers);
    }

    static Order stabilisation(Duration window, Duration maximum) {
        return new Order(
                "checkout@2.0.0/stabilisation#1",
                "checkout@2.0.0",
                "checkout",
                "stabilisation",
                CANDIDATE,
                null,
                1,
                window,
                maximum,
                seconds());
    }

    static Sample second(int at, String version, long requests, long errors, double milliseconds) {
        double[] took = new double[(int) requests];
        Arrays.fill(took, milliseconds);
        return new Sample(
                START.plusSeconds(at),
                SECOND,
                version,
                requests,
                errors,
                milliseconds,
                milliseconds,
                milliseconds,
                Latencies.of(took));
    }

    /** Seconds from (inclusive) to (exclusive); none where the function says zero requests. */
    static List<Sample> of(
            String version, int from, int to, IntToLongFunction requests, IntToLongFunction errors, double ms) {
        List<Sample> samples = new ArrayList<>();
        for (int at = from; at < to; at++) {
            if (requests.applyAsLong(at) > 0) {
                samples.add(second(at, version, requests.applyAsLong(at), errors.applyAsLong(at), ms));
            }
        }
        return samples;
    }

    static List<Sample> healthy(String version, int from, int to, long requests) {
        return of(version, from, to, at -> requests, at -> 0, 20);
    }

    static List<Sample> join(List<Sample> one, List<Sample> other) {
        List<Sample> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    static Course course(Order order, List<Sample> candidate, List<Sample> baseline, int seconds) {
        Instant until = START.plusSeconds(seconds);
        return Courses.course(order, START, false, null, List.of(), List.of(), candidate, baseline, until, until, null);
    }

    /** Quarters of a minute, as Prometheus gives them; none where the function says zero requests. */
    static List<Sample> quarters(
            String version,
            int count,
            IntToLongFunction requests,
            IntToLongFunction errors,
            IntToDoubleFunction milliseconds) {
        List<Sample> samples = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            long there = requests.applyAsLong(at);
            double took = milliseconds.applyAsDouble(at);
            if (there > 0) {
                samples.add(new Sample(
                        START.plusSeconds(15L * at),
                        Duration.ofSeconds(15),
                        version,
                        there,
                        errors.applyAsLong(at),
                        took,
                        took,
                        took));
            }
        }
        return samples;
    }
}
