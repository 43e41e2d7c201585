package dev.countersign.rollback;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.rollback.AfterRollback.Shown;
import dev.countersign.rollback.Unproven.What;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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

    private static final Duration CALL = Duration.ofSeconds(4);

    private final Targets targets;
    private final List<MetricsSource> metrics;
    private final ObjectivesAfterRollback proof;
    private final StableBefore before;
    private final List<AfterRollback> others;
    private final Clock clock;

    RollbackValidation(
            Targets targets,
            ObjectProvider<MetricsSource> metrics,
            ObjectivesAfterRollback proof,
            StableBefore before,
            ObjectProvider<AfterRollback> others,
            Clock clock) {
        this.targets = targets;
        this.metrics = metrics.orderedStream().toList();
        this.proof = proof;
        this.before = before;
        this.others = others.orderedStream().toList();
        this.clock = clock;
    }

    /**
     * The checks that passed, in sentences.
     *
     * @param objectives of the service, as they were when the release was opened
     * @throws CandidateStillRuns when the target has not taken the candidate away
     * @throws Unproven naming the first check that does not pass yet
     * @throws IOException when a system does not say how it is
     */
    List<String> prove(Descent descent, List<Slo> objectives) throws IOException {
        Instant lastCall = clock.instant().plus(LAST_CALL);
        List<String> proven = new ArrayList<>();
        if (targets.deployerOf(descent.place()).candidateDigest(descent.place()).isPresent()) {
            throw new CandidateStillRuns();
        }
        proven.add("The candidate is gone from the target");

        inTime(lastCall);
        double share = targets.routerOf(descent.place()).readShare(descent.place());
        require(What.PLACE, share == 0, "The router still gives the candidate %.1f %%".formatted(share * 100));
        proven.add("The router gives the candidate no traffic");

        inTime(lastCall);
        Optional<String> stable = targets.deployerOf(descent.place()).stableDigest(descent.place());
        require(
                What.PLACE,
                stable.equals(Optional.of(descent.baseline())),
                "The target runs %s as stable, before the release it was %s"
                        .formatted(stable.orElse("nothing"), descent.baseline()));
        proven.add("The target runs " + descent.baseline() + " as before");

        Instant now = clock.instant();
        List<Sample> measured = measured(descent, now, lastCall);
        var look = new ObjectivesAfterRollback.Look(
                descent,
                sourceOf(descent.place()),
                now.minus(lookBack(descent.place())),
                now,
                measured,
                () -> inTime(lastCall));
        proven.add(errorRate(look));
        proven.add(proof.prove(objectives, look));
        proven.addAll(others(descent, lastCall));
        return proven;
    }

    /** Last, because these may take what is left of the time. */
    private List<String> others(Descent descent, Instant lastCall) throws IOException {
        var place =
                new AfterRollback.Place(descent.releaseKey(), descent.place(), descent.isDrill(), descent.baseline());
        List<String> proven = new ArrayList<>();
        for (AfterRollback other : others) {
            inTime(lastCall);
            Duration left = Duration.between(clock.instant(), lastCall).plus(CALL);
            Optional<Shown> shown = other.look(place, left);
            if (shown.isPresent()) {
                What what = shown.get().ofData() ? What.DATA : What.OTHER;
                require(what, shown.get().holds(), shown.get().sentence());
                proven.add(shown.get().sentence());
            }
        }
        return proven;
    }

    /** What the stable version answered in the look-back. */
    private List<Sample> measured(Descent descent, Instant now, Instant lastCall) throws IOException {
        List<Sample> measured = new ArrayList<>();
        for (MetricsSource source : metrics) {
            if (source.serves(descent.place())) {
                inTime(lastCall);
                source.requests(descent.place(), now.minus(lookBack(descent.place())), now).stream()
                        .filter(sample -> sample.version().equals(descent.baseline()))
                        .forEach(measured::add);
            }
        }
        return measured;
    }

    private MetricsSource sourceOf(String service) {
        return metrics.stream()
                .filter(source -> source.serves(service))
                .findFirst()
                .orElse(null);
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

    private String errorRate(ObjectivesAfterRollback.Look look) throws IOException {
        long lookBack = lookBack(look.descent().place()).toSeconds();
        long requests = look.measured().stream().mapToLong(Sample::requests).sum();
        double limit = look.descent().maxErrorRate();
        require(null, requests > 0, "No request to the stable version was measured in the last " + lookBack + " s");
        double rate = StableBefore.rateOf(look.measured());
        String sentence = "%.1f %% errors of %d requests in the last %d s, limit %.1f %%"
                .formatted(rate * 100, requests, lookBack, limit * 100);
        if (rate <= limit) {
            return sentence;
        }
        OptionalDouble then = before.errorRate(rate, look);
        if (then.isPresent()) {
            return "%s, and %.1f %% before the rollout began: it was so before"
                    .formatted(sentence, then.getAsDouble() * 100);
        }
        double beside = StableBefore.rateOf(before.beside(look.descent()));
        throw new Unproven(
                What.HEALTH,
                beside > limit
                        ? "%s; %.1f %% beside the candidate, which excuses nothing".formatted(sentence, beside * 100)
                        : sentence);
    }

    private void inTime(Instant lastCall) throws IOException {
        require(
                null,
                clock.instant().isBefore(lastCall),
                "The systems answer too slowly to prove the rollback in one go");
    }

    /** @param what null where it is only not known */
    private static void require(What what, boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw what == null ? new IOException(otherwise) : new Unproven(what, otherwise);
        }
    }
}
