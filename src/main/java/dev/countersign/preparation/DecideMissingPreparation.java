package dev.countersign.preparation;

import dev.countersign.preparation.Ticking.Standing;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The release manager or the head of product gives one more day, or ends the waiting. Nobody can be ticked for. */
@Component
class DecideMissingPreparation implements HumanTask {
    private final Preparedness preparedness;
    private final Ticking ticking;
    private final PreparationBriefing briefing;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Timeline timeline;

    DecideMissingPreparation(
            Preparedness preparedness,
            Ticking ticking,
            PreparationBriefing briefing,
            Releases releases,
            Dossiers dossiers,
            Timeline timeline) {
        this.preparedness = preparedness;
        this.ticking = ticking;
        this.briefing = briefing;
        this.releases = releases;
        this.dossiers = dossiers;
        this.timeline = timeline;
    }

    @Override
    public String id() {
        return "decideMissingPreparation";
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("moreTime");
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Dossier dossier = dossiers.of(release.key());
        Standing standing = ticking.standing(release, dossier);
        Map<String, Object> shown = briefing.of(release, dossier);
        shown.put(
                "missing",
                preparedness.missing(release, dossier, standing).stream()
                        .map(what -> Map.of("what", what))
                        .toList());
        shown.put("tickedBefore", PreparationBriefing.ticked(standing));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        releases.lock(task.releaseKey());
        boolean moreTime = "extend".equals(answer.text("decision"));
        List<String> missing = preparedness.missing(task.releaseKey());
        timeline.record(
                task.releaseKey(),
                moreTime ? "preparation.extended" : "preparation.ended",
                answer.actor(),
                (moreTime ? "One more day to prepare: " : "The missing preparation is not waited for: ")
                        + answer.text("reason"),
                Map.of("missing", missing));
        return Map.of("moreTime", moreTime);
    }
}
