package dev.countersign.observe;

import dev.countersign.Statements.Count;
import dev.countersign.fleet.Fleet;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures what one look at many running rollouts costs, and how many rows a rollout leaves. A program, no test: docs/performance.md names the command and what came
 * out.
 */
final class TickFigures {
    private static final Duration LOOKED = Duration.ofMinutes(3);
    private static final int SIZE = 200;

    private TickFigures() {}

    /** @param queries that Prometheus answered meanwhile */
    private record Look(long milliseconds, long queries, Count sql, long samples) {}

    public static void main(String... args) throws Exception {
        int code = 0;
        int size = args.length == 0 ? SIZE : Integer.parseInt(args[0]);
        try (Fleet fleet = new Fleet(size)) {
            // The scheduler's own look comes once; all others are ours.
            fleet.start("--countersign.observe.tick=PT12H");
            Map<String, Long> before = fleet.rows();
            fleet.open();
            Map<String, Long> opened = fleet.rows();
            fleet.rollOut();
            Map<String, Long> rolling = fleet.rows();
            rows("opened", before, opened, size);
            rows("brought to its first step", opened, rolling, size);
            List<Look> looks = look(fleet);
            Map<String, Long> watched = fleet.rows();
            say("the first look", looks.subList(0, 1));
            say(
                    "looks that found a new measurement",
                    looks.stream().skip(1).filter(each -> each.samples() > 0).toList());
            say(
                    "looks that found none",
                    looks.stream().skip(1).filter(each -> each.samples() == 0).toList());
            rows("watched for " + LOOKED, rolling, watched, size);
        } catch (Exception failed) {
            failed.printStackTrace();
            code = 1;
        }
        System.exit(code);
    }

    private static List<Look> look(Fleet fleet) throws Exception {
        ObservationTick tick = fleet.application().getBean(ObservationTick.class);
        List<Look> looks = new ArrayList<>();
        Instant end = Instant.now().plus(LOOKED);
        while (Instant.now().isBefore(end)) {
            Map<String, Count> before = new HashMap<>(fleet.statements().byTable());
            long queries = fleet.servers().queries();
            fleet.statements().on();
            long began = System.nanoTime();
            tick.look();
            long took = System.nanoTime() - began;
            fleet.statements().off();
            Count sql = difference(before, fleet.statements().byTable(), "");
            long samples = difference(before, fleet.statements().byTable(), "observation_sample")
                    .insertedRows();
            looks.add(new Look(
                    TimeUnit.NANOSECONDS.toMillis(took), fleet.servers().queries() - queries, sql, samples));
            TimeUnit.MILLISECONDS.sleep(Math.max(0, 1000 - TimeUnit.NANOSECONDS.toMillis(took)));
        }
        return looks;
    }

    private static Count difference(Map<String, Count> before, Map<String, Count> after, String table) {
        long statements = 0;
        long calls = 0;
        long rows = 0;
        for (Map.Entry<String, Count> each : after.entrySet()) {
            if (table.isEmpty() || table.equals(each.getKey())) {
                Count was = before.getOrDefault(each.getKey(), new Count(0, 0, 0));
                statements += each.getValue().statements() - was.statements();
                calls += each.getValue().calls() - was.calls();
                rows += each.getValue().insertedRows() - was.insertedRows();
            }
        }
        return new Count(statements, calls, rows);
    }

    private static void say(String what, List<Look> looks) {
        if (looks.isEmpty()) {
            System.out.println(what + ": none");
            return;
        }
        List<Long> times = looks.stream().map(Look::milliseconds).sorted().toList();
        Look middle = looks.get(looks.size() / 2);
        System.out.printf(
                Locale.ROOT,
                "%s: n %d, median %d ms, max %d ms; one in the middle: %d queries, %d statements in %d calls, %d samples; load %.1f%n",
                what,
                looks.size(),
                times.get(times.size() / 2),
                times.get(times.size() - 1),
                middle.queries(),
                middle.sql().statements(),
                middle.sql().calls(),
                middle.samples(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static void rows(String what, Map<String, Long> before, Map<String, Long> after, int size) {
        Map<String, Double> more = new TreeMap<>();
        double engine = 0;
        double all = 0;
        for (Map.Entry<String, Long> table : after.entrySet()) {
            double each = (table.getValue() - before.getOrDefault(table.getKey(), 0L)) / (double) size;
            if (each != 0) {
                more.put(table.getKey(), each);
                all += each;
                engine += table.getKey().startsWith("act_") ? each : 0;
            }
        }
        System.out.printf(Locale.ROOT, "Rows of a rollout, %s: %.1f, of them the engine's %.1f%n", what, all, engine);
        more.forEach((table, rows) -> System.out.printf(Locale.ROOT, "  %s %.1f%n", table, rows));
    }
}
