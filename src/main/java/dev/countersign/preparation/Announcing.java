package dev.countersign.preparation;

import dev.countersign.identity.Actors;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.preparation.Message.Moment;
import dev.countersign.preparation.Message.OnRollback;
import dev.countersign.preparation.Message.State;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sends the messages of a plan at their moments, and takes them back with the release. Nothing is announced that was not decided: a message whose time comes
 * earlier waits for the decision, and while a rollout is held its messages are held too.
 */
@Service
class Announcing {
    private static final Set<ReleaseState> SENDING =
            EnumSet.of(ReleaseState.SCHEDULED, ReleaseState.ROLLING_OUT, ReleaseState.STABILISING, ReleaseState.STABLE);
    private static final Set<ReleaseState> TAKEN_BACK =
            EnumSet.of(ReleaseState.ROLLED_BACK, ReleaseState.REJECTED, ReleaseState.ABORTED);
    private static final Map<ReleaseState, Moment> MOMENTS = Map.of(
            ReleaseState.SCHEDULED, Moment.DECIDED,
            ReleaseState.ROLLING_OUT, Moment.ROLLOUT_START,
            ReleaseState.STABLE, Moment.STABLE);

    private final PlanRepository plans;
    private final Planning planning;
    private final MessageClock schedule;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Notices notices;
    private final Timeline timeline;
    private final Clock clock;

    Announcing(
            PlanRepository plans,
            Planning planning,
            MessageClock schedule,
            Releases releases,
            Dossiers dossiers,
            Notices notices,
            Timeline timeline,
            Clock clock) {
        this.plans = plans;
        this.planning = planning;
        this.schedule = schedule;
        this.releases = releases;
        this.dossiers = dossiers;
        this.notices = notices;
        this.timeline = timeline;
        this.clock = clock;
    }

    @EventListener
    void on(StateChanged change) {
        if (SENDING.contains(change.to())) {
            schedule(change.releaseKey(), MOMENTS.get(change.to()));
        } else if (change.to() == ReleaseState.ROLLING_BACK) {
            cancel(change.releaseKey(), "the release is taken back");
        } else if (TAKEN_BACK.contains(change.to())) {
            cancel(change.releaseKey(), "the release is " + word(change.to()));
            replace(change.releaseKey(), change.to());
        }
    }

    private static String word(ReleaseState state) {
        return switch (state) {
            case ROLLED_BACK -> "rolled back";
            case REJECTED -> "rejected";
            default -> "withdrawn";
        };
    }

    /** The moment has come for some messages; others have waited for the release to go on. */
    private void schedule(String releaseKey, Moment moment) {
        Instant now = clock.instant();
        List<Message> planned = planned(releaseKey);
        List<Message> come = planned.stream()
                .filter(message -> message.dueAt() == null && message.moment() == moment)
                .toList();
        come.forEach(message -> plans.due(message.id(), now.plus(Duration.ofMinutes(message.delayMinutes()))));
        if (!planned.isEmpty()) {
            schedule.those((come.isEmpty() ? planned : planned(releaseKey))
                    .stream().filter(message -> message.dueAt() != null).toList());
        }
    }

    private List<Message> planned(String releaseKey) {
        return plans.messagesOf(releaseKey).stream()
                .filter(message -> message.state() == State.PLANNED)
                .toList();
    }

    /** Sends a message whose time has come, once; does nothing where the release does not go on, which asks again when it does. */
    @Transactional
    void send(long id) {
        String releaseKey = plans.find(id).map(Message::releaseKey).orElseThrow();
        Release release = releases.lock(releaseKey);
        Message message = plans.find(id).orElseThrow();
        if (message.state() != State.PLANNED
                || !SENDING.contains(release.state())
                || !planning.isFinal(releaseKey, dossiers.of(releaseKey))) {
            return;
        }
        notices.mail(mail(message, message.subject(), message.words()));
        plans.sent(id, clock.instant());
        record(message, "communication.sent", "Sent to %s: %s".formatted(recipients(message), message.subject()));
    }

    private void cancel(String releaseKey, String because) {
        plans.messagesOf(releaseKey).stream()
                .filter(message -> message.state() == State.PLANNED || message.state() == State.DRAFT)
                .forEach(message -> {
                    plans.ended(message.id(), State.CANCELLED, clock.instant(), because);
                    record(
                            message,
                            "communication.cancelled",
                            "Not sent to %s, because %s: %s"
                                    .formatted(recipients(message), because, message.subject()));
                });
    }

    /** Users who were told are told again. Where users have been on the release, whoever was to be told something else in any case is, too. */
    private void replace(String releaseKey, ReleaseState state) {
        plans.messagesOf(releaseKey).stream()
                .filter(message -> message.replacement() != null
                        && (message.state() == State.SENT && message.onRollback() != OnRollback.CANCEL
                                || message.state() == State.CANCELLED
                                        && message.onRollback() == OnRollback.REPLACE
                                        && state == ReleaseState.ROLLED_BACK))
                .forEach(message -> {
                    notices.mail(mail(message, "Update: " + message.subject(), message.replacement()));
                    plans.ended(message.id(), State.REPLACED, clock.instant(), "the release is " + word(state));
                    record(
                            message,
                            "communication.replaced",
                            "Sent to %s instead, because the release is %s: %s"
                                    .formatted(recipients(message), word(state), message.subject()));
                });
    }

    private static Notice mail(Message message, String subject, String words) {
        List<String> paragraphs = List.of(words.strip().split("\\R\\s*\\R"));
        return message.isExternal()
                ? new Notice(
                        message.releaseKey(),
                        "announcement",
                        Set.of(),
                        Set.of(),
                        subject,
                        paragraphs,
                        null,
                        null,
                        Set.copyOf(message.recipients()))
                : new Notice(
                        message.releaseKey(),
                        "announcement",
                        Set.copyOf(message.recipients()),
                        Set.of(),
                        subject,
                        paragraphs,
                        "/releases/" + message.releaseKey(),
                        null);
    }

    /** The log keeps for ever what it is told: how many people outside, not who. */
    private static String recipients(Message message) {
        int count = message.recipients().size();
        return message.isExternal()
                ? count + " address" + (count == 1 ? "" : "es") + " outside"
                : String.join(", ", message.recipients());
    }

    private void record(Message message, String type, String text) {
        timeline.record(
                message.releaseKey(),
                type,
                Actors.PLATFORM,
                text,
                Map.of("message", message.id(), "owner", message.owner()));
    }
}
