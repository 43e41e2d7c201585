package dev.countersign.hotfix;

import dev.countersign.hotfix.Hotfixes.Lookback;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelBean;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the model {@code hotfix-review} asks. */
@ModelBean
@Component("hotfixReviews")
public class HotfixReviews {
    private final LookbackStore reviews;
    private final Releases releases;
    private final HotfixRules rules;

    HotfixReviews(LookbackStore reviews, Releases releases, HotfixRules rules) {
        this.reviews = reviews;
        this.releases = releases;
        this.rules = rules;
    }

    /** Groups whose people may review it. */
    public List<String> groupsOf(String releaseKey) {
        return rules.of(releases.get(releaseKey)).reviewers();
    }

    public Date dueOf(String releaseKey) {
        return Date.from(get(releaseKey).due());
    }

    /** Half-way to the deadline. */
    public Date reminderOf(String releaseKey) {
        Lookback review = get(releaseKey);
        return Date.from(review.openedAt()
                .plus(Duration.between(review.openedAt(), review.due()).dividedBy(2)));
    }

    /** From the deadline on, again and again (ISO 8601 repeating interval). */
    public String overdueOf(String releaseKey) {
        return "R/%s/%s"
                .formatted(
                        get(releaseKey).due(),
                        rules.of(releases.get(releaseKey)).again());
    }

    private Lookback get(String releaseKey) {
        return reviews.find(releaseKey)
                .orElseThrow(() -> new IllegalStateException("No review of the hotfix " + releaseKey + " is open"));
    }
}
