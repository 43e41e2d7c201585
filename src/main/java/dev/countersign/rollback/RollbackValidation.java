package dev.countersign.rollback;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObjectiveStanding;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.rollout.JourneyWalks;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Proves that a rolled-back service is as it was before. What cannot be shown is not proven. All calls together stay below the engine's
 * job lock of 20 s, or another node would begin the same step meanwhile: each system is asked once, and no call begins late.
 */
@Component
class RollbackValidation {
    private static final Duration LOOK_BACK = Duration.ofSeconds(10);
    /** A call that begins now may take its own time-out of 4 s. */
    private static final Duration LAST_CALL = Duration.ofSeconds(14);

    /** Journeys that begin later would reach beyond the lock. */
    private static final Duration WALK = Duration.ofSeconds(8);

    private final Targets targets;
    private final List<MetricsSource> metrics;
    private final JourneyWalks walks;
    private final Clock clock;

    RollbackValidation(Targets targets, ObjectProvider<MetricsSource> metrics, JourneyWalks walks, Clock clock) {
        this.targets = targets;
        this.walks = walks;
        this.metrics = metrics.orderedStream().toList();
        this.clock = clock;
    }

    /**
     * The checks that passed, in sentences.
     *
     * @param objectives of the service, as they were when the release was opened
     * @throws CandidateStillRuns when the target has not taken the candidate away
     * @throws IOException naming the first check that does not pass yet
     */
    List<String> prove(Rollout rollout, List<Slo> objectives) throws IOException {
        Instant lastCall = clock.instant().plus(LAST_CALL);
        List<String> proven = new ArrayList<>();
        if (targets.deployerOf(rollout.service())
                .candidateDigest(rollout.service())
                .isPresent()) {
            throw new CandidateStillRuns();
        }
        proven.add("The candidate is gone from the target");

        inTime(lastCall);
        double share = targets.routerOf(rollout.service()).readShare(rollout.service());
        require(share == 0, "The router still gives the candidate %.1f %%".formatted(share * 100));
        proven.add("The router gives the candidate no traffic");

        inTime(lastCall);
        Optional<String> stable = targets.deployerOf(rollout.service()).stableDigest(rollout.service());
        require(
                stable.equals(Optional.of(rollout.baseline())),
                "The target runs %s as stable, before the release it was %s"
                        .formatted(stable.orElse("nothing"), rollout.baseline()));
        proven.add("The target runs " + rollout.baseline() + " as before");

        journeys(rollout, lastCall).ifPresent(proven::add);

        List<Sample> measured = measured(rollout, lastCall);
        proven.add(errorRate(rollout, measured));
        proven.add(objectives(rollout, objectives, measured));
        return proven;
    }

    /** One that failed on the stable version during the rollout already says nothing of the rollback, and would keep it from ever ending. */
    private Optional<String> journeys(Rollout rollout, Instant lastCall) throws IOException {
        if (!walks.areDeclared(rollout.service())) {
            return Optional.empty();
        }
        inTime(lastCall.minus(WALK));
        List<Walk> walked = walks.afterRollback(rollout);
        Set<String> brokenBefore = brokenBefore(rollout);
        List<String> known = new ArrayList<>();
        for (Walk walk : walked) {
            if (!walk.passed() && brokenBefore.contains(walk.journey())) {
                known.add(walk.journey());
            } else {
                require(walk.passed(), walk.sentence());
            }
        }
        inTime(lastCall);
        return Optional.of(
                known.isEmpty()
                        ? "Journeys pass on the stable version: "
                                + walked.stream().map(Walk::journey).collect(Collectors.joining(", "))
                        : "Journeys fail on the stable version as they did during the rollout: "
                                + String.join(", ", known));
    }

    private Set<String> brokenBefore(Rollout rollout) {
        Map<String, String> latest = new HashMap<>();
        walks.of(rollout.releaseKey(), rollout.service()).stream()
                .filter(walk -> walk.phase().equals("step") && walk.side().equals(Side.STABLE.name()))
                .forEach(walk -> latest.put(walk.journey(), walk.verdict()));
        latest.values().removeIf("PASS"::equals);
        return latest.keySet();
    }

    /** What the stable version answered in the look-back. */
    private List<Sample> measured(Rollout rollout, Instant lastCall) throws IOException {
        Instant now = clock.instant();
        List<Sample> measured = new ArrayList<>();
        for (MetricsSource source : metrics) {
            if (source.serves(rollout.service())) {
                inTime(lastCall);
                source.requests(rollout.service(), now.minus(lookBack(rollout.service())), now).stream()
                        .filter(sample -> sample.version().equals(rollout.baseline()))
                        .forEach(measured::add);
            }
        }
        return measured;
    }

    /** As far back as the slowest source needs to have measured something. */
    private Duration lookBack(String service) {
        return metrics.stream()
                .filter(source -> source.serves(service))
                .map(source -> source.pace().reach())
                .filter(reach -> reach.compareTo(LOOK_BACK) > 0)
                .max(Comparator.naturalOrder())
                .orElse(LOOK_BACK);
    }

    private String errorRate(Rollout rollout, List<Sample> measured) throws IOException {
        long lookBack = lookBack(rollout.service()).toSeconds();
        long requests = measured.stream().mapToLong(Sample::requests).sum();
        long errors = measured.stream().mapToLong(Sample::errors).sum();
        double limit = rollout.plan().triggers().maxErrorRate();
        require(requests > 0, "No request to the stable version was measured in the last " + lookBack + " s");
        double rate = (double) errors / requests;
        String sentence = "%.1f %% errors of %d requests in the last %d s, limit %.1f %%"
                .formatted(rate * 100, requests, lookBack, limit * 100);
        require(rate <= limit, sentence);
        return sentence;
    }

    private static String objectives(Rollout rollout, List<Slo> objectives, List<Sample> measured) throws IOException {
        if (objectives.isEmpty()) {
            // It can never be shown and never mended by hand: users are safe, and the rollback must come to an end.
            return "%s has no objectives to prove".formatted(rollout.service());
        }
        List<ObjectiveStanding> standings = ObjectiveStanding.of(objectives, measured);
        for (ObjectiveStanding standing : standings) {
            require(
                    standing.isMeasured(),
                    "The objective %s cannot be measured: %s".formatted(standing.name(), standing.sentence()));
            require(
                    standing.holds(),
                    "The objective %s does not hold: %s".formatted(standing.name(), standing.sentence()));
        }
        return "Objectives hold: "
                + standings.stream().map(ObjectiveStanding::sentence).collect(Collectors.joining(", "));
    }

    private void inTime(Instant lastCall) throws IOException {
        require(clock.instant().isBefore(lastCall), "The systems answer too slowly to prove the rollback in one go");
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException(otherwise);
        }
    }
}
