package dev.countersign.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What starts and replaces the versions of the services when the platform's signed webhook says so. */
final class DeploymentSystem implements AutoCloseable {
    static final String SECRET = "deployments-0123456789abcdef0123456789";
    private final Map<String, TargetService> services;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    DeploymentSystem(Map<String, TargetService> services) throws IOException {
        this.services = services;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/deployments", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/deployments");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!isSigned(body, exchange.getRequestHeaders().getFirst("X-Countersign-Signature"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            JsonNode call = Api.JSON.readTree(body);
            TargetService service = services.get(call.path("service").asText());
            if (service == null || !does(service, call)) {
                exchange.sendResponseHeaders(422, -1);
                return;
            }
            Map<String, Object> status = new HashMap<>();
            status.put("stable", service.stableDigest());
            status.put("candidate", service.candidateDigest());
            byte[] answer = Api.JSON.writeValueAsBytes(status);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static boolean does(TargetService service, JsonNode call) throws IOException {
        String digest = call.path("digest").asText();
        switch (call.path("action").asText()) {
            case "status" -> {}
            case "deploy-candidate" -> service.deploy(digest);
            case "promote" -> service.promote(digest);
            case "withdraw-candidate" -> service.withdraw();
            case "redeploy-stable" -> service.redeploy(digest);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean isSigned(byte[] body, String signature) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String own = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
            return MessageDigest.isEqual(
                    own.getBytes(StandardCharsets.UTF_8),
                    String.valueOf(signature).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
