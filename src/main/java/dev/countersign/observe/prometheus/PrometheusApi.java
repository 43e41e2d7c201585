package dev.countersign.observe.prometheus;

import dev.countersign.api.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Queries, all of a batch at once, each once. What is not a whole, undoubted answer in time is an {@link IOException} that says why. */
class PrometheusApi {
    private final PrometheusProperties properties;
    private final URI rangeQuery;
    private final URI instantQuery;
    private final HttpClient client;

    PrometheusApi(PrometheusProperties properties) {
        this.properties = properties;
        String base = properties.url().toString();
        this.rangeQuery = URI.create((base.endsWith("/") ? base : base + "/") + "api/v1/query_range");
        this.instantQuery = URI.create((base.endsWith("/") ? base : base + "/") + "api/v1/query");
        this.client = HttpClient.newBuilder()
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** @param trouble why there is no answer; null where there is one */
    record Answer(Matrix matrix, IOException trouble) {
        Matrix get() throws IOException {
            if (trouble != null) {
                throw new IOException(trouble.getMessage(), trouble);
            }
            return matrix;
        }
    }

    /** One answer to each query. One that fails does not hide the others; without an answer to any the server counts as down. */
    Map<Query, Answer> ask(List<Query> queries) throws IOException {
        return ask(
                queries,
                System.nanoTime() + properties.timeout().toNanos(),
                properties.maxResponse().toBytes());
    }

    /**
     * @param deadline by {@link System#nanoTime()}; what cannot be asked before it is not answered
     * @param most bytes of an answer
     */
    Map<Query, Answer> ask(List<Query> queries, long deadline, long most) throws IOException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.toMillis() <= 0) {
            return queries.stream().distinct().collect(Collectors.toMap(query -> query, query -> late(null)));
        }
        Map<Query, CompletableFuture<HttpResponse<byte[]>>> sent = new LinkedHashMap<>();
        for (Query query : queries) {
            if (!sent.containsKey(query)) {
                sent.put(
                        query,
                        client.sendAsync(
                                request(query, left),
                                BoundedBody.of(
                                        Math.min(most, properties.maxResponse().toBytes()))));
            }
        }
        try {
            Map<Query, Answer> answers = new LinkedHashMap<>();
            for (Map.Entry<Query, CompletableFuture<HttpResponse<byte[]>>> each : sent.entrySet()) {
                answers.put(each.getKey(), answer(each.getKey(), each.getValue(), deadline));
            }
            return answers;
        } finally {
            sent.values().forEach(each -> each.cancel(true));
        }
    }

    /** @param first when the first point is evaluated, @param last the last one, a whole number of intervals later */
    List<Matrix> range(List<String> queries, Instant first, Instant last) throws IOException {
        return range(queries, first, last, properties.interval());
    }

    /** @param last a whole number of steps after the first */
    List<Matrix> range(List<String> queries, Instant first, Instant last, Duration step) throws IOException {
        List<Query> ranges = queries.stream()
                .map(query -> Query.range(query, first, last, step, Query.Kind.COUNT))
                .toList();
        Map<Query, Answer> answers = ask(ranges);
        List<Matrix> matrices = new ArrayList<>();
        for (Query query : ranges) {
            matrices.add(answers.get(query).get());
        }
        return matrices;
    }

    private Answer answer(Query query, CompletableFuture<HttpResponse<byte[]>> sent, long deadline) throws IOException {
        try {
            HttpResponse<byte[]> response = sent.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new Answer(
                    new MatrixReader(query, properties.acceptInfos()).read(response.statusCode(), response.body()),
                    null);
        } catch (TimeoutException late) {
            return late(late);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            return new Answer(null, new IOException("Prometheus does not answer: " + words(cause), cause));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for Prometheus", stopped);
        } catch (IOException refused) {
            return new Answer(null, refused);
        }
    }

    private Answer late(TimeoutException late) {
        return new Answer(
                null,
                new IOException(
                        "Prometheus did not answer within %d ms"
                                .formatted(properties.timeout().toMillis()),
                        late));
    }

    private HttpRequest request(Query query, Duration left) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", query.promql());
        if (query.isInstant()) {
            form.put("time", seconds(query.first()));
        } else {
            form.put("start", seconds(query.first()));
            form.put("end", seconds(query.last()));
            form.put("step", seconds(query.step()));
        }
        form.put("timeout", left.toMillis() + "ms");
        HttpRequest.Builder request = HttpRequest.newBuilder(query.isInstant() ? instantQuery : rangeQuery)
                .timeout(left)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        String token = token();
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private String token() throws IOException {
        if (properties.bearerTokenFile() == null) {
            return properties.bearerToken();
        }
        return Files.readString(properties.bearerTokenFile()).strip();
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String seconds(Instant at) {
        return "%d.%03d".formatted(at.getEpochSecond(), at.getNano() / 1_000_000);
    }

    private static String seconds(Duration step) {
        return "%d.%03d".formatted(step.toSeconds(), step.toMillisPart());
    }
}
