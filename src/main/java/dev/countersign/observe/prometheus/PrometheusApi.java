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

/** Range queries, all of a batch at once. What is not a whole, undoubted answer in time is an {@link IOException} that says why. */
class PrometheusApi {
    private final PrometheusProperties properties;
    private final URI rangeQuery;
    private final HttpClient client;

    PrometheusApi(PrometheusProperties properties) {
        this.properties = properties;
        String base = properties.url().toString();
        this.rangeQuery = URI.create((base.endsWith("/") ? base : base + "/") + "api/v1/query_range");
        this.client = HttpClient.newBuilder()
                .connectTimeout(properties.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** @param first when the first point is evaluated, @param last the last one, a whole number of intervals later */
    List<Matrix> range(List<String> queries, Instant first, Instant last) throws IOException {
        List<CompletableFuture<HttpResponse<byte[]>>> sent = new ArrayList<>();
        for (String query : queries) {
            sent.add(client.sendAsync(
                    request(query, first, last),
                    BoundedBody.of(properties.maxResponse().toBytes())));
        }
        try {
            long deadline = System.nanoTime() + properties.timeout().toNanos();
            List<Matrix> answers = new ArrayList<>();
            for (CompletableFuture<HttpResponse<byte[]>> each : sent) {
                HttpResponse<byte[]> response =
                        each.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                answers.add(new MatrixReader(first, last, properties.interval(), properties.acceptInfos())
                        .read(response.statusCode(), response.body()));
            }
            return answers;
        } catch (TimeoutException late) {
            throw new IOException(
                    "Prometheus did not answer within %d ms"
                            .formatted(properties.timeout().toMillis()),
                    late);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new IOException("Prometheus does not answer: " + words(cause), cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for Prometheus", stopped);
        } finally {
            sent.forEach(each -> each.cancel(true));
        }
    }

    private HttpRequest request(String query, Instant first, Instant last) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", query);
        form.put("start", seconds(first));
        form.put("end", seconds(last));
        form.put(
                "step",
                "%d.%03d"
                        .formatted(
                                properties.interval().toSeconds(),
                                properties.interval().toMillisPart()));
        form.put("timeout", properties.timeout().toMillis() + "ms");
        HttpRequest.Builder request = HttpRequest.newBuilder(rangeQuery)
                .timeout(properties.timeout())
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
}
