package dev.countersign.portfolio;

import dev.countersign.gate.Gates;
import dev.countersign.gate.budget.ErrorBudgets;
import dev.countersign.portfolio.StableVersions.Stable;
import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.ReleaseWindow;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Status;
import io.swagger.v3.oas.annotations.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whether a digest may go somewhere now: for pipelines and deployment protection. */
@RestController
class DeploymentsController {
    private static final int PAGE = 50;
    private static final int PAGES = 10;
    private static final String PRODUCTION = "production";
    private final Releases releases;
    private final Clearances clearances;
    private final ReleaseWindow window;
    private final Gates gates;
    private final Rollouts rollouts;
    private final HotfixFacts hotfixes;
    private final StableVersions stable;
    private final ErrorBudgets budgets;

    DeploymentsController(
            Releases releases,
            Clearances clearances,
            ReleaseWindow window,
            Gates gates,
            Rollouts rollouts,
            HotfixFacts hotfixes,
            StableVersions stable,
            ErrorBudgets budgets) {
        this.releases = releases;
        this.clearances = clearances;
        this.window = window;
        this.gates = gates;
        this.rollouts = rollouts;
        this.hotfixes = hotfixes;
        this.stable = stable;
        this.budgets = budgets;
    }

    /** @param reasons why not; where it may, why: the release that is cleared, or that it is the stable version */
    record Allowed(boolean allowed, List<String> reasons) {}

    @Operation(
            summary = "May this digest go there now? While a release with it is cleared and moves forward,"
                    + " and always for the stable version: going back needs no clearance")
    @GetMapping("/api/deployments/allowed")
    Allowed allowed(@RequestParam String service, @RequestParam String digest, @RequestParam String environment) {
        Optional<Stable> now = PRODUCTION.equals(environment) ? stable.of(service) : Optional.empty();
        if (now.filter(version -> version.digests().contains(digest)).isPresent()) {
            return new Allowed(
                    true,
                    List.of("%s is the stable version of %s: %s. Going back to it never needs a clearance"
                            .formatted(digest, service, now.get().because())));
        }
        List<String> reasons = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            List<Release> some = releases.list(new ReleaseFilter(Set.of(service), null, null, null, page, PAGE));
            for (Release release : some) {
                if (carries(release, digest) && release.environment().equals(environment)) {
                    List<String> against = against(release);
                    if (against.isEmpty()) {
                        return new Allowed(
                                true, List.of("%s is %s and cleared".formatted(release.key(), release.state())));
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
        List<String> reasons = new ArrayList<>();
        if (release.state().isFinal()) {
            return List.of("%s is %s".formatted(release.key(), release.state()));
        }
        if (!movesForward(release.state())) {
            reasons.add("%s is %s: nothing of it goes forward now".formatted(release.key(), release.state()));
        }
        try {
            clearances.require(release.key());
        } catch (StateConflict noClearance) {
            reasons.add(noClearance.getMessage());
        }
        // What has grown old or expired since the clearance was given.
        gates.of(release.key()).stream()
                .filter(gate -> !gate.isClear())
                .map(gate -> "Gate %s of %s is %s: %s"
                        .formatted(gate.name(), release.key(), gate.verdict(), gate.sentence()))
                .forEach(reasons::add);
        if (release.state() == ReleaseState.SCHEDULED) {
            window.missing(release, release.materialDigest()).stream()
                    .map(missing -> release.key() + " may not start: " + missing)
                    .forEach(reasons::add);
            // Once it has begun, its steps are judged by what its users meet.
            String closed = budgets.against(release);
            if (closed != null) {
                reasons.add(release.key() + " may not start: " + closed);
            }
        }
        hotfixes.blocks(release).ifPresent(reasons::add);
        // Traffic is taken back, or held, before the process has entered the state that says so.
        rollouts.find(release.key())
                .filter(rollout -> rollout.status() != Status.RUNNING && rollout.status() != Status.COMPLETE)
                .map(rollout -> "The rollout of %s is %s: %s"
                        .formatted(
                                release.key(),
                                rollout.status(),
                                rollout.trippedBecause() == null ? rollout.because() : rollout.trippedBecause()))
                .ifPresent(reasons::add);
        return reasons;
    }

    private static boolean movesForward(ReleaseState state) {
        return state == ReleaseState.SCHEDULED
                || state == ReleaseState.ROLLING_OUT
                || state == ReleaseState.STABILISING;
    }

    private static boolean carries(Release release, String digest) {
        return release.artifacts().stream()
                .anyMatch(artifact -> artifact.digest().equals(digest));
    }
}
