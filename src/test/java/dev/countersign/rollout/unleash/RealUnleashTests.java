package dev.countersign.rollout.unleash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.rollout.unleash.UnleashProperties.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Against the server itself, from npm and on PostgreSQL. */
@Tag("M3.2")
@Tag("alone")
class RealUnleashTests {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static RealUnleash server;
    private static UnleashFlags flags;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RealUnleash.isInstalled(), "Unleash is not installed: " + RealUnleash.INSTALL);
        server = new RealUnleash(folder);
        flags = flags(server.url(), RealUnleash.ADMIN_TOKEN);
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static UnleashFlags flags(URI url, String token) throws IOException {
        return new UnleashFlags(new UnleashProperties(
                url,
                Files.writeString(folder.resolve("token"), token + "\n"),
                Files.writeString(folder.resolve("client-token"), RealUnleash.CLIENT_TOKEN),
                "default",
                Duration.ofSeconds(3),
                DataSize.ofMegabytes(1),
                Map.of("checkout", new Place("default", "production"))));
    }

    @Test
    void a_flag_is_ramped_and_its_clients_are_told_the_same() throws IOException {
        server.flag("one-page");
        assertThat(flags.serves("checkout")).isTrue();
        assertThat(flags.serves("other")).isFalse();
        assertThat(flags.readShare("checkout", "one-page")).isZero();
        for (double share : new double[] {0.05, 0.05, 0.25, 1, 0.29, 0}) {
            flags.setShare("checkout", "one-page", share);
            assertThat(flags.readShare("checkout", "one-page")).isEqualTo(share);
        }
        JsonNode strategies =
                server.admin("GET", RealUnleash.environment("one-page"), null).path("strategies");
        assertThat(strategies).as("one strategy, changed and not added to").hasSize(1);
        assertThat(strategies.path(0).path("parameters").path("groupId").asText())
                .isEqualTo("one-page");
    }

    @Test
    void users_get_a_flag_by_its_share_and_none_of_them_after_the_kill_switch() throws IOException {
        server.flag("evaluated");
        flags.setShare("checkout", "evaluated", 0.25);
        // Which users these are is a hash of flag and user: the same each time.
        Set<Integer> some = usersWith("evaluated", with -> !with.isEmpty());
        assertThat(some).hasSizeBetween(12, 40);
        flags.setShare("checkout", "evaluated", 0.5);
        Set<Integer> more = usersWith("evaluated", with -> with.size() > some.size());
        assertThat(more).hasSizeBetween(35, 65).containsAll(some);
        flags.setShare("checkout", "evaluated", 0);
        assertThat(flags.readShare("checkout", "evaluated")).isZero();
        assertThat(usersWith("evaluated", Set::isEmpty)).isEmpty();
    }

    /** It takes a second to tell what was changed; the first that differ may be asked about before and after it. */
    private static Set<Integer> usersWith(String flag, Predicate<Set<Integer>> changed) throws IOException {
        await(flag).atMost(SOON).until(() -> server.usersWith(flag, 100), changed::test);
        return server.usersWith(flag, 100);
    }

    @Test
    void an_unleash_that_is_down_is_neither_on_nor_off() throws IOException {
        server.flag("kept");
        flags.setShare("checkout", "kept", 0.25);
        server.down();
        try {
            for (double share : new double[] {0, 0.5}) {
                assertThatThrownBy(() -> flags.setShare("checkout", "kept", share))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("Unleash does not answer");
            }
            assertThatThrownBy(() -> flags.readShare("checkout", "kept"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Unleash does not answer");
        } finally {
            server.up();
        }
        assertThat(flags.readShare("checkout", "kept")).isEqualTo(0.25);
        flags.setShare("checkout", "kept", 0);
        assertThat(flags.readShare("checkout", "kept")).isZero();
    }

    @Test
    void a_flag_that_was_left_at_everybody_comes_back_for_its_share_only() throws IOException {
        server.flag("left-over");
        flags.setShare("checkout", "left-over", 1);
        flags.setShare("checkout", "left-over", 0);
        flags.setShare("checkout", "left-over", 0.05);
        assertThat(flags.readShare("checkout", "left-over")).isEqualTo(0.05);
    }

    @Test
    void what_people_set_of_the_strategy_besides_stays() throws IOException {
        server.flag("sticky");
        server.admin(
                "POST",
                RealUnleash.environment("sticky") + "/strategies",
                """
                {"name": "flexibleRollout", "title": "By user",
                 "parameters": {"rollout": "100", "stickiness": "userId", "groupId": "shop"}}""");
        flags.setShare("checkout", "sticky", 0.1);
        JsonNode strategy = server.admin("GET", RealUnleash.environment("sticky"), null)
                .path("strategies")
                .path(0);
        assertThat(strategy.path("title").asText()).isEqualTo("By user");
        assertThat(strategy.path("parameters").path("stickiness").asText()).isEqualTo("userId");
        assertThat(strategy.path("parameters").path("groupId").asText()).isEqualTo("shop");
        assertThat(strategy.path("parameters").path("rollout").asText()).isEqualTo("10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"default\", \"parameters\": {}}",
                """
                {"name": "flexibleRollout", "parameters": {"rollout": "5", "stickiness": "default", "groupId": "x"},
                 "constraints": [{"contextName": "userId", "operator": "IN", "values": ["1"]}]}"""
            })
    void a_flag_that_is_on_for_others_too_is_never_turned_up_and_always_switched_off(String strategy)
            throws IOException {
        String flag = "mixed-" + Integer.toHexString(strategy.hashCode());
        server.flag(flag);
        server.admin("POST", RealUnleash.environment(flag) + "/strategies", strategy);
        server.admin("POST", RealUnleash.environment(flag) + "/on", null);
        assertThatThrownBy(() -> flags.setShare("checkout", flag, 0.05))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a share does not tell");
        assertThatThrownBy(() -> flags.readShare("checkout", flag)).isInstanceOf(IOException.class);
        flags.setShare("checkout", flag, 0);
        assertThat(flags.readShare("checkout", flag)).isZero();
    }

    @Test
    void a_flag_that_is_not_there_or_a_token_that_is_none_is_said() throws IOException {
        assertThatThrownBy(() -> flags.setShare("checkout", "misspelt", 0.05))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("404")
                .hasMessageContaining("misspelt");
        assertThatThrownBy(() -> flags.setShare("checkout", "misspelt", 0)).isInstanceOf(IOException.class);
        server.flag("guarded");
        try {
            UnleashFlags stranger = flags(server.url(), "*:*.nobodys");
            assertThatThrownBy(() -> stranger.setShare("checkout", "guarded", 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("401");
        } finally {
            Files.writeString(folder.resolve("token"), RealUnleash.ADMIN_TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.005, 0.333, 1.01, -0.1, Double.NaN})
    void a_share_that_is_no_whole_per_cent_is_refused_and_not_rounded(double share) throws IOException {
        String flag = "exact-" + Long.toHexString(Double.doubleToLongBits(share));
        server.flag(flag);
        assertThatThrownBy(() -> flags.setShare("checkout", flag, share)).isInstanceOf(IOException.class);
        assertThat(flags.readShare("checkout", flag)).isZero();
    }
}
