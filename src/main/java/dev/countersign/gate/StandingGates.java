package dev.countersign.gate;

import dev.countersign.gate.GateRepository.Evaluation;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** How gates stand, from the newest evaluations; what has become too old or has expired since does not count any more. */
@Component
class StandingGates implements Gates {
    private final Releases releases;
    private final GatePolicy policy;
    private final GateRepository gates;
    private final WaiverRepository waivers;
    private final Clock clock;

    StandingGates(Releases releases, GatePolicy policy, GateRepository gates, WaiverRepository waivers, Clock clock) {
        this.releases = releases;
        this.policy = policy;
        this.gates = gates;
        this.waivers = waivers;
        this.clock = clock;
    }

    @Override
    public List<Gate> of(String releaseKey) {
        Release release = releases.get(releaseKey);
        List<Requirement> known = gates.requirements(releaseKey);
        Map<String, Evaluation> evaluations =
                gates.newest(releaseKey).stream().collect(Collectors.toMap(Evaluation::gate, evaluation -> evaluation));
        Map<Long, Waiver> granted = evaluations.values().stream().anyMatch(one -> one.coveredBy() != null)
                ? waivers.of(releaseKey).stream().collect(Collectors.toMap(Waiver::id, waiver -> waiver))
                : Map.of();
        return (known.isEmpty() ? policy.requirements(release) : known)
                .stream()
                        .map(gate -> gate(gate, evaluations.get(gate.gate()), granted))
                        .toList();
    }

    @Override
    public Optional<Gate> find(String releaseKey, String name) {
        return of(releaseKey).stream().filter(gate -> gate.name().equals(name)).findFirst();
    }

    @Override
    public List<Evaluated> evaluations(String releaseKey, String gate, int most) {
        return gates.newest(releaseKey, gate, most).stream()
                .map(one -> new Evaluated(
                        one.evaluatedAt(),
                        one.judgement().verdict(),
                        one.judgement().sentence(),
                        one.judgement().documents(),
                        one.judgement().findings(),
                        one.coveredBy() != null))
                .toList();
    }

    @Override
    public List<Waiver> waivers(String releaseKey, String gate) {
        return newestFirst(waivers.of(releaseKey).stream()
                .filter(waiver -> waiver.gate().equals(gate))
                .toList());
    }

    private static <T> List<T> newestFirst(List<T> oldestFirst) {
        List<T> all = new ArrayList<>(oldestFirst);
        Collections.reverse(all);
        return List.copyOf(all);
    }

    private Gate gate(Requirement gate, Evaluation evaluation, Map<Long, Waiver> granted) {
        if (!gate.isApplicable()) {
            return bare(gate, Verdict.NOT_APPLICABLE, gate.rule());
        }
        if (evaluation == null) {
            return bare(
                    gate,
                    Verdict.NO_DATA,
                    "Not evaluated yet: no document of type " + gate.readsInWords() + " has arrived");
        }
        Judgement judgement = evaluation.judgement();
        Instant now = clock.instant();
        boolean stale = judgement.verdict() == Verdict.PASS
                && judgement.validUntil() != null
                && now.isAfter(judgement.validUntil());
        boolean covered = evaluation.coveredBy() != null
                && evaluation.coveredUntil().isAfter(now)
                && (judgement.validUntil() == null || !now.isAfter(judgement.validUntil()));
        return new Gate(
                gate.gate(),
                gate.required(),
                gate.rule(),
                stale ? Verdict.NO_DATA : judgement.verdict(),
                judgement.value(),
                judgement.limit(),
                judgement.sample(),
                judgement.ruleVersion(),
                stale
                        ? "Too old since " + judgement.validUntil() + ". It was: " + judgement.sentence()
                        : judgement.sentence(),
                judgement.evidence(),
                judgement.findings(),
                judgement.controls(),
                evaluation.evaluatedAt(),
                gate.owner(),
                covered ? granted.get(evaluation.coveredBy()) : null,
                gate.reads());
    }

    private static Gate bare(Requirement gate, Verdict verdict, String sentence) {
        return new Gate(
                gate.gate(),
                gate.required(),
                gate.rule(),
                verdict,
                null,
                null,
                null,
                null,
                sentence,
                null,
                List.of(),
                List.of(),
                null,
                gate.owner(),
                null,
                gate.reads());
    }
}
