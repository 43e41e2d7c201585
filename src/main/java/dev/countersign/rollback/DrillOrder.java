package dev.countersign.rollback;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.Processes;
import java.time.Duration;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.annotation.Transactional;

/** Somebody wants a drill: writes down what is drilled, and against which budget. */
@org.springframework.stereotype.Service
class DrillOrder {
    static final String PROCESS = "rollback-drill";
    private static final Duration LONGEST = Duration.ofHours(3);

    private final Releases releases;
    private final Catalog catalog;
    private final RollbackScripts scripts;
    private final Decisions decisions;
    private final DrillStore store;
    private final Processes processes;
    private final Timeline timeline;
    private final Actors actors;

    DrillOrder(
            Releases releases,
            Catalog catalog,
            RollbackScripts scripts,
            Decisions decisions,
            DrillStore store,
            Processes processes,
            Timeline timeline,
            Actors actors) {
        this.releases = releases;
        this.catalog = catalog;
        this.scripts = scripts;
        this.decisions = decisions;
        this.store = store;
        this.processes = processes;
        this.timeline = timeline;
        this.actors = actors;
    }

    /** Through the API: under the models that the release began with. */
    @Transactional
    long start(String releaseKey) {
        long drill = want(releaseKey);
        String policy = releases.get(releaseKey).policy();
        if (!processes.knows(policy, PROCESS)) {
            throw new StateConflict("%s began under models that know no drill".formatted(releaseKey));
        }
        processes.start(policy, PROCESS, releaseKey, Map.of(Drills.VARIABLE, drill));
        return drill;
    }

    @Transactional
    long want(String releaseKey) {
        actors.require(Role.RELEASE_MANAGER, Role.OPERATIONS, Role.SRE);
        Release release = releases.lock(releaseKey);
        // What arrives of a drill would change what was decided on, and take traffic back.
        if (release.state().isFinal() || release.state().isExposed()) {
            throw new StateConflict(
                    "%s is %s: a drill is of a release that is still to come".formatted(releaseKey, release.state()));
        }
        RollbackScript script = scripts.of(releaseKey)
                .orElseThrow(() -> new StateConflict(
                        "%s has registered no script of its way back: POST /api/releases/%s/rollback-script"
                                .formatted(releaseKey, releaseKey)));
        String target = catalog.service(release.service()).map(Service::target).orElse("production");
        Map<String, Object> facts = Map.of("tier", release.tier(), "target", target);
        Decisions.Answered budget = decisions.ask(release.policy(), "rollback-budget", facts);
        double maxErrorRate = ((Number) decisions
                        .ask(release.policy(), "rollback-triggers", facts)
                        .single()
                        .get("maxErrorRate"))
                .doubleValue();
        Duration time = Duration.parse(String.valueOf(budget.single().get("budget")));
        long drill = inItsPlace(release, script, time, maxErrorRate);
        timeline.record(
                releaseKey,
                "drill.wanted",
                actors.current(),
                "Drill %d of the way back in staging: %s (%s) within %s (%s)"
                        .formatted(drill, script.path(), script.digest(), time, budget.version()),
                Map.of("drill", drill, "script", script.digest(), "budget", time.toString()));
        return drill;
    }

    /** Nothing is looked up before: of two that are wanted at once, of two releases, one gets the place. */
    private long inItsPlace(Release release, RollbackScript script, Duration time, double maxErrorRate) {
        store.free(release.service(), LONGEST);
        try {
            return store.want(release, script, time, maxErrorRate, actors.current());
        } catch (DuplicateKeyException taken) {
            throw new StateConflict("A drill of %s is running: staging has one place beside the stable version"
                    .formatted(release.service()));
        }
    }
}
