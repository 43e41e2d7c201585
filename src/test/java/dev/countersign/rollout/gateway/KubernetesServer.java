package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Keeps one HTTPRoute as the Kubernetes API is documented to: a resourceVersion with each change, a generation with each change of the spec, JSON patch with the
 * resourceVersion as a condition. Beside it a controller that reports on the route's parents.
 */
final class KubernetesServer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String PATH = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/checkout";
    static final int NEVER = Integer.MAX_VALUE;

    /** An answer instead of the server's own. Status 0 is silence; {@code afterwards} does what was asked and then answers so. */
    record Answer(int status, String body, Map<String, String> headers, boolean afterwards) {
        static Answer of(int status, String body, String... header) {
            return new Answer(status, body, header.length == 0 ? Map.of() : Map.of(header[0], header[1]), false);
        }
    }

    final List<String> calls = new ArrayList<>();
    final List<JsonNode> patches = new ArrayList<>();
    final Deque<Answer> answers = new ArrayDeque<>();
    String token = "first-token";
    /** What somebody else does right before a patch arrives. */
    Consumer<ObjectNode> inBetween;
    /** After how many reads the controllers have seen a change. */
    int lag;
    /** What they say of it, by type; the status, and a message after a blank. */
    final Map<String, String> conditions = new TreeMap<>(Map.of("Accepted", "True", "ResolvedRefs", "True"));

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ObjectNode route;
    private long version = 1000;
    private int unseen;

    KubernetesServer(String text) throws IOException {
        this(text, null);
    }

    KubernetesServer(String text, SSLContext tls) throws IOException {
        route = (ObjectNode) JSON.readTree(text);
        metadata().put("generation", 1).put("resourceVersion", "1000");
        report();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            server = HttpServer.create(any, 0);
        } else {
            HttpsServer secure = HttpsServer.create(any, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(
                "%s://127.0.0.1:%d".formatted(scheme, server.getAddress().getPort()));
    }

    synchronized ObjectNode route() {
        return route.deepCopy();
    }

    /** As somebody who edits the route does. */
    synchronized void edit(Consumer<ObjectNode> change) {
        JsonNode before = route.path("spec").deepCopy();
        change.accept(route);
        changed(before);
    }

    /** The controllers look again. */
    synchronized void report() {
        ArrayNode parents = JSON.createArrayNode();
        for (JsonNode ref : route.at("/spec/parentRefs")) {
            ObjectNode parent = parents.addObject();
            parent.set("parentRef", ref.deepCopy());
            parent.put("controllerName", "example.net/gateway-controller");
            ArrayNode list = parent.putArray("conditions");
            conditions.forEach((type, said) -> list.addObject()
                    .put("type", type)
                    .put("status", said.split(" ", 2)[0])
                    .put("observedGeneration", metadata().path("generation").asLong())
                    .put("lastTransitionTime", "2026-03-02T10:00:00Z")
                    .put("reason", "Told")
                    .put("message", said));
        }
        route.withObject("/status").set("parents", parents);
        metadata().put("resourceVersion", String.valueOf(++version));
    }

    long patchesSent() {
        synchronized (this) {
            return calls.stream().filter(call -> call.startsWith("PATCH")).count();
        }
    }

    private ObjectNode metadata() {
        return (ObjectNode) route.path("metadata");
    }

    private void changed(JsonNode specBefore) {
        metadata().put("resourceVersion", String.valueOf(++version));
        if (!route.path("spec").equals(specBefore)) {
            metadata().put("generation", metadata().path("generation").asLong() + 1);
            unseen = lag;
            if (unseen == 0) {
                report();
            }
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer;
            synchronized (this) {
                calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                answer = answers.poll();
                if (answer == null) {
                    answer = own(exchange, body);
                } else if (answer.afterwards()) {
                    own(exchange, body);
                }
            }
            if (answer.status() == 0) {
                closed.await();
                return;
            }
            byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer own(HttpExchange exchange, byte[] body) throws IOException {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return failure(401, "Unauthorized", "Unauthorized");
        }
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            return Answer.of(404, "404 page not found\n");
        }
        if (exchange.getRequestMethod().equals("GET")) {
            if (unseen > 0 && unseen != NEVER && --unseen == 0) {
                report();
            }
            return Answer.of(200, JSON.writeValueAsString(route));
        }
        if (!exchange.getRequestMethod().equals("PATCH")
                || !"application/json-patch+json"
                        .equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            return failure(415, "UnsupportedMediaType", "not a JSON patch");
        }
        if (inBetween != null) {
            edit(inBetween);
        }
        return patch(JSON.readTree(body));
    }

    private Answer patch(JsonNode patch) throws IOException {
        patches.add(patch);
        ObjectNode changed = route.deepCopy();
        for (JsonNode operation : patch) {
            String path = operation.path("path").asText();
            JsonNode parent = changed.at(path.substring(0, path.lastIndexOf('/')));
            String name = path.substring(path.lastIndexOf('/') + 1);
            boolean replace = operation.path("op").asText().equals("replace");
            if (!(parent instanceof ObjectNode there) || replace && !there.has(name)) {
                return failure(422, "Invalid", "the server rejected our request due to an error in our request");
            }
            there.set(name, operation.path("value"));
        }
        String expected = changed.at("/metadata/resourceVersion").asText();
        if (!expected.equals(metadata().path("resourceVersion").asText())) {
            return failure(
                    409, "Conflict", "the object has been modified; please apply your changes to the latest version");
        }
        JsonNode before = route.path("spec").deepCopy();
        route.set("spec", changed.path("spec"));
        changed(before);
        return Answer.of(200, JSON.writeValueAsString(route));
    }

    static Answer failure(int code, String reason, String message) {
        try {
            ObjectNode status = JSON.createObjectNode();
            status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
            status.put("message", message).put("reason", reason).put("code", code);
            status.putObject("details").put("name", "checkout").put("kind", "httproutes");
            return Answer.of(code, JSON.writeValueAsString(status));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
