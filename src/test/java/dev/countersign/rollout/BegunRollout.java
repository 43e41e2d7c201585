package dev.countersign.rollout;

import dev.countersign.observe.Observations.Triggers;
import dev.countersign.release.Release;
import java.time.Duration;
import java.util.List;

/** The rollout of a release in the tables, at a first step of a tenth. */
final class BegunRollout {
    private BegunRollout() {}

    static void of(Release release, RolloutStore store) {
        store.begin(
                release.key(),
                release.service(),
                release.artifacts().get(0).digest(),
                "sha256:" + "b".repeat(64),
                new RolloutPlan(
                        List.of(RolloutPlan.Step.automatic(1, 0.1, Duration.ofMinutes(1), Duration.ofMinutes(5))),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(5),
                        new Triggers(0.05, Duration.ofMinutes(5), 100, 200, Duration.ofMinutes(1), 2, 3, "1.0"),
                        "1.0"));
    }
}
