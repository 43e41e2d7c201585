package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.Statements;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.camunda.bpm.engine.TaskService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;

/** However many incidents a delivery tells of, the database is asked equally often. */
@CountedTest
@Tag("E4")
class IncidentBatchTests {
    private static final Instant BEGAN = Instant.now().minusSeconds(3600);
    /** More than are asked about at once. */
    private static final int MANY = 120;

    @Autowired
    private MockMvc http;

    @Autowired
    private Statements statements;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private JdbcClient db;

    @Autowired
    private TaskService tasks;

    @Autowired
    private Hands hands;

    private String release;

    @AfterEach
    void leaveNothingOpen() {
        if (release != null) {
            db.sql("delete from rollout where release_key = ?").param(release).update();
            db.sql("update release set state = 'ABORTED' where key_ = ?")
                    .param(release)
                    .update();
        }
    }

    @Test
    void a_delivery_of_many_incidents_asks_as_often_as_one_of_few() throws Exception {
        send("warm", 2, "nowhere");
        long few = send("few", 2, "payments");
        long many = send("many", 400, "payments");
        assertThat(many).isPositive().isEqualTo(few);
        assertThat(send("many", 400, "payments")).as("known already").isLessThan(many);
    }

    @Test
    void a_delivery_leaves_it_to_one_task_to_ask_people_about_its_incidents_and_the_engine_out_of_it()
            throws Exception {
        release = opened.withoutProcess("payments", "standard", "critical", "somebody")
                .key();
        db.sql(
                        """
                        insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status, step, wanted, epoch, started_at)
                        values (?, 'payments', 'sha256:c', 'sha256:b', '{"steps": [], "version": "1.0"}', '1.0', 'COMPLETE', 1, 1, 1, ?)
                        """)
                .params(release, BEGAN.minusSeconds(60).atOffset(ZoneOffset.UTC))
                .update();
        settle();
        send("warm-asked", 2, "payments");
        settle();
        long engine = engineCalls();
        long few = send("few-asked", 2, "payments");
        long scheduled = scheduled();
        long many = send("many-asked", MANY, "payments");
        assertThat(many).isPositive().isEqualTo(few);
        assertThat(scheduled()).isEqualTo(scheduled + 1);
        assertThat(engineCalls()).isEqualTo(engine);
        assertThat(asked("many-asked")).isZero();

        settle();
        assertThat(asked("many-asked")).isEqualTo(MANY);
        assertThat(openTasks()).isEqualTo(2 + 2 + MANY);

        for (String prefix : List.of("warm-asked", "few-asked", "many-asked")) {
            send(
                    prefix,
                    prefix.startsWith("many") ? MANY : 2,
                    "payments\",\"status\":\"cancelled\",\"changedAt\":\"" + BEGAN.plusSeconds(60));
        }
        assertThat(engineCalls()).isEqualTo(engine);
        settle();
        assertThat(openTasks()).as("they were none").isZero();
    }

    /** Some of them at a time, until it is done. */
    private void settle() {
        for (int turn = 0; turn <= MANY / 50; turn++) {
            hands.settle();
        }
        assertThat(scheduled()).isZero();
    }

    private long asked(String prefix) {
        return db.sql("select count(*) from reported_incident where source_id like ? and asked_at is not null")
                .param(prefix + "-%")
                .query(Long.class)
                .single();
    }

    private long scheduled() {
        return db.sql("select count(*) from scheduled_tasks where task_name = 'ask-what-caused-incidents'")
                .query(Long.class)
                .single();
    }

    private long openTasks() {
        return tasks.createTaskQuery()
                .taskDefinitionKey("attributeIncident")
                .processInstanceBusinessKeyLike("EXT-%")
                .count();
    }

    private long engineCalls() {
        return statements.of(table -> table.startsWith("act_")).calls();
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
