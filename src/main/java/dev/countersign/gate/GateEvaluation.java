package dev.countersign.gate;

import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.EvidenceJudge;
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.evidence.EvidenceWanted;
import dev.countersign.evidence.LateEvidence;
import dev.countersign.gate.Assessment.Assessed;
import dev.countersign.gate.GateRepository.Evaluation;
import dev.countersign.gate.Gates.Waiver;
import dev.countersign.gate.contract.ConsentDesk;
import dev.countersign.gate.contract.Consents;
import dev.countersign.gate.privacy.ImpactDesk;
import dev.countersign.identity.Actors;
import dev.countersign.release.ChangeFacts.FactRaised;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.Messages;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Determines the gates of a release and evaluates them. Everything here holds the release's row, so that looking and waiting in a process
 * and storing and telling in the intake happen in one order.
 */
@Service
class GateEvaluation implements EvidenceJudge, EvidenceWanted {
    private final Releases releases;
    private final GatePolicy policy;
    private final GateRepository gates;
    private final WaiverRepository waivers;
    private final Evidence evidence;
    private final EvidenceSources sources;
    private final ObjectProvider<LateEvidence> late;
    private final Consents consents;
    private final ConsentDesk consumers;
    private final ImpactDesk impacts;
    private final List<Assessment> assessments;
    private final Dossiers dossiers;
    private final Timeline timeline;
    private final Messages messages;
    private final Actors actors;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    GateEvaluation(
            Releases releases,
            GatePolicy policy,
            GateRepository gates,
            WaiverRepository waivers,
            Evidence evidence,
            EvidenceSources sources,
            ObjectProvider<LateEvidence> late,
            Consents consents,
            ConsentDesk consumers,
            ImpactDesk impacts,
            List<Assessment> assessments,
            Dossiers dossiers,
            Timeline timeline,
            Messages messages,
            Actors actors,
            ApplicationEventPublisher events,
            Clock clock) {
        this.releases = releases;
        this.policy = policy;
        this.gates = gates;
        this.waivers = waivers;
        this.evidence = evidence;
        this.sources = sources;
        this.late = late;
        this.consents = consents;
        this.consumers = consumers;
        this.impacts = impacts;
        this.assessments = List.copyOf(assessments);
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.messages = messages;
        this.actors = actors;
        this.events = events;
        this.clock = clock;
    }

    /** In memory, in the transaction that stored the evaluation. */
    record GateEvaluated(String releaseKey, String gate, Verdict verdict) {}

    /** Asks the table which gates there are. */
    @Transactional
    void determine(String releaseKey) {
        Release release = releases.lock(releaseKey);
        List<Requirement> now = policy.requirements(release);
        if (!now.equals(gates.requirements(releaseKey))) {
            determined(releaseKey, now);
            dossiers.changed(releaseKey, "the gates were determined");
            // No step of the process waits for those that are advisory.
            now.stream()
                    .filter(gate -> gate.isApplicable() && !gate.isRequired())
                    .forEach(gate -> sources.fetchSoon(releaseKey, gate.types()));
        }
    }

    /** A document showed that more has changed than was stated: there may be more gates, and what they judge may be here already. */
    @EventListener
    void on(FactRaised raised) {
        Set<String> before = applicable(raised.releaseKey());
        if (gates.requirements(raised.releaseKey()).isEmpty()) {
            return;
        }
        determine(raised.releaseKey());
        applicable(raised.releaseKey()).stream()
                .filter(gate -> !before.contains(gate))
                .forEach(gate -> evaluate(raised.releaseKey(), gate));
        decideAnew(raised.releaseKey());
    }

    /** Whoever was told the facts that the release had before decides again. */
    private void decideAnew(String releaseKey) {
        List<Requirement> deciding = gates.requirements(releaseKey).stream()
                .filter(gate -> gate.isApplicable() && gate.types().contains(DecidedOn.TYPE))
                .toList();
        if (!deciding.isEmpty()) {
            sources.fetchSoon(releaseKey, List.of(DecidedOn.TYPE));
            deciding.forEach(gate -> evaluate(releaseKey, gate.gate()));
        }
    }

    private Set<String> applicable(String releaseKey) {
        return gates.requirements(releaseKey).stream()
                .filter(Requirement::isApplicable)
                .map(Requirement::gate)
                .collect(Collectors.toSet());
    }

    private void determined(String releaseKey, List<Requirement> now) {
        gates.replaceRequirements(releaseKey, now);
        Map<String, Object> detail = new LinkedHashMap<>();
        now.forEach(gate -> detail.put(gate.gate(), gate.required()));
        timeline.record(
                releaseKey,
                "gates.determined",
                actors.current(),
                "Required are the gates "
                        + String.join(
                                ", ",
                                now.stream()
                                        .filter(Requirement::isRequired)
                                        .map(Requirement::gate)
                                        .toList()),
                detail);
    }

    /** Evaluates one gate now. Kept, logged and told only when it is another outcome than the last one. */
    @Transactional
    Verdict evaluate(String releaseKey, String gateName) {
        Release release = releases.lock(releaseKey);
        Requirement gate = requirement(release, gateName);
        if (!gate.isApplicable()) {
            return Verdict.NOT_APPLICABLE;
        }
        if (Consents.concern(gate.types())) {
            consumers.follow(
                    release,
                    evidence.current(releaseKey, gate.types()),
                    waivers.covered(releaseKey, gateName).stream()
                            .map(FindingNames::own)
                            .collect(Collectors.toSet()));
        }
        Evaluation now = evaluation(release, gate);
        boolean same = gates.newest(releaseKey, gateName)
                .filter(last -> last.judgement().equals(now.judgement())
                        && java.util.Objects.equals(last.coveredBy(), now.coveredBy()))
                .isPresent();
        if (!same) {
            gates.insert(releaseKey, now);
            tell(releaseKey, now);
        }
        if (gate.isRequired() && ImpactDesk.concerns(gate.types())) {
            impacts.follow(release, now.judgement().verdict(), now.coveredBy() != null);
        }
        return now.judgement().verdict();
    }

    private void tell(String releaseKey, Evaluation now) {
        Judgement judgement = now.judgement();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("gate", now.gate());
        detail.put("verdict", judgement.verdict());
        detail.put("value", judgement.value());
        detail.put("limit", judgement.limit());
        detail.put("sample", judgement.sample());
        detail.put("ruleVersion", judgement.ruleVersion());
        detail.put("documents", judgement.documents());
        detail.put("waiver", now.coveredBy());
        timeline.record(
                releaseKey,
                "gate.evaluated",
                Actors.PLATFORM,
                "Gate %s: %s. %s%s"
                        .formatted(
                                now.gate(),
                                judgement.verdict(),
                                judgement.sentence(),
                                now.coveredBy() == null ? "" : "; waived"),
                detail);
        events.publishEvent(new GateEvaluated(releaseKey, now.gate(), judgement.verdict()));
    }

    /** How the gate stands now by the facts in the tables; nothing is written. */
    Evaluation evaluation(Release release, Requirement gate) {
        Instant now = clock.instant();
        Assessed documents = assessed(release, gate, evidence.current(release.key(), gate.types()));
        var thresholds = policy.thresholds(release, gate.gate());
        List<Standing> missing = sources.standing(release, gate.types()).stream()
                .filter(Standing::isMissing)
                .toList();
        Judgement judgement = GateJudge.judge(gate, documents, thresholds, Set.of(), missing, now);
        Waiver cover = null;
        Instant until = null;
        if (judgement.verdict() != Verdict.PASS) {
            List<Waiver> active = waivers.active(release.key(), gate.gate());
            if (!active.isEmpty()
                    && GateJudge.judge(
                                            gate,
                                            documents,
                                            thresholds,
                                            waivers.covered(release.key(), gate.gate()),
                                            missing,
                                            now)
                                    .verdict()
                            == Verdict.PASS) {
                cover = active.get(active.size() - 1);
                until = active.stream()
                        .map(Waiver::expires)
                        .min(Instant::compareTo)
                        .orElse(null);
            }
        }
        return new Evaluation(gate.gate(), judgement, cover == null ? null : cover.id(), until, now);
    }

    /** How the findings of the gate's documents are called now. */
    FindingNames names(Release release, String gateName) {
        Requirement gate = requirement(release, gateName);
        return new FindingNames(assessed(release, gate, evidence.current(release.key(), gate.types()))
                .documents());
    }

    Assessed assessed(Release release, Requirement gate, List<Document> all) {
        List<Document> received = all.stream().filter(gate::isFor).toList();
        List<Document> documents = consents.apply(release, Vex.apply(release, DecidedOn.apply(release, received)));
        return assessments.stream()
                .filter(one -> one.concerns(gate))
                .findFirst()
                .map(one -> one.of(gate, release, documents))
                .orElseGet(() -> Assessed.unchanged(documents));
    }

    @Override
    @Transactional
    public List<Judged> arrived(String releaseKey, String type) {
        Release release = releases.lock(releaseKey);
        if (gates.requirements(releaseKey).isEmpty()) {
            // Whoever stored the evidence tells the dossier, once.
            determined(releaseKey, policy.requirements(release));
        }
        List<Judged> judged = new ArrayList<>();
        List<Requirement> reading = gates.requirements(releaseKey).stream()
                .filter(gate -> gate.isApplicable() && gate.types().contains(type))
                .toList();
        Optional<Document> last = reading.stream().anyMatch(gate -> gate.isSelective(type))
                ? evidence.newest(releaseKey, type)
                : Optional.empty();
        for (Requirement gate : reading) {
            // It may have replaced one that was made for another gate: that one is judged anew, too.
            Verdict verdict = evaluate(releaseKey, gate.gate());
            if (last.isEmpty() || gate.isFor(last.get())) {
                judged.add(new Judged(gate.gate(), verdict));
            }
            tellProcess(release, "evidenceArrived-" + gate.gate());
        }
        return judged;
    }

    @Override
    public List<InTheWay> inTheWay(String releaseKey) {
        return gates.newest(releaseKey).stream()
                .flatMap(
                        last -> last.judgement().findings().stream().map(finding -> new InTheWay(last.gate(), finding)))
                .toList();
    }

    /** Its sentence may have changed, and the young word of a system may count again; whoever waits for documents is not disturbed. */
    @Override
    @Transactional
    public void asked(String releaseKey, Collection<String> types) {
        gates.requirements(releaseKey).stream()
                .filter(gate -> gate.isApplicable() && !Collections.disjoint(gate.types(), types))
                .forEach(gate -> evaluate(releaseKey, gate.gate()));
    }

    /** What a hotfix was spared is asked for once it is stable. */
    @EventListener
    void on(StateChanged change) {
        if (change.to() == ReleaseState.STABLE
                && releases.get(change.releaseKey()).isHotfix()) {
            gates.requirements(change.releaseKey()).stream()
                    .filter(Requirement::isPutOff)
                    .forEach(gate -> sources.fetchSoon(change.releaseKey(), gate.types()));
        }
    }

    /** Until the rollout begins a gate that has not passed, and is not waived, waits; one that was put off waits as long as it may be made up for. */
    @Override
    public boolean isWanted(String releaseKey, Collection<String> types) {
        Release release = releases.get(releaseKey);
        boolean begun = release.state().isFinal() || release.state().isExposed();
        return (!begun || late.stream().anyMatch(one -> one.isAwaited(release)))
                && gates.requirements(releaseKey).stream()
                        .filter(gate -> gate.isApplicable() && (!begun || gate.isPutOff()))
                        .filter(gate -> !Collections.disjoint(gate.types(), types))
                        .map(gate -> evaluation(release, gate))
                        .anyMatch(now -> now.judgement().verdict() != Verdict.PASS && now.coveredBy() == null);
    }

    /** While criteria are negotiated nobody waits for gates, and the gates' process looks before it waits. */
    void tellProcess(Release release, String message) {
        if (release.state() != ReleaseState.CRITERIA && !release.state().isFinal()) {
            messages.send(message, release.key());
        }
    }

    Requirement requirement(Release release, String gateName) {
        List<Requirement> known = gates.requirements(release.key());
        return (known.isEmpty() ? policy.requirements(release) : known)
                .stream()
                        .filter(gate -> gate.gate().equals(gateName))
                        .findFirst()
                        .orElseThrow(
                                () -> dev.countersign.api.Problem.notFound(release.key() + " has no gate " + gateName));
    }
}
