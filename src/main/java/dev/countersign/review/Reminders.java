package dev.countersign.review;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Who is reminded of what. */
@Component
class Reminders {
    private final Releases releases;
    private final ReviewQuestions questions;
    private final ReviewMail mail;

    Reminders(Releases releases, ReviewQuestions questions, ReviewMail mail) {
        this.releases = releases;
        this.questions = questions;
        this.mail = mail;
    }

    /** @param reminder id of the reminding event in the model */
    void send(String releaseKey, String reminder) {
        switch (reminder) {
            case "meetingReminded" ->
                to(releaseKey, List.of("facilitator", "release-manager"), "record the meeting of the readiness review");
            case "delegatesReminded" ->
                to(releaseKey, List.of("head-of-operations", "head-of-product"), "name delegates for the absent seats");
            case "historyReminded" -> to(releaseKey, List.of("release-manager"), "review the history of the service");
            case "votesReminded" ->
                to(
                        releaseKey,
                        groups(questions.seatsToAsk(releaseKey), seat -> questions.groupOf(releaseKey, seat)),
                        "vote on readiness");
            case "alternatesReminded" ->
                to(
                        releaseKey,
                        groups(questions.alternatesToAsk(releaseKey), seat -> questions.alternateOf(releaseKey, seat)),
                        "vote on readiness as alternate");
            case "conditionsReminded" -> {
                var owners = groups(
                        questions.conditionsToMeet(releaseKey), condition -> questions.ownerOf(releaseKey, condition));
                to(releaseKey, owners, owners, "meet a condition before rollout");
            }
            case "appealReminded" ->
                to(
                        releaseKey,
                        groups(questions.appeals(releaseKey), appeal -> questions.authorityOf(releaseKey, appeal)),
                        "decide on a veto");
            case "factsReminded" ->
                to(releaseKey, questions.groupsOf(releaseKey, "stateFacts"), "state the facts of an escalation");
            case "headsReminded" ->
                to(releaseKey, questions.groupsOf(releaseKey, "decideJointly"), "decide an escalation together");
            case "executiveReminded" ->
                to(releaseKey, questions.groupsOf(releaseKey, Deciding.EXECUTIVE_LEVEL), "decide an escalation");
            default -> throw new IllegalArgumentException("No reminder is called " + reminder);
        }
    }

    private static Set<String> groups(List<String> ids, Function<String, String> groupOf) {
        var groups = new HashSet<String>();
        ids.forEach(id -> groups.add(groupOf.apply(id)));
        return groups;
    }

    private void to(String releaseKey, Collection<String> groups, String what) {
        to(releaseKey, groups, List.of(), what);
    }

    private void to(String releaseKey, Collection<String> groups, Collection<String> people, String what) {
        if (!groups.isEmpty()) {
            Release release = releases.get(releaseKey);
            mail.reminded(release, groups, people, what);
        }
    }
}
