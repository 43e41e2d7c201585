package dev.countersign.rollout.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An Unleash of its own, as npm packages it, on a PostgreSQL of its own. */
final class RealUnleash implements AutoCloseable {
    static final String INSTALL = "npm install --prefix target/unleash unleash-server@8.2.0, and node";
    static final String ADMIN_TOKEN = "*:*.admin-token-of-a-test";
    static final String CLIENT_TOKEN = "default:production.backend-token-of-a-test";
    private static final String USERS_TOKEN = "default:production.frontend-token-of-a-test";
    private static final Path SERVER = Path.of(
                    Objects.requireNonNullElse(System.getenv("UNLEASH_HOME"), "target/unleash"))
            .resolve("node_modules/unleash-server/dist/server.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final EmbeddedPostgres database;
    private final ProcessBuilder start;
    private final int port;
    private Process process;

    RealUnleash(Path folder) throws IOException {
        database = EmbeddedPostgres.builder().start();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start = new ProcessBuilder("node", SERVER.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("unleash.log").toFile()));
        start.environment()
                .putAll(Map.ofEntries(
                        Map.entry("HTTP_HOST", "127.0.0.1"),
                        Map.entry("HTTP_PORT", String.valueOf(port)),
                        Map.entry("DATABASE_HOST", "127.0.0.1"),
                        Map.entry("DATABASE_PORT", String.valueOf(database.getPort())),
                        Map.entry("DATABASE_NAME", "postgres"),
                        Map.entry("DATABASE_USERNAME", "postgres"),
                        Map.entry("DATABASE_PASSWORD", "postgres"),
                        Map.entry("DATABASE_SSL", "false"),
                        Map.entry("TZ", "UTC"),
                        Map.entry("CHECK_VERSION", "false"),
                        Map.entry("SEND_TELEMETRY", "false"),
                        Map.entry("INIT_FRONTEND_API_TOKENS", USERS_TOKEN),
                        Map.entry("INIT_ADMIN_API_TOKENS", ADMIN_TOKEN),
                        Map.entry("INIT_BACKEND_API_TOKENS", CLIENT_TOKEN)));
        up();
    }

    /** It, and not its database. */
    void up() throws IOException {
        process = start.start();
        Awaitility.await("Unleash to be ready")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(this::isReady);
    }

    static boolean isInstalled() {
        if (!Files.isRegularFile(SERVER)) {
            return false;
        }
        return List.of(System.getenv("PATH").split(java.io.File.pathSeparator)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve("node")));
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("Unleash ended with " + process.exitValue());
        }
        try {
            return send("GET", "/health", null).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** A flag as a developer makes one. */
    void flag(String name) throws IOException {
        admin(
                "POST",
                "/api/admin/projects/default/features",
                "{\"name\": \"%s\", \"type\": \"release\"}".formatted(name));
    }

    static String environment(String flag) {
        return "/api/admin/projects/default/features/%s/environments/production".formatted(flag);
    }

    /** For whom of so many users it turns a flag on, as it tells their pages. */
    Set<Integer> usersWith(String flag, int users) throws IOException {
        Set<Integer> with = new TreeSet<>();
        for (int user = 0; user < users; user++) {
            HttpResponse<String> answer = send("GET", "/api/frontend?userId=" + user, null, USERS_TOKEN);
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            for (JsonNode told : JSON.readTree(answer.body()).path("toggles")) {
                if (told.path("name").asText().equals(flag)
                        && told.path("enabled").asBoolean()) {
                    with.add(user);
                }
            }
        }
        return with;
    }

    JsonNode admin(String method, String path, String body) throws IOException {
        HttpResponse<String> answer = send(method, path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body().isEmpty() ? null : JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException {
        return send(method, path, body, ADMIN_TOKEN);
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws IOException {
        try {
            return client.send(
                    HttpRequest.newBuilder(url().resolve(path))
                            .timeout(Duration.ofSeconds(10))
                            .header("Authorization", token)
                            .header("Content-Type", "application/json")
                            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    void down() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        down();
        database.close();
    }
}
