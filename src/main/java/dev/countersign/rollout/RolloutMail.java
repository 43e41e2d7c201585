package dev.countersign.rollout;

import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.workflow.TaskOpened;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Calls the people whom a rollout waits for: a task alone calls nobody. */
@Component
class RolloutMail {
    /** @param kind {@code escalation} where users wait for the answer, or somebody did not answer */
    private record Call(String kind, String subject, String text) {}

    private static final Map<String, Call> CALLS = Map.of(
            "acknowledgeWatch",
            new Call(
                    "reminder",
                    "Watch a rollout",
                    "The release is cleared. Nothing is deployed before you confirm in Tasklist that you watch; after 15 minutes the head of operations is asked."),
            "replaceWatch",
            new Call(
                    "escalation",
                    "Nobody watches a rollout",
                    "The engineer on call did not answer. Find somebody who watches, or watch yourself; without an answer in two hours the release does not start."),
            "clearTheWay",
            new Call(
                    "reminder",
                    "A rollout cannot begin",
                    "Another release of the service rolls out, its target does not answer, or its error budget is not known. The task says which; without an answer in a day the release does not start."),
            "confirmCapacity",
            new Call(
                    "reminder",
                    "Confirm the capacity for two versions",
                    "Nothing is deployed before an SRE has seen the forecast and confirmed it. Where there is no room, or it cannot be told, make room and measure again; without an answer in a day the release does not start."),
            "decideRollout",
            new Call(
                    "escalation",
                    "Decide on a rollout that stands still",
                    "Resume the rollout or roll back; without an answer in an hour it is rolled back."),
            "promoteStep",
            new Call(
                    "reminder",
                    "Promote a step of a rollout",
                    "The step has passed, and the plan asks for a person. It keeps its share and the circuit breaker stays armed; without an answer in four hours users go back to the stable version."),
            "settleDatabase",
            new Call(
                    "reminder",
                    "A database is not ready for its migration",
                    "An integrity check failed, or the database does not answer. Nothing is deployed; without an answer in a day the release does not start."),
            "decideOnDatabase",
            new Call(
                    "escalation",
                    "A migrated database could not be checked",
                    "The candidate runs without users. See to it that the database can be checked, or roll back; without an answer in an hour it is rolled back."),
            "decideStabilisation",
            new Call(
                    "escalation",
                    "Decide on an unclear stabilisation",
                    "Every user is on the new version and the circuit breaker stays armed. Watch again or roll back; without an answer in an hour it is rolled back."),
            "promoteByHand",
            new Call(
                    "escalation",
                    "Make a version the stable one by hand",
                    "The deployment system does not answer. Every user is on the new version; make it the stable one and confirm it."));

    private final Notices notices;
    private final RolloutStore store;

    RolloutMail(Notices notices, RolloutStore store) {
        this.notices = notices;
        this.store = store;
    }

    /** Where users are while a person decides on a rollout that stands still. */
    static String whereUsersAre(Optional<Rollout> rollout) {
        return rollout.filter(stopped -> !stopped.isProvenOff()).isEmpty()
                ? "Users are on the stable version."
                : "Traffic is not proven to be back: users may still be on the new version. The router is told again until it reports so; see to it that it answers.";
    }

    @EventListener
    void on(TaskOpened opened) {
        Call call = CALLS.get(opened.taskKey());
        if (call != null && !(opened.groups().isEmpty() && opened.people().isEmpty())) {
            // Where a rota says who is on duty they are called, and their group only when they do not answer.
            boolean onDuty = "acknowledgeWatch".equals(opened.taskKey())
                    && !opened.people().isEmpty();
            notices.mail(new Notice(
                    opened.releaseKey(),
                    call.kind(),
                    onDuty ? Set.of() : opened.groups(),
                    opened.people(),
                    call.subject() + ": " + opened.releaseKey(),
                    "decideRollout".equals(opened.taskKey())
                            ? List.of(whereUsersAre(store.find(opened.releaseKey())), call.text())
                            : List.of(call.text()),
                    "/releases/" + opened.releaseKey(),
                    null));
        }
    }
}
