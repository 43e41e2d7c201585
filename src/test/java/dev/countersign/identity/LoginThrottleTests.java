package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.identity.LoginThrottle.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("E3")
class LoginThrottleTests {
    private static final Caller CI = new Caller("ci", "192.0.2.1");
    private Instant now = Instant.parse("2026-11-24T09:00:00Z");
    private final LoginThrottle throttle = new LoginThrottle(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private void fail(Caller caller, int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed(caller);
        }
    }

    @ParameterizedTest(name = "after {0} wrong passwords a caller waits {1} seconds")
    @CsvSource({"1, 0", "4, 0", "5, 2", "6, 4", "7, 8", "9, 32", "10, 60", "11, 60", "5000, 60"})
    void the_wait_grows_up_to_a_minute(int wrong, long seconds) {
        fail(CI, wrong);
        assertThat(throttle.admits(CI)).isEqualTo(seconds == 0);
        Instant over = now.plusSeconds(seconds);
        if (seconds > 0) {
            now = over.minusMillis(1);
            assertThat(throttle.admits(CI)).isFalse();
        }
        now = over;
        assertThat(throttle.admits(CI)).isTrue();
    }

    @Test
    void the_right_password_ends_the_count() {
        fail(CI, 4);
        throttle.succeeded(CI);
        fail(CI, 4);
        assertThat(throttle.admits(CI)).isTrue();
    }

    @Test
    void a_guess_after_the_wait_closes_again_at_once() {
        fail(CI, 20);
        now = now.plus(Duration.ofMinutes(1));
        throttle.failed(CI);
        assertThat(throttle.admits(CI)).isFalse();
    }

    @Test
    void another_address_and_another_user_are_not_concerned() {
        fail(CI, 20);
        assertThat(throttle.admits(new Caller("ci", "192.0.2.2"))).isTrue();
        assertThat(throttle.admits(new Caller("qa", "192.0.2.1"))).isTrue();
    }

    @Test
    void memory_is_bounded() {
        for (int i = 0; i < LoginThrottle.REMEMBERED + 50; i++) {
            throttle.failed(new Caller("user-" + i, "192.0.2.1"));
        }
        assertThat(throttle.remembered()).isEqualTo(LoginThrottle.REMEMBERED);
    }
}
