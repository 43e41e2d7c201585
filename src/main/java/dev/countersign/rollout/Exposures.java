package dev.countersign.rollout;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.rollout.ExposureStore.Exposure;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** For whom the flag of a release is on: what its system says now, beside what the platform set last. */
@Component
class Exposures {
    private static final double SAME = 0.0005;
    private final Releases releases;
    private final FlagExposure flags;
    private final ExposureStore store;

    Exposures(Releases releases, FlagExposure flags, ExposureStore store) {
        this.releases = releases;
        this.flags = flags;
        this.store = store;
    }

    /** Asks the flag's system; one that does not answer is said, and never shown as off. */
    Now of(String releaseKey) {
        Release release = releases.get(releaseKey);
        if (!release.isFlagged()) {
            return new Now(releaseKey, null, null, null, null, null, false, List.of());
        }
        List<Exposure> history = store.of(releaseKey);
        Double wanted = history.isEmpty() ? null : history.get(0).wanted();
        try {
            String system = flags.systemOf(release).name();
            double share = flags.read(release);
            boolean foreign = wanted != null && Math.abs(wanted - share) > SAME;
            return new Now(releaseKey, release.flag(), system, share, wanted, null, foreign, history);
        } catch (IOException | IllegalStateException unknown) {
            return new Now(releaseKey, release.flag(), null, null, wanted, unknown.getMessage(), false, history);
        }
    }

    /**
     * @param flag null where the release names none; then nothing else is known either
     * @param share for whom it is on, as its system reports it now; null where it does not
     * @param wanted what the platform set last; null where it never did
     * @param unknownBecause why there is no share
     * @param changedElsewhere the system reports another share than the platform set
     * @param history newest first
     */
    record Now(
            String release,
            String flag,
            String system,
            Double share,
            Double wanted,
            String unknownBecause,
            boolean changedElsewhere,
            List<Exposure> history) {}
}
