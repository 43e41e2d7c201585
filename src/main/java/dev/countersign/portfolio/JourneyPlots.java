package dev.countersign.portfolio;

import dev.countersign.observe.MetricPlot;
import dev.countersign.rollout.JourneyWalks.WalkRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long each journey took on the canary and beside it, one point a walk. */
final class JourneyPlots {
    private static final String CANARY = "CANARY";

    private JourneyPlots() {}

    static List<MetricPlot> of(List<WalkRecord> walks) {
        Map<String, List<WalkRecord>> journeys = new LinkedHashMap<>();
        walks.forEach(walk -> journeys.computeIfAbsent(walk.journey(), name -> new ArrayList<>())
                .add(walk));
        return journeys.entrySet().stream()
                .map(each -> plot(each.getKey(), each.getValue()))
                .toList();
    }

    private static MetricPlot plot(String journey, List<WalkRecord> walks) {
        Map<Double, Double[]> points = new TreeMap<>();
        WalkRecord latest = walks.get(0);
        for (WalkRecord walk : walks) {
            boolean canary = CANARY.equals(walk.side());
            points.computeIfAbsent(walk.walkedAt().toEpochMilli() / 1000.0, at -> new Double[2])[canary ? 0 : 1] =
                    (double) walk.tookMs();
            if (!CANARY.equals(latest.side()) || canary) {
                latest = walk;
            }
        }
        return new MetricPlot(
                "journey " + journey,
                "Journey " + journey + ", time it takes",
                "ms",
                "One point for each walk. The verdict is whether it reaches its end; the table journey-outcomes says what follows.",
                latest.verdict(),
                latest.sentence(),
                null,
                List.copyOf(points.keySet()),
                points.values().stream().map(point -> point[0]).toList(),
                points.values().stream().map(point -> point[1]).toList(),
                List.of(),
                List.of(),
                List.of());
    }
}
