package dev.countersign.rollout;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.CapacityForecast.Figure;
import dev.countersign.rollout.CapacityStore.Stored;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** An SRE confirms a forecast, with its figures before them. */
@Component("confirmCapacity")
class CapacityTask implements HumanTask {
    private final Releases releases;
    private final CapacityCheck capacity;

    CapacityTask(Releases releases, CapacityCheck capacity) {
        this.releases = releases;
        this.capacity = capacity;
    }

    @Override
    public String id() {
        return "confirmCapacity";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        CapacityForecast forecast = capacity.latest(task.releaseKey())
                .map(Stored::forecast)
                .orElse(new CapacityForecast("NO_DATA", "There is no forecast", List.of(), ""));
        Map<String, Object> briefing = new HashMap<>();
        briefing.put("releaseKey", release.key());
        briefing.put("service", release.service());
        briefing.put("version", release.version());
        briefing.put("summary", release.summary());
        briefing.put("dossier", release.materialDigest());
        briefing.put("verdict", forecast.verdict());
        briefing.put("sentence", forecast.sentence());
        briefing.put("rule", forecast.version());
        briefing.put("figures", forecast.figures().stream().map(Figure::words).toList());
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        if (!"confirm".equals(answer.text("choice"))) {
            return Map.of();
        }
        if (releases.get(task.releaseKey()).isAuthorOrRequester(answer.actor())) {
            throw TaskRefused.forbidden("'%s' wrote or requested %s and does not confirm its capacity"
                    .formatted(answer.actor(), task.releaseKey()));
        }
        try {
            capacity.confirm(task.releaseKey(), answer.text("reason"));
        } catch (StateConflict refusal) {
            throw TaskRefused.invalid("choice", refusal.getMessage());
        }
        return Map.of();
    }
}
