package dev.countersign.observe.prometheus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what Prometheus answers to a range query, and nothing that only looks like it: an error, a partial or doubted answer, a value that is no number, a point that
 * was not asked for each fail with a sentence of their own.
 */
final class MatrixReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final int WORDS = 200;
    private final Instant first;
    private final Instant last;
    private final Duration step;
    private final boolean acceptInfos;

    MatrixReader(Instant first, Instant last, Duration step, boolean acceptInfos) {
        this.first = first;
        this.last = last;
        this.step = step;
        this.acceptInfos = acceptInfos;
    }

    Matrix read(int status, byte[] body) throws IOException {
        JsonNode answer = parse(status, body);
        if (status != 200 || !"success".equals(answer.path("status").textValue())) {
            throw new IOException("Prometheus answered %d: %s %s"
                    .formatted(
                            status,
                            answer.path("errorType").asText("no error type"),
                            cut(answer.path("error").asText(""))));
        }
        refuse(answer.path("warnings"), "Prometheus warns that its answer is not whole: ");
        if (!acceptInfos) {
            refuse(answer.path("infos"), "Prometheus doubts the query: ");
        }
        JsonNode data = answer.path("data");
        if (!"matrix".equals(data.path("resultType").textValue())
                || !data.path("result").isArray()) {
            throw new IOException("Prometheus answered no matrix but "
                    + data.path("resultType").asText("nothing"));
        }
        List<Matrix.Series> series = new ArrayList<>();
        for (JsonNode each : data.path("result")) {
            series.add(series(each));
        }
        return new Matrix(series);
    }

    private static JsonNode parse(int status, byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException broken) {
            throw new IOException(
                    "Prometheus answered %d with something that is no JSON, or was cut off".formatted(status), broken);
        }
    }

    private static void refuse(JsonNode notes, String because) throws IOException {
        if (!notes.isMissingNode() && !notes.isNull() && !notes.isEmpty()) {
            throw new IOException(because + cut(notes.toString()));
        }
    }

    private Matrix.Series series(JsonNode series) throws IOException {
        if (series.has("histograms")) {
            throw new IOException("Prometheus answered a native histogram; the query must ask for a classic one");
        }
        JsonNode values = series.path("values");
        if (!series.path("metric").isObject() || !values.isArray() || values.isEmpty()) {
            throw new IOException("Prometheus answered a series without labels or values");
        }
        Map<String, String> labels = new TreeMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        SortedMap<Instant, Double> points = new TreeMap<>();
        for (JsonNode value : values) {
            points.put(time(value.path(0), points), number(value.path(1), labels));
        }
        return new Matrix.Series(labels, points);
    }

    private Instant time(JsonNode time, SortedMap<Instant, Double> before) throws IOException {
        if (!time.isNumber()) {
            throw new IOException("Prometheus answered a point without a time");
        }
        Instant at = Instant.ofEpochMilli(Math.round(time.doubleValue() * 1000));
        boolean onGrid = !at.isBefore(first)
                && !at.isAfter(last)
                && Duration.between(first, at).toMillis() % step.toMillis() == 0;
        if (!onGrid || !before.isEmpty() && !at.isAfter(before.lastKey())) {
            throw new IOException("Prometheus answered a point at %s, which was not asked for".formatted(at));
        }
        return at;
    }

    private static double number(JsonNode value, Map<String, String> labels) throws IOException {
        double number;
        try {
            number = Double.parseDouble(value.isTextual() ? value.textValue() : "nothing");
        } catch (NumberFormatException noNumber) {
            number = Double.NaN; // Prometheus writes +Inf and NaN as words; neither counts anything
        }
        if (!Double.isFinite(number) || number < 0) {
            throw new IOException("Prometheus answered %s for %s, which counts nothing"
                    .formatted(cut(value.asText()), cut(labels.toString())));
        }
        return number;
    }

    private static String cut(String text) {
        return text.length() <= WORDS ? text : text.substring(0, WORDS) + "…";
    }
}
