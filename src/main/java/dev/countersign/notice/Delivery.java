package dev.countersign.notice;

import java.time.Instant;

/**
 * One message to one person.
 *
 * @param messageId the same at every attempt, so that a mail program shows a message sent twice only once
 * @param address null where nobody knows the person's address
 */
record Delivery(
        long id,
        long mailId,
        String person,
        String name,
        String address,
        String messageId,
        String ics,
        State state,
        String lastError,
        Instant doneAt) {

    enum State {
        /** Not yet sent; tried again until the mail is too old. */
        WAITING,
        SENT,
        /** In the sandbox without a mail server: shown on the page, sent nowhere. */
        KEPT,
        /** Given up; can be sent again by hand. */
        FAILED
    }
}
