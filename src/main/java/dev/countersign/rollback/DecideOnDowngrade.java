package dev.countersign.rollback;

import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.WaysBack;
import dev.countersign.identity.People;
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
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Whether a database is taken down in production: what was written since the migration may be lost, so nobody decides on what they wrote themselves. */
@Component
class DecideOnDowngrade implements HumanTask {
    private static final String AGREED = "downgradeAgreed";
    private final Releases releases;
    private final Rollouts rollouts;
    private final RollbackStore rollbacks;
    private final WaysBack ways;
    private final RollbackScripts scripts;
    private final DowngradeStore store;
    private final People people;
    private final Timeline timeline;

    DecideOnDowngrade(
            Releases releases,
            Rollouts rollouts,
            RollbackStore rollbacks,
            WaysBack ways,
            RollbackScripts scripts,
            DowngradeStore store,
            People people,
            Timeline timeline) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.rollbacks = rollbacks;
        this.ways = ways;
        this.scripts = scripts;
        this.store = store;
        this.people = people;
        this.timeline = timeline;
    }

    @Override
    public String id() {
        return "decideOnDowngrade";
    }

    @Override
    public Set<String> outcomes() {
        return Set.of(AGREED);
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Rollback rollback = rollbacks.get(task.releaseKey());
        Map<String, Object> briefing = new HashMap<>();
        briefing.put("releaseKey", release.key());
        briefing.put("service", release.service());
        briefing.put("summary", release.summary());
        briefing.put("dossier", release.materialDigest());
        briefing.put("cause", rollback.cause());
        briefing.put("detectedAt", rollback.detectedAt().toString());
        briefing.put("budget", rollback.budget().toString());
        briefing.put(
                "exposed",
                rollouts.stepsOf(release.key()).isEmpty()
                        ? "No user was on the candidate."
                        : "Users were on the candidate, with at most %.0f %% of the traffic: what they wrote may be lost."
                                .formatted(rollouts.stepsOf(release.key()).stream()
                                        .mapToDouble(step -> step.share() * 100)
                                        .max()
                                        .orElse(0)));
        briefing.put(
                "runs",
                ways.of(release.key()).map(way -> way.down()).orElse(List.of()).stream()
                        .map(script -> script.name() + " (" + script.digest() + ")")
                        .collect(Collectors.joining(", ")));
        briefing.put(
                "script",
                scripts.of(release.key())
                        .map(script -> "%s (%s), procedure %s, owner %s"
                                .formatted(
                                        script.path(),
                                        script.digest(),
                                        script.procedure().path(),
                                        script.owner()))
                        .orElse("none"));
        return briefing;
    }

    /** As the platform itself knows; whoever came with a token is in none here. */
    private Set<String> askedOf(OpenTask task, String person) {
        return people.find(person)
                .map(known -> known.groups().stream()
                        .filter(task.candidateGroups()::contains)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        String key = task.releaseKey();
        boolean agreed = "down".equals(answer.text("choice"));
        if (agreed && releases.get(key).authors().contains(answer.actor())) {
            throw TaskRefused.forbidden(
                    "Whoever wrote a release does not decide on their own that its data is taken down");
        }
        String reason = answer.text("reason");
        store.decide(key, agreed, answer.actor(), askedOf(task, answer.actor()), reason);
        timeline.record(
                key,
                "rollback.downgrade-decided",
                answer.actor(),
                "%s %s: %s"
                        .formatted(
                                answer.actor(),
                                agreed ? "has the database taken down" : "keeps the database as it is",
                                reason),
                Map.of("agreed", agreed));
        return Map.of(AGREED, agreed);
    }
}
