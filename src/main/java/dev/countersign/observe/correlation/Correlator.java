package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.CallGraph.Relation;
import dev.countersign.observe.correlation.Carried.Answer;
import dev.countersign.observe.correlation.Evidence.Split;
import dev.countersign.observe.correlation.Evidence.Versions;
import dev.countersign.observe.correlation.Finding.Outcome;
import dev.countersign.observe.correlation.Finding.Reason;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.observe.correlation.Signal.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Names a release as the root of what goes wrong, or rules it out, by the first rule that applies:
 *
 * <ol>
 *   <li>root, where requests through the candidate carry a failure of any service on its paths more than those through the stable version beside it;
 *   <li>root, where a dependency began to fail as the share rose and the candidate calls it so much more often that its load grew;
 *   <li>ruled out, where each origin (what goes wrong and has no dependency that explains it) began before the candidate had traffic, has no path to it, or is carried no more;
 *   <li>undetermined otherwise, with what is missing. A dependency that began to fail just as the share rose is not ruled out: what is shared hurts both versions alike.
 * </ol>
 */
public final class Correlator {
    /** An onset so soon after a rise of the share may be no coincidence. */
    static final Duration LAG = Duration.ofSeconds(10);

    /** Where the candidate is seen to call more, its dependency may last so long before it fails. */
    static final Duration LAG_OF_LOAD = Duration.ofSeconds(45);

    private static final double LEAST_GROWTH = 1.1;
    private final Question question;
    private final Evidence evidence;
    private final TraceView traces;
    private final CallGraph graph;
    private final List<Anomaly> anomalies;
    private final List<Carried> carried;

    private Correlator(Question question, Evidence evidence) {
        this.question = question;
        this.evidence = evidence;
        this.traces = new TraceView(evidence.traces(), question);
        this.graph = traces.graph().and(evidence.graph());
        this.anomalies = anomalies();
        this.carried = carried();
    }

    public static Finding correlate(Question question, Evidence evidence) {
        return new Correlator(question, evidence).rule();
    }

    private List<Anomaly> anomalies() {
        List<Signal> signals = new ArrayList<>(evidence.signals());
        Set<String> counted = new HashSet<>();
        signals.forEach(signal -> counted.add(signal.service() + "/" + signal.kind()));
        // Whatever counts all requests is better than a sample of them.
        traces.signals().stream()
                .filter(signal -> !counted.contains(signal.service() + "/" + signal.kind()))
                .forEach(signals::add);
        return signals.stream()
                .flatMap(signal ->
                        ChangePoint.find(signal, question.quietUntil()).stream().map(onset -> anomaly(signal, onset)))
                .sorted(Comparator.comparing(
                                (Anomaly anomaly) -> anomaly.onset().at())
                        .thenComparing(Anomaly::service)
                        .thenComparing(Anomaly::kind))
                .toList();
    }

    private Anomaly anomaly(Signal signal, Onset onset) {
        Relation relation = graph.relation(question.service(), signal.service());
        Optional<List<String>> path = relation == Relation.DEPENDENT
                ? graph.path(signal.service(), question.service())
                : graph.path(question.service(), signal.service());
        return new Anomaly(signal.service(), signal.kind(), signal.source(), relation, path.orElse(List.of()), onset);
    }

    private List<Carried> carried() {
        List<Split> splits = new ArrayList<>();
        for (String service : traces.services()) {
            for (Kind kind : List.of(Kind.ERRORS, Kind.LATENCY)) {
                Split split = traces.split(service, kind, since(service, kind));
                if (split.candidateExposure() > 0 && split.stableExposure() > 0) {
                    splits.add(split);
                }
            }
        }
        List<Carried> compared = new ArrayList<>();
        int comparisons = splits.size() + evidence.versions().size();
        splits.forEach(split -> compared.add(Carried.of(split, comparisons)));
        for (Versions versions : evidence.versions()) {
            Split split = versions.since(since(versions.service(), versions.kind()));
            boolean told = split.kind() != Kind.LOG_ERRORS
                    && compared.stream()
                            .anyMatch(other -> other.split().service().equals(split.service())
                                    && other.split().kind() == split.kind()
                                    && other.answer() != Answer.UNKNOWN);
            if (!told) {
                compared.add(Carried.of(split, comparisons));
            }
        }
        compared.sort(Comparator.comparingDouble(Carried::chance));
        return compared;
    }

    /** From the onset on, where there is one: what was well before says nothing of what is wrong since. */
    private Instant since(String service, Kind kind) {
        return anomalies.stream()
                .filter(anomaly -> anomaly.service().equals(service) && anomaly.kind() == kind)
                .map(anomaly -> anomaly.onset().earliest())
                .filter(onset -> onset.isAfter(question.began()))
                .findFirst()
                .orElse(question.began());
    }

    private Finding rule() {
        Optional<Carried> more = carried.stream()
                .filter(each ->
                        each.answer() == Answer.MORE && explains(each.split().kind()))
                .findFirst();
        if (more.isPresent()) {
            Split split = more.get().split();
            return finding(
                    Outcome.ROOT,
                    Reason.CARRIED,
                    split.service(),
                    split.kind(),
                    Sentences.carried(question, split, onsetOf(split.service(), split.kind())));
        }
        if (anomalies.isEmpty()) {
            boolean measured =
                    !evidence.signals().isEmpty() || !evidence.traces().isEmpty();
            return finding(
                    Outcome.UNDETERMINED,
                    measured ? Reason.NOTHING_WRONG : Reason.NO_DATA,
                    null,
                    null,
                    measured
                            ? "Undetermined: no service shows an anomaly since " + Sentences.time(question.quietUntil())
                            : "Undetermined: nothing was measured");
        }
        List<Anomaly> origins = origins();
        for (Anomaly origin : origins) {
            if (isOverloaded(origin)) {
                return finding(
                        Outcome.ROOT,
                        Reason.OVERLOADED,
                        origin.service(),
                        origin.kind(),
                        Sentences.overloaded(
                                question, origin, traces.callsOf(origin.service()), stepOf(origin, LAG_OF_LOAD)));
            }
        }
        return cleared(origins);
    }

    /** A candidate that is slower is not the root of failures, unless it is the only thing that differs. */
    private boolean explains(Kind kind) {
        return anomalies.isEmpty()
                || anomalies.stream().anyMatch(anomaly -> (anomaly.kind() == Kind.LATENCY) == (kind == Kind.LATENCY));
    }

    private Finding cleared(List<Anomaly> origins) {
        Reason weakest = null;
        for (Anomaly origin : origins) {
            Reason reason = reason(origin);
            if (reason == Reason.COINCIDES || reason == Reason.TOO_LITTLE) {
                return finding(
                        Outcome.UNDETERMINED,
                        reason,
                        origin.service(),
                        origin.kind(),
                        Sentences.undetermined(question, origin, reason));
            }
            weakest = weakest == null ? reason : weakest;
        }
        Anomaly suspect = origins.get(0);
        return finding(
                Outcome.RULED_OUT,
                weakest,
                suspect.service(),
                suspect.kind(),
                Sentences.ruledOut(question, suspect, weakest, splitOf(suspect)));
    }

    private Reason reason(Anomaly origin) {
        if (origin.onset().isOverBefore(question.began())) {
            return Reason.BEGAN_BEFORE;
        }
        if (origin.relation() == Relation.NONE) {
            return graph.seen() ? Reason.NO_PATH : Reason.TOO_LITTLE;
        }
        if (origin.relation() == Relation.DEPENDENCY && stepOf(origin, LAG).isPresent()) {
            return Reason.COINCIDES;
        }
        Kind kind = origin.kind() == Kind.LOG_ERRORS ? Kind.ERRORS : origin.kind();
        if (origin.relation() == Relation.DEPENDENT
                && traces.isElsewhere(origin.service(), kind, origin.onset().earliest())) {
            return Reason.NOT_REACHED;
        }
        return splitOf(origin)
                .filter(each -> each.answer() == Answer.NO_MORE || each.isInStableToo(origin.onset()))
                .map(each -> Reason.NOT_CARRIED)
                .orElse(Reason.TOO_LITTLE);
    }

    /** What goes wrong and calls nothing that went wrong before it or at the same time; everything where they explain each other. */
    private List<Anomaly> origins() {
        List<Anomaly> origins =
                anomalies.stream().filter(anomaly -> !isExplained(anomaly)).toList();
        return origins.isEmpty() ? anomalies : origins;
    }

    private boolean isExplained(Anomaly anomaly) {
        return anomalies.stream()
                .filter(other -> !other.service().equals(anomaly.service()))
                .filter(other -> !anomaly.onset().isSurelyBefore(other.onset()))
                .anyMatch(
                        other -> graph.path(anomaly.service(), other.service()).isPresent());
    }

    private boolean isOverloaded(Anomaly origin) {
        if (origin.relation() != Relation.DEPENDENCY) {
            return false;
        }
        Optional<Step> step = stepOf(origin, LAG_OF_LOAD);
        Split calls = traces.callsOf(origin.service());
        if (step.isEmpty() || calls.stableRate() <= 0 || calls.candidateExposure() <= 0) {
            return false;
        }
        double times = calls.candidateRate() / calls.stableRate();
        double growth = 1 + step.get().share() * (times - 1);
        // Several calls of one request come together: each request is one piece of evidence, not each call.
        double clustered = Math.max(1, Math.max(calls.candidateRate(), calls.stableRate()));
        double share = calls.candidateExposure() / (calls.candidateExposure() + calls.stableExposure());
        double chance = Tail.atLeast(
                calls.candidateEvents() / clustered,
                (calls.candidateEvents() + calls.stableEvents()) / clustered,
                share);
        return times >= ChangePoint.LEAST_RATIO && growth >= LEAST_GROWTH && chance <= Carried.CHANCE;
    }

    /** The rise of the share with which the onset falls together. */
    private Optional<Step> stepOf(Anomaly anomaly, Duration lag) {
        return question.steps().stream()
                .filter(step -> !anomaly.onset().latest().isBefore(step.at())
                        && !anomaly.onset().earliest().isAfter(step.at().plus(lag)))
                .reduce((first, second) -> second);
    }

    /** Errors in a log have no requests of their own: those of the traces tell who carries them. */
    private Optional<Carried> splitOf(Anomaly anomaly) {
        Optional<Carried> same = splitOf(anomaly.service(), anomaly.kind());
        return anomaly.kind() == Kind.LOG_ERRORS && same.isEmpty() ? splitOf(anomaly.service(), Kind.ERRORS) : same;
    }

    private Optional<Carried> splitOf(String service, Kind kind) {
        return carried.stream()
                .filter(each ->
                        each.split().service().equals(service) && each.split().kind() == kind)
                .findFirst();
    }

    private Optional<Onset> onsetOf(String service, Kind kind) {
        return anomalies.stream()
                .filter(anomaly -> anomaly.service().equals(service) && anomaly.kind() == kind)
                .map(Anomaly::onset)
                .findFirst();
    }

    private Finding finding(Outcome outcome, Reason reason, String service, Kind kind, String sentence) {
        return new Finding(
                outcome,
                reason,
                service,
                service == null ? null : graph.relation(question.service(), service),
                kind,
                sentence,
                anomalies,
                carried,
                graph,
                evidence.gaps(),
                Finding.RULES);
    }
}
