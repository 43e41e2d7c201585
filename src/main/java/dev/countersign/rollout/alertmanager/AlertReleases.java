package dev.countersign.rollout.alertmanager;

import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.alertmanager.Delivery.Alert;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Finds the releases that users meet now and that an alert may speak of, and says by which label. */
@Component
class AlertReleases {
    private static final Set<ReleaseState> EXPOSED =
            Set.of(ReleaseState.ROLLING_OUT, ReleaseState.HELD, ReleaseState.STABILISING);
    private static final int MOST = 50;
    private final Releases releases;
    private final Rollouts rollouts;

    AlertReleases(Releases releases, Rollouts rollouts) {
        this.releases = releases;
        this.rollouts = rollouts;
    }

    /** @param by {@code release}, {@code version} or {@code service}: the most exact label that names it */
    record Found(Release release, Rollout rollout, String by) {}

    List<Found> of(Alert alert) {
        return candidates(alert).stream()
                .filter(release -> EXPOSED.contains(release.state()))
                .flatMap(release -> rollouts.find(release.key()).stream()
                        .filter(rollout -> rollout.trippedAt() == null && !rollout.isBack())
                        .flatMap(rollout ->
                                by(alert, release, rollout).stream().map(label -> new Found(release, rollout, label))))
                .toList();
    }

    private List<Release> candidates(Alert alert) {
        if (!alert.label("release").isEmpty()) {
            return releases.find(alert.label("release")).stream().toList();
        }
        if (alert.label("service").isEmpty()) {
            return List.of();
        }
        return releases.list(new ReleaseFilter(Set.of(alert.label("service")), EXPOSED, null, null, 0, MOST));
    }

    /** Empty where the alert names another version: the stable one's trouble is not the candidate's. */
    private static Optional<String> by(Alert alert, Release release, Rollout rollout) {
        if (alert.label("release").equals(release.key())) {
            return Optional.of("release");
        }
        String version = alert.label("version");
        if (version.isEmpty()) {
            return Optional.of("service");
        }
        String running = version.substring(version.lastIndexOf('@') + 1);
        boolean same = version.equals(release.version())
                || rollout.candidate().equals(running)
                || rollout.candidate().equals("sha256:" + running);
        return same ? Optional.of("version") : Optional.empty();
    }
}
