package dev.countersign.criteria;

import dev.countersign.catalog.Slo;
import dev.countersign.release.PinnedPolicy;
import dev.countersign.release.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The service's own objectives as criteria. */
@Component
class SloCriteria implements Measurable {
    private final PinnedPolicy pinned;

    SloCriteria(PinnedPolicy pinned) {
        this.pinned = pinned;
    }

    static String binding(Slo slo) {
        return "slo:" + slo.name();
    }

    @Override
    public Map<String, String> of(Release release) {
        var known = new LinkedHashMap<String, String>();
        pinned.objectivesOf(release).forEach(slo -> known.put(binding(slo), text(slo)));
        return known;
    }

    List<Draft> proposal(Release release) {
        return pinned.objectivesOf(release).stream()
                .map(slo -> new Draft(
                        text(slo) + " over the stabilisation window",
                        binding(slo),
                        Limit.atLeast(slo.target()),
                        "SLO " + slo.name() + " of " + slo.service(),
                        null))
                .toList();
    }

    private static String text(Slo slo) {
        return switch (slo.kind()) {
            case "latency" ->
                slo.thresholdMs() == null
                        ? "Latency of " + slo.service() + " as objective " + slo.name() + " counts it"
                        : "Requests to " + slo.service() + " answered within " + Limit.number(slo.thresholdMs())
                                + " ms";
            case "errors" -> "Requests to " + slo.service() + " answered without error";
            case "availability" -> "Availability of " + slo.service();
            default -> "Objective " + slo.name() + " of " + slo.service();
        };
    }
}
