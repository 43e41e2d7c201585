package dev.countersign.rollout.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M3.1")
class WeightsTests {
    @ParameterizedTest
    @CsvSource({
        // share, stable servers, candidate servers, stable weight, candidate weight
        "0,    1, 1, 1,  0",
        "0,    9, 2, 1,  0",
        "0.01, 1, 1, 99, 1",
        "0.05, 1, 1, 19, 1",
        "0.1,  1, 1, 9,  1",
        "0.25, 1, 1, 3,  1",
        "0.5,  1, 1, 1,  1",
        "1,    1, 1, 0,  1",
        "0.05, 3, 1, 19, 3",
        "0.1,  3, 1, 3,  1",
        "0.1,  9, 1, 1,  1",
        "0.5,  4, 2, 1,  2",
    })
    void usual_shares_are_exact_in_the_shortest_round(
            double share, int stableServers, int candidateServers, int stable, int candidate) throws IOException {
        assertThat(Weights.of(share, stableServers, candidateServers)).isEqualTo(new Weights(stable, candidate));
    }

    @ParameterizedTest
    @CsvSource({"0.123", "0.333", "0.077", "0.951", "0.004"})
    void other_shares_are_near_enough(double share) throws IOException {
        Weights weights = Weights.of(share, 1, 1);
        assertThat((double) weights.candidate() / (weights.candidate() + weights.stable()))
                .isCloseTo(share, within(0.0005));
        assertThat(weights.candidate()).isBetween(1, 256);
        assertThat(weights.stable()).isBetween(1, 256);
    }

    @ParameterizedTest
    @CsvSource({"0.001, 1, 1", "0.01, 1, 5", "-0.1, 1, 1", "1.1, 1, 1", "NaN, 1, 1"})
    void a_share_that_no_weights_give_is_refused_and_not_rounded(double share, int stable, int candidate) {
        assertThatThrownBy(() -> Weights.of(share, stable, candidate)).isInstanceOf(IOException.class);
    }

    @Test
    void a_socket_is_a_path_or_on_this_machine() {
        assertThatThrownBy(() -> RuntimeApi.address("192.0.2.1:9999")).hasMessageContaining("this machine");
        assertThatThrownBy(() -> RuntimeApi.address("admin.sock")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RuntimeApi.address("127.0.0.1:http")).hasMessageContaining("is no socket");
        assertThat(RuntimeApi.address("127.0.0.1:9999")).hasToString("/127.0.0.1:9999");
        assertThat(RuntimeApi.address("/run/haproxy/admin.sock")).hasToString("/run/haproxy/admin.sock");
    }
}
