package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox's router: an HTTP proxy on loopback that sends {@code /{service}/…} to the service's stable version or candidate by
 * weight, counts what it sent where, and reports weight and counters at {@code /router/{service}}.
 */
final class SplittingProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SplittingProxy.class);
    private static final Duration UPSTREAM = Duration.ofSeconds(12);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConcurrentMap<String, Split> splits = new ConcurrentHashMap<>();
    private final HttpClient client;
    private final HttpServer server;

    SplittingProxy(HttpClient client, ScheduledExecutorService work) throws IOException {
        this.client = client;
        this.server = Loopback.server();
        server.setExecutor(work);
        server.createContext("/router/", this::report);
        server.createContext("/", this::forward);
        server.start();
    }

    Split split(String service) {
        return splits.computeIfAbsent(service, name -> new Split());
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void report(HttpExchange exchange) throws IOException {
        Split split = splits.get(exchange.getRequestURI().getPath().substring("/router/".length()));
        if (split == null) {
            Loopback.answer(exchange, 404, new byte[0]);
        } else {
            Loopback.answer(
                    exchange, 200, JSON.writeValueAsBytes(Map.of("share", split.share(), "sent", split.sent())));
        }
    }

    private void forward(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        int slash = path.indexOf('/', 1);
        Split split = slash < 0 ? null : splits.get(path.substring(1, slash));
        Split.Upstream upstream = split == null ? null : split.next();
        if (upstream == null) {
            Loopback.answer(exchange, 503, new byte[0]);
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + upstream.port() + path.substring(slash)))
                .timeout(UPSTREAM)
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()))
                .build();
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((response, failure) -> pass(exchange, upstream, response, failure));
    }

    private void pass(
            HttpExchange exchange, Split.Upstream upstream, HttpResponse<byte[]> response, Throwable failure) {
        // A version that does not answer has failed the request too: the router says which one it was.
        exchange.getResponseHeaders().set(TargetVersion.DIGEST_HEADER, upstream.digest());
        try {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
                Loopback.answer(exchange, cause instanceof HttpTimeoutException ? 504 : 502, new byte[0]);
            } else {
                response.headers().firstValue("Content-Type").ifPresent(type -> exchange.getResponseHeaders()
                        .set("Content-Type", type));
                Loopback.answer(exchange, response.statusCode(), response.body());
            }
        } catch (IOException clientGone) {
            LOG.debug("The caller of {} did not wait for the answer", exchange.getRequestURI(), clientGone);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
