package dev.countersign.preparation;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One message of a communication plan.
 *
 * @param recipients groups where it is internal, mail addresses where it is external
 * @param owner the person or the group that answers for it
 * @param at the time where its moment is one; null otherwise
 * @param replacement the text that is sent instead when the release is taken back; null where none is
 * @param dueAt null until its moment has come
 */
record Message(
        long id,
        String releaseKey,
        int number,
        Audience audience,
        String channel,
        List<String> recipients,
        String owner,
        Moment moment,
        int delayMinutes,
        Instant at,
        String subject,
        String words,
        OnRollback onRollback,
        String replacement,
        State state,
        Instant dueAt,
        Instant sentAt,
        Instant endedAt,
        String endedBecause) {
    static final String MAIL = "mail";

    Message {
        recipients = List.copyOf(recipients);
    }

    enum Audience {
        INTERNAL,
        EXTERNAL;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Audience> of(String id) {
            return Arrays.stream(values()).filter(one -> one.id().equals(id)).findFirst();
        }
    }

    /** When it is sent: with an event of the release, or at a time. */
    enum Moment {
        DECIDED,
        ROLLOUT_START,
        STABLE,
        TIME;

        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Moment> of(String id) {
            return Arrays.stream(values()).filter(one -> one.id().equals(id)).findFirst();
        }
    }

    /** What becomes of it when the release is taken back. */
    enum OnRollback {
        /** Not sent any more. */
        CANCEL,
        /** Whoever has got it gets the replacement. */
        CORRECT,
        /** The replacement is sent in any case. */
        REPLACE;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<OnRollback> of(String id) {
            return Arrays.stream(values()).filter(one -> one.id().equals(id)).findFirst();
        }
    }

    enum State {
        DRAFT,
        PLANNED,
        SENT,
        CANCELLED,
        /** A later plan took its place before it was sent. */
        WITHDRAWN,
        /** Its replacement was sent. */
        REPLACED;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean isExternal() {
        return audience == Audience.EXTERNAL;
    }
}
