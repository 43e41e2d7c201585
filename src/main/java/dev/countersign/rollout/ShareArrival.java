package dev.countersign.rollout;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judged;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.TrafficRouter.Arrived;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * A step passes only where its share really arrived: a router that was told, and says so, may still send the traffic elsewhere. Asked of the router's own counters when
 * the step's verdict is there, or of what the metrics source counted of both versions in this step where the router has none; where they say otherwise, or cannot be read, the rollout is halted for a person.
 */
@Component
class ShareArrival {
    /** Sticky clients and retries move a share a little; chance moves it by four deviations once in 16 000 looks. */
    private static final double TOLERANCE = 0.02;

    private static final double DEVIATIONS = 4;
    private final RolloutStore store;
    private final Targets targets;
    private final TrafficControl traffic;
    private final Observations observations;

    ShareArrival(RolloutStore store, Targets targets, TrafficControl traffic, Observations observations) {
        this.store = store;
        this.targets = targets;
        this.traffic = traffic;
        this.observations = observations;
    }

    /** Before the waiting step is woken. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void on(Judged judged) {
        if (!"step".equals(judged.kind()) || !"PASS".equals(judged.judgement().verdict())) {
            return;
        }
        Rollout rollout = store.find(judged.releaseKey()).orElse(null);
        if (rollout == null || rollout.status() != Status.RUNNING) {
            return;
        }
        String otherwise = otherwise(rollout, judged.observation());
        if (otherwise != null) {
            try {
                traffic.halt(rollout.releaseKey(), otherwise);
            } catch (StateConflict stopped) {
                return; // somebody else stopped it in between
            }
        }
    }

    /** Why the share of the current step is not known to have arrived. */
    Optional<String> against(Rollout rollout) {
        return Optional.ofNullable(otherwise(rollout, RolloutSteps.observationOf(rollout)));
    }

    private String otherwise(Rollout rollout, String observation) {
        try {
            if (rollout.rampsFlag()) {
                // Whom a flag exposes no router counts.
                return otherwise(rollout.wanted(), measured(observation, rollout.wanted()), "the metrics source");
            }
            TrafficRouter router = targets.routerOf(rollout.service());
            Optional<Arrived> arrived = router.arrived(rollout.service());
            if (arrived.isPresent()) {
                return otherwise(rollout.wanted(), arrived.get(), "the router");
            }
            return router.isProvenByMetrics()
                    ? otherwise(rollout.wanted(), measured(observation, rollout.wanted()), "the metrics source")
                    : null;
        } catch (IOException silent) {
            return "the router does not tell what share arrived: " + silent.getMessage();
        }
    }

    /** What both versions answered in measurements that began after the step did. A gap of one version must not look like a smaller share. */
    private Arrived measured(String id, double wanted) throws IOException {
        Observation observation =
                observations.find(id).orElseThrow(() -> new IOException("there is no observation " + id));
        String candidate = observation.order().candidate();
        String baseline = observation.order().baseline();
        // Another observation of the release may have stored the same measurement.
        Map<Instant, Long> toCandidate = new HashMap<>();
        Map<Instant, Long> toBaseline = new HashMap<>();
        for (Sample sample : observations.samplesOf(observation.order().releaseKey())) {
            if (sample.at().isBefore(observation.since())) {
                continue;
            }
            if (sample.version().equals(candidate)) {
                toCandidate.put(sample.at(), sample.requests());
            } else if (sample.version().equals(baseline)) {
                toBaseline.put(sample.at(), sample.requests());
            }
        }
        if (wanted < 1) {
            toCandidate.keySet().retainAll(toBaseline.keySet());
            toBaseline.keySet().retainAll(toCandidate.keySet());
        }
        long arrived = sum(toCandidate);
        return new Arrived(arrived, arrived + sum(toBaseline));
    }

    private static long sum(Map<Instant, Long> requests) {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Null where the share arrived. @param by who counted */
    static String otherwise(double wanted, Arrived arrived, String by) {
        if (arrived.all() == 0) {
            return by + " counts no request since the share was set";
        }
        double share = (double) arrived.candidate() / arrived.all();
        double chance = DEVIATIONS * Math.sqrt(wanted * (1 - wanted) / arrived.all());
        return Math.abs(share - wanted) <= TOLERANCE + chance
                ? null
                : "%.1f %% of %d requests arrived at the candidate by the counters of %s, not %.1f %%"
                        .formatted(share * 100, arrived.all(), by, wanted * 100);
    }
}
