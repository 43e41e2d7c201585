package dev.countersign.portfolio;

import dev.countersign.rollout.Rollouts.Rollout;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rollout as the HTTP contract names its members. */
final class RolloutFacts {
    private RolloutFacts() {}

    /** Null before the rollout begins. */
    static Map<String, Object> document(WholeRelease whole) {
        return whole.rollout().map(rollout -> document(rollout, whole)).orElse(null);
    }

    private static Map<String, Object> document(Rollout rollout, WholeRelease whole) {
        var split = new LinkedHashMap<String, Object>();
        split.put("wanted", rollout.wanted());
        split.put("actual", rollout.actual());
        var document = new LinkedHashMap<String, Object>();
        document.put("status", rollout.status());
        document.put("because", rollout.because());
        document.put("candidate", rollout.candidate());
        document.put("baseline", rollout.baseline());
        document.put("plan", rollout.plan());
        document.put("step", rollout.step());
        document.put("split", split);
        document.put("awaitsPromotion", whole.awaitsPromotion());
        document.put("steps", whole.rolloutSteps());
        document.put("correlation", whole.correlations().stream().findFirst().orElse(null));
        document.put("startedAt", rollout.startedAt());
        document.put("finishedAt", rollout.finishedAt());
        return document;
    }
}
