package dev.countersign.observe.prometheus;

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

/** A Prometheus server of its own, as the distribution packages it, on loopback and with the data that a test gives it. */
public final class RealPrometheus implements AutoCloseable {
    private final Path folder;
    private final int port;
    private Process process;

    public RealPrometheus(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    public static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .map(Path::of)
                .anyMatch(place -> Files.isExecutable(place.resolve("prometheus"))
                        && Files.isExecutable(place.resolve("promtool")));
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** @param openMetrics what it shall have scraped */
    void backfill(String openMetrics) throws IOException {
        Path text = folder.resolve("metrics.txt");
        Files.writeString(text, openMetrics);
        Path log = folder.resolve("promtool.log");
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        // Blocks of two hours would take a minute for weeks of data.
                        "--max-block-duration=360h",
                        text.toString(),
                        folder.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!ended(promtool, 30) || promtool.exitValue() != 0) {
            throw new IOException("promtool refuses the data: " + Files.readString(log));
        }
    }

    void start() throws IOException {
        start("global: {scrape_interval: 1s}\n");
    }

    /** Also once more after it was stopped, on the same address and data. */
    public void start(String prometheusYml) throws IOException {
        Path configuration = folder.resolve("prometheus.yml");
        Files.writeString(configuration, prometheusYml);
        Path log = folder.resolve("prometheus.log");
        process = new ProcessBuilder(List.of(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--storage.tsdb.retention.time=400d",
                        "--enable-feature=native-histograms",
                        "--web.enable-remote-write-receiver",
                        "--web.listen-address=127.0.0.1:" + port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Awaitility.await("Prometheus is ready, see " + log)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !process.isAlive() || isReady());
        if (!process.isAlive()) {
            throw new IOException("Prometheus did not start: " + Files.readString(log));
        }
    }

    private boolean isReady() {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(url().resolve("/-/ready"))
                                            .timeout(Duration.ofSeconds(1))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void stop() throws IOException {
        process.destroy();
        if (!ended(process, 20)) {
            process.destroyForcibly();
        }
    }

    private static boolean ended(Process process, int seconds) throws IOException {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null && process.isAlive()) {
            stop();
        }
    }
}
