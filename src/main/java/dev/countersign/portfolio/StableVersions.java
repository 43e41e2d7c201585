package dev.countersign.portfolio;

import dev.countersign.release.Release;
import dev.countersign.release.Release.Artifact;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Which digests are the stable version of a service: by our own records, since what a target happens to run may have come past the platform. Only where no
 * release was ever rolled out is the target asked.
 */
@Component
class StableVersions {
    private static final Logger LOG = LoggerFactory.getLogger(StableVersions.class);
    private static final int LATEST = 50;
    private final Releases releases;
    private final Rollouts rollouts;
    private final Targets targets;

    StableVersions(Releases releases, Rollouts rollouts, Targets targets) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.targets = targets;
    }

    /** @param because where that is known from, for a person */
    record Stable(Set<String> digests, String because) {}

    Optional<Stable> of(String service) {
        return released(service).or(() -> replaced(service)).or(() -> running(service));
    }

    /** The release that became stable last. */
    private Optional<Stable> released(String service) {
        return latest(service, Set.of(ReleaseState.STABLE)).stream()
                .max(Comparator.comparing(Release::stateSince))
                .map(release -> new Stable(
                        release.artifacts().stream()
                                .map(Artifact::digest)
                                .collect(LinkedHashSet::new, Set::add, Set::addAll),
                        "it is " + release.key()));
    }

    /** What the newest rollout found running, where none has become stable yet. */
    private Optional<Stable> replaced(String service) {
        return latest(service, null).stream()
                .flatMap(release -> rollouts.find(release.key()).stream())
                .filter(rollout -> rollout.baseline() != null)
                .max(Comparator.comparing(Rollouts.Rollout::startedAt))
                .map(rollout -> new Stable(
                        Set.of(rollout.baseline()), "it ran before " + rollout.releaseKey() + " was rolled out"));
    }

    private Optional<Stable> running(String service) {
        try {
            return targets.deployerOf(service)
                    .stableDigest(service)
                    .map(digest -> new Stable(Set.of(digest), "the target runs it, and nothing was released yet"));
        } catch (IOException | IllegalStateException unknown) {
            LOG.info("What {} runs is not known: {}", service, unknown.getMessage());
            return Optional.empty();
        }
    }

    private List<Release> latest(String service, Set<ReleaseState> states) {
        return releases.list(new ReleaseFilter(Set.of(service), states, null, null, 0, LATEST));
    }
}
