package dev.countersign.rollback;

import dev.countersign.release.Releases;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/releases/{key}/rollback-drill")
class DrillController {
    private final Releases releases;
    private final DrillOrder order;
    private final DrillStore store;
    private final RungStore rungs;

    DrillController(Releases releases, DrillOrder order, DrillStore store, RungStore rungs) {
        this.releases = releases;
        this.order = order;
        this.store = store;
        this.rungs = rungs;
    }

    record WantedDrill(long drill) {}

    /** @param took from the clock's start to the proof; null while it runs */
    record ShownDrill(
            long drill,
            String environment,
            String script,
            String digest,
            String owner,
            String wantedBy,
            Instant beganAt,
            Instant endedAt,
            Duration took,
            Duration budget,
            String result,
            String because,
            List<Rung> rungs) {}

    @Operation(summary = "Practise the way back of a release in staging")
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    WantedDrill want(@PathVariable String key) {
        return new WantedDrill(order.start(key));
    }

    /** The newest with its rungs; empty where there was none. */
    @Operation(summary = "The last drill of a release's way back")
    @GetMapping
    List<ShownDrill> show(@PathVariable String key) {
        releases.get(key);
        return store.ofRelease(key).stream()
                .limit(1)
                .map(drill -> new ShownDrill(
                        drill.id(),
                        drill.environment(),
                        drill.scriptPath(),
                        drill.scriptDigest(),
                        drill.owner(),
                        drill.wantedBy(),
                        drill.beganAt(),
                        drill.endedAt(),
                        drill.took(),
                        drill.budget(),
                        drill.result(),
                        drill.because(),
                        rungs.of(key, drill.id())))
                .toList();
    }
}
