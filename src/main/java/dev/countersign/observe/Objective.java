package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A service level objective as an observation began with it.
 *
 * @param kind availability, latency or errors
 * @param target ratio of good to all, for example 0.995
 * @param thresholdMs for latency: up to here a request is good; null where its file does not tell in milliseconds
 * @param slo with its own queries and slices; null in what was kept before they were asked for
 */
record Objective(String name, String kind, double target, Double thresholdMs, String digest, Slo slo) {
    /** Of an objective that nothing can measure. */
    private static final String UNREAD = "unspecified";

    /** Enough of a digest to tell versions of a file apart. */
    private static final int SHOWN = 12;

    static final List<String> REQUIRED = List.of("availability", "latency", "errors");

    /** One that only requests can tell. */
    Objective(String name, String kind, double target, Double thresholdMs, String digest) {
        this(name, kind, target, thresholdMs, digest, null);
    }

    /** Good and all requests, or slices of time. */
    record Ratio(double good, double total) {
        double value() {
            return good / total;
        }

        long events() {
            return Math.round(total);
        }
    }

    static Objective of(Slo slo) {
        return new Objective(
                slo.name(),
                slo.unread() == null ? slo.kind() : UNREAD,
                slo.target(),
                slo.thresholdMs(),
                slo.digest(),
                slo);
    }

    /** Null where it cannot be measured: no requests, no threshold, or a source without buckets. Never a pass. */
    Ratio measure(List<Sample> samples) {
        long good = 0;
        long total = 0;
        for (Sample sample : samples) {
            total += sample.requests();
            if (!kind.equals("latency")) {
                good += sample.requests() - sample.errors();
            } else if (thresholdMs == null || sample.latencies() == null && sample.requests() > 0) {
                return null;
            } else if (sample.requests() > 0) {
                good += sample.latencies().atMost(thresholdMs);
            }
        }
        return total == 0 ? null : new Ratio(good, total);
    }

    /** How many times faster than sustainable the error budget is spent: 1 spends it exactly by the window's end. */
    double burn(Ratio ratio) {
        return target >= 1
                ? (ratio.good() == ratio.total() ? 0 : Double.POSITIVE_INFINITY)
                : (1 - ratio.value()) / (1 - target);
    }

    /** Whether it has queries of its own that can be asked. */
    boolean asksItself() {
        return slo != null
                && slo.unread() == null
                && !slo.queries().isEmpty()
                && !Slices.of(slo).isTooLong();
    }

    /** Why nothing can measure it, where its file says so; else null. */
    String unread() {
        return slo == null ? null : slo.unread();
    }

    /** Whether its counts are points or slices of time, of which a few say little. */
    boolean countsTime() {
        return slo != null
                && (!"Occurrences".equals(slo.budgeting())
                        || slo.source() != null && !"ratio".equals(slo.source().shape()));
    }

    /** The version that decides, as sentences name it: the file's digest. Empty where none is known. */
    static String versions(List<Objective> objectives) {
        String versions = objectives.stream()
                .map(Objective::digest)
                .filter(Objects::nonNull)
                .map(digest -> digest.substring(0, Math.min(digest.length(), "sha256:".length() + SHOWN)))
                .distinct()
                .collect(Collectors.joining(", "));
        return versions.isEmpty() ? "" : " (" + versions + ")";
    }

    /** As it is called in a sentence: one that is of no kind by its name. */
    String label() {
        return measurable() ? kind : name;
    }

    /** Why requests do not tell it, in words. */
    String unmeasured() {
        if (unread() != null) {
            return unread();
        }
        if (!measurable()) {
            return "its file does not tell what it speaks of, and its queries are not asked here";
        }
        return kind.equals("latency") && thresholdMs == null
                ? "its file does not tell its bound in milliseconds"
                : "requests were not measured, or only as percentiles";
    }

    /** Whether requests tell it. */
    boolean measurable() {
        return REQUIRED.contains(kind);
    }

    /** Whether requests tell it whatever its own queries do: of a latency its bound must be known. */
    boolean isToldByRequests() {
        return measurable() && unread() == null && (!kind.equals("latency") || thresholdMs != null);
    }
}
