package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import dev.countersign.observe.Observations.Judged;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.TrafficRouter.Arrived;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M3.1")
class ShareArrivalTests {
    @ParameterizedTest
    @CsvSource({
        "0.1,  100,  1000, true",
        "0.1,  130,  1000, true",
        "0.1,  160,  1000, false",
        "0.1,  40,   1000, false",
        "0.1,  3,    10,   true",
        "0.1,  0,    0,    false",
        "0.1,  0,    500,  false",
        "0.5,  1000, 1000, false",
        "1,    1000, 1000, true",
        "1,    970,  1000, false",
        "0.05, 50000, 1000000, true",
        "0.05, 80000, 1000000, false",
    })
    void a_share_has_arrived_when_chance_and_sticky_clients_explain_the_difference(
            double wanted, long candidate, long all, boolean arrived) {
        assertThat(ShareArrival.otherwise(wanted, new Arrived(candidate, all)) == null)
                .isEqualTo(arrived);
    }

    private static Judged judged(String kind, String verdict) {
        Judgement judgement = new Judgement(verdict, "errors", 0.0, 0.05, 1000L, "1.0", "held", Instant.EPOCH);
        return new Judged("checkout@2.0.0/step-1#1", "checkout@2.0.0", kind, judgement, true);
    }

    /** A running rollout at a tenth; the router counts, or does not answer. */
    private static TrafficControl listen(Arrived arrived, Judged judged) throws IOException {
        Rollout rollout = mock(Rollout.class);
        when(rollout.releaseKey()).thenReturn("checkout@2.0.0");
        when(rollout.service()).thenReturn("checkout");
        when(rollout.status()).thenReturn(Status.RUNNING);
        when(rollout.wanted()).thenReturn(0.1);
        RolloutStore store = mock(RolloutStore.class);
        when(store.find("checkout@2.0.0")).thenReturn(Optional.of(rollout));
        TrafficRouter router = mock(TrafficRouter.class);
        if (arrived == null) {
            when(router.arrived("checkout")).thenThrow(new IOException("no answer in time"));
        } else {
            when(router.arrived("checkout")).thenReturn(Optional.of(arrived));
        }
        Targets targets = mock(Targets.class);
        when(targets.routerOf("checkout")).thenReturn(router);
        TrafficControl traffic = mock(TrafficControl.class);
        new ShareArrival(store, targets, traffic).on(judged);
        return traffic;
    }

    @Test
    void a_step_that_passed_without_its_share_is_halted() throws IOException {
        verify(listen(new Arrived(500, 1000), judged("step", "PASS")))
                .halt(eq("checkout@2.0.0"), contains("50.0 % of 1000 requests"));
        verify(listen(null, judged("step", "PASS"))).halt(eq("checkout@2.0.0"), contains("no answer in time"));
        verifyNoInteractions(listen(new Arrived(100, 1000), judged("step", "PASS")));
        verifyNoInteractions(listen(new Arrived(500, 1000), judged("step", "INCONCLUSIVE")));
        verifyNoInteractions(listen(new Arrived(500, 1000), judged("stabilisation", "PASS")));
    }
}
