package dev.countersign.review;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.review.Escalations.EscalationRow;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Answers to escalations and appeals: by people who have no part in what they decide about. */
@Component
class Deciders {
    private final Releases releases;
    private final VoteStore votes;
    private final Escalations escalations;
    private final Appeals appeals;
    private final DossierChanges changes;
    private final Timeline timeline;

    Deciders(
            Releases releases,
            VoteStore votes,
            Escalations escalations,
            Appeals appeals,
            DossierChanges changes,
            Timeline timeline) {
        this.releases = releases;
        this.votes = votes;
        this.escalations = escalations;
        this.appeals = appeals;
        this.changes = changes;
        this.timeline = timeline;
    }

    /** @param group null for a level of one group @param answer null where only facts are stated */
    void answer(
            String releaseKey,
            String level,
            String speaksFor,
            String person,
            Standing.Answer answer,
            String statement,
            String dossier) {
        Release release = releases.lock(releaseKey);
        checkDossier(release, dossier);
        EscalationRow open = escalations
                .open(releaseKey, release.materialDigest())
                .orElseThrow(() -> TaskRefused.stale("No escalation of " + releaseKey + " is open"));
        String group = speaksFor != null
                ? speaksFor
                : open.levelOf(level)
                        .map(known -> known.groups().get(0))
                        .orElseThrow(() -> TaskRefused.stale("This escalation has no level " + level));
        if (answer != null) {
            checkUninvolved(release, person);
            for (var said : open.answers()) {
                if (said.level().equals(level) && said.person().equals(person)) {
                    throw TaskRefused.forbidden(
                            person + " answered for " + said.group() + " already: one person, one voice");
                }
                if (said.level().equals(level) && said.group().equals(group)) {
                    throw TaskRefused.stale(group + " answered already, by " + said.person());
                }
            }
        }
        escalations.answer(open.id(), level, group, person, answer, statement);
        var detail = new LinkedHashMap<String, Object>();
        detail.put("escalation", open.id());
        detail.put("level", level);
        detail.put("group", group);
        detail.put("answer", answer == null ? "facts" : answer.name());
        detail.put("dossier", release.materialDigest());
        timeline.record(
                releaseKey,
                "escalation.answered",
                person,
                person
                        + (answer == null ? " stated the facts: " : " decided " + answer + " for " + group + ": ")
                        + statement,
                detail);
    }

    void answerAppeal(
            String releaseKey, long appealId, String person, Standing.Answer answer, String reason, String dossier) {
        Release release = releases.lock(releaseKey);
        checkDossier(release, dossier);
        checkUninvolved(release, person);
        var appeal = appeals.find(releaseKey, appealId)
                .orElseThrow(() -> TaskRefused.stale("This question is not open any more"));
        if (!appeals.answer(appealId, answer, person, reason)) {
            throw TaskRefused.stale("It was answered already, by " + appeal.answeredBy());
        }
        timeline.record(
                releaseKey,
                answer == Standing.Answer.GO ? "veto.lifted" : "veto.upheld",
                person,
                person + (answer == Standing.Answer.GO ? " lifted" : " upheld") + " the veto of " + appeal.seat() + ": "
                        + reason,
                Map.of("appeal", appealId, "matter", appeal.matter(), "dossier", release.materialDigest()));
    }

    private void checkUninvolved(Release release, String person) {
        if (release.isAuthorOrRequester(person)) {
            throw TaskRefused.forbidden(
                    person + " wrote or requested " + release.key() + " and does not decide about it");
        }
        votes.valid(release.key()).stream()
                .filter(vote -> vote.voter().equals(person) || person.equals(vote.onBehalfOf()))
                .findFirst()
                .ifPresent(vote -> {
                    throw TaskRefused.forbidden(person + " voted for the seat " + vote.seat()
                            + " and does not decide about this review as well");
                });
    }

    private void checkDossier(Release release, String dossier) {
        if (!Objects.equals(dossier, release.materialDigest())) {
            var parts = dossier == null ? null : changes.since(release.key(), dossier);
            throw TaskRefused.stale("The dossier is " + release.materialDigest() + " now, not " + dossier
                    + (parts == null ? "" : "; changed: " + String.join(", ", parts)));
        }
    }
}
