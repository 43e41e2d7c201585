package dev.countersign.release;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ModelDeployment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What a hotfix is spared and what it owes, by the table {@code hotfix-rules}. */
@Component
public class HotfixRules {
    private static final String TABLE = "hotfix-rules";
    private static final String PROPOSED = "proposed";
    private static final String AFTERWARDS = "afterwards";

    private final Decisions decisions;
    private final Catalog catalog;
    private final ObjectProvider<ModelDeployment> models;

    HotfixRules(Decisions decisions, Catalog catalog, ObjectProvider<ModelDeployment> models) {
        this.decisions = decisions;
        this.catalog = catalog;
        this.models = models;
    }

    /**
     * @param validity how long its approval holds
     * @param vote how long its seats have
     * @param criteriaAsProposed whether nobody negotiates its criteria
     * @param historyAfterwards whether the incident history is looked at in the review afterwards
     * @param review how long the review afterwards may take
     * @param again how often it is asked for when it is late
     * @param reviewers groups that may review it
     * @param unreviewed on how many hotfixes without a review another hotfix may follow
     */
    public record Rules(
            Duration validity,
            Duration vote,
            boolean criteriaAsProposed,
            boolean historyAfterwards,
            Duration review,
            Duration again,
            List<String> reviewers,
            int unreviewed,
            String version) {}

    /** The models it goes by: those it began with, or those in force where it began before there was this table. */
    public String policyOf(Release release) {
        return decisions.knows(release.policy(), TABLE)
                ? release.policy()
                : models.getObject().current();
    }

    public Rules of(Release release) {
        Decisions.Answered answer = decisions.ask(
                policyOf(release),
                TABLE,
                Map.of(
                        // Until the tier has been decided the strictest one counts.
                        "tier",
                        release.tier() == null ? "critical" : release.tier(),
                        "target",
                        catalog.service(release.service()).map(Service::target).orElse("production")));
        Map<String, Object> row = answer.single();
        return new Rules(
                duration(row, "validity"),
                duration(row, "vote"),
                PROPOSED.equals(row.get("criteria")),
                AFTERWARDS.equals(row.get("history")),
                duration(row, "review"),
                duration(row, "again"),
                List.of(String.valueOf(row.get("reviewers")).strip().split("\\s*,\\s*")),
                ((Number) row.get("unreviewed")).intValue(),
                answer.version());
    }

    private static Duration duration(Map<String, Object> row, String name) {
        return Duration.parse(String.valueOf(row.get(name)));
    }
}
