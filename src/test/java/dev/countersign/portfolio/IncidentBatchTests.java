package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import dev.countersign.DatabaseTest;
import dev.countersign.Statements;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;

/** However many incidents a delivery tells of, the database is asked equally often. */
@CountedTest
@Tag("E4")
class IncidentBatchTests {
    private static final Instant BEGAN = Instant.now().minusSeconds(3600);

    @Autowired
    private MockMvc http;

    @Autowired
    private Statements statements;

    @Test
    void a_delivery_of_many_incidents_asks_as_often_as_one_of_few() throws Exception {
        send("warm", 2, "nowhere");
        long few = send("few", 2, "payments");
        long many = send("many", 400, "payments");
        assertThat(many).isPositive().isEqualTo(few);
        assertThat(send("many", 400, "payments")).as("known already").isLessThan(many);
    }

    private long send(String prefix, int number, String service) throws Exception {
        String body = IntStream.range(0, number)
                .mapToObj(one -> "{\"id\":\"%s-%d\",\"title\":\"x\",\"service\":\"%s\",\"startedAt\":\"%s\"}"
                        .formatted(prefix, one, service, BEGAN))
                .collect(Collectors.joining(",", "{\"incidents\":[", "]}"));
        long before = calls();
        statements.on();
        try {
            assertThat(http.perform(post("/api/webhooks/incidents")
                                    .header("Authorization", "Bearer own-" + DatabaseTest.INCIDENTS_SECRET)
                                    .content(body))
                            .andReturn()
                            .getResponse()
                            .getStatus())
                    .isEqualTo(200);
        } finally {
            statements.off();
        }
        return calls() - before;
    }

    /** The log writes so many leaves at a time. */
    private long calls() {
        return statements
                .of(table -> !Set.of("log_outbox", "personal_value").contains(table))
                .calls();
    }
}
