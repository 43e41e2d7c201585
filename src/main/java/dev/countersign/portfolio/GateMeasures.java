package dev.countersign.portfolio;

import dev.countersign.criteria.Measurable;
import dev.countersign.gate.Gates;
import dev.countersign.release.Release;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** The gates of a release as something a criterion can be bound to: `criteria` lies below `gate` and cannot ask itself. */
@Component
class GateMeasures implements Measurable {
    private final Gates gates;

    GateMeasures(@Lazy Gates gates) {
        this.gates = gates;
    }

    @Override
    public Map<String, String> of(Release release) {
        var known = new TreeMap<String, String>();
        gates.of(release.key()).forEach(gate -> known.put("gate:" + gate.name(), "gate " + gate.name()));
        return known;
    }
}
