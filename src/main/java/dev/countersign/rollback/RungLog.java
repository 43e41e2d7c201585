package dev.countersign.rollback;

import dev.countersign.identity.Actors;
import dev.countersign.release.Timeline;
import dev.countersign.rollback.Rollbacks.Rollback;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Says what each rung did, and how long after detection. */
@Component
class RungLog {
    private static final String OF_ROLLBACK = "rollback.";
    private final RungStore rungs;
    private final RollbackStore store;
    private final Timeline timeline;
    private final Clock clock;

    RungLog(RungStore rungs, RollbackStore store, Timeline timeline, Clock clock) {
        this.rungs = rungs;
        this.store = store;
        this.timeline = timeline;
        this.clock = clock;
    }

    interface Climb<T> {
        T on() throws IOException;
    }

    interface Order {
        void give() throws IOException;
    }

    /** Keeps why a rung failed. What is tried again is rolled back, and only the last attempt stays. */
    <T> T climb(Descent descent, String rung, Climb<T> climb) throws IOException {
        try {
            return climb.on();
        } catch (IOException | RuntimeException failure) {
            String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            rungs.add(descent, rung, Rung.FAILED, why);
            if (!descent.isDrill()) {
                store.failed(descent.releaseKey(), words(rung) + ": " + why);
            }
            tell(descent, "rollback.rung-failed", "'%s' failed: %s".formatted(words(rung), why), rung, Map.of());
            throw failure;
        }
    }

    void climb(Descent descent, String rung, Order order) throws IOException {
        climb(descent, rung, () -> {
            order.give();
            return null;
        });
    }

    void done(Descent descent, String rung, String type, String said) {
        rungs.add(descent, rung, Rung.DONE, said);
        tell(descent, type, said, rung, Map.of());
    }

    /** Stands on the page, and is no event. */
    void passedOver(Descent descent, String rung, String said) {
        rungs.add(descent, rung, Rung.PASSED_OVER, said);
    }

    /** What a drill was to show and did not, though nothing was tried. */
    void leftOut(Descent descent, String rung, String why) {
        rungs.add(descent, rung, Rung.FAILED, why);
    }

    /** Users are counted as back since they first were. */
    void trafficBack(Descent descent) {
        String said = "The router gives the candidate no traffic";
        if (descent.isDrill()) {
            done(descent, "traffic", "rollback.traffic-back", said);
            return;
        }
        store.trafficIsBack(descent.releaseKey());
        Rollback rollback = store.get(descent.releaseKey());
        rungs.add(descent, "traffic", Rung.DONE, said);
        timeline.record(
                descent.releaseKey(),
                "rollback.traffic-back",
                Actors.PLATFORM,
                "Users are on the stable version, %.1f s after detection"
                        .formatted(rollback.trafficBackAfter().toMillis() / 1000.0),
                Map.of("afterMs", rollback.trafficBackAfter().toMillis()));
    }

    void proven(Descent descent, List<String> proven) {
        rungs.add(descent, "proof", Rung.DONE, String.join("; ", proven));
        if (!descent.isDrill()) {
            // Where another rung than the router's moved users back, the proof is the first to say so.
            store.trafficIsBack(descent.releaseKey());
            store.validated(descent.releaseKey(), proven);
        }
        tell(descent, "rollback.validated", String.join("; ", proven), "proof", Map.of("checks", proven));
    }

    private void tell(Descent descent, String type, String said, String rung, Map<String, Object> more) {
        Duration after = Duration.between(descent.detectedAt(), clock.instant());
        Map<String, Object> detail = new HashMap<>(more);
        detail.put("rung", rung);
        detail.put("afterMs", after.toMillis());
        if (descent.isDrill()) {
            detail.put("drill", descent.drill());
        }
        timeline.record(
                descent.releaseKey(),
                descent.isDrill() ? "drill." + type.substring(OF_ROLLBACK.length()) : type,
                Actors.PLATFORM,
                "%s%s, %.1f s after detection"
                        .formatted(descent.isDrill() ? "Drill: " : "", said, after.toMillis() / 1000.0),
                detail);
    }

    /** As people read them. */
    static String words(String rung) {
        return switch (rung) {
            case "flag" -> "switch the flag off";
            case "traffic" -> "move traffic back";
            case "withdraw" -> "withdraw the candidate";
            case "redeploy" -> "deploy the stable version anew";
            case "database" -> "take the database down";
            case "proof" -> "validate";
            case "hands" -> "roll back by hand";
            default -> rung;
        };
    }
}
