package dev.countersign.observe;

import java.time.Instant;

/** Beacons of one interval. @param pages and the counts of {@code buckets} are negative where more was taken back than told */
record RumCount(String service, String version, Vital vital, Instant at, long pages, Latencies buckets) {}
