package dev.countersign.rollout;

import dev.countersign.catalog.CanaryConfiguration;
import dev.countersign.catalog.Kpi;
import dev.countersign.observe.CanaryMetric;
import dev.countersign.observe.CanaryRule;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a release's canary is compared with its baseline, by the table that the release began with. */
final class CanaryTable {
    private static final String TABLE = "canary-metrics";
    private static final String KPI = "kpi";
    private static final String OWN = "canary";
    private static final String PAGES = "rum ";

    private CanaryTable() {}

    /**
     * Business figures are left out where the service has none, and what pages tell where it takes nothing in from pages.
     *
     * Empty only for a release that began before there was such a table.
     *
     * @throws IllegalStateException where the table has no row for the facts: a comparison without metrics would pass everything
     */
    static List<CanaryMetric> metrics(
            Decisions decisions, Release release, Map<String, Object> facts, boolean pages, List<Kpi> kpis) {
        return metrics(decisions, release, facts, pages, kpis, null);
    }

    /** @param own the team's own configuration; null where it has none */
    static List<CanaryMetric> metrics(
            Decisions decisions,
            Release release,
            Map<String, Object> facts,
            boolean pages,
            List<Kpi> kpis,
            CanaryConfiguration own) {
        if (!decisions.knows(release.policy(), TABLE)) {
            return List.of();
        }
        Decisions.Answered answered = decisions.ask(release.policy(), TABLE, facts);
        if (answered.rows().isEmpty()) {
            throw new IllegalStateException("The table %s has no metric for %s".formatted(TABLE, facts));
        }
        List<CanaryMetric> metrics = new ArrayList<>();
        for (Map<String, Object> row : answered.rows()) {
            if (KPI.equals(row.get("metric"))) {
                kpis.forEach(kpi -> metrics.add(figure(row, kpi, answered.version())));
            } else if (OWN.equals(row.get("metric"))) {
                if (own != null) {
                    own.metrics().forEach(metric -> metrics.add(ofTeam(row, metric, own, answered.version())));
                }
            } else if (pages || !String.valueOf(row.get("metric")).startsWith(PAGES)) {
                metrics.add(metric(row, answered.version()));
            }
        }
        if (kpis.stream()
                .anyMatch(kpi -> metrics.stream().noneMatch(each -> each.name().equals(nameOf(kpi))))) {
            throw new IllegalStateException("The table %s has no row kpi for %s".formatted(TABLE, facts));
        }
        if (metrics.isEmpty()) {
            // Rows for figures and pages that the service does not have: nothing would be compared, and that would
            // pass.
            throw new IllegalStateException(
                    "The table %s has no metric that the service has for %s".formatted(TABLE, facts));
        }
        return List.copyOf(metrics);
    }

    private static String nameOf(Kpi kpi) {
        return KPI + " " + kpi.id();
    }

    /** How it is compared says the table; what it is, and what is tolerated of it, the catalog. It rolls back where both say so. */
    private static CanaryMetric figure(Map<String, Object> row, Kpi kpi, String version) {
        return new CanaryMetric(
                nameOf(kpi),
                String.valueOf(row.get("rule")),
                kpi.worse(),
                number(row, "tolerated"),
                number(row, "minimumRate"),
                number(row, "minimumShiftMs"),
                number(row, "alpha"),
                truth(row, "critical") && kpi.critical(),
                version,
                new CanaryMetric.Kpi(
                        kpi.events(), kpi.per(), kpi.digest(), kpi.deviation(), kpi.concurrent(), kpi.seasonal()));
    }

    /** How surely says the table; what, in which direction and beyond what part, the team. It rolls back where both say so. */
    private static CanaryMetric ofTeam(
            Map<String, Object> row, CanaryConfiguration.Metric metric, CanaryConfiguration own, String version) {
        CanaryConfiguration.Effect effect = metric.effect();
        return new CanaryMetric(
                CanaryMetric.OWN + metric.name(),
                String.valueOf(row.get("rule")),
                metric.direction(),
                number(row, "tolerated"),
                number(row, "minimumRate"),
                number(row, "minimumShiftMs"),
                number(row, "alpha"),
                truth(row, "critical") && metric.critical(),
                "%s, %s".formatted(version, rule(own).version()),
                null,
                new CanaryMetric.Own(
                        metric.query(),
                        metric.groupLabels(),
                        metric.groups(),
                        metric.replaces(),
                        metric.mustHaveData(),
                        metric.muted(),
                        effect.allowedIncrease(),
                        effect.allowedDecrease(),
                        effect.criticalIncrease(),
                        effect.criticalDecrease()));
    }

    private static CanaryRule rule(CanaryConfiguration own) {
        return new CanaryRule(own.file(), own.digest(), own.weights(), own.pass(), own.marginal(), own.fault());
    }

    /**
     * By what a score is given; null where the team has no configuration of its own. One that the release's policy, older than such configurations, does not say how to judge has a
     * fault: the rollout waits with words, and is not as if there were none.
     *
     * @param metrics of the same release
     */
    static CanaryRule rule(CanaryConfiguration own, List<CanaryMetric> metrics) {
        if (own == null || own.fault() != null || metrics.stream().anyMatch(metric -> metric.own() != null)) {
            return own == null ? null : rule(own);
        }
        return new CanaryRule(
                own.file(),
                own.digest(),
                own.weights(),
                own.pass(),
                own.marginal(),
                "the policy that the release began with does not say how it is judged: its table %s has no row %s"
                        .formatted(TABLE, OWN));
    }

    private static CanaryMetric metric(Map<String, Object> row, String version) {
        return new CanaryMetric(
                String.valueOf(row.get("metric")),
                String.valueOf(row.get("rule")),
                String.valueOf(row.get("worse")),
                number(row, "tolerated"),
                number(row, "minimumRate"),
                number(row, "minimumShiftMs"),
                number(row, "alpha"),
                truth(row, "critical"),
                version);
    }

    private static boolean truth(Map<String, Object> row, String column) {
        if (row.get(column) instanceof Boolean truth) {
            return truth;
        }
        throw new IllegalStateException(
                "The table %s says neither true nor false in %s: %s".formatted(TABLE, column, row));
    }

    private static double number(Map<String, Object> row, String column) {
        if (row.get(column) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("The table %s has no number in %s: %s".formatted(TABLE, column, row));
    }
}
