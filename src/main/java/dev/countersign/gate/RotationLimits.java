package dev.countersign.gate;

import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Asks the table {@code rotation-limits}, in the version that a release runs under. */
@Component
class RotationLimits {
    static final String TABLE = "rotation-limits";
    static final String CERTIFICATE = "certificate";
    private final Decisions decisions;

    RotationLimits(Decisions decisions) {
        this.decisions = decisions;
    }

    boolean isThere(Release release) {
        return decisions.knows(release.policy(), TABLE);
    }

    String version(Release release) {
        return ask(release, CERTIFICATE).version();
    }

    /** For how long a certificate must still be valid, or how old a secret of the kind may be; empty where no row says it. */
    Optional<Duration> of(Release release, String kind) {
        List<Map<String, Object>> rows = ask(release, kind).rows();
        return rows.size() == 1 && rows.get(0).get("days") instanceof Number days && days.longValue() > 0
                ? Optional.of(Duration.ofDays(days.longValue()))
                : Optional.empty();
    }

    private Decisions.Answered ask(Release release, String kind) {
        return decisions.ask(release.policy(), TABLE, Map.of("kind", kind, "tier", GatePolicy.tier(release)));
    }
}
