package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.Finding.Outcome;
import dev.countersign.observe.correlation.SimulatedServices.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Measures how often the correlation is right, and writes the tables of {@code docs/correlation.md}. Not a test: it takes minutes. Each run has a seed of its own, so that a part of a
 * row can be computed again alone.
 */
public final class CorrelationSimulation {
    static final Path PUBLISHED = Path.of("docs", "correlation.md");
    static final int RUNS = 200;
    static final double SAMPLED = 5;

    private CorrelationSimulation() {}

    /** @param arguments none */
    public static void main(String[] arguments) throws IOException {
        List<Supplier<String>> rows = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            rows.add(() -> row(fault, SAMPLED));
        }
        List<String> computed = rows.parallelStream().map(Supplier::get).toList();
        String text = Files.readString(PUBLISHED);
        String begin = "<!-- right -->\n";
        int from = text.indexOf(begin) + begin.length();
        int header = text.indexOf('\n', text.indexOf('\n', from) + 1) + 1;
        int to = text.indexOf("<!-- end -->", from);
        Files.writeString(
                PUBLISHED,
                text.substring(0, header)
                        + computed.stream().collect(Collectors.joining("\n", "", "\n"))
                        + text.substring(to));
    }

    static String row(Fault fault, double perSecond) {
        int[] outcomes = new int[Outcome.values().length];
        int held = 0;
        int seen = 0;
        for (int run = 0; run < RUNS; run++) {
            SimulatedServices services = simulated(fault, perSecond, run);
            Finding finding = Correlator.correlate(services.question(), services.evidence(true));
            outcomes[finding.outcome().ordinal()]++;
            Onset onset = finding.anomalies().stream()
                    .filter(anomaly -> anomaly.service().equals(finding.service()))
                    .map(Anomaly::onset)
                    .findFirst()
                    .orElse(null);
            if (onset != null) {
                seen++;
                held += !services.onsetOfFault().isBefore(onset.earliest())
                                && !services.onsetOfFault().isAfter(onset.latest())
                        ? 1
                        : 0;
            }
        }
        int right = outcomes[(fault.isCascade ? Outcome.ROOT : Outcome.RULED_OUT).ordinal()];
        int wrong = outcomes[(fault.isCascade ? Outcome.RULED_OUT : Outcome.ROOT).ordinal()];
        return "| %s | %s | %s | %s | %s | %s |"
                .formatted(
                        fault.isCascade ? "cascade" : "coincidence",
                        fault.words,
                        percent(right, RUNS),
                        percent(outcomes[Outcome.UNDETERMINED.ordinal()], RUNS),
                        percent(wrong, RUNS),
                        percent(held, seen));
    }

    static SimulatedServices simulated(Fault fault, double perSecond, int run) {
        return new SimulatedServices(fault, perSecond, new SplittableRandom((fault + "/" + run).hashCode()));
    }

    private static String percent(int part, int all) {
        return all == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
    }
}
