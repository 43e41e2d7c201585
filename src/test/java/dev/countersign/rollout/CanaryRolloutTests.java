package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.CanaryMetric;
import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource.Batch;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Valued;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.workflow.PolicySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.test.web.servlet.ResultActions;

/** Releases of a service whose team has a canary configuration of its own, on the real models and with the real judge. */
@Tag("M3.4")
class CanaryRolloutTests extends RolloutTest {
    private static final String CONFIGURATION =
            """
            {"name": "golden signals",
             "metrics": [
               {"name": "cpu", "groups": ["system"],
                "query": {"type": "prometheus", "metricName": "cpu"},
                "analysisConfigurations": {"canary": {"direction": "increase", "effectSize": {"allowedIncrease": 1.2}}}},
               {"name": "queue", "groups": ["work"],
                "query": {"type": "prometheus", "metricName": "queue"},
                "analysisConfigurations": {"canary": {"direction": "increase"}}}],
             "classifier": {"groupWeights": {"system": 60, "work": 40}, "scoreThresholds": {"pass": 95, "marginal": 75}}}
            """;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final double[] FAST =
            DoubleStream.generate(() -> 20).limit(200).toArray();

    @Autowired
    List<PolicySource> policies;

    @Autowired
    Catalog catalog;

    @Autowired
    RecurringTask<Void> observeTask;

    @BeforeEach
    void declare() {
        declare(Map.of("checkout.json", CONFIGURATION.getBytes(StandardCharsets.UTF_8)));
    }

    @AfterEach
    void takeOut() {
        declare(Map.of());
    }

    private void declare(Map<String, byte[]> files) {
        policies.stream().filter(policy -> policy.name().equals("canaries")).forEach(policy -> policy.activate(files));
        ReflectionTestUtils.invokeMethod(catalog, "refresh");
    }

    /** The step is watched for nine seconds, in which the candidate's queue is so many times as long as the baseline's. */
    private void watched(String key, double times) {
        Observation step = observations.ofRelease(key).get(0);
        values.answer("checkout", (queries, from, to) -> batch(step, queries, from, to, times));
        for (int second = 1; second < 10; second++) {
            ClockUtil.setCurrentTime(Date.from(step.since().plusSeconds(second)));
            observeTask.execute(null, null);
        }
        settle();
    }

    private static Batch batch(Observation step, List<Query> queries, Instant from, Instant to, double times) {
        List<Sample> samples = new ArrayList<>();
        List<Valued> values = new ArrayList<>();
        int second = 0;
        for (Instant at = step.since(); !at.plus(SECOND).isAfter(to); at = at.plus(SECOND)) {
            second++;
            if (!at.isBefore(from)) {
                for (boolean own : new boolean[] {true, false}) {
                    String version =
                            own ? step.order().candidate() : step.order().baseline();
                    samples.add(new Sample(at, SECOND, version, FAST.length, 0, 20.0, 20.0, 20.0, Latencies.of(FAST)));
                    String digits = version.substring("sha256:".length());
                    for (Query query : queries) {
                        if (query.events().contains(digits)) {
                            double usual = 1 + second * 0.01;
                            boolean queue = query.events().startsWith("avg(queue{");
                            values.add(new Valued(query, at, Map.of(), own && queue ? times * usual : usual));
                        }
                    }
                }
            }
        }
        return new Batch(samples, List.of(), values);
    }

    private ResultActions shown(String key) throws Exception {
        return http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk());
    }

    @Test
    void a_step_passes_when_what_the_team_watches_is_alike_and_its_score_is_shown() throws Exception {
        String key = rollingOut();
        assertThat(rollout(key).plan().triggers().metrics())
                .extracting(CanaryMetric::name)
                .contains("canary cpu", "canary queue");
        watched(key, 1);
        assertThat(rollout(key).step()).isEqualTo(2);
        shown(key)
                .andExpect(jsonPath("$.verdicts[0].latest.verdict").value("PASS"))
                .andExpect(jsonPath("$.verdicts[0].latest.sentence", containsString("canary score 100 of 100")))
                .andExpect(jsonPath("$.verdicts[0].score.value").value(100))
                .andExpect(jsonPath("$.verdicts[0].score.pass").value(95))
                .andExpect(jsonPath("$.verdicts[0].score.version", startsWith("checkout.json sha256:")))
                .andExpect(jsonPath("$.verdicts[0].score.groups[0].name").value("system"))
                .andExpect(jsonPath("$.verdicts[0].score.groups[0].weight").value(60))
                .andExpect(jsonPath("$.verdicts[0].score.metrics[*].classification", hasItem("Pass")));
        http.perform(get("/releases/{key}", key).with(user("auditor")))
                .andExpect(content().string(containsString("100.00 of 100")));
    }

    @Test
    void a_step_is_held_when_one_metric_is_worse_whatever_the_others_are() throws Exception {
        String key = rollingOut();
        watched(key, 2);
        assertThat(rollout(key).step()).isEqualTo(1);
        assertThat(target.share).isEqualTo(0.1);
        shown(key)
                .andExpect(jsonPath("$.verdicts[0].latest.verdict").value("INCONCLUSIVE"))
                .andExpect(jsonPath("$.verdicts[0].latest.metric").value("canary score"))
                .andExpect(jsonPath("$.verdicts[0].latest.value").value(60))
                .andExpect(jsonPath("$.verdicts[0].latest.limit").value(75))
                .andExpect(jsonPath("$.verdicts[0].latest.sentence", containsString("canary queue: ")))
                .andExpect(jsonPath("$.verdicts[0].score.metrics[1].classification")
                        .value("High"));
        http.perform(get("/releases/{key}", key).with(user("auditor")))
                .andExpect(content().string(containsString("60.00 of 100")))
                .andExpect(content().string(containsString("High")));
        http.perform(get("/api/releases/{key}/rollout/judged-again", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$[0].same").value(true));
    }

    @Test
    void a_configuration_that_nobody_can_read_holds_every_step() throws IOException, Exception {
        declare(Map.of("checkout.json", "{\"name\": \"golden signals\"}".getBytes(StandardCharsets.UTF_8)));
        String key = rollingOut();
        watched(key, 1);
        assertThat(rollout(key).step()).isEqualTo(1);
        shown(key)
                .andExpect(jsonPath("$.verdicts[0].latest.verdict").value("NO_DATA"))
                .andExpect(jsonPath(
                        "$.verdicts[0].latest.sentence",
                        startsWith("The canary configuration of checkout cannot be followed: checkout.json")));
    }
}
