package dev.countersign.release;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.ChangeFacts.FactRaised;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ReleaseStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Asks the table {@code risk-tier} with the service's tier, the change facts and the service's history. */
@Component("assessRisk")
class AssessRisk extends ReleaseStep {
    private static final Map<String, Object> NO_HISTORY =
            Map.of("incidents90d", 0, "rollbacks90d", 0, "overdueActions", 0, "openRemediations", 0);
    private static final List<String> TIERS = List.of("standard", "high", "critical");
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
        assess(releaseKey, null);
    }

    /** A fact that was stated false, and is true, may make the release riskier than it was assessed; it makes none less risky. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void on(FactRaised raised) {
        String before = releases.get(raised.releaseKey()).tier();
        if (before != null) {
            assess(raised.releaseKey(), before);
        }
    }

    /** @param atLeast the tier that it has, below which it does not fall; null where it has none */
    private void assess(String releaseKey, String atLeast) {
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
        if (atLeast != null && TIERS.indexOf(tier) <= TIERS.indexOf(atLeast)) {
            return;
        }
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
