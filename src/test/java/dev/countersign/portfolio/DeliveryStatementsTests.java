package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.model;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.Statements;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;

@Tag("M7.5")
@CountedTest
class DeliveryStatementsTests {
    private static final String SERVICE = "delivery-counted";

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private Statements statements;

    @Test
    void delivery_metrics_take_as_many_statements_for_fifty_deployments_as_for_two() throws Exception {
        add(0, 2);
        long two = asked(2);
        add(2, 50);
        assertThat(asked(50)).isEqualTo(two).isBetween(1L, 6L);
    }

    private long asked(int deployments) throws Exception {
        statements.on();
        long before = statements.of(table -> true).statements();
        http.perform(get("/metrics/delivery")
                        .with(user("qa"))
                        .queryParam("service", SERVICE)
                        .queryParam("from", "2002-01-01")
                        .queryParam("to", "2002-12-31"))
                .andExpect(status().isOk())
                .andExpect(model().attributeExists("cards"));
        long took = statements.of(table -> true).statements() - before;
        statements.off();
        http.perform(get("/api/metrics/delivery")
                        .with(org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors
                                .httpBasic("qa", "qa"))
                        .queryParam("service", SERVICE)
                        .queryParam("from", "2002-01-01")
                        .queryParam("to", "2002-12-31"))
                .andExpect(jsonPath("$.deployments").value(deployments));
        return took;
    }

    /** Every second one a hotfix that names the release before it. */
    private void add(int from, int to) {
        for (int i = from; i < to; i++) {
            OffsetDateTime at =
                    Instant.parse("2002-02-01T08:00:00Z").plusSeconds(i).atOffset(ZoneOffset.UTC);
            String key = SERVICE + "@1.0." + i;
            db.sql(
                            "insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                                    + " summary, environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at, fixes)"
                                    + " values (?, ?, ?, 1, ?, 'STABLE', ?, true, 'ci', 'A sample', 'production', '6dcb', '[]', '[]', '{}', '[]', '[]', ?, ?)")
                    .params(
                            key,
                            SERVICE,
                            "1.0." + i,
                            i % 2 == 0 ? "standard" : "hotfix",
                            at,
                            at,
                            i % 2 == 0 ? null : SERVICE + "@1.0." + (i - 1))
                    .update();
            db.sql(
                            "insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status, step,"
                                    + " wanted, actual, epoch, started_at) values (?, ?, 'b', 'a', '{}', '1', 'RUNNING', 3, 1, 1, 1, ?)")
                    .params(key, SERVICE, at)
                    .update();
        }
    }
}
