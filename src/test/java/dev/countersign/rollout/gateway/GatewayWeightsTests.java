package dev.countersign.rollout.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M3.1")
class GatewayWeightsTests {
    @ParameterizedTest
    @CsvSource({
        "0, 1, 0",
        "1, 0, 1",
        "0.05, 19, 1",
        "0.1, 9, 1",
        "0.25, 3, 1",
        "0.333, 667, 333",
        "0.000001, 999999, 1",
        "0.999999, 1, 999999",
    })
    void weights_are_the_smallest_that_give_exactly_the_share(double share, int stable, int candidate)
            throws IOException {
        assertThat(GatewayWeights.of(share)).isEqualTo(new GatewayWeights(stable, candidate));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3333333333333333, 0.0000001, 1e-300, -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void a_share_that_no_weights_give_is_refused(double share) {
        assertThatThrownBy(() -> GatewayWeights.of(share))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("hare");
    }
}
