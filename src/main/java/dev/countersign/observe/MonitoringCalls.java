package dev.countersign.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.api.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Asks a monitoring server that operators named: no redirects, a bounded answer, the whole of it in time. Anything else is an {@link IOException} that says why. */
public final class MonitoringCalls {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]+");
    private static final int WORDS = 200;
    private final String name;
    private final String base;
    private final Duration timeout;
    private final long maxResponse;
    private final HttpClient client;

    /** @param name of the server, as sentences say it */
    public MonitoringCalls(String name, URI url, Duration timeout, long maxResponse) {
        this.name = name;
        this.base = url.toString().endsWith("/") ? url.toString() : url + "/";
        this.timeout = timeout;
        this.maxResponse = maxResponse;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Whether a configured address is one: {@code http(s)://host[:port][/path]}, without a user, a query or a fragment. */
    public static boolean isAddress(URI url) {
        return Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                && url.getHost() != null
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null;
    }

    /** @param path below the server's address, its parts encoded */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout).header("Accept", "application/json");
    }

    /** A secret that stands in a file is read anew for each call. */
    public static String secret(String given, Path file) throws IOException {
        return file == null ? given : Files.readString(file).strip();
    }

    /** Who asks, where a token is configured. */
    public static void bearer(HttpRequest.Builder request, String given, Path file) throws IOException {
        header(request, "Authorization", bearer(given, file));
    }

    /** The whole header; null where no token is configured. */
    public static String bearer(String given, Path file) throws IOException {
        String token = secret(given, file);
        return token == null ? null : "Bearer " + token;
    }

    /** @param value null for none */
    public static void header(HttpRequest.Builder request, String name, String value) throws IOException {
        if (value == null) {
            return;
        }
        // Else the client would print a secret where it complains about the header.
        if (!VALUE.matcher(value).matches()) {
            throw new IOException("What is configured for the header %s is none".formatted(name));
        }
        request.header(name, value);
    }

    public JsonNode json(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, BoundedBody.of(maxResponse));
        try {
            HttpResponse<byte[]> response = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("%s answered %d: %s"
                        .formatted(
                                name,
                                response.statusCode(),
                                cut(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))));
            }
            return JSON.readTree(response.body());
        } catch (JsonProcessingException broken) {
            throw new IOException(name + " answered with something that is no JSON, or was cut off", broken);
        } catch (TimeoutException late) {
            throw new IOException("%s did not answer within %d ms".formatted(name, timeout.toMillis()), late);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof HttpTimeoutException) {
                throw new IOException("%s did not answer within %d ms".formatted(name, timeout.toMillis()), cause);
            }
            String words = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(name + " does not answer: " + words, cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for " + name, stopped);
        } finally {
            sent.cancel(true);
        }
    }

    private static String cut(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= WORDS ? line : line.substring(0, WORDS) + "…";
    }
}
