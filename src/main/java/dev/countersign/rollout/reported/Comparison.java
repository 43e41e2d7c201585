package dev.countersign.rollout.reported;

import dev.countersign.release.DeploymentReport;
import dev.countersign.rollout.reported.Approvals.Approved;
import dev.countersign.rollout.reported.Repositories.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a release accounts for a deployment: one of the same service, environment and commit (or digest) that was cleared, or stable, when the deployment began. What is
 * approved afterwards accounts for nothing that was there before.
 */
final class Comparison {
    private Comparison() {}

    /** @param service null where none, or none of several, is known to be meant */
    record Found(Standing standing, String service, String release, String because) {}

    /**
     * @param services that share the repository
     * @param place empty where no file declares the environment
     * @param approved releases of these services; others are looked over
     */
    static Found of(DeploymentReport report, List<String> services, Optional<Place> place, List<Approved> approved) {
        String service = services.size() == 1 ? services.get(0) : null;
        if (place.isEmpty()) {
            return new Found(
                    Standing.UNKNOWN,
                    service,
                    null,
                    report.environment() == null
                            ? "It names no environment"
                            : "No file of the catalog declares an environment %s".formatted(report.environment()));
        }
        if (!place.get().production()) {
            return new Found(Standing.ELSEWHERE, service, null, place.get().name() + " is not production");
        }
        if (!report.state().hasBegun()) {
            return new Found(Standing.WAITING, service, null, "Nothing of it has begun");
        }
        if (services.isEmpty()) {
            return new Found(
                    Standing.UNAPPROVED,
                    null,
                    null,
                    "No service of the catalog is built from %s"
                            .formatted(report.repository() == null ? "what it names" : report.repository()));
        }
        if (report.commit() == null && report.digest() == null) {
            return new Found(Standing.UNAPPROVED, service, null, "It names neither a commit nor a digest");
        }
        List<Approved> theirs = approved.stream()
                .filter(release -> services.contains(release.service()))
                .toList();
        return against(report, services, service, place.get().name(), theirs);
    }

    private static Found against(
            DeploymentReport report, List<String> services, String service, String place, List<Approved> theirs) {
        Instant began = report.begin();
        String because = "No release of %s carries %s"
                .formatted(
                        String.join(" or ", services.stream().limit(10).toList()),
                        report.commit() == null ? report.digest() : report.commit());
        for (Approved release : theirs) {
            if (!release.carries(report.commit(), report.digest())) {
                String part = release.carriesInPart(report.commit(), report.digest());
                because = part == null ? because : release.release() + " " + part;
            } else if (!release.environment().equals(place)) {
                because = "%s carries it, but into %s".formatted(release.release(), release.environment());
            } else if (release.covers(began)) {
                return new Found(Standing.APPROVED, release.service(), release.release(), "It is " + release.release());
            } else {
                because = "%s carries it, but %s".formatted(release.release(), release.against(began));
            }
        }
        return new Found(Standing.UNAPPROVED, service, null, because);
    }
}
