package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import dev.countersign.observe.CanaryMetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.ResultActions;

/** How a step is compared with its baseline: frozen with the plan, doubted where nobody knows its false alarms, judged again for an auditor. */
@Tag("M3.4")
class ComparedStepsTests extends RolloutTest {
    @Autowired
    private RecurringTask<Void> measureFalseAlarmsTask;

    @Test
    void a_rollout_freezes_the_metrics_of_the_table_with_its_plan() throws Exception {
        String key = rollingOut();
        assertThat(rollout(key).plan().triggers().metrics())
                .extracting(CanaryMetric::name, CanaryMetric::rule, CanaryMetric::ruleVersion)
                .containsExactly(
                        tuple("error ratio", "ratio", "canary-metrics 1.0"),
                        tuple("latency p95", "not applied", "canary-metrics 1.0"));
        assertThat(observations.ofRelease(key)).singleElement().satisfies(step -> assertThat(
                        step.order().triggers())
                .isEqualTo(rollout(key).plan().triggers()));
    }

    @Test
    void a_metric_of_which_nobody_knows_its_false_alarms_is_said_before_it_gates() throws Exception {
        String key = rollingOut();
        measureFalseAlarmsTask.execute(null, null);
        measureFalseAlarmsTask.execute(null, null);
        assertThat(told(key, "rollout.metric-doubted"))
                .singleElement()
                .asString()
                // Of the service's earlier releases a window may be left.
                .matches("How often error ratio alarms falsely is not known: \\d windows of 6 s .* more are needed.*");
        http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.plan.triggers.metrics[0].tolerated").value(3))
                .andExpect(jsonPath("$.steps", hasSize(1)));
        judge(key, "INCONCLUSIVE", false);
        http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.verdicts[0].falseAlarms[0].metric").value("error ratio"))
                .andExpect(jsonPath("$.verdicts[0].falseAlarms[0].verdict").value("NO_DATA"));
        http.perform(get("/releases/{key}", key).with(user("auditor")))
                .andExpect(status().isOk())
                .andExpect(result -> assertThat(result.getResponse().getContentAsString())
                        .contains("Metrics in doubt", "not known", "How often error ratio alarms falsely"));
    }

    @Test
    void metrics_are_measured_anew_for_whoever_steers_before_the_rollout_begins_too() throws Exception {
        String key = open();
        measure(key, "1", "sre")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$[*].metric", hasItem("error ratio")))
                .andExpect(jsonPath("$[0].sentence", startsWith("How often error ratio")));
        measure(key, "1", "developer").andExpect(status().isForbidden());
        measure(key, "9", "sre").andExpect(status().isUnprocessableEntity());
        measure(key, "3", "sre").andExpect(jsonPath("$", hasSize(0)));
    }

    @Test
    void every_verdict_stands_beside_what_the_stored_samples_say() throws Exception {
        String key = rollingOut();
        judge(key, "PASS", true);
        http.perform(get("/api/releases/{key}/rollout/judged-again", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$[0].stored.verdict").value("PASS"))
                .andExpect(jsonPath("$[0].same").value(false));
    }

    private ResultActions measure(String key, String step, String person) throws Exception {
        return http.perform(post("/api/releases/{key}/rollout/false-alarms", key)
                .queryParam("step", step)
                .with(httpBasic(person, person)));
    }
}
