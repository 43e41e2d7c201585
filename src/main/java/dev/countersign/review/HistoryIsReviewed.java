package dev.countersign.review;

import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import java.util.List;
import org.springframework.stereotype.Component;

/** No clearance without a look at what happened to earlier releases, whichever way the process of the review took. */
@Component
class HistoryIsReviewed implements ClearanceCondition {
    private final HistoryReviewing reviewing;

    HistoryIsReviewed(HistoryReviewing reviewing) {
        this.reviewing = reviewing;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        return reviewing.isPutOff(release.key()) || reviewing.isDone(release.key())
                ? List.of()
                : List.of("nobody has reviewed the incident history of " + release.service() + " for this release");
    }
}
