package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.observe.correlation.SimulatedServices.Fault;
import dev.countersign.release.ReleaseState;
import dev.countersign.rollout.FoundRoots.FoundRoot;
import dev.countersign.rollout.Rollouts.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What follows from correlated traces while a release is rolled out: the services around it are simulated, the platform is not. */
@Tag("M5.2")
class CascadeTests extends RolloutTest {
    private static final Duration WHILE = Duration.ofMinutes(6);

    @Autowired
    private FoundRoots roots;

    private String rollingOutAmid(Fault fault) throws Exception {
        String key = rollingOut();
        traces.play(fault, rollout(key).candidate(), store.stepsOf(key).get(0).startedAt());
        return key;
    }

    @Test
    void a_dependent_that_fails_on_the_candidates_answers_takes_its_traffic_back_for_that_reason() throws Exception {
        traces.play(Fault.DEPENDENT_FAILS_ON_ANSWER, "none yet", clock.instant());
        String key = rollingOutAmid(Fault.DEPENDENT_FAILS_ON_ANSWER);
        pass(WHILE);

        assertThat(target.share).isZero();
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trippedBecause())
                .startsWith("The release of checkout is the root: errors in shop come to ");
        assertThat(told(key, "correlation.found").get(0)).endsWith(" (rolled back)");
        FoundRoot found = roots.of(key).get(roots.of(key).size() - 1);
        assertThat(found.occasion()).isEqualTo("watch");
        assertThat(found.action()).isEqualTo("rollback");
        assertThat(found.service()).isEqualTo("shop");
        assertThat(found.evidence().at("/carried/0/answer").textValue()).isEqualTo("MORE");
        http.perform(get("/api/releases/{key}/rollout", key).with(httpBasic("sre", "sre")))
                .andExpect(jsonPath("$.correlation.outcome").value("ROOT"));
    }

    /** Users are on it while a person decides, and whoever waits begins a new epoch. */
    @Test
    void the_watch_goes_on_after_an_unclear_stabilisation() throws Exception {
        traces.play(Fault.DEPENDENT_FAILS_ON_ANSWER, "none yet", clock.instant());
        String key = stabilising();
        judge(key, "INCONCLUSIVE", true);
        assertThat(isOpen(key, "decideStabilisation")).isTrue();
        traces.play(Fault.DEPENDENT_FAILS_ON_ANSWER, rollout(key).candidate(), clock.instant());
        pass(WHILE);
        pass(Duration.ofMinutes(3));

        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(rollout(key).trippedBecause()).startsWith("The release of checkout is the root: ");
        assertThat(target.share).isZero();
    }

    @Test
    void a_dependency_that_fails_by_itself_rules_the_release_out_and_keeps_no_rollback_back() throws Exception {
        traces.play(Fault.DEPENDENCY_FAILED_BEFORE, "none yet", clock.instant());
        String key = rollingOut();
        Instant began = clock.instant().minus(WHILE);
        database.update(
                "update rollout_step set started_at = ? where release_key = ?", began.atOffset(ZoneOffset.UTC), key);
        traces.play(Fault.DEPENDENCY_FAILED_BEFORE, rollout(key).candidate(), began);

        judge(key, "FAIL", true);
        assertThat(target.share).isZero();
        assertThat(rollout(key).trippedBecause()).isEqualTo("FAIL says the test");
        pass(Duration.ofSeconds(20));
        assertThat(rollout(key).status()).isEqualTo(Status.BACK);
        assertThat(state(key)).isIn(ReleaseState.ROLLING_BACK, ReleaseState.ROLLED_BACK);
        assertThat(roots.of(key)).singleElement().satisfies(found -> {
            assertThat(found.occasion()).isEqualTo("breach");
            assertThat(found.outcome()).isEqualTo("RULED_OUT");
            assertThat(found.action()).isEqualTo("record");
        });
        assertThat(told(key, "correlation.found"))
                .singleElement()
                .asString()
                .startsWith("The release of checkout is ruled out: errors of payments began at ");
    }

    @Test
    void a_trace_server_that_does_not_answer_moves_nothing() throws Exception {
        traces.goDown();
        String key = rollingOut();
        pass(WHILE);

        assertThat(rollout(key).trippedAt()).isNull();
        assertThat(told(key, "correlation.found")).isEmpty();
        demand(key, "sre", 202);
        assertThat(roots.of(key)).singleElement().satisfies(found -> {
            assertThat(found.outcome()).isEqualTo("UNDETERMINED");
            assertThat(found.evidence().path("gaps").toString()).contains("There are no traces: the test says no");
        });
    }

    @Test
    void operations_ask_at_any_time_and_others_do_not() throws Exception {
        String key = atRollout();
        demand(key, "sre", 409);
        watch(key);
        pass(Duration.ofMinutes(1));
        demand(key, "developer", 403);
        demand(key, "sre", 202);

        assertThat(told(key, "correlation.found")).singleElement().asString().startsWith("Undetermined: ");
        http.perform(get("/api/releases/{key}/rollout/correlation", key).with(httpBasic("sre", "sre")))
                .andExpect(jsonPath("$[0].askedBy").value("sre"))
                .andExpect(jsonPath("$[0].occasion").value("demand"))
                .andExpect(jsonPath("$[0].evidence.gaps[0]").value("No source has traces of checkout"));
    }

    private void demand(String key, String person, int answer) throws Exception {
        http.perform(post("/api/releases/{key}/rollout/correlation", key).with(httpBasic(person, person)))
                .andExpect(status().is(answer));
        settle();
    }
}
