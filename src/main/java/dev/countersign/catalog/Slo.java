package dev.countersign.catalog;

import java.time.Duration;

/**
 * A service level objective, read from OpenSLO v1.
 *
 * @param kind what it speaks of: {@code availability}, {@code latency} or {@code errors}
 * @param target for example 0.995; ratio of good to all
 * @param thresholdMs for latency: a request counts as good below this many milliseconds; null otherwise
 * @param window the rolling window
 * @param digest of the file's document, so that a release can hold to the version it began with
 */
public record Slo(
        String name, String service, String kind, double target, Double thresholdMs, Duration window, String digest) {}
