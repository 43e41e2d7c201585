package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.rollout.OneTarget;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M6.2")
class LadderTrafficTests {
    /** Says so, whatever it was told. */
    private record Reports(double share) implements TrafficRouter {
        @Override
        public String name() {
            return "router";
        }

        @Override
        public boolean serves(String service) {
            return true;
        }

        @Override
        public void setShare(String service, double wanted) {
            // whatever it was told
        }

        @Override
        public double readShare(String service) {
            return share;
        }
    }

    private static LadderTraffic before(double reported) {
        return new LadderTraffic(null, OneTarget.of(null, new Reports(reported)));
    }

    @Test
    void what_is_left_of_a_share_is_no_zero() {
        assertThatThrownBy(() -> before(0.004).stage("checkout-staging", 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reports 0.0040");
        assertThatThrownBy(() -> before(Double.NaN).stage("checkout-staging", 0))
                .isInstanceOf(IOException.class);
        assertThatCode(() -> before(0).stage("checkout-staging", 0)).doesNotThrowAnyException();
        assertThatCode(() -> before(0.102).stage("checkout-staging", 0.1)).doesNotThrowAnyException();
    }
}
