package dev.countersign.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.OneTarget;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
    private final List<Sample> samples = new ArrayList<>();
    private Instant now = START;

    /** A target that takes its time, as long as one call may take. */
    private final class Site implements Deployer, TrafficRouter, MetricsSource {
        private String candidate;
        private double share;
        private Duration took = Duration.ZERO;

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
            return samples;
        }
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
                        beans.getBeanProvider(AfterRollback.class),
                        clock)
                .prove(descent(), List.of(objectives));
    }

    private static Descent descent() {
        return new Descent(
                "checkout@2.0.0", Descent.NO_DRILL, "checkout", "sha256:new", "sha256:old", 0.05, START, START);
    }
}
