package dev.countersign.rollback;

import dev.countersign.rollout.Targets;
import dev.countersign.rollout.TrafficControl;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import org.springframework.stereotype.Component;

/** Takes traffic back: in production through the one place that moves it, in staging at the router itself. */
@Component
class LadderTraffic {
    private static final double TOLERANCE = 0.005;
    private final TrafficControl production;
    private final Targets targets;

    LadderTraffic(TrafficControl production, Targets targets) {
        this.production = production;
        this.targets = targets;
    }

    void toStable(Descent descent) throws IOException {
        if (descent.isDrill()) {
            stage(descent.place(), 0);
        } else {
            production.toStable(descent.releaseKey());
        }
    }

    /** Sets a share in staging and reads it back. */
    void stage(String place, double share) throws IOException {
        TrafficRouter router = targets.routerOf(place);
        router.setShare(place, share);
        double actual = router.readShare(place);
        if (!(share == 0 ? actual == 0 : Math.abs(actual - share) <= TOLERANCE)) {
            throw new IOException("%s was told %.3f and reports %.4f".formatted(router.name(), share, actual));
        }
    }
}
