package dev.countersign.rollout.alertmanager;

import dev.countersign.catalog.Catalog;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.alertmanager.Delivery.Alert;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Finds the releases that users meet now and that an alert may speak of, and says by which label. */
@Component
class AlertReleases {
    private static final Set<ReleaseState> EXPOSED =
            Set.of(ReleaseState.ROLLING_OUT, ReleaseState.HELD, ReleaseState.STABILISING);
    static final String ANOTHER_VERSION = "another version";
    private static final int MOST = 50;
    private static final int MOST_OF_ALL = 1000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
    private final Releases releases;
    private final Rollouts rollouts;
    private final AlertLabels labels;
    private final Catalog catalog;

    AlertReleases(Releases releases, Rollouts rollouts, AlertLabels labels, Catalog catalog) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.labels = labels;
        this.catalog = catalog;
    }

    /** @param by {@code release}, {@code version} or {@code service}: the most exact label that names it; {@code another version} where it is not concerned */
    record Found(Release release, Rollout rollout, String by) {}

    /** All that users meet now, or may meet as long as no router has said otherwise. */
    List<String> exposed() {
        return releases.list(new ReleaseFilter(null, EXPOSED, null, null, 0, MOST_OF_ALL)).stream()
                .map(Release::key)
                .filter(key -> rollouts.find(key)
                        .filter(rollout -> rollout.trippedAt() == null && !rollout.isBack() && rollout.isMet())
                        .isPresent())
                .toList();
    }

    List<Found> of(Alert alert) {
        return candidates(alert).stream()
                .filter(release -> EXPOSED.contains(release.state()))
                .flatMap(release -> rollouts.find(release.key()).stream()
                        .filter(rollout -> rollout.trippedAt() == null && !rollout.isBack())
                        .map(rollout -> new Found(release, rollout, by(alert, release, rollout))))
                .toList();
    }

    private List<Release> candidates(Alert alert) {
        // Package managers put the name of their own release into the same label: it is passed over.
        Optional<Release> named = labels.releases(alert)
                .flatMap(key -> releases.find(key).stream())
                .findFirst();
        if (named.isPresent()) {
            return List.of(named.get());
        }
        return labels.services(alert)
                .filter(name -> catalog.service(name).isPresent())
                .findFirst()
                .map(name -> releases.list(new ReleaseFilter(Set.of(name), EXPOSED, null, null, 0, MOST)))
                .orElse(List.of());
    }

    /** The stable version's trouble is not the candidate's. */
    private String by(Alert alert, Release release, Rollout rollout) {
        if (labels.releases(alert).anyMatch(release.key()::equals)) {
            return "release";
        }
        String version = labels.version(alert);
        if (version.isEmpty()) {
            return "service";
        }
        return isCandidate(version, release, rollout) ? "version" : ANOTHER_VERSION;
    }

    /** The version as people or build tools write it, the commit it was built from, its digest, or an image that ends in one of them. */
    private static boolean isCandidate(String named, Release release, Rollout rollout) {
        String running = named.substring(named.lastIndexOf('@') + 1);
        String version = named.substring(Math.max(named.lastIndexOf(':'), named.lastIndexOf('/')) + 1);
        String commit = version.toLowerCase(Locale.ROOT);
        return rollout.candidate().equals(running)
                || rollout.candidate().equals("sha256:" + running)
                || withoutV(version).equals(withoutV(release.version()))
                || (COMMIT.matcher(commit).matches() && release.commit().startsWith(commit));
    }

    private static String withoutV(String version) {
        return version.replaceFirst("^[vV](?=[0-9])", "");
    }
}
