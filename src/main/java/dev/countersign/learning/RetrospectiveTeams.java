package dev.countersign.learning;

import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.stereotype.Component;

/** Whom the model {@code post-release-review} asks. */
@ModelBean
@Component("retrospectiveTeams")
public class RetrospectiveTeams {
    private final StoredRetrospectives retrospectives;

    RetrospectiveTeams(StoredRetrospectives retrospectives) {
        this.retrospectives = retrospectives;
    }

    /** The groups involved in the release that have said nothing yet. */
    public List<String> toAsk(String releaseKey) {
        return retrospectives.silentTeamsOf(releaseKey);
    }
}
