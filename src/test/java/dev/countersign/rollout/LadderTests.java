package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.incident.Incidents;
import dev.countersign.release.ReleaseState;
import dev.countersign.rollback.Rollbacks;
import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollback.Rung;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The ladder in production, on the real models: what one rung does not do the next one does, and each says what it did. */
@Tag("M6.1")
@Tag("M6.3")
class LadderTests extends RolloutTest {
    private static final int ATTEMPTS = 6;

    @Autowired
    Rollbacks rollbacks;

    @Autowired
    Incidents incidents;

    private List<String> rungs(String key) {
        return rollbacks.rungsOf(key).stream()
                .map(rung -> rung.rung() + " " + rung.outcome())
                .toList();
    }

    private void useUpUntil(String key, String task) {
        for (int attempt = 0; attempt < ATTEMPTS && !isOpen(key, task); attempt++) {
            retry();
        }
        assertThat(isOpen(key, task)).as(task).isTrue();
    }

    private void trip(String key) {
        traffic.trip(key, "monitoring", "errors of 20 %", Instant.now());
        settle();
    }

    @Test
    void a_rollback_says_rung_by_rung_what_it_did_and_how_long_it_took() throws Exception {
        String key = rollingOut();
        metrics.measure("checkout", target.stable, 0);
        trip(key);

        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
        assertThat(rungs(key)).containsExactly("flag passed-over", "traffic done", "withdraw done", "proof done");
        assertThat(rollbacks.rungsOf(key)).allMatch(rung -> !rung.took().isNegative());
        assertThat(rollbacks.find(key).orElseThrow().checks())
                .contains("The candidate is gone from the target", "The router gives the candidate no traffic");
        assertThat(lines(key).get(lines(key).size() - 1))
                .matches("Users are safe: back on the stable version after [0-9.]+ s, proved after [0-9.]+ s of .+"
                        + "; nobody has to act; seen at .+ by monitoring: errors of 20 %; done: traffic moved back, candidate taken away"
                        + "; nothing is still running");
        assertThat(told(key, "rollback.candidate-withdrawn"))
                .singleElement()
                .asString()
                .contains("s after detection");
    }

    @Test
    @Tag("M6.4")
    void a_flag_is_off_before_traffic_moves_and_one_that_is_stuck_delays_no_user_but_is_not_proven() throws Exception {
        String key = rollingOut();
        metrics.measure("checkout", target.stable, 0);
        flag.governed = key;
        flag.stuck = true;
        trip(key);
        useUpUntil(key, "rollBackByHand");
        assertThat(target.share).isZero();
        assertThat(rungs(key)).containsExactly("flag failed", "traffic done", "withdraw done", "proof failed");
        assertThat(rollbacks.find(key).orElseThrow().failedRung()).contains("the flag is not proven to be off");

        assertThat(incidents.ofRelease(key))
                .as("an incident while it stands failed")
                .isPresent();
        assertThat(noticed(key))
                .containsExactly(
                        key + " is being rolled back", "the rollback of " + key + " failed and waits for a person");

        flag.stuck = false;
        hands.answer(key, "rollBackByHand", "operations", Map.of("done", true, "what", "mended the flags"));
        settle();
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
        assertThat(flag.on).isFalse();
        assertThat(rungs(key)).endsWith("hands done", "flag done", "traffic done", "withdraw done", "proof done");
        assertThat(rollbacks.find(key).orElseThrow().checks()).contains("The flag of the release is off");
        assertThat(noticed(key)).hasSize(3).endsWith(key + " is rolled back");
        assertThat(lines(key))
                .satisfiesExactly(
                        opened -> assertThat(opened).startsWith("Users are back on the stable version after "),
                        failed -> assertThat(failed)
                                .contains(
                                        "and it is not proven that they are safe; roll back by hand now: ",
                                        "; failed: "),
                        over -> assertThat(over).startsWith("Users are safe: ").contains("rolled back by hand"));
        assertThat(told(key, "incident.opened")).hasSize(1);
    }

    /** The first line of each mail that stakeholders got of the incident. */
    private List<String> lines(String key) {
        return database
                .queryForList(
                        "select text_ from mail where release_key = ? and kind = 'incident' order by id",
                        String.class,
                        key)
                .stream()
                .map(text -> text.lines().findFirst().orElseThrow())
                .toList();
    }

    /** What stakeholders were told of the incident, behind its severity and number. */
    private List<String> noticed(String key) {
        return database
                .queryForList(
                        "select subject from mail where release_key = ? and kind = 'incident' order by id",
                        String.class,
                        key)
                .stream()
                .map(subject -> subject.substring(subject.indexOf(": ") + 2))
                .toList();
    }

    private static List<String> with(List<String> before, String one) {
        return Stream.concat(before.stream(), Stream.of(one)).toList();
    }

    /** An incident is no reason for a user to stay on the candidate, and is not forgotten either. */
    @Test
    void an_incident_that_cannot_be_opened_delays_no_rollback_and_is_opened_as_of_its_beginning() throws Exception {
        String key = rollingOut();
        metrics.measure("checkout", target.stable, 0);
        database.execute("alter table incident add constraint no_incident_here check (release_key <> '" + key + "')");
        try {
            trip(key);
            assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
            assertThat(target.share).isZero();
            assertThat(incidents.ofRelease(key)).isEmpty();
            Map<String, Object> written = Map.of(
                    "impact", "none", "contributingFactors", "none", "rootCause", "none", "noActionsBecause", "a test");
            assertThatThrownBy(() -> hands.answer(key, "writePostMortem", "facilitator", written))
                    .hasMessageContaining("could not be opened yet");
        } finally {
            database.execute("alter table incident drop constraint no_incident_here");
        }
        pass(Duration.ofSeconds(11));

        Rollback rollback = rollbacks.find(key).orElseThrow();
        assertThat(incidents.ofRelease(key)).hasValueSatisfying(incident -> {
            assertThat(incident.openedAt()).isEqualTo(rollback.startedAt());
            assertThat(incident.detectedAt()).isEqualTo(rollback.detectedAt());
        });
        assertThat(noticed(key)).containsExactly(key + " is rolled back");
        assertThat(lines(key)).singleElement().asString().startsWith("Users are safe: ");
        assertThat(told(key, "incident.opened")).hasSize(1);
    }

    /** A transaction that is marked for rollback would lose the way to the next rung at its commit. */
    @Test
    void a_router_whose_client_breaks_in_a_way_nobody_expected_leads_to_the_next_rung_too() throws Exception {
        String key = rollingOut();
        metrics.measure("checkout", target.stable, 0);
        target.routerBroken = new IllegalStateException("a field is missing in the answer");
        trip(key);
        useUpUntil(key, "rollBackByHand");

        assertThat(target.told).contains("redeploy " + target.stable);
        assertThat(rungs(key)).startsWith("flag passed-over", "traffic failed", "redeploy done");
        assertThat(told(key, "rollback.rung-failed"))
                .anySatisfy(text -> assertThat(text).contains("failed: a field is missing in the answer"));

        target.routerBroken = null;
        hands.answer(key, "rollBackByHand", "operations", Map.of("done", true, "what", "restarted the router"));
        settle();
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
    }

    /** The test above passes as well where the failure stays what it was, under transactions that forgive it. Whoever takes traffic back is told of the router, and keeps its own. */
    @Test
    void whatever_a_routers_client_throws_is_a_failure_of_the_router_and_the_rollouts_end_stands() throws Exception {
        String key = rollingOut();
        target.routerBroken = new IllegalStateException("a field is missing in the answer");
        assertThatThrownBy(() -> traffic.toStable(key))
                .isInstanceOf(IOException.class)
                .hasMessage("The router of checkout failed: a field is missing in the answer");
        assertThat(rollout(key).isBack()).as("that nothing goes on is kept").isTrue();
    }

    @Test
    void where_the_router_is_down_the_stable_version_takes_the_place_of_the_candidate_and_a_person_proves_the_rest()
            throws Exception {
        String key = rollingOut();
        metrics.measure("checkout", target.stable, 0);
        target.routerDown = true;
        trip(key);
        useUpUntil(key, "rollBackByHand");

        assertThat(target.told).contains("redeploy " + target.stable);
        assertThat(target.candidate).isNull();
        assertThat(rungs(key)).containsExactly("flag passed-over", "traffic failed", "redeploy done", "proof failed");
        assertThat(told(key, "rollback.rung-failed"))
                .anySatisfy(text -> assertThat(text).contains("'move traffic back' failed: the router is down"));

        target.routerDown = false;
        hands.answer(key, "rollBackByHand", "operations", Map.of("done", true, "what", "restarted the router"));
        settle();
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
        assertThat(rungs(key))
                .endsWith("hands done", "flag passed-over", "traffic done", "withdraw done", "proof done");
    }

    @Test
    void a_stable_version_that_is_not_well_is_deployed_anew_once_and_then_a_person_is_called() throws Exception {
        String key = rollingOut();
        metrics.measure("checkout", target.stable, 200);
        trip(key);
        useUpUntil(key, "rollBackByHand");

        assertThat(target.told).filteredOn(told -> told.startsWith("redeploy")).hasSize(1);
        assertThat(rungs(key))
                .containsExactly(
                        "flag passed-over",
                        "traffic done",
                        "withdraw done",
                        "proof failed",
                        "redeploy done",
                        "proof failed");
        assertThat(rollbacks.rungsOf(key).stream().map(Rung::said))
                .last()
                .asString()
                .contains("20.0 % errors");
        assertThat(target.told)
                .as("a release that migrates nothing has no database to take down")
                .noneMatch(told -> told.startsWith("run "));
        assertThat(isOpen(key, "decideOnDowngrade")).isFalse();

        // However often it is tried: a person ends it, with a reason, and not while users are on the candidate.
        Map<String, Object> end = Map.of(
                "done",
                true,
                "what",
                "nothing helps",
                "ending",
                "end",
                "reason",
                "its supplier is down",
                "verified",
                "logs");
        assertThatThrownBy(() -> hands.answer(
                        key, "rollBackByHand", "operations", Map.of("done", true, "what", "-", "ending", "end")))
                .hasMessageContaining("say why and what you verified");
        assertThatThrownBy(() -> hands.answer(key, "rollBackByHand", "on-call", end))
                .hasMessageContaining("Only operations or SRE");
        List<String> before = noticed(key);
        for (double share : new double[] {0.1, 0.2}) {
            target.share = share;
            hands.answer(key, "rollBackByHand", "operations", end);
            useUpUntil(key, "rollBackByHand");
            assertThat(state(key)).isEqualTo(ReleaseState.ROLLBACK_FAILED);
        }
        Rollback refused = rollbacks.find(key).orElseThrow();
        assertThat(refused.failedRung()).contains("gives the candidate 20.0 %: users are on it");
        assertThat(refused.endedBy()).as("a word that was refused ends nothing").isNull();
        assertThat(noticed(key))
                .as("whoever tries again says nothing new to stakeholders")
                .containsExactlyElementsOf(with(before, "the rollback of " + key + " failed and waits for a person"));
        assertThat(lines(key).get(lines(key).size() - 1)).contains("; roll back by hand now: ");
        assertThat(told(key, "rollback.hands-summoned"))
                .as("operations are called each time")
                .hasSizeGreaterThan(2);
        hands.answer(key, "rollBackByHand", "sre", end);
        useUpUntil(key, "rollBackByHand");
        assertThat(noticed(key)).as("another person did not succeed either").hasSize(before.size() + 2);
        target.share = 0;
        hands.answer(key, "rollBackByHand", "operations", end);
        settle();
        assertThat(state(key)).isEqualTo(ReleaseState.ROLLED_BACK);
        assertThat(told(key, "rollback.ended-by-hand"))
                .singleElement()
                .asString()
                .contains("operations ended it without a proof: its supplier is down. Verified: logs");
        assertThat(told(key, "rollback.finished"))
                .singleElement()
                .asString()
                .contains("by operations, without a proof");
        assertThat(rollbacks.find(key).orElseThrow().checks()).contains("The router gives the candidate no traffic");
    }
}
