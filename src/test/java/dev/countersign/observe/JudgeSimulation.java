package dev.countersign.observe;

import static dev.countersign.observe.Series.START;

import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.SimulatedStep.Noise;
import dev.countersign.observe.SimulatedStep.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Measures how often the judge's rules alarm, falsely and rightly, and writes the tables of {@code docs/canary-judge.md}. Not a test: it takes minutes. Seeds are fixed by a row's
 * own words, so each row can be computed again alone.
 */
public final class JudgeSimulation {
    static final Path PUBLISHED = Path.of("docs", "canary-judge.md");
    static final int ERROR_RUNS = 2000;
    static final int LATENCY_RUNS = 200;
    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final int INTERVALS = 120;
    private static final int OF_A_MINUTE = 4;
    private static final double[] RATIOS = {1, 2, 3, 5, 10};
    private static final double[] SHIFTS = {0, 50, 100, 200, 300};
    private static final int[] LOADS = {20, 200};
    private static final Triggers TRIGGERS = Series.minutes();
    private static final CanaryMetric ERRORS =
            new CanaryMetric("error ratio", "ratio", "more", 2, 0.001, 0, 0.01, true, "canary-metrics 1.0");

    private JudgeSimulation() {}

    /** @param arguments none */
    public static void main(String[] arguments) throws IOException {
        List<Supplier<String>> errors = new ArrayList<>();
        List<Supplier<String>> latencies = new ArrayList<>();
        for (Noise noise : Noise.values()) {
            for (int load : LOADS) {
                for (double ratio : RATIOS) {
                    errors.add(() -> errorRow(load, noise, ratio));
                }
                for (double shift : SHIFTS) {
                    latencies.add(() -> latencyRow(load, noise, shift));
                }
            }
        }
        String text = Files.readString(PUBLISHED);
        text = replaced(text, "errors", computed(errors));
        text = replaced(text, "latencies", computed(latencies));
        Files.writeString(PUBLISHED, text);
    }

    private static List<String> computed(List<Supplier<String>> rows) {
        return rows.parallelStream().map(Supplier::get).toList();
    }

    private static String replaced(String text, String table, List<String> rows) {
        String begin = "<!-- " + table + " -->\n";
        int from = text.indexOf(begin) + begin.length();
        int header = text.indexOf('\n', text.indexOf('\n', from) + 1) + 1;
        int to = text.indexOf("<!-- end -->", from);
        return text.substring(0, header)
                + rows.stream().collect(Collectors.joining("\n", "", "\n"))
                + text.substring(to);
    }

    /** How often of {@link #ERROR_RUNS} windows: rule 1; rule 3 at one look and at each; and after how long it does. */
    static String errorRow(int load, Noise noise, double ratio) {
        World world = new World(load, noise, 0.005, ratio, 0, 1, 0);
        SplittableRandom random = seeded("errors", load, noise, ratio);
        int absolute = 0;
        int once = 0;
        List<Long> minutes = new ArrayList<>();
        for (int run = 0; run < ERROR_RUNS; run++) {
            SimulatedStep step = new SimulatedStep(world, INTERVALS, false, random);
            absolute += ErrorTrigger.scan(step.candidate, TRIGGERS, START).breach() == null ? 0 : 1;
            Segment whole =
                    Segment.of(SimulatedStep.SHARE, step.candidate, step.baseline, START, TRIGGERS.latencyWindow());
            boolean matters = whole.candidateRate() - whole.baselineRate() >= ERRORS.minimumRate();
            once += matters && whole.logEvidence(ERRORS.tolerated()) >= -Math.log(ERRORS.alpha()) ? 1 : 0;
            ErrorEvidence each = ErrorEvidence.scan(
                    ERRORS,
                    List.of(),
                    SimulatedStep.SHARE,
                    step.candidate,
                    step.baseline,
                    START,
                    TRIGGERS.latencyWindow());
            if (each.breach() != null) {
                minutes.add(Duration.between(START, each.breach().at()).toSeconds());
            }
        }
        Collections.sort(minutes);
        return "| %d | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        load,
                        noise.words,
                        Words.figure(ratio),
                        percent(absolute, ERROR_RUNS),
                        percent(once, ERROR_RUNS),
                        percent(minutes.size(), ERROR_RUNS),
                        minutes.size() < ERROR_RUNS / 2
                                ? "–"
                                : String.format(Locale.ROOT, "%.1f min", minutes.get(ERROR_RUNS / 2 - 1) / 60.0));
    }

    /** How often of {@link #LATENCY_RUNS} steps: rule 1; rule 2 at the window's end, and if it were asked in each minute of the half hour after it. */
    static String latencyRow(int load, Noise noise, double shift) {
        World world = new World(load, noise, 0.005, 1, shift, 0, 0.1);
        SplittableRandom random = seeded("latencies", load, noise, shift);
        int absolute = 0;
        int onceAny = 0;
        int eachAny = 0;
        int once = 0;
        for (int run = 0; run < LATENCY_RUNS; run++) {
            SimulatedStep step = new SimulatedStep(world, shift == 0 ? 2 * INTERVALS : INTERVALS, true, random);
            absolute +=
                    LatencyTrigger.scan(step.candidate, step.baseline, null, TRIGGERS, START, START.plus(WINDOW), false)
                                            .breach()
                                    == null
                            ? 0
                            : 1;
            once += alarms(step, 50, 0) ? 1 : 0;
            boolean any = alarms(step, 0, 0);
            onceAny += any ? 1 : 0;
            for (int later = OF_A_MINUTE; shift == 0 && !any && later <= INTERVALS; later += OF_A_MINUTE) {
                any = alarms(step, 0, later);
            }
            eachAny += any ? 1 : 0;
        }
        return "| %d | %s | %s ms | %s | %s | %s | %s |"
                .formatted(
                        load,
                        noise.words,
                        Words.figure(shift),
                        percent(absolute, LATENCY_RUNS),
                        percent(once, LATENCY_RUNS),
                        percent(onceAny, LATENCY_RUNS),
                        shift == 0 ? percent(eachAny, LATENCY_RUNS) : "–");
    }

    private static boolean alarms(SimulatedStep step, double minimumShiftMs, int later) {
        CanaryMetric metric = new CanaryMetric(
                "latency p95", "ranks", "more", 1, 0, minimumShiftMs, 0.01, false, "canary-metrics 1.0");
        Instant from = START.plus(SimulatedStep.INTERVAL.multipliedBy(later));
        return RankLook.at(metric, step.candidate, step.baseline, from, WINDOW, TRIGGERS)
                        .outcome()
                == Outcome.FAIL;
    }

    private static SplittableRandom seeded(String table, int load, Noise noise, double change) {
        return new SplittableRandom((table + load + noise.words + change).hashCode());
    }

    private static String percent(int part, int all) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
    }
}
