package dev.countersign.gate.contract;

import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What a consumer is shown, and what becomes of the answer. */
@Component
class ConsentQuestion {
    private final ConsentRepository consents;
    private final ConsentDesk desk;
    private final Releases releases;
    private final Dossiers dossiers;

    ConsentQuestion(ConsentRepository consents, ConsentDesk desk, Releases releases, Dossiers dossiers) {
        this.consents = consents;
        this.desk = desk;
        this.releases = releases;
        this.dossiers = dossiers;
    }

    Map<String, Object> briefing(OpenTask task) {
        Consent consent = consent(task);
        Release release = releases.get(task.releaseKey());
        Map<String, Object> shown = new HashMap<>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("version", release.version());
        shown.put("summary", release.summary());
        shown.put("dossier", dossiers.of(release.key()).digest());
        shown.put("consumer", consent.consumer());
        shown.put("owner", consent.owner());
        shown.put("base", consent.base());
        shown.put("comparison", consent.comparison());
        shown.put("document", "/releases/%s/evidence/%s".formatted(release.key(), consent.sha256()));
        shown.put(
                "breakingChanges",
                consent.changes().stream()
                        .map(change -> Map.of("change", change.title(), "rule", change.id(), "place", change.place()))
                        .toList());
        return shown;
    }

    Map<String, Object> complete(OpenTask task, Answer answer) {
        boolean consented = "consent".equals(answer.text("answer"));
        String reason = answer.text("reason");
        if (!consented && (reason == null || reason.isBlank())) {
            throw TaskRefused.invalid("reason", "Say what the change would break, so that it can be mended");
        }
        desk.answer(consent(task).id(), answer.text("comparison"), consented, reason);
        return Map.of();
    }

    private Consent consent(OpenTask task) {
        return consents.find(Long.parseLong(task.text("consent")))
                .filter(consent -> consent.releaseKey().equals(task.releaseKey()))
                .orElseThrow(() -> TaskRefused.stale("That is not asked any more"));
    }
}
