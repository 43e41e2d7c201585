package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.rollback.AfterRollback.Place;
import dev.countersign.rollback.AfterRollback.Shown;
import dev.countersign.rollout.JourneyWalks;
import dev.countersign.rollout.JourneyWalks.WalkRecord;
import dev.countersign.rollout.RolloutPlan;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M6.3")
@Tag("M5.1")
class JourneysAfterRollbackTests {
    private static final Instant START = Instant.parse("2026-11-24T20:00:00Z");
    private static final Place PRODUCTION = new Place("checkout@2.0.0", "checkout", false, "sha256:old");
    private static final Duration ENOUGH = Duration.ofSeconds(18);

    private final JourneyWalks walks = mock(JourneyWalks.class);
    private final Rollouts rollouts = mock(Rollouts.class);
    private final Releases releases = mock(Releases.class);
    private final Release release = mock(Release.class);
    private final List<Walk> after = new ArrayList<>();
    private final List<WalkRecord> before = new ArrayList<>();

    @BeforeEach
    void rolledBack() {
        when(rollouts.find("checkout@2.0.0")).thenReturn(Optional.of(rollout()));
        when(releases.get("checkout@2.0.0")).thenReturn(release);
        when(release.changes()).thenReturn(Map.of("databaseMigration", false));
        when(walks.areDeclared("checkout")).thenReturn(true);
        when(walks.longest("checkout")).thenReturn(Duration.ofSeconds(12));
        when(walks.of(anyString(), anyString())).thenReturn(before);
        when(walks.afterRollback(any())).thenReturn(after);
    }

    private Optional<Shown> look() throws IOException {
        return new JourneysAfterRollback(walks, rollouts, releases).look(PRODUCTION, ENOUGH);
    }

    private void after(String journey, String verdict) {
        after.add(new Walk(
                journey, "sha256:file", Side.STABLE, verdict, journey + " says " + verdict, Duration.ofMillis(20)));
    }

    private void before(String journey, String verdict) {
        before(journey, verdict, "step", 1, 1);
    }

    private void before(String journey, String verdict, String phase, int step, int epoch) {
        before.add(new WalkRecord(
                phase,
                step,
                epoch,
                journey,
                "sha256:file",
                "STABLE",
                verdict,
                journey + " says " + verdict,
                20,
                START));
    }

    @Test
    void journeys_that_pass_are_proof_and_one_that_fails_or_cannot_be_told_is_none() throws IOException {
        after("buy", "PASS");
        assertThat(look()).contains(Shown.holds("Journeys pass on the stable version: buy"));
        after("browse", "FAIL");
        assertThat(look()).contains(Shown.broken("browse says FAIL"));
        after.set(1, new Walk("browse", "d", Side.STABLE, "ERROR", "browse is not reached", Duration.ZERO));
        assertThatThrownBy(this::look).isInstanceOf(IOException.class).hasMessage("browse is not reached");
    }

    @Test
    void one_that_failed_on_the_stable_version_when_the_rollout_began_does_not_keep_the_rollback_from_ending()
            throws IOException {
        before("buy", "FAIL");
        before("buy", "PASS");
        after("buy", "FAIL");
        assertThat(look())
                .contains(Shown.holds("Journeys fail on the stable version as they did when the rollout began: buy"));
        before.clear();
        before("buy", "PASS");
        before("buy", "FAIL");
        assertThat(look()).contains(Shown.broken("buy says FAIL"));
    }

    @Test
    void what_failed_while_the_candidate_served_users_excuses_nothing() throws IOException {
        after("buy", "FAIL");
        before("buy", "FAIL", "end", 1, 1);
        before("buy", "FAIL", "promotion", 1, 1);
        before("buy", "FAIL", "rollback", 1, 1);
        before("buy", "FAIL", "step", 2, 1);
        before("buy", "FAIL", "step", 1, 2);
        assertThat(look()).contains(Shown.broken("buy says FAIL"));
    }

    @Test
    void where_the_candidate_has_migrated_the_database_no_walk_was_before_it() throws IOException {
        before("buy", "FAIL");
        after("buy", "FAIL");
        when(release.changes()).thenReturn(Map.of("databaseMigration", true));
        assertThat(look()).contains(Shown.broken("buy says FAIL"));
    }

    @Test
    void one_that_could_not_be_walked_before_excuses_that_it_cannot_be_walked_and_not_that_it_fails()
            throws IOException {
        before("buy", "ERROR");
        after("buy", "FAIL");
        assertThat(look()).contains(Shown.broken("buy says FAIL"));
        after.clear();
        after("buy", "ERROR");
        assertThat(look())
                .contains(Shown.holds("Journeys fail on the stable version as they did when the rollout began: buy"));
        before.clear();
        before("buy", "PASS");
        assertThatThrownBy(this::look).isInstanceOf(IOException.class).hasMessage("buy says ERROR");
    }

    @Test
    void journeys_that_are_declared_and_not_walked_are_no_proof() {
        assertThatThrownBy(this::look).isInstanceOf(IOException.class).hasMessageContaining("No journey of checkout");
    }

    @Test
    void where_none_is_declared_and_in_a_drill_none_is_walked_and_late_ones_are_not_begun() throws IOException {
        JourneysAfterRollback journeys = new JourneysAfterRollback(walks, rollouts, releases);
        assertThat(journeys.look(new Place("cart@1.0.0", "cart", false, "d"), ENOUGH))
                .isEmpty();
        assertThat(journeys.look(new Place("checkout@2.0.0", "checkout", true, "d"), ENOUGH))
                .isEmpty();
        assertThatThrownBy(() -> journeys.look(PRODUCTION, Duration.ofSeconds(11)))
                .isInstanceOf(IOException.class);
        verify(walks, never()).afterRollback(any());
    }

    @Test
    void short_journeys_are_walked_in_the_little_time_that_is_left() throws IOException {
        when(walks.longest("checkout")).thenReturn(Duration.ofSeconds(3));
        after("buy", "PASS");
        assertThat(new JourneysAfterRollback(walks, rollouts, releases).look(PRODUCTION, Duration.ofSeconds(4)))
                .isPresent();
    }

    private static Rollout rollout() {
        return new Rollout(
                "checkout@2.0.0",
                "checkout",
                "sha256:new",
                "sha256:old",
                mock(RolloutPlan.class),
                Status.BACK,
                "errors",
                1,
                0,
                0.0,
                1,
                START,
                null,
                START,
                "monitoring",
                "errors",
                START);
    }
}
