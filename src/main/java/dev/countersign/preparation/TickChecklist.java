package dev.countersign.preparation;

import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.evidence.Evidence;
import dev.countersign.preparation.Ticking.Standing;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Somebody of a role confirms each of the role's items that nobody has confirmed yet. */
@Component
class TickChecklist implements HumanTask {
    private static final String LIST = "items";

    private final Ticking ticking;
    private final PreparationBriefing briefing;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Evidence evidence;

    TickChecklist(
            Ticking ticking, PreparationBriefing briefing, Releases releases, Dossiers dossiers, Evidence evidence) {
        this.ticking = ticking;
        this.briefing = briefing;
        this.releases = releases;
        this.dossiers = dossiers;
        this.evidence = evidence;
    }

    @Override
    public String id() {
        return "tickChecklist";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        String role = task.text("role");
        Release release = releases.get(task.releaseKey());
        Dossier dossier = dossiers.of(release.key());
        Standing standing = ticking.standing(release, dossier);
        Map<String, Object> shown = briefing.of(release, dossier);
        shown.put("roleName", role);
        shown.put("checklistName", standing.checklist().map(Checklist::title).orElse("no checklist"));
        shown.put("checklistVersion", standing.version());
        shown.put(LIST, standing.openOf(role).stream().map(TickChecklist::row).toList());
        shown.put(
                "documents",
                evidence.of(release.key()).stream()
                        .map(document -> Map.of(
                                "sha256", document.sha256(),
                                "type", document.type(),
                                "source", document.source()))
                        .toList());
        shown.put("tickedBefore", PreparationBriefing.ticked(standing));
        shown.put("seen", Seen.by(role, dossier).digest(standing.version()));
        return shown;
    }

    private static Map<String, Object> row(Item item) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("item", item.id());
        row.put("ticked", false);
        row.put("needed", item.evidence() ? "evidence" : "no evidence");
        row.put("sentence", item.text());
        row.put("evidence", "");
        return row;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        String role = task.text("role");
        Release release = releases.lock(task.releaseKey());
        Dossier dossier = dossiers.of(release.key());
        ticking.requireEntitled(release, role);
        Standing standing = ticking.standing(release, dossier);
        Checklist checklist = standing.checklist()
                .orElseThrow(() -> new StateConflict("No checklist applies to " + release.service()));
        Seen seen = Seen.by(role, dossier);
        if (!seen.digest(standing.version()).equals(answer.text("seen"))) {
            throw new StateConflict(
                    "What %s answers for has changed since you opened the task: open it again".formatted(role));
        }
        ticking.tick(release, checklist, role, seen, confirmed(release, standing.openOf(role), answer.list(LIST)));
        return Map.of();
    }

    private Map<Item, TickEvidence> confirmed(Release release, List<Item> open, List<Map<String, Object>> rows) {
        Map<String, Map<String, Object>> byItem = new LinkedHashMap<>();
        for (Map<String, Object> row : rows) {
            String id = String.valueOf(row.get("item"));
            if (open.stream().noneMatch(item -> item.id().equals(id)) || byItem.put(id, row) != null) {
                throw TaskRefused.invalid(LIST, "Each open item of the role once: not '" + id + "'");
            }
        }
        Set<String> documents = evidence.of(release.key()).stream()
                .map(Evidence.Document::sha256)
                .collect(Collectors.toSet());
        Map<Item, TickEvidence> confirmed = new LinkedHashMap<>();
        for (Item item : open) {
            confirmed.put(item, confirmed(item, byItem.getOrDefault(item.id(), Map.of()), documents));
        }
        return confirmed;
    }

    private static TickEvidence confirmed(Item item, Map<String, Object> row, Set<String> documents) {
        if (!Boolean.TRUE.equals(row.get("ticked"))) {
            throw TaskRefused.invalid(
                    LIST, "Not ticked: '%s'. The task waits until every item of the role holds".formatted(item.text()));
        }
        Object given = row.get("evidence");
        String text = given == null ? "" : given.toString().strip();
        if (text.isEmpty()) {
            if (item.evidence()) {
                throw TaskRefused.invalid(
                        LIST,
                        "'%s' needs its evidence: a link, or the digest of a document of this release"
                                .formatted(item.text()));
            }
            return null;
        }
        return TickEvidence.of(text, documents)
                .orElseThrow(() -> TaskRefused.invalid(
                        LIST,
                        "The evidence of '%s' is neither a link (https://…) nor the digest of a document of this release: %s"
                                .formatted(item.text(), text)));
    }
}
