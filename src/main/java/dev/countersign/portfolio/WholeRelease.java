package dev.countersign.portfolio;

import dev.countersign.catalog.Service;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.evidence.Evidence;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.contract.Consent;
import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.incident.Incidents;
import dev.countersign.learning.Retrospectives.Retrospective;
import dev.countersign.observe.CanaryScore;
import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.preparation.Preparations.Preparation;
import dev.countersign.release.ChangeFacts;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Timeline;
import dev.countersign.review.Review;
import dev.countersign.review.Review.Seat;
import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollout.FoundRoots.FoundRoot;
import dev.countersign.rollout.JourneyWalks.WalkRecord;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.StepRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Everything that is known about one release, gathered from the modules that keep it. */
record WholeRelease(
        Release release,
        Optional<Service> service,
        Dossier dossier,
        List<ChangeFacts.Shown> changesShown,
        List<Gate> gates,
        List<Consent> consents,
        List<Evidence.Document> evidence,
        Optional<CriteriaSet> criteria,
        List<CriterionVerdict> criterionVerdicts,
        Optional<Preparation> preparation,
        Review.View review,
        Optional<Rollout> rollout,
        List<StepRecord> rolloutSteps,
        List<WalkRecord> journeyWalks,
        List<FoundRoot> correlations,
        Optional<Rollback> rollback,
        WayBack wayBack,
        List<Observation> observations,
        Optional<Incidents.Report> incident,
        List<AttributedIncident> attributed,
        Optional<Retrospective> retrospective,
        List<Waiting> waiting,
        List<Timeline.Entry> timeline) {
    private static final String NOT_APPLICABLE = "not-applicable";

    List<Gate> requiredGates() {
        return gates.stream().filter(gate -> "required".equals(gate.required())).toList();
    }

    /** Required and advisory ones, open ones first. */
    public List<Gate> gatesThatCount() {
        return gates.stream()
                .filter(gate -> !NOT_APPLICABLE.equals(gate.required()))
                .sorted(Comparator.comparing(Gate::isClear))
                .toList();
    }

    public List<Gate> gatesNotRequired() {
        return gates.stream()
                .filter(gate -> NOT_APPLICABLE.equals(gate.required()))
                .toList();
    }

    List<Gate> openGates() {
        return gates.stream().filter(gate -> !gate.isClear()).toList();
    }

    List<Seat> decidingSeats() {
        return review == null
                ? List.of()
                : review.seats().stream()
                        .filter(seat -> !"advisory".equals(seat.flag()))
                        .toList();
    }

    /** Seats whose valid vote is missing. */
    List<Seat> openSeats() {
        return decidingSeats().stream().filter(seat -> !hasValidVote(seat)).toList();
    }

    static boolean hasValidVote(Seat seat) {
        return seat.vote() != null && seat.vote().voidedAt() == null;
    }

    /** A step has passed, and the plan says that a person promotes it. */
    public boolean awaitsPromotion() {
        return waiting.stream().anyMatch(task -> "promoteStep".equals(task.taskKey()));
    }

    List<Observation> steps() {
        return observations.stream()
                .filter(observation -> "step".equals(observation.order().kind()))
                .toList();
    }

    /** Metrics of the latest step that alarm on the baseline itself too often, or of which nobody knows how often. */
    public List<FalseAlarm> doubtedMetrics() {
        return steps().stream()
                .reduce((first, second) -> second)
                .map(step ->
                        step.falseAlarms().stream().filter(FalseAlarm::warns).toList())
                .orElse(List.of());
    }

    /** Of the team's own canary configuration, in the newest step that had one; null where none has. */
    public CanaryScore canaryScore() {
        return observations.stream()
                .map(Observation::score)
                .filter(Objects::nonNull)
                .reduce((first, second) -> second)
                .orElse(null);
    }

    Optional<Observation> stabilisation() {
        return observations.stream()
                .filter(observation ->
                        "stabilisation".equals(observation.order().kind()))
                .reduce((first, second) -> second);
    }

    /** Whether new measurements may come. */
    public boolean isMeasured() {
        return observations.stream().anyMatch(observation -> !observation.ended());
    }

    Optional<Timeline.Entry> last(String type) {
        return timeline.stream().filter(entry -> entry.type().equals(type)).reduce((first, second) -> second);
    }

    public List<Timeline.Entry> newestFirst() {
        var entries = new ArrayList<>(timeline);
        Collections.reverse(entries);
        return entries;
    }
}
