package dev.countersign.gate;

import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import io.swagger.v3.oas.annotations.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whether a digest may go somewhere now: for pipelines and deployment protection. */
@RestController
class DeploymentsController {
    private static final int PAGE = 50;
    private static final int PAGES = 10;
    private final Releases releases;
    private final Clearances clearances;
    private final Gates gates;

    DeploymentsController(Releases releases, Clearances clearances, Gates gates) {
        this.releases = releases;
        this.clearances = clearances;
        this.gates = gates;
    }

    /** @param reasons why not; empty when it may */
    record Allowed(boolean allowed, List<String> reasons) {}

    @Operation(summary = "May this digest go there now? Only while a release with it holds a current clearance")
    @GetMapping("/api/deployments/allowed")
    Allowed allowed(@RequestParam String service, @RequestParam String digest, @RequestParam String environment) {
        List<String> reasons = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            List<Release> some = releases.list(new ReleaseFilter(Set.of(service), null, null, null, page, PAGE));
            for (Release release : some) {
                if (carries(release, digest) && release.environment().equals(environment)) {
                    List<String> against = against(release);
                    if (against.isEmpty()) {
                        return new Allowed(true, List.of());
                    }
                    reasons.addAll(against);
                }
            }
            if (some.size() < PAGE) {
                break;
            }
        }
        if (reasons.isEmpty()) {
            reasons.add("No release of %s to %s carries %s".formatted(service, environment, digest));
        }
        return new Allowed(false, reasons);
    }

    private List<String> against(Release release) {
        if (release.state().isFinal()) {
            return List.of("%s is %s".formatted(release.key(), release.state()));
        }
        List<String> reasons = new ArrayList<>();
        try {
            clearances.require(release.key());
        } catch (StateConflict noClearance) {
            reasons.add(noClearance.getMessage());
            gates.of(release.key()).stream()
                    .filter(gate -> !gate.isClear())
                    .map(gate -> "Gate %s of %s is %s: %s"
                            .formatted(gate.name(), release.key(), gate.verdict(), gate.sentence()))
                    .forEach(reasons::add);
        }
        return reasons;
    }

    private static boolean carries(Release release, String digest) {
        return release.artifacts().stream()
                .anyMatch(artifact -> artifact.digest().equals(digest));
    }
}
