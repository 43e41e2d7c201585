package dev.countersign.review;

import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.review.Escalations.EscalationRow;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final Actors actors;
    private final Timeline timeline;

    Deciders(
            Releases releases,
            VoteStore votes,
            Escalations escalations,
            Appeals appeals,
            DossierChanges changes,
            Actors actors,
            Timeline timeline) {
        this.releases = releases;
        this.votes = votes;
        this.escalations = escalations;
        this.appeals = appeals;
        this.changes = changes;
        this.actors = actors;
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
        List<String> groups = open.levelOf(level)
                .map(known -> known.groups())
                .orElseThrow(() -> TaskRefused.stale("This escalation has no level " + level));
        String group = speaksFor != null ? speaksFor : groups.get(0);
        if (!groups.contains(group)) {
            throw TaskRefused.forbidden("The level " + level + " does not ask " + group);
        }
        checkGroup(group, person);
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
        checkGroup(appeal.authority(), person);
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

    /** The model says whom a task speaks for, and a model can be wrong: what counts are the groups of who is logged in. */
    private void checkGroup(String group, String person) {
        if (!actors.currentGroups().contains(group)) {
            throw TaskRefused.forbidden(person + " is not in the group " + group + " and does not decide for it");
        }
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
