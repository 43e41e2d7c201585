package dev.countersign.release;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ReleaseStep;
import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the table {@code risk-tier} with the service's tier, the change facts and the service's history. */
@Component("assessRisk")
class AssessRisk extends ReleaseStep {
    private static final Map<String, Object> NO_HISTORY =
            Map.of("incidents90d", 0, "rollbacks90d", 0, "overdueActions", 0);
    private final JdbcReleases releases;
    private final Catalog catalog;
    private final ObjectProvider<RiskFacts> history;
    private final Decisions decisions;
    private final Timeline timeline;

    AssessRisk(
            JdbcReleases releases,
            Catalog catalog,
            ObjectProvider<RiskFacts> history,
            Decisions decisions,
            Timeline timeline) {
        this.releases = releases;
        this.catalog = catalog;
        this.history = history;
        this.decisions = decisions;
        this.timeline = timeline;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        Release release = releases.get(releaseKey);
        Map<String, Object> facts = new HashMap<>(NO_HISTORY);
        facts.put(
                "serviceTier",
                catalog.service(release.service()).map(Service::tier).orElse("critical"));
        facts.put("kind", release.kind());
        facts.putAll(release.changes());
        history.forEach(known -> facts.putAll(known.factsOf(release.service())));
        Decisions.Answered answer = decisions.ask(release.policy(), "risk-tier", facts);
        String tier = String.valueOf(answer.single().get("tier"));
        releases.tier(releaseKey, tier);
        Map<String, Object> detail = new HashMap<>(facts);
        detail.put("tier", tier);
        detail.put("rule", answer.version());
        timeline.record(
                releaseKey,
                "risk.assessed",
                dev.countersign.identity.Actors.PLATFORM,
                "Risk tier %s: %s (%s)".formatted(tier, answer.single().get("because"), answer.version()),
                detail);
    }
}
