package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.OneTarget;
import dev.countersign.rollout.RolloutPlan;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

@Tag("M6.3")
class RollbackValidationTests {
    private static final Instant START = Instant.parse("2026-11-24T20:00:00Z");
    private static final Duration JOB_LOCK = Duration.ofSeconds(20);
    private static final Duration CALL = Duration.ofSeconds(4);
    private static final Slo AVAILABILITY =
            new Slo("checkout-availability", "checkout", "availability", 0.995, null, Duration.ofDays(28), "d");
    private static final Slo LATENCY =
            new Slo("checkout-latency", "checkout", "latency", 0.95, 300.0, Duration.ofDays(28), "d");

    private final Site site = new Site();
    private static final Instant BACK = START.minusSeconds(1);
    private final List<Sample> samples = new ArrayList<>();
    private final List<Sample> beside = new ArrayList<>();
    private Instant now = START;

    /** A target that takes its time, as long as one call may take. */
    private final class Site implements Deployer, TrafficRouter, MetricsSource {
        private String candidate;
        private double share;
        private Duration took = Duration.ZERO;
        private Told told;
        private Pace pace = new Pace(Duration.ofSeconds(1), Duration.ZERO);

        private void call() {
            now = now.plus(took);
        }

        @Override
        public String name() {
            return "site";
        }

        @Override
        public boolean serves(String service) {
            return true;
        }

        @Override
        public void deployCandidate(String service, String version, String digest) {
            throw new UnsupportedOperationException("A validation deploys nothing");
        }

        @Override
        public Optional<String> candidateDigest(String service) {
            call();
            return Optional.ofNullable(candidate);
        }

        @Override
        public Optional<String> stableDigest(String service) {
            call();
            return Optional.of("sha256:old");
        }

        @Override
        public void promote(String service, String digest) {
            throw new UnsupportedOperationException("A validation promotes nothing");
        }

        @Override
        public void withdrawCandidate(String service) {
            call();
        }

        @Override
        public void setShare(String service, double wanted) {
            throw new UnsupportedOperationException("A validation moves no traffic");
        }

        @Override
        public double readShare(String service) {
            call();
            return share;
        }

        @Override
        public List<Sample> requests(String service, Instant from, Instant to) {
            call();
            return samples.stream()
                    .filter(sample -> to.isBefore(START) == sample.at().isBefore(BEGUN))
                    .toList();
        }

        @Override
        public Pace pace() {
            return pace;
        }

        @Override
        public boolean asksObjectives() {
            return told != null;
        }

        @Override
        public List<Tally> objectivesOver(String service, List<Slo> objectives, Instant from, Instant to)
                throws IOException {
            List<Tally> tallies = new ArrayList<>();
            for (Slo slo : objectives) {
                tallies.add(told.of(slo, from, to));
            }
            return tallies;
        }
    }

    /** What the service's own queries answer. */
    private interface Told {
        Tally of(Slo slo, Instant from, Instant to) throws IOException;
    }

    private static final Instant BEGUN = START.minus(Duration.ofMinutes(20));
    private static final int MIN_REQUESTS = 50;
    private static final RolloutPlan PLAN = new RolloutPlan(
            List.of(),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            new Triggers(0.05, Duration.ofMinutes(1), MIN_REQUESTS, 100, Duration.ofMinutes(1), 3, 5, "v1"),
            "v1");
    private static final Slo LOAD = new Slo(
            "load",
            "checkout",
            "unspecified",
            0.9,
            null,
            Duration.ofDays(28),
            "d",
            null,
            "Occurrences",
            null,
            null,
            Map.of("threshold", "cpu"),
            "slo.yaml",
            new Slo.Source("threshold", null, null, "lt", 0.8, Map.of(), null),
            null);

    private static Tally tally(Slo slo, Instant from, Instant to, double whole, Double stable) {
        return new Tally(
                slo.name(),
                List.of(new Events(from, whole, 1)),
                to,
                null,
                stable == null ? Map.of() : Map.of("sha256:old", List.of(new Events(from, stable, 1))));
    }

    @Test
    void an_objective_is_proven_by_its_own_query_for_the_stable_version() throws IOException {
        measured("sha256:old", 1000, 0, 120);
        site.told = (slo, from, to) -> tally(slo, from, to, 0, 1.0);
        assertThat(prove(LOAD)).endsWith("Objectives hold: load 100.0 % (objective 90 %)");
        site.told = (slo, from, to) -> tally(slo, from, to, 1, from.isBefore(BEGUN) || to.isBefore(START) ? 1.0 : 0.0);
        assertThatThrownBy(() -> prove(LOAD))
                .isInstanceOf(Unproven.class)
                .hasMessage("The objective load does not hold: load 0.0 % (objective 90 %)");
        site.told =
                (slo, from, to) -> new Tally(slo.name(), List.of(), null, "The query for `threshold` finds no series");
        assertThatThrownBy(() -> prove(LOAD))
                .hasMessageContaining("load cannot be measured")
                .hasMessageContaining("no series");
    }

    @Test
    void what_tells_no_versions_apart_is_counted_from_when_traffic_was_back() throws IOException {
        measured("sha256:old", 1000, 0, 120);
        List<Instant> asked = new ArrayList<>();
        site.told = (slo, from, to) -> {
            asked.add(from);
            if (from.equals(BACK)) {
                throw new IOException("Too little has been measured");
            }
            return tally(slo, from, to, 0, null);
        };
        assertThatThrownBy(() -> prove(LOAD)).hasMessageContaining("Too little has been measured");
        assertThat(asked).endsWith(BACK);
        site.told = (slo, from, to) -> tally(slo, from, to, from.equals(BACK) ? 1 : 0, null);
        assertThat(prove(LOAD)).endsWith("Objectives hold: load 100.0 % (objective 90 %) of the service as a whole");
    }

    @Test
    void what_nobody_can_have_counted_yet_since_traffic_was_back_is_said_where_requests_are_well() throws IOException {
        measured("sha256:old", 1000, 0, 120);
        List<Duration> over = new ArrayList<>();
        site.pace = new MetricsSource.Pace(Duration.ofSeconds(15), Duration.ofSeconds(5));
        site.told = (slo, from, to) -> {
            over.add(Duration.between(from, to));
            return tally(slo, from, to, 0, null);
        };
        assertThat(prove(LOAD, AVAILABILITY))
                .endsWith(
                        "Objectives hold as far as they are measured: availability 100.0 % (objective 99.5 %), load not measured yet since traffic was back");
        assertThat(over).as("once, and over what metrics of a minute need").containsOnly(Duration.ofSeconds(65));
        samples.clear();
        measured("sha256:old", 1000, 20, 120);
        assertThatThrownBy(() -> prove(LOAD, AVAILABILITY)).isInstanceOf(Unproven.class);
        samples.clear();
        assertThatThrownBy(() -> prove(LOAD)).hasMessageContaining("No request to the stable version");
    }

    @Test
    void where_no_series_of_bad_events_exists_requests_tell_what_they_can() throws IOException {
        measured("sha256:old", 1000, 0, 120);
        site.told = (slo, from, to) -> new Tally(
                slo.name(), List.of(), to, "The query for `bad` finds no series", Map.of(), Map.of(Tally.WHOLE, to));
        assertThat(prove(asking("availability")))
                .endsWith(
                        "Objectives hold: availability 100.0 % (objective 90 %): told by requests, because its own queries find no series of bad events");
        assertThatThrownBy(() -> prove(LOAD)).hasMessageContaining("finds no series");
        samples.clear();
        measured("sha256:old", 100, 0, 420);
        assertThatThrownBy(() -> prove(asking("latency"))).hasMessageContaining("cannot be measured");
    }

    private static Slo asking(String kind) {
        return new Slo(
                kind,
                "checkout",
                kind,
                0.9,
                null,
                Duration.ofDays(28),
                "d",
                null,
                "Occurrences",
                null,
                null,
                Map.of("bad", "errors", "total", "requests"),
                "slo.yaml",
                new Slo.Source("ratio", null, null, null, null, Map.of(), null),
                null);
    }

    @Test
    void what_the_stable_version_itself_misses_is_never_too_early_to_tell() {
        measured("sha256:old", 1000, 0, 120);
        site.pace = new MetricsSource.Pace(Duration.ofSeconds(15), Duration.ofSeconds(5));
        site.told = (slo, from, to) -> tally(slo, from, to, 1, 0.0);
        assertThatThrownBy(() -> prove(LOAD))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(Unproven.class)
                .hasMessageContaining("since traffic was back too little was measured");
        site.told = (slo, from, to) -> new Tally(slo.name(), List.of(), null, "The query finds no series");
        assertThatThrownBy(() -> prove(LOAD)).hasMessageContaining("load cannot be measured");
    }

    @Test
    @Tag("M6.1")
    void an_objective_that_the_stable_version_missed_before_is_told_and_keeps_no_rollback_from_ending()
            throws IOException {
        measured("sha256:old", 1000, 6, 120);
        assertThatThrownBy(() -> prove(AVAILABILITY)).isInstanceOf(Unproven.class);
        samples.add(sample(BEGUN.minusSeconds(60), "sha256:new", 1000, 900));
        samples.add(sample(BEGUN.minusSeconds(60), "sha256:old", MIN_REQUESTS - 1, 2));
        assertThatThrownBy(() -> prove(AVAILABILITY))
                .as("too few requests before to say anything")
                .isInstanceOf(Unproven.class);
        samples.add(sample(BEGUN.minusSeconds(50), "sha256:old", 1000, 8));
        assertThat(prove(AVAILABILITY, LATENCY))
                .endsWith(
                        "Objectives are held as before the release: availability 99.4 % (objective 99.5 %), missed before the release as well, latency 100.0 % (objective 95 %)");

        site.told = (slo, from, to) -> tally(slo, from, to, 0, 0.0);
        assertThat(prove(LOAD))
                .endsWith(
                        "Objectives are held as before the release: load 0.0 % (objective 90 %), missed before the release as well");
    }

    @Test
    @Tag("M6.1")
    void one_that_was_missed_beside_the_candidate_only_is_told_and_climbs_the_ladder() {
        measured("sha256:old", 1000, 6, 120);
        samples.add(sample(BEGUN.minusSeconds(60), "sha256:old", 1000, 0));
        beside.add(sample(BEGUN.plusSeconds(60), "sha256:old", 1000, 200));
        assertThatThrownBy(() -> prove(AVAILABILITY))
                .isInstanceOfSatisfying(
                        Unproven.class, unproven -> assertThat(unproven.what()).isEqualTo(Unproven.What.HEALTH))
                .hasMessageEndingWith(
                        "availability 80.0 % (objective 99.5 %) beside the candidate, which excuses nothing");

        site.told = (slo, from, to) -> tally(slo, from, to, 1, to.equals(BEGUN) ? 1.0 : 0.0);
        assertThatThrownBy(() -> prove(LOAD)).isInstanceOf(Unproven.class);
    }

    @Test
    @Tag("M6.1")
    void far_more_misses_than_before_are_not_as_before() {
        measured("sha256:old", 1000, 20, 120);
        samples.add(sample(BEGUN.minusSeconds(60), "sha256:old", 1000, 8));
        assertThatThrownBy(() -> prove(AVAILABILITY)).isInstanceOf(Unproven.class);
    }

    @Test
    @Tag("M6.1")
    void errors_that_were_as_many_before_the_rollout_do_not_block_and_those_beside_the_candidate_do()
            throws IOException {
        measured("sha256:old", 100, 20, 120);
        beside.add(sample(BEGUN.plusSeconds(60), "sha256:old", 100, 20));
        assertThatThrownBy(() -> prove())
                .isInstanceOfSatisfying(
                        Unproven.class, unproven -> assertThat(unproven.what()).isEqualTo(Unproven.What.HEALTH))
                .hasMessageContaining("20.0 % errors of 100 requests")
                .hasMessageContaining("20.0 % beside the candidate, which excuses nothing");
        samples.add(sample(BEGUN.minusSeconds(60), "sha256:old", 100, 7));
        assertThatThrownBy(() -> prove()).as("far fewer before").isInstanceOf(Unproven.class);
        samples.add(sample(BEGUN.minusSeconds(50), "sha256:old", 100, 17));
        assertThat(prove().get(3))
                .contains("20.0 % errors of 100 requests")
                .contains("12.0 % before the rollout began");
    }

    @Test
    void split_version_error_rate_and_objectives_are_proven() throws IOException {
        measured("sha256:old", 1000, 2, 120);
        assertThat(prove(AVAILABILITY, LATENCY))
                .containsExactly(
                        "The candidate is gone from the target",
                        "The router gives the candidate no traffic",
                        "The target runs sha256:old as before",
                        "0.2 % errors of 1000 requests in the last 10 s, limit 5.0 %",
                        "Objectives hold: availability 99.8 % (objective 99.5 %), latency 100.0 % (objective 95 %)");
    }

    @Test
    void an_objective_that_is_missed_is_not_proven_though_the_trigger_is_far() {
        measured("sha256:old", 1000, 6, 120);
        assertThatThrownBy(() -> prove(AVAILABILITY, LATENCY))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "The objective checkout-availability does not hold: availability 99.4 % (objective 99.5 %)");
    }

    @Test
    void a_service_that_answers_slowly_is_not_as_before() {
        measured("sha256:old", 1000, 0, 420);
        assertThatThrownBy(() -> prove(AVAILABILITY, LATENCY))
                .hasMessage("The objective checkout-latency does not hold: latency 0.0 % (objective 95 %)");
    }

    @Test
    void what_cannot_be_measured_is_not_proven() {
        assertThatThrownBy(() -> prove(AVAILABILITY)).hasMessageContaining("No request to the stable version");
        measured("sha256:new", 1000, 0, 120);
        assertThatThrownBy(() -> prove(AVAILABILITY)).hasMessageContaining("No request to the stable version");

        samples.add(new Sample(START.minusSeconds(2), Duration.ofSeconds(1), "sha256:old", 10, 0, 1.0, 2.0, 3.0));
        assertThatThrownBy(() -> prove(LATENCY))
                .hasMessage("The objective checkout-latency cannot be measured: latency not measured (objective 95 %)");
        Slo unknown = new Slo("checkout-joy", "checkout", "unspecified", 0.9, null, Duration.ofDays(28), "d");
        assertThatThrownBy(() -> prove(unknown)).hasMessageContaining("checkout-joy cannot be measured");
    }

    @Test
    void errors_above_the_trigger_and_traffic_to_the_candidate_are_not_proven() {
        measured("sha256:old", 100, 6, 120);
        assertThatThrownBy(() -> prove()).hasMessageContaining("6.0 % errors of 100 requests");
        site.share = 0.05;
        assertThatThrownBy(() -> prove()).hasMessage("The router still gives the candidate 5.0 %");
    }

    @Test
    void a_service_without_objectives_comes_to_an_end_and_the_proof_says_so() throws IOException {
        measured("sha256:old", 100, 0, 120);
        assertThat(prove()).endsWith("checkout has no objectives to prove");
    }

    @Test
    void a_candidate_that_still_runs_is_told_apart_so_that_it_can_be_taken_away() {
        site.candidate = "sha256:new";
        assertThatThrownBy(() -> prove(AVAILABILITY)).isInstanceOf(CandidateStillRuns.class);
    }

    @Test
    void however_slowly_the_systems_answer_the_job_lock_is_kept() throws IOException {
        site.took = CALL;
        measured("sha256:old", 1000, 0, 120);
        assertThat(prove(AVAILABILITY)).hasSize(5);
        assertThat(Duration.between(START, now)).isLessThan(JOB_LOCK);

        now = START;
        site.took = Duration.ofSeconds(6);
        assertThatThrownBy(() -> prove(AVAILABILITY)).hasMessageContaining("answer too slowly");
        assertThat(Duration.between(START, now)).isLessThan(JOB_LOCK);

        now = START;
        site.took = CALL;
        site.candidate = "sha256:new";
        assertThatThrownBy(() -> prove(AVAILABILITY)).isInstanceOf(CandidateStillRuns.class);
        assertThat(Duration.between(START, now).plus(CALL))
                .as("it is asked to take the candidate away too")
                .isLessThan(JOB_LOCK);
    }

    private void measured(String version, int requests, int errors, double latency) {
        double[] latencies =
                DoubleStream.generate(() -> latency).limit(requests).toArray();
        samples.add(new Sample(
                START.minusSeconds(2),
                Duration.ofSeconds(1),
                version,
                requests,
                errors,
                latency,
                latency,
                latency,
                Latencies.of(latencies)));
    }

    private static Sample sample(Instant at, String version, int requests, int errors) {
        return new Sample(at, Duration.ofSeconds(1), version, requests, errors, 20.0, 20.0, 20.0);
    }

    private StableBefore before() {
        Rollout rollout = mock(Rollout.class);
        when(rollout.startedAt()).thenReturn(BEGUN);
        when(rollout.plan()).thenReturn(PLAN);
        when(rollout.trippedAt()).thenReturn(START.minusSeconds(5));
        when(rollout.trafficBackAt()).thenReturn(BACK);
        Rollouts rollouts = mock(Rollouts.class);
        when(rollouts.find("checkout@2.0.0")).thenReturn(Optional.of(rollout));
        Observations observations = mock(Observations.class);
        when(observations.samplesOf("checkout@2.0.0")).thenReturn(beside);
        return new StableBefore(rollouts, observations);
    }

    private List<String> prove(Slo... objectives) throws IOException {
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("site", site);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        return new RollbackValidation(
                        OneTarget.of(site, site),
                        beans.getBeanProvider(MetricsSource.class),
                        new ObjectivesAfterRollback(before()),
                        before(),
                        beans.getBeanProvider(AfterRollback.class),
                        clock)
                .prove(descent(), List.of(objectives));
    }

    private static Descent descent() {
        return new Descent(
                "checkout@2.0.0", Descent.NO_DRILL, "checkout", "sha256:new", "sha256:old", 0.05, START, START);
    }
}
