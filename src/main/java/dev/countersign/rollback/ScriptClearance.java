package dev.countersign.rollback;

import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.Reading;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import dev.countersign.rollout.Deployer.StagedScript;
import dev.countersign.rollout.Targets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Nothing rolls out whose way back does not stand ready: right before the clearance the target itself is asked which script it has, and whether it could run it. Only for
 * services of which the catalog says that they have one.
 */
@Component
class ScriptClearance implements ClearanceCondition {
    /** What was read for an earlier clearance shows nothing of now. */
    private static final Duration FRESH = Duration.ofHours(1);

    private final RollbackScripts scripts;
    private final Targets targets;
    private final Catalog catalog;
    private final Clock clock;

    ScriptClearance(RollbackScripts scripts, Targets targets, Catalog catalog, Clock clock) {
        this.scripts = scripts;
        this.targets = targets;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public void look(Release release) {
        if (scripts.isDeclared(release.service())) {
            scripts.of(release.key()).ifPresent(script -> look(release, script));
        }
    }

    /** A sample target: what a release of it lacks is shown, and stops nothing. */
    private boolean isSample(Release release) {
        return catalog.service(release.service())
                .filter(service -> "sandbox".equals(service.target()))
                .isPresent();
    }

    private void look(Release release, RollbackScript script) {
        try {
            Optional<StagedScript> found =
                    targets.deployerOf(release.service()).script(release.service(), script.path());
            scripts.read(
                    release.key(),
                    found.map(StagedScript::digest).orElse(null),
                    found.map(StagedScript::executable).orElse(false),
                    ReadyScript.fault(script, found).orElse("it stands ready"));
        } catch (IOException | RuntimeException silent) {
            scripts.read(release.key(), null, false, "the target cannot be asked: " + silent.getMessage());
        }
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        if (!scripts.isDeclared(release.service())) {
            return List.of();
        }
        Optional<RollbackScript> script = scripts.of(release.key());
        if (script.isEmpty()) {
            if (isSample(release)) {
                return List.of();
            }
            return List.of("no script of its way back is registered");
        }
        Reading reading = script.get().reading();
        if (reading == null || reading.at().isBefore(clock.instant().minus(FRESH))) {
            return List.of("the target has not been asked for the script of the way back");
        }
        return script.get().standsReady()
                ? List.of()
                : List.of("the script of the way back does not stand ready: " + reading.said());
    }
}
