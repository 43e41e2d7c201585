package dev.countersign.evidence;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A system that answers what a test says, over a real connection. */
public final class VendorServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    /** Path, query and {@code Authorization} of each call. */
    public final List<String> calls = new CopyOnWriteArrayList<>();
    /** What was sent with each call. */
    public final List<String> bodies = new CopyOnWriteArrayList<>();
    /** Keys of each call that stand in a header of their own. */
    public final List<String> keys = new CopyOnWriteArrayList<>();
    /** Whether answers end before they say that they do. */
    public volatile boolean cutOff;

    public record Reply(int status, Map<String, String> headers, byte[] body) {}

    public VendorServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "vendor");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** @param path with its query, or without: then every query is answered so */
    public VendorServer json(String path, String body) {
        return reply(path, 200, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    public VendorServer reply(String path, int status, Map<String, String> headers, byte[] body) {
        replies.put(path, new Reply(status, headers, body));
        return this;
    }

    public void forget() {
        replies.clear();
        cutOff = false;
        calls.clear();
    }

    public static byte[] zip(Map<String, byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String whole = exchange.getRequestURI().toString();
        calls.add(whole + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Api-Key")));
        Reply reply = replies.getOrDefault(
                whole,
                replies.getOrDefault(
                        exchange.getRequestURI().getRawPath(),
                        new Reply(404, Map.of(), "{}".getBytes(StandardCharsets.UTF_8))));
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if (cutOff) {
            exchange.sendResponseHeaders(reply.status(), reply.body().length + 10L);
            exchange.getResponseBody().write(reply.body());
            exchange.getResponseBody().flush();
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        exchange.getResponseBody().write(reply.body());
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
