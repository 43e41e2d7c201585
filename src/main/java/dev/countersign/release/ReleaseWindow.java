package dev.countersign.release;

import dev.countersign.workflow.ModelBean;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** The time in which a release may start. */
@ModelBean
@Component("releaseWindow")
public class ReleaseWindow implements ClearanceCondition {
    private final Releases releases;
    private final Clock clock;

    ReleaseWindow(Releases releases, Clock clock) {
        this.releases = releases;
        this.clock = clock;
    }

    /** Now, where the release has no window. */
    public Date opensAt(DelegateExecution execution) {
        Instant start = releases.get(execution.getProcessBusinessKey()).windowStart();
        return Date.from(start == null ? clock.instant() : start);
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        Instant now = clock.instant();
        if (release.windowStart() != null && now.isBefore(release.windowStart())) {
            return List.of("the window opens at " + release.windowStart());
        }
        if (release.windowEnd() != null && now.isAfter(release.windowEnd())) {
            return List.of("the window ended at " + release.windowEnd());
        }
        return List.of();
    }
}
