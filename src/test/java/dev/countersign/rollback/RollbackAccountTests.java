package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollout.RolloutPlan;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Are users safe, and what must I do? One sentence answers it, in mails, to systems and on the page. */
@Tag("M6.1")
@Tag("M6.4")
class RollbackAccountTests {
    private static final Instant DETECTED = Instant.parse("2027-03-01T12:03:04Z");
    private static final String SEEN =
            "seen at 2027-03-01 12:03:04 UTC by the platform: error rate 20 % of 312 requests is over 5 %; ";
    private static final String BY_HAND =
            "roll back by hand now: give the candidate no traffic at its router, take it away, make sure that the stable version serves everybody, and confirm it in the task Roll back by hand; ";
    private static final String WAIT = "nobody has to act yet: a person is called where no rung is left; ";

    private Instant back;
    private Instant breached;
    private Instant finished;
    private String failed;
    private boolean exposed = true;
    private String cause = "error rate 20 % of 312 requests is over 5 %.";

    private String said(boolean handsNeeded, String... rungs) {
        var rollback = new Rollback(
                "checkout@2.4.0",
                DETECTED,
                "countersign",
                cause,
                Duration.ofMinutes(1),
                DETECTED.plusSeconds(1),
                back,
                breached,
                finished,
                failed,
                List.of(),
                null,
                exposed);
        List<Rung> gone = Stream.of(rungs)
                .map(rung -> rung.split(" "))
                .map(rung -> new Rung(rung[0], rung[1], "said", DETECTED, DETECTED))
                .toList();
        return RollbackAccount.of(rollback, gone, handsNeeded);
    }

    @Test
    void users_are_safe_when_it_is_proven() {
        back = DETECTED.plusMillis(900);
        finished = DETECTED.plusMillis(8200);
        assertThat(said(false, "flag passed-over", "traffic done", "withdraw done", "proof done"))
                .isEqualTo(
                        "Users are safe: back on the stable version after 0.9 s, proved after 8.2 s of 60 s; nobody has to act; "
                                + SEEN
                                + "done: traffic moved back, candidate taken away; nothing is still running");

        back = DETECTED.minusMillis(200);
        assertThat(said(false, "proof done"))
                .as("by a clock that is ahead of ours")
                .startsWith("Users are safe: back on the stable version after 0 s, proved after 8.2 s of 60 s; ");

        finished = DETECTED.plusSeconds(75);
        breached = DETECTED.plusSeconds(60);
        assertThat(said(false, "proof done"))
                .contains("proved after 75 s of 60 s, over the budget; nobody has to act; seen");
    }

    @Test
    void that_users_are_back_is_not_yet_that_it_is_proven() {
        back = DETECTED.plusMillis(900);
        assertThat(said(false, "flag passed-over", "traffic done"))
                .isEqualTo("Users are back on the stable version after 0.9 s of 60 s; " + WAIT + SEEN
                        + "done: traffic moved back; still running: withdraw the candidate, validate");
    }

    @Test
    void nobody_reads_that_users_are_back_before_a_router_has_said_so() {
        assertThat(said(false))
                .isEqualTo("Users may still be on the candidate: the budget of 60 s ends at 2027-03-01 12:04:04 UTC; "
                        + WAIT + SEEN
                        + "nothing is done yet; still running: move traffic back, withdraw the candidate, validate");
        breached = DETECTED.plusSeconds(60);
        failed = "move traffic back: the router does not answer";
        assertThat(said(true, "traffic failed"))
                .isEqualTo(
                        "Users may still be on the candidate: the budget of 60 s is exceeded since 2027-03-01 12:04:04 UTC; "
                                + BY_HAND + SEEN + "nothing is done yet; failed: " + failed);
    }

    @Test
    void a_rung_that_failed_says_what_to_do_and_takes_back_that_users_are_safe() {
        back = DETECTED.plusMillis(900);
        failed = "validate: 20.0 % errors of 90 requests";
        assertThat(said(true, "traffic done", "withdraw done", "proof failed"))
                .isEqualTo(
                        "Users were moved back to the stable version after 0.9 s of 60 s, and it is not proven that they are safe; "
                                + BY_HAND + SEEN + "done: traffic moved back, candidate taken away; failed: " + failed);
    }

    @Test
    void after_a_person_the_ladder_is_climbed_anew() {
        back = DETECTED.plusMillis(900);
        failed = "withdraw the candidate: no answer";
        assertThat(said(false, "traffic done", "withdraw failed", "hands done", "traffic done"))
                .contains(
                        "done: traffic moved back, rolled back by hand; still running: withdraw the candidate, validate"
                                + " (failed on the way: withdraw the candidate: no answer)");
    }

    @Test
    void what_ended_without_a_proof_is_not_called_safe() {
        back = DETECTED.plusMillis(900);
        finished = DETECTED.plusSeconds(75);
        assertThat(said(false, "traffic done", "proof failed", "hands done"))
                .startsWith(
                        "The rollback is over and it is not proven that users are safe; look whether users are safe; ");
    }

    @Test
    void where_no_user_was_on_it_nobody_reads_that_users_were_brought_back() {
        exposed = false;
        finished = DETECTED.plusMillis(700);
        assertThat(said(false))
                .isEqualTo("No user was ever on the release; nobody has to act; " + SEEN
                        + "nothing had been deployed; nothing is still running");
    }

    @Test
    void what_other_systems_say_stays_one_sentence_of_a_readable_length() {
        cause = "first line\nsecond\tline " + "x".repeat(2000);
        assertThat(said(false))
                .contains("first line second line xxx")
                .contains("x…; ")
                .hasSizeLessThan(900);
    }

    @Test
    void the_breaker_is_told_of_before_the_rollback_begins() {
        assertThat(RollbackAccount.of(rollout(DETECTED))).hasValueSatisfying(said -> assertThat(said)
                .startsWith("Users are back on the stable version after 0.4 s; " + WAIT
                        + "seen at 2027-03-01 12:03:04 UTC by on-call: carts are lost; done: traffic moved back; "));
        assertThat(RollbackAccount.of(rollout(null))).isEmpty();
    }

    private static Rollout rollout(Instant tripped) {
        return new Rollout(
                "checkout@2.4.0",
                "checkout",
                "sha256:c",
                "sha256:b",
                (RolloutPlan) null,
                Rollouts.Status.BACK,
                "carts are lost",
                1,
                0,
                0.0,
                2,
                DETECTED,
                null,
                tripped,
                "on-call",
                "carts are lost",
                DETECTED.plusMillis(400));
    }
}
