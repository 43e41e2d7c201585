package dev.countersign.portfolio;

import dev.countersign.catalog.Catalog;
import dev.countersign.criteria.Criteria;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.gate.Gates;
import dev.countersign.gate.contract.Consents;
import dev.countersign.incident.AttributedIncidents;
import dev.countersign.incident.Incidents;
import dev.countersign.learning.Retrospectives;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations;
import dev.countersign.preparation.Preparations;
import dev.countersign.release.ChangeFacts;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.review.Review;
import dev.countersign.rollback.Drills;
import dev.countersign.rollback.Rollbacks;
import dev.countersign.rollout.FoundRoots;
import dev.countersign.rollout.JourneyWalks;
import dev.countersign.rollout.Rollouts;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Gathers a release from the modules that keep its parts. */
@Service
class WholeReleases {
    private final Releases releases;
    private final Catalog catalog;
    private final Dossiers dossiers;
    private final ChangeFacts facts;
    private final Gates gates;
    private final Consents consents;
    private final Evidence evidence;
    private final Criteria criteria;
    private final Preparations preparations;
    private final Review review;
    private final Rollouts rollouts;
    private final JourneyWalks walks;
    private final FoundRoots roots;
    private final Rollbacks rollbacks;
    private final Drills drills;
    private final RollbackScripts scripts;
    private final Observations observations;
    private final Incidents incidents;
    private final AttributedIncidents attributed;
    private final Retrospectives retrospectives;
    private final OpenTasks tasks;
    private final Timeline timeline;

    WholeReleases(
            Releases releases,
            Catalog catalog,
            Dossiers dossiers,
            ChangeFacts facts,
            Gates gates,
            Consents consents,
            Evidence evidence,
            Criteria criteria,
            Preparations preparations,
            Review review,
            Rollouts rollouts,
            JourneyWalks walks,
            FoundRoots roots,
            Rollbacks rollbacks,
            Drills drills,
            RollbackScripts scripts,
            Observations observations,
            Incidents incidents,
            AttributedIncidents attributed,
            Retrospectives retrospectives,
            OpenTasks tasks,
            Timeline timeline) {
        this.releases = releases;
        this.catalog = catalog;
        this.dossiers = dossiers;
        this.facts = facts;
        this.gates = gates;
        this.consents = consents;
        this.evidence = evidence;
        this.criteria = criteria;
        this.preparations = preparations;
        this.review = review;
        this.rollouts = rollouts;
        this.walks = walks;
        this.roots = roots;
        this.rollbacks = rollbacks;
        this.drills = drills;
        this.scripts = scripts;
        this.observations = observations;
        this.incidents = incidents;
        this.attributed = attributed;
        this.retrospectives = retrospectives;
        this.tasks = tasks;
        this.timeline = timeline;
    }

    /** One transaction, so that the parts fit together. */
    @Transactional(readOnly = true)
    WholeRelease of(String key) {
        Release release = releases.get(key);
        var allGates = gates.of(key);
        var observed = observations.ofRelease(key);
        var agreed = criteria.current(key);
        var rollback = rollbacks.find(key);
        var happened = timeline.of(key);
        // Few releases were asked about, or named as the cause of an incident: the others need no statement.
        boolean asked = happened.stream().anyMatch(entry -> entry.type().equals("correlation.found"));
        boolean named = happened.stream().anyMatch(entry -> entry.type().equals("incident.attributed"));
        var samples = observed.isEmpty() ? List.<Sample>of() : observations.samplesOf(key);
        return new WholeRelease(
                release,
                catalog.service(release.service()),
                dossiers.of(key),
                facts.shown(key),
                allGates,
                consents.current(key),
                evidence.of(key),
                agreed,
                agreed.map(new CriterionVerdicts(allGates, observed, samples)::of)
                        .orElse(List.of()),
                preparations.of(key),
                review.of(key),
                rollouts.find(key),
                rollouts.stepsOf(key),
                walks.of(key, release.service()),
                asked ? roots.of(key) : List.of(),
                rollback,
                wayBack(release, rollback.isPresent()),
                observed,
                incidents.reportOf(key),
                named ? attributed.of(List.of(key)) : List.of(),
                retrospectives.of(key),
                tasks.of(key),
                happened);
    }

    /** Of a service without a script, and of a release that was not taken back, nothing is asked. */
    private WayBack wayBack(Release release, boolean rolledBack) {
        boolean declared = scripts.isDeclared(release.service());
        if (!declared && !rolledBack) {
            return WayBack.NONE;
        }
        return new WayBack(
                rolledBack ? rollbacks.rungsOf(release.key()) : List.of(),
                declared ? scripts.of(release.key()) : Optional.empty(),
                declared ? drills.ofRelease(release.key()).stream().findFirst() : Optional.empty());
    }
}
