package dev.countersign.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A HAProxy and a Prometheus of one's own, as distributions package them. */
public final class Servers implements AutoCloseable {
    private final Path folder;
    private final List<String> services;
    private final int metricsPort;
    private final int haproxyPort = freePort();
    private final int prometheusPort = freePort();
    private final List<Process> processes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    Servers(Path folder, List<String> services, int metricsPort) throws IOException {
        this.folder = folder;
        this.services = services;
        this.metricsPort = metricsPort;
    }

    void start() throws IOException {
        StringBuilder haproxy = new StringBuilder(
                """
                global
                  stats socket %s mode 600 level admin
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 5s
                  timeout server 5s
                frontend all
                  bind 127.0.0.1:%d
                  use_backend %%[req.hdr(host)]
                """
                        .formatted(haproxySocket(), haproxyPort));
        // Nobody calls them: what counts here is how the router splits.
        services.forEach(service -> haproxy.append(
                """
                backend %s
                  balance roundrobin
                  server stable 127.0.0.1:%d weight 256
                  server candidate 127.0.0.1:%d weight 0
                """
                        .formatted(service, metricsPort, metricsPort)));
        Files.writeString(folder.resolve("haproxy.cfg"), haproxy);
        Files.writeString(
                folder.resolve("prometheus.yml"),
                """
                global: {scrape_interval: 5s, scrape_timeout: 5s}
                scrape_configs:
                  - job_name: services
                    static_configs: [{targets: ["127.0.0.1:%d"]}]
                """
                        .formatted(metricsPort));
        run("haproxy", "-db", "-f", folder.resolve("haproxy.cfg").toString());
        run(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + prometheusPort);
        await("HAProxy", () -> !weights(services.get(0)).isEmpty());
        await("Prometheus", () -> get("/-/ready").statusCode() == 200);
    }

    private void run(String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".log").toFile())
                .start());
    }

    private static void await(String server, Callable<Boolean> answers) {
        Awaitility.await(server + " answers")
                .ignoreExceptions()
                .atMost(Duration.ofSeconds(30))
                .until(answers);
    }

    String haproxySocket() {
        return folder.resolve("admin.sock").toString();
    }

    URI prometheus() {
        return URI.create("http://127.0.0.1:" + prometheusPort);
    }

    /** The lines of a service's servers as HAProxy reports them. */
    private String weights(String service) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(haproxySocket()));
            channel.write(
                    ByteBuffer.wrap(("show servers state " + service + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Whether HAProxy itself reports that the candidate of a service gets nothing. */
    public boolean isBack(String service) throws IOException {
        String candidate = weights(service)
                .lines()
                .filter(line -> line.contains(" candidate "))
                .findFirst()
                .orElseThrow(() -> new IOException("HAProxy does not know " + service));
        // be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight
        String[] columns = candidate.split(" ");
        return columns[7].equals("0") && !columns[6].equals("0");
    }

    /** How many range queries Prometheus has answered. */
    public long queries() throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("prometheus_http_requests_total{") && line.contains("/query"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(prometheus().resolve(path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        processes.forEach(process -> {
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
