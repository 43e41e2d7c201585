package dev.countersign.rollout;

import dev.countersign.observe.Observations.Judged;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.TrafficRouter.Arrived;
import java.io.IOException;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * A step passes only where its share really arrived: a router that was told, and says so, may still send the traffic elsewhere. Asked of the router's own counters when
 * the step's verdict is there; where they say otherwise, or cannot be read, the rollout is halted for a person.
 */
@Component
class ShareArrival {
    /** Sticky clients and retries move a share a little; chance moves it by four deviations once in 16 000 looks. */
    private static final double TOLERANCE = 0.02;

    private static final double DEVIATIONS = 4;
    private final RolloutStore store;
    private final Targets targets;
    private final TrafficControl traffic;

    ShareArrival(RolloutStore store, Targets targets, TrafficControl traffic) {
        this.store = store;
        this.targets = targets;
        this.traffic = traffic;
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
        String otherwise = otherwise(rollout);
        if (otherwise != null) {
            try {
                traffic.halt(rollout.releaseKey(), otherwise);
            } catch (StateConflict stopped) {
                return; // somebody else stopped it in between
            }
        }
    }

    private String otherwise(Rollout rollout) {
        try {
            Optional<Arrived> arrived = targets.routerOf(rollout.service()).arrived(rollout.service());
            return arrived.map(counted -> otherwise(rollout.wanted(), counted)).orElse(null);
        } catch (IOException silent) {
            return "the router does not tell what share arrived: " + silent.getMessage();
        }
    }

    /** Null where the share arrived. */
    static String otherwise(double wanted, Arrived arrived) {
        if (arrived.all() == 0) {
            return "the router counts no request since the share was set";
        }
        double share = (double) arrived.candidate() / arrived.all();
        double chance = DEVIATIONS * Math.sqrt(wanted * (1 - wanted) / arrived.all());
        return Math.abs(share - wanted) <= TOLERANCE + chance
                ? null
                : "%.1f %% of %d requests arrived at the candidate by the router's counters, not %.1f %%"
                        .formatted(share * 100, arrived.all(), wanted * 100);
    }
}
