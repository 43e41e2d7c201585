package dev.countersign.rollout.marker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M5.5")
class OpenTelemetryPropertiesTests {
    private static OpenTelemetryProperties of(String url) {
        return new OpenTelemetryProperties(URI.create(url), null, Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://otel.example",
                "http://user:word@otel.example",
                "https:///v1",
                "http://otel.example?a=b",
                "http://otel.example#a"
            })
    void an_address_that_is_no_receiver_is_refused_at_the_start(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(url))
                .withMessageContaining("countersign.rollout.opentelemetry.url");
    }

    @Test
    void a_collector_is_one() {
        assertThat(of("http://collector:4318").url().getPort()).isEqualTo(4318);
    }
}
