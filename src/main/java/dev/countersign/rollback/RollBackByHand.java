package dev.countersign.rollback;

import dev.countersign.evidence.RollbackScripts;
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
import java.util.Map;
import org.springframework.stereotype.Component;

/** A rung failed: says which, and what to do by hand. The platform proves it afterwards. */
@Component
class RollBackByHand implements HumanTask {
    private final Releases releases;
    private final Rollouts rollouts;
    private final RollbackStore store;
    private final RollbackScripts scripts;
    private final Downgrade downgrade;
    private final Timeline timeline;

    RollBackByHand(
            Releases releases,
            Rollouts rollouts,
            RollbackStore store,
            RollbackScripts scripts,
            Downgrade downgrade,
            Timeline timeline) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.store = store;
        this.scripts = scripts;
        this.downgrade = downgrade;
        this.timeline = timeline;
    }

    @Override
    public String id() {
        return "rollBackByHand";
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
        timeline.record(
                task.releaseKey(),
                "rollback.done-by-hand",
                answer.actor(),
                answer.actor() + " rolled back by hand: " + answer.text("what"),
                Map.of());
        return Map.of();
    }
}
