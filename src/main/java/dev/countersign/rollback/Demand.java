package dev.countersign.rollback;

import dev.countersign.identity.Actors;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who or what demanded a rollback, why, and whether any user may have met the release.
 *
 * @param exposed false only where it is known that none did: nothing was deployed, or nothing that was deployed was ever read back as the approved artifact, before which no
 *     share is set
 */
record Demand(Instant detectedAt, String by, String cause, boolean exposed) {
    static Demand of(Optional<Rollout> rollout, List<Timeline.Entry> happened, Instant now) {
        return rollout.map(begun -> ofRollout(begun, happened, now)).orElseGet(() -> beforeDeployment(happened, now));
    }

    private static Demand ofRollout(Rollout rollout, List<Timeline.Entry> happened, Instant now) {
        boolean exposed = happened.stream().anyMatch(Demand::mayBeMet);
        return new Demand(
                Optional.ofNullable(rollout.trippedAt()).orElse(now),
                Optional.ofNullable(rollout.trippedBy()).orElse(Actors.PLATFORM),
                Optional.ofNullable(rollout.trippedBecause())
                        .or(() -> Optional.ofNullable(rollout.because()))
                        .orElse("The rollout ended before the release was stable"),
                exposed);
    }

    /** There is no rollout that could keep it: the demand itself stands in the timeline. */
    private static Demand beforeDeployment(List<Timeline.Entry> happened, Instant now) {
        return happened.stream()
                .filter(entry -> entry.type().equals("rollback.demanded"))
                .reduce((first, second) -> second)
                .map(entry -> new Demand(entry.at(), entry.actor(), because(entry), false))
                .orElseGet(() ->
                        new Demand(now, Actors.PLATFORM, "The rollout ended before anything was deployed", false));
    }

    private static String because(Timeline.Entry demanded) {
        return String.valueOf(demanded.detail().getOrDefault("because", demanded.text()));
    }

    private static boolean mayBeMet(Timeline.Entry entry) {
        return switch (entry.type()) {
            case "rollout.digest-read" ->
                entry.detail().get("approved") == null
                        || entry.detail().get("approved").equals(entry.detail().get("running"));
            case "rollout.split-set", "rollout.flag-set", "rollout.step-started" -> true;
            default -> false;
        };
    }
}
