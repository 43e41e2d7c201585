package dev.countersign.incident;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Incidents that came in from outside and that a person attributed to a release; their time alone attributes nothing. */
public interface AttributedIncidents {
    /** Of releases by their keys, in the order in which they began. */
    List<AttributedIncident> of(Collection<String> releaseKeys);

    /**
     * @param id as it is known here
     * @param source the system that it came from, such as {@code pagerduty}
     * @param number as the system names it
     * @param resolvedAt null while it goes on
     * @param address of its page there; null where it said none
     */
    record AttributedIncident(
            String id,
            String releaseKey,
            String source,
            String number,
            String title,
            Instant startedAt,
            Instant resolvedAt,
            String address) {
        /** As people know it. */
        public String name() {
            return source + " " + number;
        }
    }
}
