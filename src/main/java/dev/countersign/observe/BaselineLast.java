package dev.countersign.observe;

import dev.countersign.observe.Reading.Counts;

/**
 * What the baseline had of a metric beside requests when it last served beside the candidate. Stored with the observation that follows, so that its verdict can be repeated.
 *
 * @param metric as in the table {@code canary-metrics}
 * @param counts of one step
 */
record BaselineLast(String metric, Counts counts) {}
