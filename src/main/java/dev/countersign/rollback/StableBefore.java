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
import org.springframework.stereotype.Component;

/** How the stable version was before the release came, and beside its candidate. */
@Component
class StableBefore {
    private static final Duration REQUESTS = Duration.ofMinutes(10);
    private static final Duration QUERIES = Duration.ofHours(1);

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

    /** Names of those that it missed then too. */
    List<String> missed(List<Slo> objectives, Look look) throws IOException {
        Rollout rollout = rollout(look.descent()).orElse(null);
        if (rollout == null) {
            return List.of();
        }
        boolean asks = look.source() != null && look.source().asksObjectives();
        List<Slo> asked = objectives.stream()
                .filter(slo -> asks && ObjectiveStanding.isAsked(slo))
                .toList();
        List<Slo> told = objectives.stream().filter(slo -> !asked.contains(slo)).toList();
        List<String> missed = new ArrayList<>();
        if (!told.isEmpty()) {
            missed(ObjectiveStanding.of(told, beside(look.descent(), rollout)), missed);
            missed(ObjectiveStanding.of(told, requests(look, rollout.startedAt())), missed);
        }
        if (!asked.isEmpty()) {
            Instant begun = rollout.startedAt();
            missed(standings(asked, look, begun.minus(QUERIES), begun), missed);
            Instant end = rollout.trafficBackAt() == null ? look.descent().startedAt() : rollout.trafficBackAt();
            // What counts the service as a whole counted the candidate too.
            missed(
                    standings(asked, look, begun, end).stream()
                            .filter(standing -> !standing.whole())
                            .toList(),
                    missed);
        }
        return missed;
    }

    private static void missed(List<ObjectiveStanding> then, List<String> missed) {
        then.stream()
                .filter(standing -> standing.isMeasured() && !standing.holds())
                .map(ObjectiveStanding::name)
                .forEach(missed::add);
    }

    /** A time of which the source tells nothing any more excuses nothing. */
    private static List<ObjectiveStanding> standings(List<Slo> asked, Look look, Instant from, Instant to)
            throws IOException {
        look.inTime().check();
        try {
            Map<Slo, ObjectiveStanding> then = ObjectivesAfterRollback.over(asked, look, from, to);
            return List.copyOf(then.values());
        } catch (IOException untold) {
            return List.of();
        }
    }

    /** What was stored of it while the candidate had traffic too. */
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

    private static List<Sample> requests(Look look, Instant begun) throws IOException {
        if (look.source() == null) {
            return List.of();
        }
        look.inTime().check();
        return look.source().requests(look.descent().place(), begun.minus(REQUESTS), begun).stream()
                .filter(sample -> sample.version().equals(look.descent().baseline())
                        && sample.at().isBefore(begun))
                .toList();
    }
}
