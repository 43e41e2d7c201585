package dev.countersign.rollback;

import dev.countersign.evidence.Evidence.DatabaseBroken;
import dev.countersign.identity.Actors;
import dev.countersign.rollout.TrafficControl;
import java.time.Clock;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A migration that broke the database trips the breaker like any other trigger, so that the rollback knows when it was found and why. */
@Component
class BrokenDatabase {
    private final TrafficControl traffic;
    private final Clock clock;

    BrokenDatabase(TrafficControl traffic, Clock clock) {
        this.traffic = traffic;
        this.clock = clock;
    }

    @EventListener
    void on(DatabaseBroken broken) {
        traffic.trip(broken.releaseKey(), Actors.PLATFORM, broken.because(), clock.instant());
    }
}
