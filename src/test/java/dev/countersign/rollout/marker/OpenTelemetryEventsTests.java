package dev.countersign.rollout.marker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver's answer is taken for. */
@Tag("M5.5")
class OpenTelemetryEventsTests {
    private static final Marker MARKER = new Marker(7, "checkout", "2.0.0", "start", "It begins", Instant.EPOCH);
    private final AtomicInteger sent = new AtomicInteger();
    private volatile int status = 200;
    private volatile String body = "{}";
    private HttpServer receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/logs", exchange -> {
            sent.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private void send() throws IOException {
        URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort());
        new OpenTelemetryEvents(
                        new OpenTelemetryProperties(url, null, Duration.ofSeconds(5)),
                        new ObjectMapper(),
                        Clock.systemUTC())
                .send(MARKER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "<html>thank you</html>", "{\"partialSuccess\": ", "\"ok\""})
    void what_was_accepted_is_not_sent_again_whatever_the_answer_says_besides(String said) {
        body = said;
        assertThatCode(this::send).doesNotThrowAnyException();
        assertThat(sent).hasValue(1);
    }

    @Test
    void a_receiver_that_is_overloaded_is_tried_again() {
        status = 503;
        assertThatThrownBy(this::send).isInstanceOf(IOException.class).hasMessageContaining("503");
    }
}
