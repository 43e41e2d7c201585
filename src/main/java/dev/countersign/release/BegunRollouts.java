package dev.countersign.release;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** When the rollouts of releases began. Kept by the module that deploys. */
public interface BegunRollouts {
    /** Of these services, from {@code from} to {@code to}, both included; the one that began last comes first. */
    List<Begun> of(Collection<String> services, Instant from, Instant to);

    /** Empty where nothing was ever deployed of the release. */
    Optional<Instant> beganAt(String releaseKey);

    record Begun(String releaseKey, String service, Instant at) {}
}
