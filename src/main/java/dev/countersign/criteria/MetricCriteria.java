package dev.countersign.criteria;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.release.Release.SuccessMetric;
import dev.countersign.workflow.Decisions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What is measured while the candidate serves users, and what the release itself promises to improve. */
@Component
class MetricCriteria implements Measurable {
    static final String ERROR_RATE = "metric:errorRate";
    static final String LATENCY_INCREASE = "metric:latencyIncrease";
    private static final String ERROR_RATE_TEXT = "Share of the candidate's requests that fail";
    private static final String LATENCY_TEXT = "Latency (95th percentile) of the candidate over the baseline";

    private final Decisions decisions;
    private final Catalog catalog;

    MetricCriteria(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    @Override
    public Map<String, String> of(Release release) {
        var known = new LinkedHashMap<String, String>();
        known.put(ERROR_RATE, ERROR_RATE_TEXT);
        known.put(LATENCY_INCREASE, LATENCY_TEXT);
        release.successMetrics().forEach(metric -> known.put(binding(metric), text(metric)));
        return known;
    }

    List<Draft> proposal(Release release) {
        var drafts = new ArrayList<>(triggers(release));
        release.successMetrics()
                .forEach(metric -> drafts.add(new Draft(
                        text(metric),
                        binding(metric),
                        ("decrease".equals(metric.direction()) ? "<= " : ">= ") + Limit.number(metric.target()),
                        "success metric of the release",
                        null)));
        return drafts;
    }

    private List<Draft> triggers(Release release) {
        var service = catalog.service(release.service());
        var answered = decisions.ask(
                release.policy(),
                "rollback-triggers",
                Map.of(
                        "tier",
                        release.tier() == null ? service.map(Service::tier).orElse("critical") : release.tier(),
                        "target",
                        service.map(Service::target).orElse("production")));
        Map<String, Object> limits = answered.single();
        String origin = "rollback trigger, " + answered.version();
        return List.of(
                new Draft(
                        ERROR_RATE_TEXT + " at most, during the rollout",
                        ERROR_RATE,
                        Limit.atMost(((Number) limits.get("maxErrorRate")).doubleValue()),
                        origin,
                        null),
                new Draft(
                        LATENCY_TEXT + " at most, during the rollout",
                        LATENCY_INCREASE,
                        "<= " + Limit.number(((Number) limits.get("maxLatencyIncreaseMs")).doubleValue()) + " ms",
                        origin,
                        null));
    }

    private static String binding(SuccessMetric metric) {
        return "metric:" + metric.name();
    }

    private static String text(SuccessMetric metric) {
        return "Success metric " + metric.name() + " reaches its target";
    }
}
