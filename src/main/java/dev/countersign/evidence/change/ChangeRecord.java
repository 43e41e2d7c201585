package dev.countersign.evidence.change;

import java.time.Instant;
import java.util.List;

/**
 * A change record as its system states it.
 *
 * @param state in the system's own words
 * @param scheduled whether that state is approved or scheduled
 * @param requestedBy every name that the system has for whoever asked for the change
 */
record ChangeRecord(
        String number,
        String service,
        String version,
        String summary,
        String state,
        boolean scheduled,
        List<String> requestedBy,
        Instant start,
        Instant end,
        List<Approval> approvals) {

    /**
     * @param approver as people know them
     * @param names every name that the system has for them
     * @param decision {@code approved}, {@code pending} or {@code declined}
     * @param at null while nobody has decided
     */
    record Approval(String approver, List<String> names, String decision, Instant at) {}
}
