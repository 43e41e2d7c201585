package dev.countersign.rollout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An Alertmanager of its own, as the distribution packages it, that posts to one address. */
public final class RealAlertmanager implements AutoCloseable {
    private static final String NAME = "prometheus-alertmanager";
    private final Process process;
    private final URI url;

    public RealAlertmanager(Path folder, URI webhook, String secret) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        url = URI.create("http://127.0.0.1:" + port);
        Path configuration = folder.resolve("alertmanager.yml");
        Files.writeString(
                configuration,
                """
                route: {receiver: countersign, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1m}
                receivers:
                  - name: countersign
                    webhook_configs:
                      - url: %s
                        send_resolved: true
                        http_config: {authorization: {credentials: %s}}
                """
                        .formatted(webhook, secret));
        Path log = folder.resolve("alertmanager.log");
        process = new ProcessBuilder(List.of(
                        NAME,
                        "--config.file=" + configuration,
                        "--storage.path=" + folder.resolve("alertmanager"),
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:" + port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Awaitility.await("Alertmanager is ready, see " + log)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || send("GET", "/-/ready", "") == 200);
        if (!process.isAlive()) {
            throw new IOException("Alertmanager did not start: " + Files.readString(log));
        }
    }

    public static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(NAME)));
    }

    public URI url() {
        return url;
    }

    /** @param alerts in the form of its API, version 2 */
    void post(String alerts) {
        if (send("POST", "/api/v2/alerts", alerts) != 200) {
            throw new IllegalStateException("Alertmanager refuses " + alerts);
        }
    }

    private int send(String method, String path, String body) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(url.resolve(path))
                                    .timeout(Duration.ofSeconds(5))
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notYet) {
            return 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
