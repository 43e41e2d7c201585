package dev.countersign.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The packaged jar as a process of its own, on a free port, with a database that survives it. */
final class Platform implements AutoCloseable {
    private final Path data;
    private final List<String> arguments;
    private final int port;
    private String heap = "-Xmx768m";
    private List<String> machine = List.of();
    private Process process;

    Platform(Path data, String... arguments) throws IOException {
        this.data = data;
        this.arguments = List.of(arguments);
        this.port = Ports.free();
    }

    /** Before it starts. */
    Platform heap(int megabytes) {
        heap = "-Xmx" + megabytes + "m";
        return this;
    }

    /** Before it starts: ready sooner on a machine that has much else to do. */
    Platform quick() {
        machine = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        return this;
    }

    long pid() {
        return process.pid();
    }

    Platform start() throws IOException {
        String jar = System.getProperty("countersign.jar");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap));
        command.addAll(machine);
        command.addAll(List.of(
                "-jar",
                jar,
                "--server.port=" + port,
                "--countersign.data=" + data,
                "--countersign.base-url=" + url("")));
        command.addAll(arguments);
        Files.createDirectories(data);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("platform.log").toFile()))
                .start();
        Awaitility.await("the platform starts, see " + data.resolve("platform.log"))
                .atMost(Duration.ofMinutes(6))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> !process.isAlive() || isReady());
        if (!process.isAlive()) {
            throw new IOException("The platform did not start:\n" + tail());
        }
        return this;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** As a power failure ends it. */
    void killHard() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    private boolean isReady() {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url("/actuator/health/readiness")))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What it wrote last. */
    String tail() throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("platform.log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
