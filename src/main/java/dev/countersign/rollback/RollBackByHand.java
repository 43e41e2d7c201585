package dev.countersign.rollback;

import dev.countersign.evidence.RollbackScripts;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollout.Rollouts;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * A rung failed: says which, and what to do by hand. The platform proves it afterwards; where that cannot hold whatever is done, operations or SRE answer for the end, and the
 * platform only reads back that users are on the stable version.
 */
@Component
class RollBackByHand implements HumanTask {
    private static final String ENDED = "endedByHand";
    private final Releases releases;
    private final Rollouts rollouts;
    private final RollbackStore store;
    private final RollbackScripts scripts;
    private final Downgrade downgrade;
    private final Timeline timeline;
    private final Actors actors;

    RollBackByHand(
            Releases releases,
            Rollouts rollouts,
            RollbackStore store,
            RollbackScripts scripts,
            Downgrade downgrade,
            Timeline timeline,
            Actors actors) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.store = store;
        this.scripts = scripts;
        this.downgrade = downgrade;
        this.timeline = timeline;
        this.actors = actors;
    }

    @Override
    public String id() {
        return "rollBackByHand";
    }

    @Override
    public Set<String> outcomes() {
        return Set.of(ENDED);
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Rollback rollback = store.get(task.releaseKey());
        Map<String, Object> briefing = new HashMap<>();
        briefing.put("releaseKey", release.key());
        briefing.put("service", release.service());
        briefing.put("summary", release.summary());
        briefing.put("cause", rollback.cause());
        briefing.put("failedRung", rollback.failedRung());
        briefing.put("detectedAt", rollback.detectedAt().toString());
        briefing.put("budget", rollback.budget().toString());
        briefing.put(
                "byHand",
                rollouts.find(task.releaseKey())
                        .map(rollout ->
                                "1. Give the candidate of %s no traffic at its router. 2. Take the candidate %s away. 3. Make sure that %s serves everybody."
                                        .formatted(rollout.service(), rollout.candidate(), rollout.baseline()))
                        .map(what -> what + database(release))
                        .orElse("Nothing had been deployed."));
        return briefing;
    }

    /** For whoever has to decide alone what becomes of the data. */
    private String database(Release release) {
        if (!Boolean.TRUE.equals(release.changes().get("databaseMigration"))) {
            return "";
        }
        String script = scripts.of(release.key())
                .map(one -> "Its way back is %s (%s), gone as %s says; %s answers for it."
                        .formatted(one.path(), one.digest(), one.procedure().path(), one.owner()))
                .orElse("No script of its way back is registered.");
        String obstacle = downgrade
                .obstacle(release.key())
                .map(why -> " The platform takes it not: " + why + ".")
                .orElse("");
        return " 4. Look after the database, which was migrated. " + script + obstacle;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        if (!answer.isTrue("done")) {
            throw TaskRefused.invalid(
                    "done", "Confirm when users are on the stable version; the platform then proves it");
        }
        boolean ends = "end".equals(answer.text("ending"));
        if (ends) {
            requireAnswerable(task, answer);
        }
        store.answeredFor(
                task.releaseKey(),
                ends ? answer.actor() : null,
                ends ? answer.text("reason") : null,
                ends ? answer.text("verified") : null);
        timeline.record(
                task.releaseKey(),
                "rollback.done-by-hand",
                answer.actor(),
                answer.actor() + " rolled back by hand: " + answer.text("what"),
                Map.of());
        return Map.of(ENDED, ends);
    }

    private void requireAnswerable(OpenTask task, Answer answer) {
        for (String field : List.of("reason", "verified")) {
            if (answer.text(field) == null || answer.text(field).isBlank()) {
                throw TaskRefused.invalid(field, "To end a rollback without a proof, say why and what you verified");
            }
        }
        if (!actors.has(Role.OPERATIONS) && !actors.has(Role.SRE)) {
            throw TaskRefused.forbidden("Only operations or SRE end a rollback without a proof");
        }
        if (releases.get(task.releaseKey()).authors().contains(answer.actor())) {
            throw TaskRefused.forbidden("Whoever wrote a release does not end its rollback without a proof");
        }
    }
}
