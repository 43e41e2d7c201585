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
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A HAProxy of its own, as the distribution packages it, before a stable and a candidate server that say their names. */
final class RealHaproxy implements AutoCloseable {
    private final HttpServer stable = server("stable");
    private final HttpServer candidate = server("candidate");
    private final int port = freePort();
    private final int adminPort = freePort();
    private final HaproxyProcess process;

    RealHaproxy(Path folder) throws IOException {
        this.process = new HaproxyProcess(folder);
    }

    static boolean isInstalled() {
        return HaproxyProcess.isInstalled();
    }

    String socket() {
        return process.socket();
    }

    String tcpSocket() {
        return "127.0.0.1:" + adminPort;
    }

    RealHaproxy start() throws IOException {
        process.start(
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
                backend asleep
                  balance roundrobin
                  server stable 127.0.0.1:%d check inter 100ms
                  server candidate 127.0.0.1:%d check inter 100ms weight 0 disabled
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
                                candidate.getAddress().getPort(),
                                stable.getAddress().getPort(),
                                candidate.getAddress().getPort()));
        return this;
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
        process.stop();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
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
