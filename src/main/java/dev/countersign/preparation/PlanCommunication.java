package dev.countersign.preparation;

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
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Product writes who is told what and when; only a final plan lets the release go on. */
@Component
class PlanCommunication implements HumanTask {
    private final Planning planning;
    private final PlanProposal proposal;
    private final MessageForm form;
    private final PreparationBriefing briefing;
    private final Releases releases;
    private final Dossiers dossiers;

    PlanCommunication(
            Planning planning,
            PlanProposal proposal,
            MessageForm form,
            PreparationBriefing briefing,
            Releases releases,
            Dossiers dossiers) {
        this.planning = planning;
        this.proposal = proposal;
        this.form = form;
        this.briefing = briefing;
        this.releases = releases;
        this.dossiers = dossiers;
    }

    @Override
    public String id() {
        return "planCommunication";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Dossier dossier = dossiers.of(release.key());
        Map<String, Object> shown = briefing.of(release, dossier);
        List<Message> before =
                planning.isWritten(release.key()) ? planning.unsent(release.key()) : proposal.of(release);
        shown.put(MessageForm.LIST, before.stream().map(MessageForm::row).toList());
        shown.put(
                "sent",
                planning.sent(release.key()).stream()
                        .map(message -> Map.of(
                                "subject",
                                message.subject(),
                                "recipients",
                                String.join(", ", message.recipients()),
                                "at",
                                PreparationBriefing.time(message.sentAt())))
                        .toList());
        shown.put("noExternalBecause", Objects.requireNonNullElse(planning.noExternalBecause(release.key()), ""));
        shown.put("origin", planning.origin(release.key()));
        shown.put("seen", seen(dossier));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        Release release = releases.lock(task.releaseKey());
        planning.requireEntitled(release);
        if (!seen(dossiers.of(release.key())).equals(answer.text("seen"))) {
            throw new StateConflict(
                    "What the plan is written for has changed since you opened the task: open it again");
        }
        boolean isFinal = "final".equals(answer.text("status"));
        List<Message> messages = form.read(release.key(), isFinal, answer.list(MessageForm.LIST));
        String noExternal = answer.text("noExternalBecause");
        boolean nobodyOutside = messages.stream().noneMatch(Message::isExternal)
                && planning.sent(release.key()).stream().noneMatch(Message::isExternal);
        if (isFinal) {
            requireWhole(release.key(), messages, nobodyOutside, noExternal);
        }
        planning.write(release.key(), isFinal, messages, nobodyOutside ? noExternal : null);
        return Map.of();
    }

    /** The log is told how many people outside, not who; plan and mail have them. */
    @Override
    public Answer recorded(Answer answer) {
        Map<String, Object> fields = new LinkedHashMap<>(answer.fields());
        fields.put(
                MessageForm.LIST,
                answer.<Map<String, Object>>list(MessageForm.LIST).stream()
                        .map(MessageForm::withoutAddresses)
                        .toList());
        return new Answer(answer.actor(), fields);
    }

    /** People inside are always told, by this plan or before; that nobody outside is, somebody has said why. */
    private void requireWhole(String releaseKey, List<Message> messages, boolean nobodyOutside, String noExternal) {
        boolean nobodyInside = messages.stream().allMatch(Message::isExternal)
                && planning.sent(releaseKey).stream().allMatch(Message::isExternal);
        if (nobodyInside) {
            throw TaskRefused.invalid(MessageForm.LIST, "A final plan tells somebody inside: add an internal message");
        }
        if (nobodyOutside && (noExternal == null || noExternal.isEmpty())) {
            throw TaskRefused.invalid(
                    "noExternalBecause", "Add an external message, or say why nobody outside is told");
        }
    }

    private static String seen(Dossier dossier) {
        return Planning.seen(dossier).digest("plan");
    }
}
