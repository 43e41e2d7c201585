package dev.countersign.observe;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A real server from the Maven repository, as a process of its own on loopback; the build writes its class path down (pom.xml, servers-of-tests). */
public final class ServerOfTest implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("target", "servers-of-tests.classpath");
    private final Process process;
    private final URI url;

    private ServerOfTest(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** The whole server is one jar. */
    public static ServerOfTest zipkin(Path folder) throws IOException {
        int port = freePort();
        return started(
                folder,
                port,
                "/health",
                List.of(
                        "-Xmx256m",
                        "-jar",
                        classPath(jar -> jar.contains("zipkin-server")),
                        "--armeria.ports[0].ip=127.0.0.1",
                        "--armeria.ports[0].port=" + port,
                        "--armeria.ports[0].protocols[0]=http"));
    }

    public static ServerOfTest openSearch(Path folder) throws IOException {
        int port = freePort();
        return started(
                folder,
                port,
                "/_cluster/health?wait_for_status=green",
                List.of(
                        "-Xmx512m",
                        "-cp",
                        classPath(jar -> !jar.contains("zipkin-server")),
                        Path.of("src", "test", "servers", "OpenSearchNode.java").toString(),
                        folder.toAbsolutePath().toString(),
                        String.valueOf(port),
                        String.valueOf(freePort())));
    }

    private static String classPath(Predicate<String> wanted) throws IOException {
        return Arrays.stream(Files.readString(CLASS_PATH).strip().split(java.io.File.pathSeparator))
                .filter(wanted)
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static ServerOfTest started(Path folder, int port, String ready, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(arguments);
        Path log = folder.resolve("server.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerOfTest server = new ServerOfTest(process, URI.create("http://127.0.0.1:" + port));
        Awaitility.await("The server is ready, see " + log)
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !process.isAlive() || server.isReady(ready));
        if (!process.isAlive()) {
            throw new IOException("The server did not start: " + Files.readString(log));
        }
        return server;
    }

    private boolean isReady(String path) throws IOException {
        try {
            return send("GET", path, null, "application/json").statusCode() == 200;
        } catch (java.net.ConnectException | java.net.http.HttpTimeoutException notYet) {
            return false;
        }
    }

    public URI url() {
        return url;
    }

    public HttpResponse<String> send(String method, String path, String body, String type) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", type)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
