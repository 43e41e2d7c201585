package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Vectors of another judge's tests and beacons of browsers, for the test over all samples. */
public final class ObserveSamples {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Where a page is no longer good, as web.dev says. */
    private static final Map<String, Double> GOOD =
            Map.of("largest_contentful_paint", 2500.0, "first_input_delay", 100.0, "cumulative_layout_shift", 0.1);

    private ObserveSamples() {}

    public static void classifier(Path file) throws IOException {
        for (JsonNode vector : JSON.readTree(file.toFile())) {
            if (vector.get("classifier").asText().equals("MannWhitney")) {
                assertThat(classified(vector))
                        .as(vector.get("name").asText())
                        .isEqualTo(vector.at("/expected/classification").asText());
            }
        }
    }

    private static String classified(JsonNode vector) {
        double[] candidate = values(vector.get("experiment"));
        double[] baseline = values(vector.get("control"));
        if (candidate.length == 0 || baseline.length == 0) {
            Course nothing = Series.course(
                    Series.step(Series.minutes(), Duration.ofMinutes(30), Duration.ofHours(2)),
                    List.of(),
                    List.of(),
                    1800);
            return Judge.rule(nothing).orElseThrow().is(Outcome.NO_DATA) ? "Nodata" : "something";
        }
        JsonNode params = vector.get("params");
        double confidence = params.get("confLevel").asDouble();
        String direction = params.get("direction").asText();
        if (!direction.equals("Decrease") && above(candidate, baseline, params, 1, confidence)) {
            return "High";
        }
        return !direction.equals("Increase") && above(baseline, candidate, params, 0, confidence) ? "Low" : "Pass";
    }

    /** The smallest difference that matters: theirs is a part of the shift, and of the baseline's mean; here it is in the unit of what is measured. */
    private static boolean above(double[] one, double[] other, JsonNode params, int bound, double confidence) {
        RankComparison comparison = RankComparison.of(one, other, confidence);
        double effect = params.get("measure").asText().equals("meanRatio")
                ? Math.abs(params.get("effect").get(bound).asDouble() - 1)
                        * Arrays.stream(bound == 1 ? other : one).average().orElseThrow()
                : 0;
        return comparison.worse(
                Math.max(params.get("tolerance").asDouble() * Math.abs(comparison.shift()), effect), confidence);
    }

    public static void ranks(Path file) throws IOException {
        for (JsonNode vector : JSON.readTree(file.toFile())) {
            double[] x = values(vector.get("experiment"));
            double[] y = values(vector.get("control"));
            JsonNode recomputed = vector.get("recomputed");
            if (recomputed.has("estimate")) {
                RankComparison comparison =
                        RankComparison.of(x, y, vector.get("confidenceLevel").asDouble());
                assertThat(comparison.shift())
                        .isEqualTo(recomputed.get("estimate").asDouble());
                assertThat(comparison.lower()).isEqualTo(recomputed.get("ciLow").asDouble());
                assertThat(comparison.upper())
                        .isEqualTo(recomputed.get("ciHigh").asDouble());
            } else {
                // The statistic is negative: asked the other way round it is what lies above.
                NormalDistribution normal = NormalDistribution.of(0, 1);
                assertThat(RankComparison.of(y, x, 0.95).pValue())
                        .isCloseTo(
                                normal.survivalProbability(
                                        -recomputed.get("diff_mu0").asDouble()),
                                within(1e-9));
                double[] shifted = Arrays.stream(x).map(value -> value - 5).toArray();
                double expected =
                        normal.survivalProbability(-recomputed.get("diff_mu5").asDouble());
                assertThat(RankComparison.of(y, shifted, 0.95).pValue() / expected)
                        .isCloseTo(1, within(1e-6));
            }
        }
    }

    private static double[] values(JsonNode list) {
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asDouble();
        }
        return values;
    }

    public static void beacon(Path file, JsonNode expected) throws IOException {
        if (expected.has("format")) {
            List<RumBeacon> beacons = RumBeacon.read(Files.readAllBytes(file), 10);
            assertThat(beacons)
                    .containsExactly(
                            new RumBeacon(Vital.LCP, expected.get("lcp_ms").asDouble(), "7tkns0lz"));
            assertThat(rating("largest_contentful_paint", beacons.get(0).value()))
                    .isEqualTo(expected.get("rating_lcp").asText());
            return;
        }
        JsonNode metrics = JSON.readTree(file.toFile()).at("/record/metrics");
        expected.properties().forEach(metric -> {
            // The 75th percentile of the counts lies in the part that it was published to lie in.
            TreeMap<Double, Long> counts = new TreeMap<>();
            metrics.get(metric.getKey())
                    .get("histogram")
                    .forEach(bin -> counts.put(
                            bin.path("end").asDouble(Double.POSITIVE_INFINITY),
                            Math.round(bin.get("density").asDouble() * 1_000_000)));
            assertThat(rating(metric.getKey(), Latencies.ofBuckets(counts).percentile(0.75)))
                    .isEqualTo(metric.getValue().get("rating").asText())
                    .isEqualTo(
                            rating(metric.getKey(), metric.getValue().get("p75").asDouble()));
            assertThat(counts.values().stream().mapToLong(Long::longValue).sum() / 1e6)
                    .isCloseTo(metric.getValue().get("densities_sum").asDouble(), within(1e-5));
        });
    }

    private static String rating(String metric, double value) {
        return value <= GOOD.get(metric) ? "good" : "not good";
    }
}
