package dev.countersign.rollout;

import dev.countersign.catalog.Catalog;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.CapacityStore.Stored;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.workflow.Decisions;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Nothing is deployed beside a stable version before an SRE has confirmed that there is room for both, where the table asks for it or the service declares how it is told. */
@Component
class CapacityCheck {
    private final Releases releases;
    private final RolloutStore rollouts;
    private final Catalog catalog;
    private final Decisions decisions;
    private final CapacityMeasure measure;
    private final CapacityStore store;
    private final Timeline timeline;
    private final Actors actors;

    CapacityCheck(
            Releases releases,
            RolloutStore rollouts,
            Catalog catalog,
            Decisions decisions,
            CapacityMeasure measure,
            CapacityStore store,
            Timeline timeline,
            Actors actors) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.catalog = catalog;
        this.decisions = decisions;
        this.measure = measure;
        this.store = store;
        this.timeline = timeline;
        this.actors = actors;
    }

    private Optional<CapacityLimits> limits(Release release) {
        return CapacityLimits.of(decisions, catalog, release);
    }

    /** Nobody has to, or somebody has, not too long ago. */
    boolean isConfirmed(Release release) {
        return limits(release)
                .map(limits -> store.latest(release.key())
                        .filter(stored -> stored.confirmedAt() != null
                                && stored.forecast().fits())
                        .filter(stored -> !store.isOlder(stored.madeAt(), limits.validity()))
                        .isPresent())
                .orElse(true);
    }

    /** What is said where nobody had to confirm anything because nothing is declared; empty otherwise. Asks nobody. */
    String undeclared(Release release) {
        return catalog.capacityOf(release.service()).isEmpty()
                ? ". No capacity is declared for %s: whether two versions have room was not forecast"
                        .formatted(release.service())
                : "";
    }

    /** For the plan that the rollout has. */
    @Transactional
    void forecast(Release release) {
        String releaseKey = release.key();
        CapacityLimits limits = limits(release).orElseThrow();
        Rollout rollout = rollouts.find(releaseKey).orElseThrow(() -> RolloutStore.noRollout(releaseKey));
        CapacityForecast forecast =
                measure.forecast(release.service(), catalog.capacityOf(release.service()), rollout.plan(), limits);
        store.add(releaseKey, forecast);
        timeline.record(
                releaseKey,
                "capacity.forecast",
                Actors.PLATFORM,
                "Room for two versions: %s. %s".formatted(forecast.verdict(), forecast.sentence()),
                Map.of("verdict", forecast.verdict(), "rule", forecast.version()));
    }

    Optional<Stored> latest(String releaseKey) {
        return store.latest(releaseKey);
    }

    /**
     * The current person confirms the newest forecast.
     *
     * @throws StateConflict where it does not say that there is room, or was made too long ago
     */
    @Transactional
    void confirm(String releaseKey, String because) {
        CapacityLimits limits = limits(releases.get(releaseKey)).orElse(null);
        if (limits == null) {
            return; // what was declared has been taken back meanwhile, by two persons: nobody has to confirm any more
        }
        Stored stored =
                store.latest(releaseKey).orElseThrow(() -> new StateConflict("There is no forecast of " + releaseKey));
        if (!stored.forecast().fits()) {
            throw new StateConflict("The forecast says %s: %s. Make room and measure again"
                    .formatted(stored.forecast().verdict(), stored.forecast().sentence()));
        }
        if (store.isOlder(stored.madeAt(), limits.validity())) {
            throw new StateConflict("The forecast was made at %s, more than %s ago: measure again"
                    .formatted(stored.madeAt(), limits.validity()));
        }
        store.confirm(stored.id(), actors.current(), because);
        timeline.record(
                releaseKey,
                "capacity.confirmed",
                actors.current(),
                "%s confirmed the room for two versions: %s".formatted(actors.current(), because),
                Map.of("verdict", stored.forecast().verdict()));
    }
}
