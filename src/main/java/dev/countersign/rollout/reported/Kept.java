package dev.countersign.rollout.reported;

import dev.countersign.release.DeploymentReport;
import java.time.Instant;

/**
 * A reported deployment as it is on record.
 *
 * @param firstEndAt the earliest end that was said of it; null where none was
 * @param service null where the catalog knows none, or several, by its repository
 * @param release that accounts for it; null where none does
 * @param because why it stands so, for a person
 * @param toldAt when release managers were told of it; null where they were not
 */
record Kept(
        String id,
        DeploymentReport report,
        Instant firstEndAt,
        String service,
        Standing standing,
        String release,
        String because,
        Instant receivedAt,
        Instant toldAt) {

    static String id(DeploymentReport report) {
        return report.source() + ":" + report.id();
    }
}
