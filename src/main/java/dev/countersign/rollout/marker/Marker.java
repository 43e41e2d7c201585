package dev.countersign.rollout.marker;

import java.time.Instant;

/**
 * A moment of a release for those who look at graphs.
 *
 * @param phase {@code start}, {@code step}, {@code promotion} or {@code rollback}
 */
record Marker(long id, String service, String version, String phase, String text, Instant at) {}
