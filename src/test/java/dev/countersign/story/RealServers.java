package dev.countersign.story;

import dev.countersign.observe.ServerOfTest;
import dev.countersign.observe.prometheus.RealPrometheus;
import dev.countersign.rollout.RealAlertmanager;
import dev.countersign.rollout.haproxy.HaproxyProcess;
import dev.countersign.story.TargetVersion.Program;
import dev.countersign.story.TargetVersion.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The platform with the connectors of production, before real servers and services under real load. */
final class RealServers implements AutoCloseable {
    private static final String SECRET = "alertmanager-0123456789abcdef0123";
    private static final String ALERTS =
            """
            groups:
              - name: targets
                interval: 1s
                rules: [{alert: QueueIsFull, expr: work_queue_depth > 100, labels: {severity: page}}]
            """;
    private final Path data;
    private final Map<String, TargetService> services = new TreeMap<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final RealCatalog catalog;
    private final RealPrometheus prometheus;
    private final HaproxyProcess haproxy;
    private final Platform platform;
    private final RealLoad load = new RealLoad();
    private final ServerOfTest zipkin;
    private final ServerOfTest openSearch;
    private final Telemetry telemetry;
    private final DeploymentSystem deployments;
    private final List<TargetService> visited = new ArrayList<>();
    private RealAlertmanager alertmanager;

    RealServers(Path data) throws IOException {
        this.data = data;
        this.catalog = new RealCatalog(data);
        CompletableFuture<ServerOfTest> searching = CompletableFuture.supplyAsync(() -> started("opensearch"));
        this.zipkin = kept(started("zipkin"));
        this.openSearch = kept(searching.join());
        this.telemetry = kept(new Telemetry(zipkin.url(), openSearch.url()));
        this.deployments = kept(new DeploymentSystem(services));
        this.prometheus = kept(new RealPrometheus(folder("prometheus")));
        this.haproxy = kept(new HaproxyProcess(folder("haproxy")));
        Path config = folder("config");
        this.platform = kept(new Platform(
                        folder("platform"), "--spring.config.additional-location=file:" + config.toAbsolutePath() + "/")
                .quick());
        kept(load);
    }

    private ServerOfTest started(String name) {
        try {
            return name.equals("zipkin") ? ServerOfTest.zipkin(folder(name)) : ServerOfTest.openSearch(folder(name));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(data.resolve(name));
    }

    private <T extends AutoCloseable> T kept(T part) {
        open.push(part);
        return part;
    }

    RealCatalog catalog() {
        return catalog;
    }

    Platform platform() {
        return platform;
    }

    RealLoad load() {
        return load;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    TargetService service(String name) {
        return services.get(name);
    }

    /** A service without anything beside its requests. @param next the program that is released of it */
    RealServers with(String name, Program next) throws IOException {
        catalog.service(name, RehearsalPolicy.TARGET, List.of());
        visited.add(add(name, next, Work.NONE));
        return this;
    }

    /** Two services with traces and logs, of which the first calls the second and nobody else does. */
    void withTraces(String name, Program next, String dependency) throws IOException {
        OrdersOfStock work = new OrdersOfStock(telemetry);
        catalog.service(dependency, RehearsalPolicy.TRACED, List.of());
        catalog.service(name, RehearsalPolicy.TRACED, List.of(dependency));
        TargetService stock = add(dependency, Program.SOUND, work::stock);
        visited.add(add(name, next, work.orders(stock.stablePort())));
    }

    /** A service with traces and logs that calls nobody. */
    void withLogs(String name, Program next) throws IOException {
        catalog.service(name, RehearsalPolicy.TRACED, List.of());
        visited.add(add(name, next, OrdersOfStock.ledger(telemetry)));
    }

    private TargetService add(String name, Program next, Work work) throws IOException {
        TargetService service = kept(new TargetService(name, next, work));
        services.put(name, service);
        return service;
    }

    /** Everything that is not up yet, and the load on all services. */
    void start() throws IOException {
        alertmanager = kept(new RealAlertmanager(
                folder("alerts"), java.net.URI.create(platform.url("/api/webhooks/alertmanager")), SECRET));
        startPrometheus();
        startHaproxy();
        Files.writeString(data.resolve("config").resolve("application.yaml"), platformYaml());
        platform.start();
        visited.forEach(load::begin);
    }

    void startPrometheus() throws IOException {
        Path rules = data.resolve("alerts.yml");
        Files.writeString(rules, ALERTS);
        String targets = services.values().stream()
                .flatMap(service -> List.of(service.stablePort(), service.candidatePort()).stream())
                .map(port -> "'127.0.0.1:" + port + "'")
                .collect(Collectors.joining(", "));
        prometheus.start(
                """
                global: {scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 1s}
                rule_files: [%s]
                alerting: {alertmanagers: [{static_configs: [{targets: ['%s']}]}]}
                scrape_configs: [{job_name: targets, static_configs: [{targets: [%s]}]}]
                """
                        .formatted(rules, alertmanager.url().getAuthority(), targets));
    }

    void stopPrometheus() throws IOException {
        prometheus.stop();
    }

    void startHaproxy() throws IOException {
        String backends = services.values().stream()
                .map(service ->
                        """
                        frontend %1$s
                          bind 127.0.0.1:%2$d
                          default_backend %1$s
                        backend %1$s
                          balance roundrobin
                          option httpchk GET /health
                          server stable 127.0.0.1:%3$d check inter 300ms rise 1 fall 3
                          server candidate 127.0.0.1:%4$d check inter 300ms rise 1 fall 3 weight 0
                        """
                                .formatted(
                                        service.name(), service.port(), service.stablePort(), service.candidatePort()))
                .collect(Collectors.joining());
        haproxy.start(
                """
                global
                  stats socket %s mode 600 level admin
                defaults
                  mode http
                  option redispatch
                  retries 2
                  timeout connect 1s
                  timeout client 5s
                  timeout server 5s
                """
                                .formatted(haproxy.socket())
                        + backends);
    }

    void killHaproxy() throws InterruptedException {
        haproxy.stop();
    }

    private String platformYaml() {
        Path processes = data.resolve("processes");
        String split = services.keySet().stream()
                .map(name ->
                        "        %1$s: {backend: %1$s, stable: [stable], candidate: [candidate]}\n".formatted(name))
                .collect(Collectors.joining());
        String probed = services.values().stream()
                .map(service -> "        %s: {canary: 'http://127.0.0.1:%d', stable: 'http://127.0.0.1:%d'}\n"
                        .formatted(service.name(), service.candidatePort(), service.stablePort()))
                .collect(Collectors.joining());
        return """
               countersign:
                 workflow: {processes: '%s'}
                 catalog:
                   folder: '%s'
                   journeys: '%s'
                   kpis: '%s'
                   canaries: '%s'
                   integrity-checks: '%s'
                 observe:
                   prometheus: {url: '%s', targets: ['rehearsal', 'rehearsal-traced'], interval: PT2S, delay: PT1S}
                   zipkin: {url: '%s', targets: ['rehearsal-traced'], limit: 2000}
                   opensearch: {url: '%s', targets: ['rehearsal-traced'], interval: PT2S}
                   journeys:
                     networks: ['127.0.0.0/8']
                     targets:
               %s  rollout:
                   webhook: {url: '%s', secret: '%s'}
                   alertmanager: {secret: '%s'}
                   correlation: {interval: PT3S, settle: PT2S}
                   haproxy:
                     sockets: ['%s']
                     services:
               %s"""
                .formatted(
                        processes.toAbsolutePath(),
                        catalog.folder().toAbsolutePath(),
                        catalog.journeys().toAbsolutePath(),
                        catalog.kpis().toAbsolutePath(),
                        catalog.canaries().toAbsolutePath(),
                        processes.resolve("integrity-checks").toAbsolutePath(),
                        prometheus.url(),
                        zipkin.url(),
                        openSearch.url(),
                        probed,
                        deployments.url(),
                        DeploymentSystem.SECRET,
                        SECRET,
                        haproxy.socket(),
                        split);
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
