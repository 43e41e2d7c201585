package dev.countersign.incident.reported;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The systems that report incidents. */
enum Source {
    PAGERDUTY("PagerDuty"),
    SERVICENOW("ServiceNow"),
    JIRA("Jira"),
    OWN("our own form");

    private final String words;

    Source(String words) {
        this.words = words;
    }

    /** As it stands in tables and addresses. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String words() {
        return words;
    }

    static Optional<Source> of(String id) {
        return Arrays.stream(values()).filter(source -> source.id().equals(id)).findFirst();
    }
}
