package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judged;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.TrafficRouter.Arrived;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(ShareArrival.otherwise(wanted, new Arrived(candidate, all), "the router") == null)
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
        new ShareArrival(store, targets, traffic, mock(Observations.class)).on(judged);
        return traffic;
    }

    private static final Instant BEGUN = Instant.parse("2026-03-02T10:00:00Z");

    /** The router has no counters; the source measured these in the step, and more before it. */
    private static TrafficControl listenMeasured(double wanted, boolean proven, List<Sample> samples)
            throws IOException {
        Rollout rollout = mock(Rollout.class);
        when(rollout.releaseKey()).thenReturn("checkout@2.0.0");
        when(rollout.service()).thenReturn("checkout");
        when(rollout.status()).thenReturn(Status.RUNNING);
        when(rollout.wanted()).thenReturn(wanted);
        RolloutStore store = mock(RolloutStore.class);
        when(store.find("checkout@2.0.0")).thenReturn(Optional.of(rollout));
        TrafficRouter router = mock(TrafficRouter.class);
        when(router.arrived("checkout")).thenReturn(Optional.empty());
        when(router.isProvenByMetrics()).thenReturn(proven);
        Targets targets = mock(Targets.class);
        when(targets.routerOf("checkout")).thenReturn(router);
        Order order = new Order(
                "checkout@2.0.0/step-1#1",
                "checkout@2.0.0",
                "checkout",
                "step",
                "sha256:new",
                "sha256:old",
                wanted,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                new Triggers(0.05, Duration.ofMinutes(1), 50, 100, Duration.ofMinutes(1), 3, 5, "1.0"));
        Observations observations = mock(Observations.class);
        when(observations.find(order.id()))
                .thenReturn(Optional.of(new Observation(order, BEGUN, BEGUN, false, false, null, List.of())));
        List<Sample> stored = new ArrayList<>(samples);
        stored.add(sample(-15, "sha256:old", 100_000));
        stored.add(sample(-15, "sha256:new", 0));
        stored.add(sample(0, "sha256:elsewhere", 100_000));
        when(observations.samplesOf("checkout@2.0.0")).thenReturn(stored);
        TrafficControl traffic = mock(TrafficControl.class);
        new ShareArrival(store, targets, traffic, observations).on(judged("step", "PASS"));
        return traffic;
    }

    private static Sample sample(int second, String version, long requests) {
        return new Sample(BEGUN.plusSeconds(second), Duration.ofSeconds(15), version, requests, 0, null, null, null);
    }

    @Test
    void without_counters_of_the_router_the_metrics_source_shows_what_arrived() throws IOException {
        Sample stable = sample(0, "sha256:old", 900);
        Sample arrived = sample(0, "sha256:new", 100);
        verifyNoInteractions(listenMeasured(0.1, true, List.of(stable, arrived)));
        // The same measurement, stored with another observation too, and gaps of one version.
        verifyNoInteractions(listenMeasured(
                0.1,
                true,
                List.of(stable, stable, arrived, sample(15, "sha256:old", 900), sample(30, "sha256:new", 90))));
        verifyNoInteractions(listenMeasured(1, true, List.of(arrived)));
        verify(listenMeasured(0.1, true, List.of(sample(0, "sha256:old", 1_000), sample(0, "sha256:new", 0))))
                .halt(eq("checkout@2.0.0"), contains("0.0 % of 1000 requests"));
        verify(listenMeasured(0.1, true, List.of(sample(0, "sha256:old", 500), sample(0, "sha256:new", 500))))
                .halt(eq("checkout@2.0.0"), contains("counters of the metrics source, not 10.0 %"));
        verify(listenMeasured(1, true, List.of(stable, arrived)))
                .halt(eq("checkout@2.0.0"), contains("10.0 % of 1000 requests"));
        verify(listenMeasured(0.1, true, List.of()))
                .halt(eq("checkout@2.0.0"), contains("the metrics source counts no request"));
        verify(listenMeasured(0.1, true, List.of(stable)))
                .halt(eq("checkout@2.0.0"), contains("the metrics source counts no request"));
        verifyNoInteractions(listenMeasured(0.1, false, List.of()));
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
