package dev.countersign.gate;

import dev.countersign.api.Problem;
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.privacy.ImpactDesk;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import java.util.List;
import org.springframework.stereotype.Service;

/** Has the systems asked that hold the evidence of a gate, because somebody wants it now. */
@Service
class GateAsking {
    private final GateEvaluation evaluation;
    private final EvidenceSources sources;
    private final Releases releases;
    private final Actors actors;

    GateAsking(GateEvaluation evaluation, EvidenceSources sources, Releases releases, Actors actors) {
        this.evaluation = evaluation;
        this.sources = sources;
        this.releases = releases;
        this.actors = actors;
    }

    /** Waits for their answers. */
    List<Standing> now(String releaseKey, Gate gate) {
        Release release = releases.get(releaseKey);
        List<String> types = types(release, gate);
        sources.fetch(releaseKey, types);
        return sources.standing(release, types);
    }

    /** In the background, after this transaction. */
    void soon(String releaseKey, Gate gate) {
        sources.fetchSoon(releaseKey, types(releases.get(releaseKey), gate));
    }

    boolean isPossible(Release release, String gate) {
        return sources.any(release, evaluation.requirement(release, gate).types());
    }

    /** Whether people who assess the impact on personal data can make its evidence. */
    boolean isClearedByAssessment(Release release, String gate) {
        return ImpactDesk.concerns(evaluation.requirement(release, gate).types());
    }

    private List<String> types(Release release, Gate gate) {
        if (!actors.has(Role.CI)
                && !actors.has(Role.DEVELOPER)
                && !actors.has(Role.RELEASE_MANAGER)
                && !actors.currentGroups().contains(gate.owner())) {
            throw new NotEntitled(
                    "Evidence of the gate %s is asked for by its owner %s, a developer, a release manager or ci"
                            .formatted(gate.name(), gate.owner()));
        }
        if (release.state().isFinal()) {
            throw new StateConflict("%s is %s".formatted(release.key(), release.state()));
        }
        List<String> types = evaluation.requirement(release, gate.name()).types();
        if (!sources.any(release, types)) {
            throw Problem.notFound("No system is configured that holds evidence of the gate " + gate.name());
        }
        return types;
    }
}
