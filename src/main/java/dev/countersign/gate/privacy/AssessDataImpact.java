package dev.countersign.gate.privacy;

import dev.countersign.catalog.Catalog;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Dossiers.Part;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Privacy answers the questionnaire and decides, with conditions where it must. */
@Component
class AssessDataImpact implements HumanTask {
    private static final String DATA = "countersign.dev/data";
    private final ImpactDesk desk;
    private final ImpactRepository assessments;
    private final QuestionnaireForm form;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Catalog catalog;

    AssessDataImpact(
            ImpactDesk desk,
            ImpactRepository assessments,
            QuestionnaireForm form,
            Releases releases,
            Dossiers dossiers,
            Catalog catalog) {
        this.desk = desk;
        this.assessments = assessments;
        this.form = form;
        this.releases = releases;
        this.dossiers = dossiers;
        this.catalog = catalog;
    }

    @Override
    public String id() {
        return "assessDataImpact";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Dossier dossier = dossiers.of(release.key());
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", Objects.requireNonNullElse(release.summary(), ""));
        shown.put("tier", Objects.requireNonNullElse(release.tier(), "not decided yet"));
        shown.put("requestedBy", release.requestedBy());
        shown.put("commit", release.commit());
        shown.put("changes", release.changesInWords());
        shown.put("dossier", dossier.digest());
        shown.put(
                "data",
                catalog.service(release.service())
                        .map(service -> service.annotations().get(DATA))
                        .filter(text -> !text.isBlank())
                        .orElse("nothing that its catalog file names"));
        shown.put(
                "earlier",
                assessments.of(release.key()).stream()
                        .filter(ImpactAssessment::isMade)
                        .map(one -> Map.of(
                                "decision",
                                one.outcome(),
                                "person",
                                one.person(),
                                "document",
                                "/releases/%s/evidence/%s".formatted(release.key(), one.document())))
                        .toList());
        shown.put("seen", seen(dossier));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        releases.lock(task.releaseKey());
        if (!seen(dossiers.of(task.releaseKey())).equals(answer.text("seen"))) {
            throw TaskRefused.stale(
                    "What the release changes is another thing since you opened the task: open it again");
        }
        desk.assess(Long.parseLong(task.text("assessment")), form.read(answer));
        return Map.of();
    }

    /** What is assessed is what the release changes; which reports have come since does not touch it. */
    private static String seen(Dossier dossier) {
        return Optional.ofNullable(dossier.parts().get("changes"))
                .map(Part::digest)
                .orElse("");
    }
}
