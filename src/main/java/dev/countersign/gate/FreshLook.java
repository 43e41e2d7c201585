package dev.countersign.gate;

import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.EvidenceSources.Outcome;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Gates whose row {@code fresh} says so are looked at once more right before the rollout: what a system said days ago may not be so any more. How the gate stands then
 * is asked by {@link GatesClear}; here only, that the system was asked.
 */
@Component
class FreshLook implements ClearanceCondition {
    private final GatePolicy policy;
    private final GateEvaluation evaluation;
    private final EvidenceSources sources;
    private final Clock clock;

    FreshLook(GatePolicy policy, GateEvaluation evaluation, EvidenceSources sources, Clock clock) {
        this.policy = policy;
        this.evaluation = evaluation;
        this.sources = sources;
        this.clock = clock;
    }

    @Override
    public void look(Release release) {
        List<String> types = policy.requirements(release).stream()
                .filter(gate -> gate.isRequired() && row(release, gate).isPresent())
                .map(Requirement::types)
                .flatMap(Collection::stream)
                .distinct()
                .toList();
        if (!types.isEmpty()) {
            sources.fetch(release.key(), types);
        }
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        List<String> missing = new ArrayList<>();
        for (Requirement gate : policy.requirements(release)) {
            if (gate.isRequired()) {
                row(release, gate)
                        .filter(fresh -> !isAbsenceWaived(release, gate))
                        .ifPresent(fresh -> missing.addAll(missing(release, gate, fresh)));
            }
        }
        return missing;
    }

    /** A waiver that accepts that nothing was shown accepts that nothing newer is shown; one of a single finding does not. */
    private boolean isAbsenceWaived(Release release, Requirement gate) {
        var now = evaluation.evaluation(release, gate);
        return now.coveredBy() != null
                && now.judgement().findings().stream()
                        .anyMatch(finding -> finding.id().equals("no-document")
                                || finding.id().startsWith("stale:"));
    }

    private List<String> missing(Release release, Requirement gate, Threshold fresh) {
        if (!fresh.isUnderstood() || !fresh.isAtMost()) {
            return List.of("gate %s: its row fresh in gate-thresholds cannot be understood".formatted(gate.gate()));
        }
        if (!sources.any(release, gate.types())) {
            return List.of("gate %s is to be looked at once more, and no system is configured that could be asked"
                    .formatted(gate.gate()));
        }
        List<Standing> standing = sources.standing(release, gate.types());
        if (standing.isEmpty()) {
            return List.of("gate %s is to be looked at once more, and nobody was asked".formatted(gate.gate()));
        }
        // What a system held once, and has no more, still counts by its age for the gate: not here.
        if (standing.stream().noneMatch(system -> system.outcome() == Outcome.ARRIVED)) {
            return List.of("gate %s is to be looked at once more: %s"
                    .formatted(
                            gate.gate(), standing.stream().map(Standing::words).collect(Collectors.joining("; "))));
        }
        Instant oldest = clock.instant().minus(Duration.ofSeconds((long) (fresh.limit() * 3600)));
        return standing.stream()
                .filter(system ->
                        system.answeredAt() == null || system.answeredAt().isBefore(oldest))
                .map(system -> "gate %s is to be looked at once more: %s last answered %s%s"
                        .formatted(
                                gate.gate(),
                                system.source(),
                                system.answeredAt() == null ? "never" : "at " + system.answeredAt(),
                                system.isMissing() ? ", " + system.words() : ""))
                .toList();
    }

    private Optional<Threshold> row(Release release, Requirement gate) {
        return policy.thresholds(release, gate.gate()).rows().stream()
                .filter(Threshold::isFreshness)
                .findFirst();
    }
}
