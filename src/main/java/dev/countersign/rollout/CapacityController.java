package dev.countersign.rollout;

import dev.countersign.api.Problem;
import dev.countersign.release.Releases;
import dev.countersign.rollout.CapacityForecast.Figure;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The forecast of what both versions of a service will use. */
@RestController
class CapacityController {
    private final Releases releases;
    private final CapacityCheck capacity;

    CapacityController(Releases releases, CapacityCheck capacity) {
        this.releases = releases;
        this.capacity = capacity;
    }

    /** @param confirmedBy null where nobody has */
    record ForecastDocument(
            String verdict,
            String sentence,
            List<Figure> figures,
            String ruleVersion,
            Instant madeAt,
            String confirmedBy,
            Instant confirmedAt) {}

    /** The newest one; 404 where none was made. */
    @GetMapping("/api/releases/{key}/capacity")
    ForecastDocument forecast(@PathVariable String key) {
        releases.get(key);
        return capacity.latest(key)
                .map(stored -> new ForecastDocument(
                        stored.forecast().verdict(),
                        stored.forecast().sentence(),
                        stored.forecast().figures(),
                        stored.forecast().version(),
                        stored.madeAt(),
                        stored.confirmedBy(),
                        stored.confirmedAt()))
                .orElseThrow(() -> Problem.notFound("No capacity was forecast for " + key));
    }
}
