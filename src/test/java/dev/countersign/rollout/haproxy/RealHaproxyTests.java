package dev.countersign.rollout.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestDatabase;
import dev.countersign.rollout.TrafficRouter.Arrived;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Against the router itself; the package {@code haproxy} of Debian has it. */
@Tag("M3.1")
@Tag("alone")
class RealHaproxyTests {
    @TempDir
    Path folder;

    private final DataSource database = TestDatabase.with("V125__haproxy.sql");
    private RealHaproxy haproxy;
    private HaproxyRouter router;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(RealHaproxy.isInstalled(), "haproxy is not on the path: apt-get install haproxy");
        haproxy = new RealHaproxy(folder).start();
        router = router(haproxy.socket());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (haproxy != null) {
            haproxy.close();
        }
    }

    private HaproxyRouter router(String... sockets) {
        HaproxyProperties.Split shop = new HaproxyProperties.Split("shop", List.of("stable"), List.of("candidate"));
        HaproxyProperties.Split fixed = new HaproxyProperties.Split("fixed", List.of("stable"), List.of("candidate"));
        HaproxyProperties.Split asleep = new HaproxyProperties.Split("asleep", List.of("stable"), List.of("candidate"));
        HaproxyProperties.Split gone = new HaproxyProperties.Split("gone", List.of("stable"), List.of("candidate"));
        HaproxyProperties.Split other = new HaproxyProperties.Split("shop", List.of("stable"), List.of("canary"));
        return new HaproxyRouter(
                new HaproxyProperties(
                        List.of(sockets),
                        Duration.ofSeconds(2),
                        true,
                        Map.of("shop", shop, "asleep", asleep, "fixed", fixed, "gone", gone, "other", other)),
                new CounterStore(new JdbcTemplate(database)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.1, 0.5, 1})
    void a_share_is_set_read_back_and_arrives(double share) throws Exception {
        router.setShare("shop", share);
        router.setShare("shop", share);

        assertThat(router.readShare("shop")).isEqualTo(share);
        Map<String, Integer> answered = haproxy.send(200, null);
        int candidate = answered.getOrDefault("candidate", 0);
        // The first round after a change of weights may begin anywhere.
        assertThat(candidate).isBetween((int) (200 * share) - 1, (int) (200 * share) + 1);
        assertThat(router.arrived("shop")).contains(new Arrived(candidate, 200));
    }

    @Test
    void what_arrived_is_counted_from_the_share_on_by_whichever_node_asks() throws Exception {
        haproxy.send(30, null);
        assertThat(router.arrived("shop")).isEmpty();
        router.setShare("shop", 0.1);
        haproxy.send(40, null);
        router.setShare("shop", 0.5);
        haproxy.send(40, null);

        assertThat(router(haproxy.socket()).arrived("shop")).hasValueSatisfying(arrived -> {
            assertThat(arrived.all()).isEqualTo(40);
            assertThat(arrived.candidate()).isBetween(19L, 21L);
        });
        router.setShare("shop", 0);
        assertThat(router.arrived("shop")).isEmpty();
    }

    @Test
    void back_to_stable_takes_clients_along_that_a_cookie_binds_to_the_candidate() throws Exception {
        router.setShare("shop", 0.5);
        assertThat(haproxy.send(20, "candidate")).containsOnlyKeys("candidate");

        router.setShare("shop", 0);

        assertThat(router.readShare("shop")).isZero();
        assertThat(haproxy.send(20, "candidate")).containsOnlyKeys("stable");
        router.setShare("shop", 0.5);
        assertThat(router.readShare("shop")).isEqualTo(0.5);
    }

    @Test
    void a_candidate_that_is_down_has_no_share_whatever_its_weight() throws Exception {
        router.setShare("shop", 0.5);
        haproxy.killCandidate();

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(router.readShare("shop"))
                .isZero());
    }

    /** HAProxy goes on saying that the configuration disabled it, when it takes traffic long since. */
    @Test
    void a_candidate_that_the_configuration_disabled_has_its_share_once_it_is_ready_and_none_again_at_zero()
            throws Exception {
        assertThat(router.readShare("asleep")).isZero();
        router.setShare("asleep", 0.5);
        assertThat(router.readShare("asleep")).isEqualTo(0.5);
        router.setShare("asleep", 0);
        assertThat(router.readShare("asleep")).isZero();
    }

    @Test
    void a_refusal_is_told_in_haproxys_words() {
        assertThatThrownBy(() -> router.setShare("gone", 0.1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such backend");
        assertThatThrownBy(() -> router.setShare("other", 0.1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No such server");
        assertThatThrownBy(() -> router.setShare("fixed", 0.1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("static LB algorithm");
        assertThatThrownBy(() -> router.readShare("gone"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Can't find backend");
        assertThatThrownBy(() -> router.readShare("nobody")).isInstanceOf(IOException.class);
    }

    @Test
    void a_server_that_takes_traffic_and_was_not_named_is_found() throws IOException {
        router.setShare("shop", 0.5);
        assertThatThrownBy(() -> router.readShare("other"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shop/candidate")
                .hasMessageContaining("neither stable nor candidate");
    }

    @Test
    void a_loopback_port_serves_as_well_and_processes_must_agree() throws Exception {
        router = router(haproxy.tcpSocket());
        router.setShare("shop", 0.1);
        assertThat(router.readShare("shop")).isEqualTo(0.1);

        Path beside = Files.createDirectory(folder.resolve("beside"));
        try (RealHaproxy second = new RealHaproxy(beside).start()) {
            HaproxyRouter both = router(haproxy.socket(), second.socket());
            assertThatThrownBy(() -> both.readShare("shop"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another process");
            both.setShare("shop", 0.1);
            assertThat(both.readShare("shop")).isEqualTo(0.1);
            haproxy.stop();
            assertThatThrownBy(() -> both.setShare("shop", 0)).isInstanceOf(IOException.class);
            // The one that answers was told nevertheless.
            assertThat(router(second.socket()).readShare("shop")).isZero();
        }
    }

    @Test
    void a_router_that_is_gone_or_silent_has_not_answered() throws Exception {
        haproxy.stop();
        assertThatThrownBy(() -> router.setShare("shop", 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> router.readShare("shop")).isInstanceOf(IOException.class);
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () -> router("127.0.0.1:" + silent.getLocalPort()).readShare("shop"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer in time");
        }
    }
}
