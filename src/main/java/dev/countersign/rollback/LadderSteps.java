package dev.countersign.rollback;

import dev.countersign.catalog.Slo;
import dev.countersign.release.PinnedPolicy;
import dev.countersign.release.Releases;
import dev.countersign.rollback.Unproven.What;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.Targets;
import dev.countersign.workflow.JobRetries;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** The rungs of the ladder, in production and in a drill alike. Each may be repeated, and is read back. */
@Component
class LadderSteps {
    /** Variables of the ladder's model. */
    static final String PROOF = "proof";

    private static final String REDEPLOYED = "redeployed";
    private static final String DOWNGRADED = "downgraded";

    private final Descents descents;
    private final Flag flag;
    private final LadderTraffic traffic;
    private final Targets targets;
    private final RollbackValidation validation;
    private final Downgrade downgrade;
    private final RungLog log;
    private final RollbackStore store;
    private final Releases releases;
    private final PinnedPolicy pinned;

    LadderSteps(
            Descents descents,
            Flag flag,
            LadderTraffic traffic,
            Targets targets,
            RollbackValidation validation,
            Downgrade downgrade,
            RungLog log,
            RollbackStore store,
            Releases releases,
            PinnedPolicy pinned) {
        this.descents = descents;
        this.flag = flag;
        this.traffic = traffic;
        this.targets = targets;
        this.validation = validation;
        this.downgrade = downgrade;
        this.log = log;
        this.store = store;
        this.releases = releases;
        this.pinned = pinned;
    }

    void flagOff(String releaseKey, DelegateExecution execution) throws IOException {
        Optional<Descent> found = descents.of(releaseKey, execution);
        if (found.isEmpty()) {
            return; // nothing was deployed yet
        }
        Descent descent = found.get();
        if (descent.isDrill()) {
            log.passedOver(descent, "flag", "A flag exposes the release in production: the drill leaves it alone");
            return;
        }
        if (!flag.governs(releaseKey)) {
            log.passedOver(descent, "flag", "No flag exposes the release");
            return;
        }
        log.climb(descent, "flag", () -> flag.off(releaseKey));
        log.done(descent, "flag", "rollback.flag-off", "The flag of the release is off, read back");
    }

    void trafficBack(String releaseKey, DelegateExecution execution) throws IOException {
        Optional<Descent> found = descents.of(releaseKey, execution);
        if (found.isEmpty()) {
            return;
        }
        Descent descent = found.get();
        log.climb(descent, "traffic", () -> traffic.toStable(descent));
        log.trafficBack(descent);
    }

    void withdraw(String releaseKey, DelegateExecution execution) throws IOException {
        Optional<Descent> found = descents.of(releaseKey, execution);
        if (found.isEmpty()) {
            return;
        }
        Descent descent = found.get();
        log.climb(descent, "withdraw", () -> deployer(descent).withdrawCandidate(descent.place()));
        log.done(descent, "withdraw", "rollback.candidate-withdrawn", "The candidate was taken away");
    }

    /** The target reports what runs: that it was told is not enough. */
    void redeploy(String releaseKey, DelegateExecution execution) throws IOException {
        Descent descent = descents.of(releaseKey, execution).orElseThrow();
        log.climb(descent, "redeploy", () -> {
            Deployer deployer = deployer(descent);
            deployer.redeployStable(descent.place(), descent.baseline());
            Optional<String> stable = deployer.stableDigest(descent.place());
            if (!stable.equals(Optional.of(descent.baseline()))) {
                throw new IOException("The target runs %s, and was told to run %s"
                        .formatted(stable.orElse("nothing"), descent.baseline()));
            }
            Optional<String> candidate = deployer.candidateDigest(descent.place());
            if (candidate.isPresent() && !candidate.get().equals(descent.baseline())) {
                throw new IOException("The target still runs " + candidate.get() + " beside it");
            }
        });
        execution.setVariable(REDEPLOYED, true);
        log.done(
                descent,
                "redeploy",
                "rollback.redeployed",
                "The target deployed %s anew and runs it".formatted(descent.baseline()));
    }

    void database(String releaseKey, DelegateExecution execution) throws IOException {
        Descent descent = descents.of(releaseKey, execution).orElseThrow();
        String[] ran = new String[1];
        log.climb(descent, "database", () -> ran[0] = downgrade.run(descent));
        execution.setVariable(DOWNGRADED, true);
        log.done(descent, "database", "rollback.database-down", ran[0]);
    }

    void validate(String releaseKey, DelegateExecution execution) throws IOException {
        Optional<Descent> found = descents.of(releaseKey, execution);
        if (found.isEmpty()) {
            store.validated(releaseKey, List.of("Nothing had been deployed"));
            execution.setVariable(PROOF, NextRung.PROVEN.name());
            return;
        }
        Descent descent = found.get();
        List<Slo> objectives = pinned.objectivesOf(releases.get(releaseKey));
        try {
            List<String> proven = log.climb(descent, "proof", () -> proveOrWithdraw(descent, objectives));
            log.proven(descent, proven);
            NextRung rung = afterProof(descent, execution);
            if (rung == NextRung.HANDS) {
                log.leftOut(
                        descent,
                        "database",
                        downgrade.obstacle(releaseKey).orElse("the table has a person asked, and a drill asks nobody"));
            }
            execution.setVariable(PROOF, rung.name());
        } catch (Unproven otherwise) {
            if (!JobRetries.isLastAttempt() || !hasRungs(execution)) {
                throw otherwise;
            }
            execution.setVariable(
                    PROOF, next(descent, otherwise.what(), execution).name());
        }
    }

    /** Where the table says that the database is taken down with every rollback, that comes after users are safe. */
    private NextRung afterProof(Descent descent, DelegateExecution execution) {
        return isTrue(execution, DOWNGRADED) || !hasRungs(execution) ? NextRung.PROVEN : downgrade.afterProof(descent);
    }

    /** A release under an older model ends with the validation, whatever it says: there a person is the next rung. */
    private static boolean hasRungs(DelegateExecution execution) {
        return execution.getBpmnModelInstance().getModelElementById(PROOF) != null;
    }

    private NextRung next(Descent descent, What what, DelegateExecution execution) {
        boolean mendedAnew = what == What.PLACE || what == What.HEALTH;
        if (mendedAnew && !isTrue(execution, REDEPLOYED)) {
            return NextRung.REDEPLOY;
        }
        boolean ofData = what == What.HEALTH || what == What.DATA;
        return ofData && !isTrue(execution, DOWNGRADED) ? downgrade.afterFailure(descent) : NextRung.HANDS;
    }

    private static boolean isTrue(DelegateExecution execution, String variable) {
        return Boolean.TRUE.equals(execution.getVariable(variable));
    }

    /** A target that died while it took the candidate away may have forgotten that it was asked. The next attempt proves it. */
    private List<String> proveOrWithdraw(Descent descent, List<Slo> objectives) throws IOException {
        try {
            return validation.prove(descent, objectives);
        } catch (CandidateStillRuns unmoved) {
            deployer(descent).withdrawCandidate(descent.place());
            throw unmoved;
        }
    }

    private Deployer deployer(Descent descent) {
        return targets.deployerOf(descent.place());
    }
}
