package dev.countersign.rollback;

import dev.countersign.release.Timeline;
import dev.countersign.rollback.RollbackStore.Answered;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Ends a rollback whose proof cannot hold, on a person's word. What they cannot answer for is read back: nobody's word ends it while users may be on the candidate.
 */
@Component
class HandsEnd {
    private final Descents descents;
    private final Targets targets;
    private final Flag flag;
    private final RungLog log;
    private final RungStore rungs;
    private final RollbackStore store;
    private final Timeline timeline;

    HandsEnd(
            Descents descents,
            Targets targets,
            Flag flag,
            RungLog log,
            RungStore rungs,
            RollbackStore store,
            Timeline timeline) {
        this.descents = descents;
        this.targets = targets;
        this.flag = flag;
        this.log = log;
        this.rungs = rungs;
        this.store = store;
        this.timeline = timeline;
    }

    void end(String releaseKey) throws IOException {
        Answered answered = store.answered(releaseKey)
                .orElseThrow(() -> new IllegalStateException("Nobody answers for the end of " + releaseKey));
        List<String> checks = new ArrayList<>();
        Optional<Descent> descent = descents.of(releaseKey);
        if (descent.isPresent()) {
            checks.addAll(log.climb(descent.get(), "hands", () -> readBack(descent.get())));
            store.trafficIsBack(releaseKey);
        }
        String said = "%s ended it without a proof: %s. Verified: %s"
                .formatted(answered.by(), answered.because(), answered.verified());
        checks.add(said);
        descent.ifPresent(one -> rungs.add(one, "hands", Rung.DONE, said));
        store.validated(releaseKey, checks.stream().map(HandsEnd::oneLine).toList());
        timeline.record(releaseKey, "rollback.ended-by-hand", answered.by(), said, Map.of("checks", checks));
    }

    private List<String> readBack(Descent descent) throws IOException {
        List<String> checks = new ArrayList<>();
        double share = targets.routerOf(descent.place()).readShare(descent.place());
        // Not a number is no share either.
        if (!(share == 0)) {
            throw new IOException("The router gives the candidate %.1f %%: users are on it".formatted(share * 100));
        }
        checks.add("The router gives the candidate no traffic");
        Optional<String> stable = targets.deployerOf(descent.place()).stableDigest(descent.place());
        if (!stable.equals(Optional.of(descent.baseline()))) {
            throw new IOException("The target runs %s as stable, before the release it was %s"
                    .formatted(stable.orElse("nothing"), descent.baseline()));
        }
        checks.add("The target runs " + descent.baseline() + " as before");
        if (flag.governs(descent.releaseKey())) {
            flag.off(descent.releaseKey());
            checks.add("The flag of the release is off");
        }
        return checks;
    }

    /** Checks are kept one a line. */
    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ");
    }
}
