package dev.countersign.rollback;

import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Proves that a rolled-back service is as it was before. What cannot be shown is not proven. */
@Component
class RollbackValidation {
    private static final Duration LOOK_BACK = Duration.ofSeconds(10);
    private final Targets targets;
    private final List<MetricsSource> metrics;
    private final Clock clock;

    RollbackValidation(Targets targets, ObjectProvider<MetricsSource> metrics, Clock clock) {
        this.targets = targets;
        this.metrics = metrics.orderedStream().toList();
        this.clock = clock;
    }

    /** The checks that passed, in sentences. @throws IOException naming the first one that does not pass yet */
    List<String> prove(Rollout rollout) throws IOException {
        List<String> proven = new ArrayList<>();
        double share = targets.routerOf(rollout.service()).readShare(rollout.service());
        require(share == 0, "The router still gives the candidate %.1f %%".formatted(share * 100));
        proven.add("The router gives the candidate no traffic");

        Optional<String> stable = targets.deployerOf(rollout.service()).stableDigest(rollout.service());
        require(
                stable.equals(Optional.of(rollout.baseline())),
                "The target runs %s as stable, before the release it was %s"
                        .formatted(stable.orElse("nothing"), rollout.baseline()));
        proven.add("The target runs " + rollout.baseline() + " as before");

        Optional<String> candidate = targets.deployerOf(rollout.service()).candidateDigest(rollout.service());
        require(candidate.isEmpty(), "The candidate still runs at the target");
        proven.add("The candidate is gone from the target");

        proven.add(errorRate(rollout));
        return proven;
    }

    private String errorRate(Rollout rollout) throws IOException {
        Instant now = clock.instant();
        long requests = 0;
        long errors = 0;
        for (MetricsSource source : metrics) {
            for (Sample sample : source.requests(rollout.service(), now.minus(LOOK_BACK), now)) {
                if (sample.version().equals(rollout.baseline())) {
                    requests += sample.requests();
                    errors += sample.errors();
                }
            }
        }
        double limit = rollout.plan().triggers().maxErrorRate();
        require(
                requests > 0,
                "No request to the stable version was measured in the last " + LOOK_BACK.toSeconds() + " s");
        double rate = (double) errors / requests;
        String measured = "%.1f %% errors of %d requests in the last %d s, limit %.1f %%"
                .formatted(rate * 100, requests, LOOK_BACK.toSeconds(), limit * 100);
        require(rate <= limit, measured);
        return measured;
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException(otherwise);
        }
    }
}
