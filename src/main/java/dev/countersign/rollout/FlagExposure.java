package dev.countersign.rollout;

import dev.countersign.release.Release;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Sets the flag of a release, reads it back, and keeps who set it. Whether it may be set is decided by those who call. */
@Component
class FlagExposure {
    /** Systems know whole per cents, or finer: what was set is what is read. */
    private static final double TOLERANCE = 0.0005;

    private final List<FlagManagementSystem> systems;
    private final ExposureStore store;

    FlagExposure(ObjectProvider<FlagManagementSystem> systems, ExposureStore store) {
        this.systems = systems.orderedStream().toList();
        this.store = store;
    }

    FlagManagementSystem systemOf(Release release) {
        return systems.stream()
                .filter(system -> system.serves(release.service()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "No flag management system is configured for %s, whose release names the flag %s"
                                .formatted(release.service(), release.flag())));
    }

    double read(Release release) throws IOException {
        return systemOf(release).readShare(release.service(), release.flag());
    }

    /** Why it is not known to be on for this share, in words; empty where its system reports just that. */
    Optional<String> unlike(Release release, double share) {
        try {
            double actual = read(release);
            return isSame(actual, share)
                    ? Optional.empty()
                    : Optional.of(String.format(
                            Locale.ROOT,
                            "The flag %s is on for %.1f %%, and the step exposes %.1f %%",
                            release.flag(),
                            actual * 100,
                            share * 100));
        } catch (IOException | RuntimeException unread) {
            return Optional.of(
                    "For whom the flag %s is on is not known: %s".formatted(release.flag(), unread.getMessage()));
        }
    }

    private static boolean isSame(double actual, double share) {
        return Math.abs(actual - share) <= TOLERANCE && (share != 0 || actual == 0);
    }

    /** @return what the system reports */
    double set(Release release, double share, String by, String because) throws IOException {
        FlagManagementSystem system = systemOf(release);
        system.setShare(release.service(), release.flag(), share);
        double actual = system.readShare(release.service(), release.flag());
        if (!isSame(actual, share)) {
            throw new IOException("%s was told to turn %s on for %.1f %% and reports %.1f %%"
                    .formatted(system.name(), release.flag(), share * 100, actual * 100));
        }
        store.set(release, system.name(), share, actual, by, because);
        return actual;
    }
}
