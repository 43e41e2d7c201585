package dev.countersign.observe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The weighted score of a team's own canary configuration, as Kayenta counts it: of each group the part of its metrics that pass, of those that say anything; of all groups the sum by
 * their weights. A critical metric that does not pass, or half of all metrics without data, leaves nothing of it. It only says more than the metrics do: none that fails here is
 * outweighed by it.
 *
 * @param value from 0 to 100, two decimals
 * @param version of the configuration
 * @param because why it is 0 whatever the groups have; null where they decide
 */
public record CanaryScore(
        double value,
        double pass,
        double marginal,
        String version,
        String because,
        List<Group> groups,
        List<Metric> metrics) {
    static final String NAME = "canary score";
    private static final double ALL = 100;
    private static final double TOO_MANY = 0.5;

    public CanaryScore {
        groups = List.copyOf(groups);
        metrics = List.copyOf(metrics);
    }

    /**
     * @param score of 100; null where none of its metrics says anything: that earns nothing
     * @param counted metrics that say anything
     */
    public record Group(String name, double weight, Double score, int passed, int counted) {}

    /** @param classification as Kayenta calls it */
    public record Metric(String name, String classification, boolean critical, boolean muted, List<String> groups) {
        public Metric {
            groups = List.copyOf(groups);
        }

        private Classification is() {
            return Classification.of(classification);
        }
    }

    static CanaryScore of(CanaryRule rule, List<Metric> metrics) {
        List<Metric> counting =
                metrics.stream().filter(metric -> !metric.muted()).toList();
        List<Group> groups = groups(rule.weights(), counting);
        String because = because(counting);
        double sum = groups.stream()
                .filter(group -> group.score() != null)
                .mapToDouble(group -> group.score() * group.weight() / ALL)
                .sum();
        return new CanaryScore(
                because == null ? rounded(sum) : 0,
                rule.pass(),
                rule.marginal(),
                rule.version(),
                because,
                groups,
                metrics);
    }

    private static List<Group> groups(Map<String, Double> weights, List<Metric> metrics) {
        Map<String, List<Classification>> groups = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            metric.groups().forEach(group -> groups.computeIfAbsent(group, name -> new ArrayList<>())
                    .add(metric.is()));
        }
        double given =
                weights.values().stream().mapToDouble(Double::doubleValue).sum();
        long without = groups.keySet().stream()
                .filter(name -> !weights.containsKey(name))
                .count();
        double share = without == 0 ? 0 : Math.max(0, ALL - given) / without;
        return groups.entrySet().stream()
                .map(group -> group(group.getKey(), weights.getOrDefault(group.getKey(), share), group.getValue()))
                .toList();
    }

    private static Group group(String name, double weight, List<Classification> of) {
        int counted = (int) of.stream().filter(Classification::counts).count();
        int passed =
                (int) of.stream().filter(each -> each == Classification.PASS).count();
        return new Group(name, weight, counted == 0 ? null : ALL * passed / counted, passed, counted);
    }

    private static String because(List<Metric> metrics) {
        String critical = metrics.stream()
                .filter(metric -> metric.critical() && metric.is() != Classification.PASS)
                .map(metric -> "%s is critical and %s".formatted(metric.name(), metric.classification()))
                .findFirst()
                .orElse(null);
        if (critical != null) {
            return critical;
        }
        long silent = metrics.stream()
                .filter(metric -> metric.is() == Classification.NODATA)
                .count();
        return metrics.isEmpty() || silent >= TOO_MANY * metrics.size()
                ? "%d of %d metrics have no data".formatted(silent, metrics.size())
                : null;
    }

    private static double rounded(double sum) {
        return BigDecimal.valueOf(sum).setScale(2, RoundingMode.HALF_UP).doubleValue();
    }

    boolean isUnderPass() {
        return value < pass;
    }

    boolean isUnderMarginal() {
        return value < marginal;
    }

    /** Below which it holds: the lower one where that is missed too. */
    double limit() {
        return isUnderMarginal() ? marginal : pass;
    }

    /** Metrics that were asked and count. */
    long sample() {
        return metrics.stream().filter(metric -> !metric.muted()).count();
    }

    String sentence() {
        return "canary score %s of 100 %s: %s%s (%s)"
                .formatted(
                        figure(value),
                        isUnderMarginal()
                                ? "is under %s, marginal, and under %s, pass".formatted(figure(marginal), figure(pass))
                                : isUnderPass()
                                        ? "is under %s, pass".formatted(figure(pass))
                                        : "against %s, pass".formatted(figure(pass)),
                        groups.stream().map(CanaryScore::words).collect(Collectors.joining(", ")),
                        because == null ? "" : "; 0 because " + because,
                        version);
    }

    private static String words(Group group) {
        return "%s %s (%d of %d pass, weight %s)"
                .formatted(
                        group.name(),
                        group.score() == null ? "unknown" : figure(group.score()),
                        group.passed(),
                        group.counted(),
                        figure(group.weight()));
    }

    private static String figure(double number) {
        return BigDecimal.valueOf(number)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
