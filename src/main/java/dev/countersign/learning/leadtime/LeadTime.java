package dev.countersign.learning.leadtime;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds of each merged change what brought it to users, and where its time went. */
final class LeadTime {
    /** @param deployment null where none has brought it yet */
    record Measured(Change change, Deployment deployment, Moments moments) {
        Parts parts() {
            return moments.parts();
        }
    }

    private LeadTime() {}

    /** In the order in which they were given; what is not merged has none. */
    static List<Measured> of(Collection<Change> changes, Deployments deployments) {
        return changes.stream()
                .filter(Change::isMerged)
                .map(change -> of(change, deployments.thatBrought(change)))
                .toList();
    }

    private static Measured of(Change change, Optional<Deployment> deployment) {
        Deployment brought = deployment.orElse(null);
        return new Measured(change, brought, Moments.of(change, brought));
    }
}
