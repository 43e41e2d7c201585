package dev.countersign.observe.loki;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.observe.Intervals;
import dev.countersign.observe.LogSource.Lines;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings series by level together as lines and errors. A service of whose lines none has a level is left out: nobody knows whether it failed. */
final class LokiAnswer {
    /** What Loki calls a level that it did not find out. */
    private static final Set<String> NO_LEVEL = Set.of("", "unknown");

    private final LokiProperties properties;
    private final Intervals intervals;
    private final Map<Of, long[]> counted = new HashMap<>();
    private final Set<String> levelled = new HashSet<>();

    LokiAnswer(LokiProperties properties, Intervals intervals) {
        this.properties = properties;
        this.intervals = intervals;
    }

    private record Of(String service, String version, Instant at) {}

    List<Lines> read(JsonNode answer) throws IOException {
        if (!"success".equals(answer.path("status").asText(""))
                || !"matrix".equals(answer.path("data").path("resultType").asText(""))
                || !answer.path("data").path("result").isArray()) {
            throw new IOException("Loki answered no counts");
        }
        if (!answer.path("warnings").isEmpty()) {
            throw new IOException("Loki's answer is not whole: "
                    + answer.path("warnings").path(0).asText("it does not say why"));
        }
        for (JsonNode series : answer.path("data").path("result")) {
            series(series);
        }
        if (levelled.isEmpty() && !counted.isEmpty()) {
            throw new IOException(
                    "Loki knows the level of no line: is '%s' its label?".formatted(properties.levelLabel()));
        }
        List<Lines> lines = new ArrayList<>();
        counted.forEach((of, counts) -> {
            if (levelled.contains(of.service())) {
                lines.add(new Lines(of.service(), of.version(), of.at(), intervals.length(), counts[0], counts[1]));
            }
        });
        lines.sort(Comparator.comparing(Lines::at).thenComparing(Lines::service).thenComparing(Lines::version));
        return List.copyOf(lines);
    }

    private void series(JsonNode series) throws IOException {
        JsonNode labels = series.path("metric");
        String service = labels.path(properties.serviceLabel()).asText("");
        String version = labels.path(properties.versionLabel()).asText("");
        String level = labels.path(properties.levelLabel()).asText("");
        if (!NO_LEVEL.contains(level)) {
            levelled.add(service);
        }
        for (JsonNode point : series.path("values")) {
            Instant end = Instant.ofEpochSecond(point.path(0).asLong());
            long count = count(point.path(1).asText(""));
            if (!end.isAfter(intervals.first()) || end.isAfter(intervals.last())) {
                throw new IOException("Loki answered for a time that it was not asked for");
            }
            long[] counts = counted.computeIfAbsent(
                    new Of(service, version.substring(version.lastIndexOf('@') + 1), end.minus(intervals.length())),
                    of -> new long[2]);
            counts[0] += count;
            counts[1] += properties.errorLevels().contains(level) ? count : 0;
        }
    }

    private static long count(String said) throws IOException {
        try {
            double count = Double.parseDouble(said);
            if (count >= 0 && count <= Long.MAX_VALUE) {
                return Math.round(count);
            }
        } catch (NumberFormatException none) {
            throw new IOException("Loki counted what is no number", none);
        }
        throw new IOException("Loki counted what is no number: " + said);
    }
}
