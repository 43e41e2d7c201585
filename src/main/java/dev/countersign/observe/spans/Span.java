package dev.countersign.observe.spans;

import java.time.Instant;

/**
 * One piece of work in a trace, whatever system tells of it.
 *
 * @param parent empty where there is none
 * @param service whose work it is, as the catalog calls it; empty where nothing is said
 * @param remote who was at the other end; empty where nothing is said
 * @param version what it says of its service's version; null where it says nothing
 */
record Span(
        String id,
        String parent,
        Kind kind,
        String service,
        String remote,
        Instant at,
        double milliseconds,
        boolean error,
        String version) {
    enum Kind {
        /** A server's or a consumer's. */
        ANSWERS,
        /** A client's or a producer's. */
        ASKS,
        /** Work within a service. */
        INNER
    }

    boolean answers() {
        return kind == Kind.ANSWERS && !service.isEmpty();
    }
}
