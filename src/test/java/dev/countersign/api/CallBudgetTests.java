package dev.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/** All calls of a step together stay below the lock of its job. */
@Tag("M3.2")
class CallBudgetTests {
    private static final Duration OWN = Duration.ofSeconds(9);
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer system;

    @BeforeEach
    void start() throws IOException {
        system = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        system.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        system.start();
        TransactionSynchronizationManager.initSynchronization();
    }

    @AfterEach
    void end() {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            complete();
        }
        system.stop(0);
    }

    private static void complete() {
        TransactionSynchronizationUtils.triggerAfterCompletion(TransactionSynchronization.STATUS_COMMITTED);
        TransactionSynchronizationManager.clearSynchronization();
    }

    private int call() throws IOException, InterruptedException {
        URI there = URI.create("http://127.0.0.1:" + system.getAddress().getPort());
        return BoundedBody.exchange(client, HttpRequest.newBuilder(there).build(), 100, OWN)
                .statusCode();
    }

    @Test
    void a_step_that_has_used_its_time_up_makes_no_further_call() throws Exception {
        CallBudget.begin(Duration.ZERO);
        assertThatThrownBy(this::call)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The step's calls together take longer");
        assertThat(asked).hasValue(0);
        assertThat(CallBudget.atMost(OWN)).isZero();
    }

    @Test
    void what_is_left_to_a_step_cuts_a_call_short_and_a_further_step_of_the_job_begins_no_new_time() {
        CallBudget.begin(Duration.ofSeconds(5));
        Duration left = CallBudget.atMost(OWN);
        assertThat(left).isLessThanOrEqualTo(Duration.ofSeconds(5));
        CallBudget.begin();
        assertThat(CallBudget.atMost(OWN)).isLessThanOrEqualTo(left);
    }

    @Test
    void a_call_that_no_step_makes_has_its_own_time_out_only_and_so_has_the_next_job() throws Exception {
        assertThat(CallBudget.atMost(OWN)).isEqualTo(OWN);
        CallBudget.begin(Duration.ZERO);
        complete();
        assertThat(CallBudget.atMost(OWN)).isEqualTo(OWN);
        assertThat(call()).isEqualTo(204);
        assertThat(asked).hasValue(1);
    }
}
