package dev.countersign.observe.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Journey;
import dev.countersign.catalog.Journey.Expectation;
import dev.countersign.catalog.Journey.JsonValue;
import dev.countersign.catalog.Journey.Kept;
import dev.countersign.catalog.Journey.Step;
import dev.countersign.observe.JourneyTarget;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.util.unit.DataSize;

/** Journeys on real requests to a server on this machine. */
@Tag("M5.1")
class WalkerTests {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch silence = new CountDownLatch(1);
    private HttpServer server;
    private Map<String, String> secrets = Map.of();

    @TempDir
    Path folder;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
        answer("/shop", 200, "{\"service\": \"cart\", \"basket\": {\"id\": \"b/1\"}, \"items\": 3.0}");
        answer("/orders/", 201, "placed as order-77");
        server.start();
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.stop(0);
    }

    private void answer(String path, int status, String body) {
        answer(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    private void answer(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                asked.add(told(exchange));
                handler.handle(exchange);
            }
        });
    }

    private static String told(HttpExchange exchange) throws IOException {
        return "%s %s %s %s"
                .formatted(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI(),
                        exchange.getRequestHeaders().getFirst("X-Token"),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static Expectation status(int status) {
        return new Expectation(Set.of(status), List.of(), Map.of(), List.of());
    }

    private static Step get(String id, String path, Expectation expected, Kept... kept) {
        return new Step(id, "GET", path, Map.of(), null, null, SECOND, expected, List.of(kept));
    }

    private static JsonValue json(String at, String is) throws IOException {
        return new JsonValue(at, is == null ? null : new ObjectMapper().readTree(is));
    }

    private Walk walk(Step... steps) throws IOException {
        return walk(Map.of(Side.CANARY, port(), Side.STABLE, port()), steps).get(0);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    /** On the canary and on the stable version, as the platform does it. */
    private List<Walk> walk(Map<Side, Integer> ports, Step... steps) throws IOException {
        Catalog catalog = mock(Catalog.class);
        when(catalog.journeysOf("cart"))
                .thenReturn(List.of(new Journey("buy", "cart", "sha256:file", Duration.ofSeconds(2), List.of(steps))));
        var target = new JourneyProperties.Target(
                at(ports.get(Side.CANARY)),
                at(ports.get(Side.STABLE)),
                Map.of("X-Route", "canary"),
                Map.of(),
                secrets,
                Map.of());
        JourneyProperties properties = properties(Map.of("cart", target), List.of("127.0.0.0/8"));
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("target", new ConfiguredTarget(properties));
        WalkedJourneys journeys = new WalkedJourneys(catalog, beans.getBeanProvider(JourneyTarget.class), properties);
        try {
            return journeys.walk("cart", List.of(Side.CANARY, Side.STABLE));
        } finally {
            journeys.stop();
        }
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static JourneyProperties properties(Map<String, JourneyProperties.Target> targets, List<String> networks) {
        return new JourneyProperties(targets, networks, Duration.ofSeconds(6), DataSize.ofKilobytes(4));
    }

    @Test
    void a_journey_takes_as_long_as_it_says_and_no_longer_than_it_is_let() {
        Catalog catalog = mock(Catalog.class);
        Journey two = new Journey("buy", "cart", "sha256:file", Duration.ofSeconds(2), List.of());
        Journey ten = new Journey("browse", "checkout", "sha256:file", Duration.ofSeconds(10), List.of());
        when(catalog.journeysOf("cart")).thenReturn(List.of(two, two));
        when(catalog.journeysOf("checkout")).thenReturn(List.of(two, ten, two));
        var beans = new DefaultListableBeanFactory();
        WalkedJourneys journeys = new WalkedJourneys(
                catalog, beans.getBeanProvider(JourneyTarget.class), properties(Map.of(), List.of()));
        assertThat(journeys.longest("cart")).as("with a second to connect").isEqualTo(Duration.ofSeconds(3));
        assertThat(journeys.longest("checkout")).isEqualTo(Duration.ofSeconds(7));
        assertThat(journeys.longest("search")).isZero();
        journeys.stop();
    }

    @Test
    void a_journey_passes_where_every_answer_is_as_it_must_be_and_later_steps_use_what_was_kept() throws IOException {
        secrets = Map.of("token", "t0p-\"secret\"");
        JsonNode body =
                new ObjectMapper().readTree("{\"basket\": \"${basket}\", \"items\": 1, \"pin\": \"${secret.token}\"}");
        Step look = get(
                "look",
                "/shop",
                new Expectation(
                        Set.of(200),
                        List.of(json("/service", "\"cart\""), json("/basket/id", null), json("/items", "3")),
                        Map.of("content-type", "application/json"),
                        List.of("basket")),
                new Kept("basket", "/basket/id", null, null));
        Step order = new Step(
                "order",
                "POST",
                "/orders/${basket}?x=1",
                Map.of("x-token", "${secret.token}"),
                null,
                body,
                SECOND,
                new Expectation(Set.of(201), List.of(), Map.of(), List.of("placed")),
                List.of(new Kept("number", null, null, "order-([0-9]+)")));
        Walk walk = walk(look, order, get("again", "/orders/${number}", status(201)));
        assertThat(walk.verdict()).as(walk.sentence()).isEqualTo("PASS");
        assertThat(walk.sentence())
                .startsWith("Journey buy passed on the canary in ")
                .endsWith("(3 steps)");
        assertThat(asked)
                .contains(
                        "POST /orders/b%2F1?x=1 t0p-\"secret\" {\"basket\":\"b/1\",\"items\":1,\"pin\":\"t0p-\\\"secret\\\"\"}",
                        "GET /orders/77 null ");
    }

    @Test
    void an_answer_that_is_not_as_it_must_be_fails_and_says_where_and_what() throws IOException {
        assertThat(walk(get("look", "/nowhere", status(200))).sentence())
                .isEqualTo("Journey buy failed on the canary at 'look': answered 404, must be 200");
        assertThat(walk(get(
                                "look",
                                "/shop",
                                new Expectation(Set.of(200), List.of(json("/items", "4")), Map.of(), List.of())))
                        .sentence())
                .endsWith("answered \"3\" at /items, must be \"4\"");
        assertThat(walk(get(
                                "look",
                                "/orders/1",
                                new Expectation(Set.of(201), List.of(json("/items", null)), Map.of(), List.of())))
                        .sentence())
                .endsWith("answered something that is no JSON");
        assertThat(walk(get("look", "/shop", new Expectation(Set.of(200), List.of(), Map.of("etag", "x"), List.of())))
                        .sentence())
                .endsWith("answered nothing in the header etag, must contain \"x\"");
        assertThat(walk(get("look", "/shop", new Expectation(Set.of(200), List.of(), Map.of(), List.of("sold"))))
                        .verdict())
                .isEqualTo("FAIL");
        assertThat(walk(get("look", "/shop", status(200), new Kept("x", "/basket", null, null)))
                        .sentence())
                .endsWith("answered nothing to keep as x");
    }

    @Test
    void a_slow_and_an_endless_answer_fail_in_bounded_time() throws IOException {
        answer("/silent", exchange -> {
            try {
                silence.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        answer("/trickle", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                silence.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        answer("/large", 200, "x".repeat(5_000));
        for (String path : List.of("/silent", "/trickle")) {
            Walk walk = walk(new Step(
                    "wait", "GET", path, Map.of(), null, null, Duration.ofMillis(200), status(200), List.of()));
            assertThat(walk.verdict()).as(walk.sentence()).isEqualTo("FAIL");
            assertThat(walk.sentence())
                    .containsAnyOf("no whole answer within 200 ms", "No complete answer within PT0.2S");
        }
        assertThat(walk(get("large", "/large", status(200))).sentence()).endsWith("larger than 4096 bytes");
    }

    @Test
    void what_cannot_be_asked_is_an_error_and_no_failure() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        List<Walk> walks = walk(Map.of(Side.CANARY, nobody, Side.STABLE, port()), get("look", "/shop", status(200)));
        assertThat(walks).extracting(Walk::side).containsExactly(Side.CANARY, Side.STABLE);
        assertThat(walks).extracting(Walk::verdict).containsExactly("ERROR", "PASS");
        assertThat(walks.get(0).sentence())
                .isEqualTo("Journey buy could not be walked on the canary at 'look': it cannot be reached");
        assertThat(walk(new Step(
                                "look",
                                "GET",
                                "/shop",
                                Map.of("x-token", "${secret.none}"),
                                null,
                                null,
                                SECOND,
                                status(200),
                                List.of()))
                        .sentence())
                .endsWith("the operators keep no secret 'none' for it");
    }

    @Test
    void no_redirect_is_followed() throws IOException {
        answer("/elsewhere", exchange -> {
            exchange.getResponseHeaders().set("Location", "/shop");
            exchange.sendResponseHeaders(302, -1);
        });
        assertThat(walk(get("look", "/elsewhere", status(200))).sentence()).endsWith("answered 302, must be 200");
        assertThat(asked).allSatisfy(request -> assertThat(request).startsWith("GET /elsewhere"));
    }

    @Test
    void nothing_that_is_filled_in_leads_away_from_the_operators_host() throws IOException {
        URI base = URI.create("https://canary.example/shop/");
        assertThat(Walker.at(base, "/orders/1?x=y")).hasToString("https://canary.example/shop/orders/1?x=y");
        for (String path : List.of("/../admin", "/a/%2e%2e/../../x")) {
            assertThatThrownBy(() -> Walker.at(base, path)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> Walker.at(URI.create("https://canary.example"), "@evil.example/"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void an_address_in_a_network_that_nobody_allowed_is_not_connected_to() {
        for (String host : List.of("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "100.64.0.1")) {
            var target = new JourneyProperties.Target(
                    URI.create("http://" + host + "/"), at(1), Map.of(), Map.of(), Map.of(), Map.of());
            ConfiguredTarget configured =
                    new ConfiguredTarget(properties(Map.of("cart", target), List.of("169.254.0.0/16", "10.1.0.0/16")));
            assertThatThrownBy(() -> configured.address("cart", Side.CANARY))
                    .hasMessageContaining("in no network that the operators allow");
        }
    }

    @Test
    void secrets_come_from_files_too_are_read_anew_and_never_told() throws IOException {
        Path file = folder.resolve("token");
        var target = new JourneyProperties.Target(
                at(port()), at(port()), Map.of(), Map.of(), Map.of(), Map.of("token", file));
        ConfiguredTarget configured = new ConfiguredTarget(properties(Map.of("cart", target), List.of("127.0.0.0/8")));
        List<String> read = new ArrayList<>();
        for (String secret : List.of("one", "two")) {
            Files.writeString(file, secret + "\n");
            read.add(configured.secret("cart", "token").orElseThrow());
        }
        assertThat(read).containsExactly("one", "two");
        secrets = Map.of("token", "hunter2");
        answer("/echo", 200, "{\"said\": \"hunter2\"}");
        Walk walk = walk(new Step(
                "echo",
                "GET",
                "/echo",
                Map.of("x-token", "${secret.token}"),
                null,
                null,
                SECOND,
                new Expectation(Set.of(200), List.of(json("/said", "\"ok\"")), Map.of(), List.of()),
                List.of()));
        assertThat(walk.sentence()).endsWith("answered \"…\" at /said, must be \"ok\"");
        assertThat(new JourneyProperties.Target(at(1), at(1), Map.of(), Map.of(), secrets, Map.of()).toString())
                .doesNotContain("hunter2");
    }

    @Test
    void an_expression_that_goes_back_and_forth_without_end_is_given_up() throws Exception {
        assertThat(BoundedSearch.firstGroup("order-([0-9]+)", "an order-12 here"))
                .contains("12");
        assertThatThrownBy(() -> BoundedSearch.firstGroup("((a+)+)+b", "a".repeat(4_000)))
                .isInstanceOf(BoundedSearch.GivenUp.class);
        assertThatThrownBy(() -> BoundedSearch.firstGroup("((a|aa)+)c", "a".repeat(200_000)))
                .isInstanceOf(BoundedSearch.GivenUp.class);
    }
}
