package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The candidate that a withdrawn or rejected release has left at its target. */
@Component
class GivenUpCandidate {
    private final RolloutStore store;
    private final TrafficControl traffic;
    private final Targets targets;
    private final Slots slots;
    private final Timeline timeline;

    GivenUpCandidate(RolloutStore store, TrafficControl traffic, Targets targets, Slots slots, Timeline timeline) {
        this.store = store;
        this.traffic = traffic;
        this.targets = targets;
        this.slots = slots;
        this.timeline = timeline;
    }

    /** Only its own, and only while it holds the place. @throws IOException while it still runs */
    @Transactional(rollbackFor = IOException.class)
    void takeAway(String releaseKey) throws IOException {
        Rollout rollout = store.lock(releaseKey);
        if (!store.holdsSlot(releaseKey)) {
            return;
        }
        String service = rollout.service();
        traffic.toStable(releaseKey);
        Optional<String> running = targets.deployerOf(service).candidateDigest(service);
        if (running.isEmpty() || running.get().equals(rollout.candidate())) {
            // What does not run yet may be starting.
            targets.deployerOf(service).withdrawCandidate(service);
            running = targets.deployerOf(service).candidateDigest(service);
        }
        if (running.equals(Optional.of(rollout.candidate()))) {
            throw new IOException("The target of %s still runs %s".formatted(service, rollout.candidate()));
        }
        timeline.record(
                releaseKey,
                "rollout.candidate-withdrawn",
                Actors.PLATFORM,
                running.map(other ->
                                "The target runs %s, which is not this release's: it was left alone".formatted(other))
                        .orElse("The candidate was taken away"),
                Map.of());
        slots.free(releaseKey);
    }
}
