package dev.countersign.rollout;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.ExposureStore.Exposure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** For whom the flag of a release is on, and changing it while it runs. */
@RestController
class ExposureController {
    private static final int LONGEST = 2000;
    private final Exposures exposures;
    private final ExposureStore store;
    private final FlagChange change;
    private final Catalog catalog;
    private final Releases releases;
    private final Timeline timeline;
    private final Actors actors;

    ExposureController(
            Exposures exposures,
            ExposureStore store,
            FlagChange change,
            Catalog catalog,
            Releases releases,
            Timeline timeline,
            Actors actors) {
        this.exposures = exposures;
        this.store = store;
        this.change = change;
        this.catalog = catalog;
        this.releases = releases;
        this.timeline = timeline;
        this.actors = actors;
    }

    /** @param share from 0 to 1: 0.05 is 5 % */
    record Wanted(Double share, String reason) {}

    @GetMapping("/api/releases/{key}/exposure")
    Exposures.Now exposure(@PathVariable String key) {
        return exposures.of(key);
    }

    /** What was set last of each flagged release of a service; asks no other system. */
    @GetMapping("/api/services/{name}/exposure")
    List<Exposure> ofService(@PathVariable String name) {
        if (catalog.service(name).isEmpty()) {
            throw Problem.notFound("There is no service " + name + " in the catalog");
        }
        return store.latestOf(name);
    }

    /** 409 where neither rollout nor clearance bears it out; 503 where the flag's system does not do it, or does not report it. */
    @PutMapping("/api/releases/{key}/exposure")
    Exposures.Now change(@PathVariable String key, @RequestBody Wanted wanted) {
        releases.get(key);
        if (wanted.share() == null || !(wanted.share() >= 0 && wanted.share() <= 1)) {
            throw Problem.invalid("/share", "must be a number from 0 to 1: 0.05 is 5 %");
        }
        if (wanted.reason() == null
                || wanted.reason().isBlank()
                || wanted.reason().length() > LONGEST) {
            throw Problem.invalid("/reason", "must say why, in at most " + LONGEST + " characters");
        }
        try {
            change.to(key, wanted.share(), wanted.reason().strip());
        } catch (StateConflict | NotEntitled refusal) {
            refused(key, wanted, refusal.getMessage());
            throw refusal;
        } catch (IOException | IllegalStateException failed) {
            refused(key, wanted, failed.getMessage());
            throw Problem.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "The exposure is not proven to be changed: " + failed.getMessage(),
                    Map.of());
        }
        return exposures.of(key);
    }

    private void refused(String key, Wanted wanted, String because) {
        timeline.refused(
                key,
                "exposure.refused",
                actors.current(),
                "Not exposed to %.1f %%: %s".formatted(wanted.share() * 100, because),
                Map.of("wanted", wanted.share()));
    }
}
