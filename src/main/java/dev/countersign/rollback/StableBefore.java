package dev.countersign.rollback;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObjectiveStanding;
import dev.countersign.observe.Observations;
import dev.countersign.rollback.ObjectivesAfterRollback.Look;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * How the stable version was before the release came: nothing else excuses how it is after the rollback. What it did beside the candidate does not, because the candidate
 * may have broken both, by the database that it migrated for example.
 */
@Component
class StableBefore {
    private static final Duration REQUESTS = Duration.ofMinutes(10);
    private static final Duration QUERIES = Duration.ofHours(1);

    /** Up to twice as much is as it was. */
    private static final int AS_MUCH = 2;

    private final Rollouts rollouts;
    private final Observations observations;

    StableBefore(Rollouts rollouts, Observations observations) {
        this.rollouts = rollouts;
        this.observations = observations;
    }

    /** Empty for a drill, and where nothing was ever rolled out. */
    private Optional<Rollout> rollout(Descent descent) {
        return descent.isDrill() ? Optional.empty() : rollouts.find(descent.releaseKey());
    }

    /** Where nobody saw it come back, when the rollback began. */
    Optional<Instant> trafficBackAt(Descent descent) {
        return rollout(descent)
                .map(rollout -> rollout.trafficBackAt() == null ? descent.startedAt() : rollout.trafficBackAt());
    }

    /** Names of those that it missed then too, and not much less. */
    List<String> missed(Map<Slo, ObjectiveStanding> missed, Look look) throws IOException {
        Rollout rollout = rollout(look.descent()).orElse(null);
        List<Sample> requests = rollout == null ? List.of() : requests(look, rollout);
        if (requests.isEmpty()) {
            return List.of();
        }
        boolean asks = look.source().asksObjectives();
        List<Slo> asked = missed.keySet().stream()
                .filter(slo -> asks && ObjectiveStanding.isAsked(slo))
                .toList();
        List<ObjectiveStanding> then = new ArrayList<>(ObjectiveStanding.of(
                missed.keySet().stream().filter(slo -> !asked.contains(slo)).toList(), requests));
        if (!asked.isEmpty()) {
            Instant begun = rollout.startedAt();
            then.addAll(standings(asked, look, begun, requests));
        }
        Map<String, ObjectiveStanding> byName =
                then.stream().collect(Collectors.toMap(ObjectiveStanding::name, each -> each, (one, other) -> one));
        return missed.values().stream()
                .filter(now -> isAsBefore(now, byName.get(now.name())))
                .map(ObjectiveStanding::name)
                .toList();
    }

    private static boolean isAsBefore(ObjectiveStanding now, ObjectiveStanding then) {
        return then != null && then.isMeasured() && !then.holds() && 1 - now.value() <= AS_MUCH * (1 - then.value());
    }

    /** A time of which the source tells nothing any more excuses nothing. */
    private static List<ObjectiveStanding> standings(List<Slo> asked, Look look, Instant begun, List<Sample> requests)
            throws IOException {
        look.inTime().check();
        try {
            Map<Slo, ObjectiveStanding> then =
                    ObjectivesAfterRollback.over(asked, look, begun.minus(QUERIES), begun, requests);
            return List.copyOf(then.values());
        } catch (IOException untold) {
            return List.of();
        }
    }

    /** Its rate of errors then, where it was above the limit too, and the present one is not much above it. */
    OptionalDouble errorRate(double now, Look look) throws IOException {
        Optional<Rollout> rollout = rollout(look.descent());
        double then = rollout.isEmpty() ? 0 : rateOf(requests(look, rollout.get()));
        return then > look.descent().maxErrorRate() && now <= AS_MUCH * then
                ? OptionalDouble.of(then)
                : OptionalDouble.empty();
    }

    static double rateOf(List<Sample> samples) {
        long requests = samples.stream().mapToLong(Sample::requests).sum();
        return requests == 0
                ? 0
                : (double) samples.stream().mapToLong(Sample::errors).sum() / requests;
    }

    /** What was stored of it while the candidate had traffic too: to be told, and no excuse. */
    List<Sample> beside(Descent descent) {
        return rollout(descent).map(rollout -> beside(descent, rollout)).orElse(List.of());
    }

    private List<Sample> beside(Descent descent, Rollout rollout) {
        Instant end = rollout.trippedAt() == null ? descent.detectedAt() : rollout.trippedAt();
        return observations.samplesOf(descent.releaseKey()).stream()
                .filter(sample -> sample.version().equals(descent.baseline())
                        && sample.at().isBefore(end))
                .toList();
    }

    /** Empty also where they were fewer than a judgement needs, or the source does not tell any more. */
    private static List<Sample> requests(Look look, Rollout rollout) throws IOException {
        if (look.source() == null) {
            return List.of();
        }
        look.inTime().check();
        Instant begun = rollout.startedAt();
        List<Sample> then;
        try {
            then = look.source().requests(look.descent().place(), begun.minus(REQUESTS), begun).stream()
                    .filter(sample -> sample.version().equals(look.descent().baseline())
                            && !sample.end().isAfter(begun))
                    .toList();
        } catch (IOException untold) {
            return List.of();
        }
        long enough = Math.max(1, rollout.plan().triggers().minRequests());
        return then.stream().mapToLong(Sample::requests).sum() < enough ? List.of() : then;
    }
}
