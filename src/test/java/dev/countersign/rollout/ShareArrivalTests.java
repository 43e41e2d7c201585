package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.rollout.TrafficRouter.Arrived;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M3.1")
class ShareArrivalTests {
    @ParameterizedTest
    @CsvSource({
        "0.1,  100,  1000, true",
        "0.1,  130,  1000, true",
        "0.1,  160,  1000, false",
        "0.1,  40,   1000, false",
        "0.1,  3,    10,   true",
        "0.1,  0,    0,    false",
        "0.1,  0,    500,  false",
        "0.5,  1000, 1000, false",
        "1,    1000, 1000, true",
        "1,    970,  1000, false",
        "0.05, 50000, 1000000, true",
        "0.05, 80000, 1000000, false",
    })
    void a_share_has_arrived_when_chance_and_sticky_clients_explain_the_difference(
            double wanted, long candidate, long all, boolean arrived) {
        assertThat(ShareArrival.otherwise(wanted, new Arrived(candidate, all)) == null)
                .isEqualTo(arrived);
    }
}
