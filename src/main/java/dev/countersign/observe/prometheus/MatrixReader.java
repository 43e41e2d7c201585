package dev.countersign.observe.prometheus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what Prometheus answers to a range or instant query, and nothing that only looks like it: an error, a partial or doubted answer, a value that is no number, a
 * point that was not asked for each fail with a sentence of their own.
 */
final class MatrixReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final int WORDS = 200;
    private final Query query;
    private final boolean acceptInfos;

    MatrixReader(Query query, boolean acceptInfos) {
        this.query = query;
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
        String expected = query.isInstant() ? "vector" : "matrix";
        if (query.isInstant() && "scalar".equals(data.path("resultType").textValue())) {
            return new Matrix(List.of(scalar(data.path("result"))));
        }
        if (!expected.equals(data.path("resultType").textValue())
                || !data.path("result").isArray()) {
            throw new IOException("Prometheus answered no %s but %s"
                    .formatted(expected, data.path("resultType").asText("nothing")));
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

    private Matrix.Series scalar(JsonNode value) throws IOException {
        SortedMap<Instant, Double> points = new TreeMap<>();
        point(value, Map.of(), points);
        return new Matrix.Series(Map.of(), points, new TreeMap<>());
    }

    private Matrix.Series series(JsonNode series) throws IOException {
        List<JsonNode> values = members(series, "value");
        List<JsonNode> histograms = members(series, "histogram");
        if (!series.path("metric").isObject() || values.isEmpty() && histograms.isEmpty()) {
            throw new IOException("Prometheus answered a series without labels or values");
        }
        if (!values.isEmpty() && !histograms.isEmpty()) {
            throw new IOException("Prometheus answered numbers and native histograms in one series");
        }
        Map<String, String> labels = new TreeMap<>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        SortedMap<Instant, Double> points = new TreeMap<>();
        for (JsonNode value : values) {
            point(value, labels, points);
        }
        SortedMap<Instant, SortedMap<Double, Double>> buckets = new TreeMap<>();
        for (JsonNode histogram : histograms) {
            Instant at = time(histogram.path(0), buckets);
            buckets.put(at, NativeHistogram.read(histogram.path(1)));
        }
        return new Matrix.Series(labels, points, buckets);
    }

    /** {@code values} of a range, {@code value} of an instant. */
    private List<JsonNode> members(JsonNode series, String name) throws IOException {
        JsonNode found = series.path(query.isInstant() ? name : name + "s");
        if (found.isMissingNode()) {
            return List.of();
        }
        if (!found.isArray() || found.isEmpty()) {
            throw new IOException("Prometheus answered a series without labels or values");
        }
        if (query.isInstant()) {
            return List.of(found);
        }
        List<JsonNode> all = new ArrayList<>();
        found.forEach(all::add);
        return all;
    }

    private void point(JsonNode value, Map<String, String> labels, SortedMap<Instant, Double> points)
            throws IOException {
        Instant at = time(value.path(0), points);
        double number = number(value.path(1), labels);
        if (!Double.isNaN(number)) {
            points.put(at, number);
        }
    }

    private Instant time(JsonNode time, SortedMap<Instant, ?> before) throws IOException {
        if (!time.isNumber()) {
            throw new IOException("Prometheus answered a point without a time");
        }
        Instant at = Instant.ofEpochMilli(Math.round(time.doubleValue() * 1000));
        if (!query.asksFor(at) || !before.isEmpty() && !at.isAfter(before.lastKey())) {
            throw new IOException("Prometheus answered a point at %s, which was not asked for".formatted(at));
        }
        return at;
    }

    private double number(JsonNode value, Map<String, String> labels) throws IOException {
        String text = value.isTextual() ? value.textValue() : "nothing";
        if (query.kind() == Query.Kind.VALUE) {
            return value(text, labels);
        }
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException noNumber) {
            number = Double.NaN; // Prometheus writes +Inf and NaN as words; neither counts anything
        }
        if (!Double.isFinite(number) || number < 0) {
            throw new IOException("Prometheus answered %s for %s, which counts nothing"
                    .formatted(cut(value.asText()), cut(labels.toString())));
        }
        return number;
    }

    private static double value(String text, Map<String, String> labels) throws IOException {
        try {
            return switch (text) {
                case "+Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException noNumber) {
            throw new IOException(
                    "Prometheus answered %s for %s, which is no value".formatted(cut(text), cut(labels.toString())),
                    noNumber);
        }
    }

    private static String cut(String text) {
        return text.length() <= WORDS ? text : text.substring(0, WORDS) + "…";
    }
}
