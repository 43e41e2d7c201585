package dev.countersign.rollback;

import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollback.Drills.Drill;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.Staging;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** What the steps of a drill do beside the ladder. Everything at the staging target: its place has a name that no production target serves. */
@Component
class DrillSteps {
    private static final double HALF = 0.5;
    /** Without these no drill has shown the way back. */
    private static final List<String> SHOWN = List.of("traffic", "withdraw", "proof");

    private static final Set<String> TYPE = Set.of(DrillSource.TYPE);
    private final DrillStore store;
    private final RungStore rungs;
    private final Releases releases;
    private final Targets targets;
    private final LadderTraffic traffic;
    private final EvidenceSources sources;
    private final Notices notices;
    private final Timeline timeline;

    DrillSteps(
            DrillStore store,
            RungStore rungs,
            Releases releases,
            Targets targets,
            LadderTraffic traffic,
            EvidenceSources sources,
            Notices notices,
            Timeline timeline) {
        this.store = store;
        this.rungs = rungs;
        this.releases = releases;
        this.targets = targets;
        this.traffic = traffic;
        this.sources = sources;
        this.notices = notices;
        this.timeline = timeline;
    }

    void stage(String releaseKey, DelegateExecution execution) throws IOException {
        Drill drill = drill(releaseKey, execution);
        keepingWhy(drill, () -> stage(drill));
    }

    private void stage(Drill drill) throws IOException {
        String place = Staging.of(drill.service());
        Deployer deployer = targets.deployerOf(place);
        ReadyScript.require(deployer, place, script(drill));
        traffic.stage(place, 0);
        Optional<String> candidate = deployer.candidateDigest(place);
        if (candidate.isPresent() && !candidate.get().equals(drill.candidate())) {
            deployer.withdrawCandidate(place);
        }
        String stable = deployer.stableDigest(place)
                .orElseThrow(() -> new IOException("Nothing runs in staging that could be gone back to"));
        if (stable.equals(drill.candidate())) {
            throw new IOException(
                    "Staging runs %s as its stable version: there is nothing to go back from".formatted(stable));
        }
        store.baseline(drill.id(), stable);
        deployer.deployCandidate(place, releases.get(drill.releaseKey()).version(), drill.candidate());
    }

    void expose(String releaseKey, DelegateExecution execution) throws IOException {
        Drill drill = drill(releaseKey, execution);
        keepingWhy(drill, () -> expose(drill));
    }

    private void expose(Drill drill) throws IOException {
        String place = Staging.of(drill.service());
        Optional<String> running = targets.deployerOf(place).candidateDigest(place);
        if (!running.equals(Optional.of(drill.candidate()))) {
            throw new IOException(
                    "Staging runs %s, wanted is %s".formatted(running.orElse("nothing"), drill.candidate()));
        }
        traffic.stage(place, HALF);
        store.begin(drill.id());
        timeline.record(
                drill.releaseKey(),
                "drill.begun",
                Actors.PLATFORM,
                "Drill %d: half of the traffic in staging goes to %s, and the clock runs"
                        .formatted(drill.id(), drill.candidate()),
                Map.of("drill", drill.id()));
    }

    /** That the ladder came to its end is not enough: one that was climbed for something else leaves no rungs of this drill. */
    void succeed(String releaseKey, DelegateExecution execution) {
        Drill drill = drill(releaseKey, execution);
        Map<String, String> gone = rungs.of(releaseKey, drill.id()).stream()
                .collect(Collectors.toMap(Rung::rung, Rung::outcome, (earlier, later) -> later));
        List<String> missing = SHOWN.stream()
                .filter(rung -> !Rung.DONE.equals(gone.get(rung)))
                .map(RungLog::words)
                .toList();
        if (missing.isEmpty()) {
            succeed(drill);
        } else {
            fail(drill, "it ended without having done: " + String.join(", ", missing));
        }
    }

    private void succeed(Drill drill) {
        String releaseKey = drill.releaseKey();
        store.end(drill.id(), "succeeded", null);
        Drill ended = store.get(releaseKey, drill.id());
        boolean kept = ended.took().compareTo(ended.budget()) <= 0;
        tell(
                ended,
                "drill.succeeded",
                "Drill %d: the way back was gone in %.1f s, budget %s %s"
                        .formatted(
                                drill.id(),
                                ended.took().toMillis() / 1000.0,
                                ended.budget(),
                                kept ? "kept" : "exceeded"),
                !kept);
        bring(releaseKey);
    }

    void fail(String releaseKey, DelegateExecution execution) {
        Drill drill = drill(releaseKey, execution);
        List<Rung> gone = rungs.of(releaseKey, drill.id());
        String because = gone.stream()
                .filter(rung -> rung.outcome().equals(Rung.FAILED))
                .reduce((one, later) -> later)
                .map(rung -> RungLog.words(rung.rung()) + ": " + rung.said())
                .orElse("the ladder did not come to an end");
        fail(drill, because);
    }

    private void fail(Drill drill, String because) {
        store.end(drill.id(), "failed", because);
        tell(drill, "drill.failed", "Drill %d: the way back failed: %s".formatted(drill.id(), because), true);
        bring(drill.releaseKey());
    }

    /** Not to a release that rolls out meanwhile: people have decided on what it had then. Later ones find the drill. */
    private void bring(String releaseKey) {
        Release release = releases.get(releaseKey);
        if (!release.state().isExposed() && !release.state().isFinal()) {
            sources.fetchSoon(releaseKey, TYPE);
        }
    }

    void abandon(String releaseKey, DelegateExecution execution) {
        Drill drill = drill(releaseKey, execution);
        String because = drill.because();
        store.end(drill.id(), "abandoned", because);
        tell(drill, "drill.abandoned", "Drill %d did not begin: %s".formatted(drill.id(), because), true);
    }

    /** What is tried again is rolled back, so that only the last reason stays. */
    private void keepingWhy(Drill drill, RungLog.Order order) throws IOException {
        try {
            order.give();
        } catch (IOException | RuntimeException failure) {
            store.because(drill.id(), failure.getMessage() == null ? failure.toString() : failure.getMessage());
            throw failure;
        }
    }

    private void tell(Drill drill, String type, String text, boolean mailed) {
        timeline.record(drill.releaseKey(), type, Actors.PLATFORM, text, Map.of("drill", drill.id()));
        if (mailed) {
            notices.mail(new Notice(
                    drill.releaseKey(),
                    "escalation",
                    Set.of(Role.RELEASE_MANAGER.id(), Role.OPERATIONS.id()),
                    Set.of(drill.wantedBy()),
                    "Rollback drill: " + drill.releaseKey(),
                    List.of(
                            text,
                            "Script %s (%s), owner %s"
                                    .formatted(drill.scriptPath(), drill.scriptDigest(), drill.owner())),
                    "/releases/" + drill.releaseKey(),
                    null));
        }
    }

    private Drill drill(String releaseKey, DelegateExecution execution) {
        return store.get(releaseKey, ((Number) execution.getVariable(Drills.VARIABLE)).longValue());
    }

    private static RollbackScript script(Drill drill) {
        return new RollbackScript(
                drill.scriptPath(),
                drill.scriptDigest(),
                new Procedure(drill.procedurePath(), drill.procedureDigest()),
                drill.owner(),
                drill.wantedBy(),
                drill.wantedAt(),
                null);
    }
}
