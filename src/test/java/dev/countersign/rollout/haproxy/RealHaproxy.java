package dev.countersign.rollout.haproxy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A HAProxy of its own, as the distribution packages it, before a stable and a candidate server that say their names. */
final class RealHaproxy implements AutoCloseable {
    private final Path folder;
    private final HttpServer stable = server("stable");
    private final HttpServer candidate = server("candidate");
    private final int port = freePort();
    private final int adminPort = freePort();
    private Process process;

    RealHaproxy(Path folder) throws IOException {
        this.folder = folder;
    }

    static boolean isInstalled() {
        return executable() != null;
    }

    private static Path executable() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place).resolve("haproxy"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    String socket() {
        return folder.resolve("admin.sock").toString();
    }

    String tcpSocket() {
        return "127.0.0.1:" + adminPort;
    }

    RealHaproxy start() throws IOException {
        Path configuration = folder.resolve("haproxy.cfg");
        Files.writeString(
                configuration,
                """
                global
                  stats socket %s mode 600 level admin
                  stats socket ipv4@127.0.0.1:%d level admin
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 5s
                  timeout server 5s
                  timeout check 5s
                frontend shop
                  bind 127.0.0.1:%d
                  default_backend shop
                backend shop
                  balance roundrobin
                  cookie SERVER insert indirect nocache
                  option httpchk GET /
                  server stable 127.0.0.1:%d cookie stable check inter 100ms
                  server candidate 127.0.0.1:%d cookie candidate check inter 100ms weight 0
                backend fixed
                  balance static-rr
                  server stable 127.0.0.1:%d
                  server candidate 127.0.0.1:%d
                """
                        .formatted(
                                socket(),
                                adminPort,
                                port,
                                stable.getAddress().getPort(),
                                candidate.getAddress().getPort(),
                                stable.getAddress().getPort(),
                                candidate.getAddress().getPort()));
        Path log = folder.resolve("haproxy.log");
        process = new ProcessBuilder(List.of(executable().toString(), "-db", "-f", configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Awaitility.await("HAProxy answers, see " + log)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || answers());
        if (!process.isAlive()) {
            throw new IOException("HAProxy did not start: " + Files.readString(log));
        }
        return this;
    }

    private boolean answers() {
        try {
            return !new RuntimeApi(socket(), Duration.ofSeconds(1))
                    .ask("show info")
                    .isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** How many of so many requests each server answered. @param cookie that binds the client to a server, or null */
    Map<String, Integer> send(int requests, String cookie) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        Map<String, Integer> answered = new HashMap<>();
        for (int index = 0; index < requests; index++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                    .timeout(Duration.ofSeconds(5));
            if (cookie != null) {
                request.header("Cookie", "SERVER=" + cookie);
            }
            answered.merge(
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .headers()
                            .firstValue("X-Server")
                            .orElse("nobody"),
                    1,
                    Integer::sum);
        }
        return answered;
    }

    /** The candidate's process dies. */
    void killCandidate() {
        candidate.stop(0);
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            stop();
        }
        stable.stop(0);
        candidate.stop(0);
    }

    private static HttpServer server(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("X-Server", name);
            exchange.sendResponseHeaders(200, -1); // one packet: a body of its own would wait for an acknowledgement
            exchange.close();
        });
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
