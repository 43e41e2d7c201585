package dev.countersign.sandbox;

import static dev.countersign.sandbox.SandboxFixture.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.rollout.Deployer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
class SandboxTests {
    private static final String NEW = "sha256:" + "ab".repeat(32);
    private final DataSource database = SandboxFixture.database();
    private SandboxFixture sandbox;
    private String old;

    @BeforeEach
    void start() throws IOException {
        sandbox = new SandboxFixture(database, 100);
        old = sandbox.deployer.stableDigest(SERVICE).orElseThrow();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    @Tag("M3.1")
    void a_candidate_runs_beside_the_stable_version_without_traffic() throws IOException, InterruptedException {
        assertThat(sandbox.deployer.candidateDigest(SERVICE)).isEmpty();
        deploy();
        assertThat(sandbox.deployer.stableDigest(SERVICE)).contains(old);
        assertThat(sandbox.router.readShare(SERVICE)).isZero();
        assertThat(call(100)).containsOnlyKeys(old);
    }

    @Test
    @Tag("M3.1")
    void of_a_hundred_requests_the_candidate_gets_exactly_its_share() throws IOException, InterruptedException {
        deploy();
        for (double share : new double[] {0.10, 0.05, 0.25, 0.5}) {
            sandbox.router.setShare(SERVICE, share);
            sandbox.router.setShare(SERVICE, share);
            assertThat(sandbox.router.readShare(SERVICE)).isEqualTo(share);
            long before = sentTo(NEW);
            int candidate = (int) Math.round(share * 100);
            assertThat(call(100)).isEqualTo(new TreeMap<>(Map.of(NEW, candidate, old, 100 - candidate)));
            assertThat(sentTo(NEW) - before).as("the router's own counter").isEqualTo(candidate);
        }
        sandbox.router.setShare(SERVICE, 1);
        assertThat(call(20)).containsOnlyKeys(NEW);
    }

    @Test
    @Tag("M3.1")
    void no_share_is_given_to_a_candidate_that_does_not_run() {
        assertThatThrownBy(() -> sandbox.router.setShare(SERVICE, 0.1)).hasMessageContaining("No candidate");
        assertThatThrownBy(() -> sandbox.router.setShare(SERVICE, 1.1)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> sandbox.router.setShare(SERVICE, Double.NaN)).hasMessageContaining("between 0 and 1");
    }

    @Test
    @Tag("M3.4")
    void a_promoted_candidate_is_the_stable_version_and_promoting_again_is_harmless()
            throws IOException, InterruptedException {
        deploy();
        sandbox.router.setShare(SERVICE, 1);
        sandbox.deployer.promote(SERVICE, NEW);
        sandbox.deployer.promote(SERVICE, NEW);
        assertThat(sandbox.deployer.stableDigest(SERVICE)).contains(NEW);
        assertThat(sandbox.deployer.candidateDigest(SERVICE)).isEmpty();
        assertThat(call(10)).containsOnlyKeys(NEW);
        assertThatThrownBy(() -> sandbox.deployer.promote(SERVICE, old)).hasMessageContaining(old);
    }

    @Test
    @Tag("M6.1")
    void a_withdrawn_candidate_gets_nothing_any_more() throws IOException, InterruptedException {
        deploy();
        sandbox.router.setShare(SERVICE, 0.5);
        sandbox.deployer.withdrawCandidate(SERVICE);
        sandbox.deployer.withdrawCandidate(SERVICE);
        assertThat(sandbox.router.readShare(SERVICE)).isZero();
        assertThat(call(10)).containsOnlyKeys(old);
    }

    @Test
    @Tag("M3.4")
    void the_target_is_found_as_it_was_after_the_platform_died() throws IOException, InterruptedException {
        deploy();
        sandbox.router.setShare(SERVICE, 0.25);
        sandbox.targets.get(SERVICE).suffer(new Faults(1, 0, 0, 0, null), false);
        try (SandboxFixture restarted = new SandboxFixture(database, 100)) {
            assertThat(restarted.deployer.candidateDigest(SERVICE)).contains(NEW);
            assertThat(restarted.deployer.stableDigest(SERVICE)).contains(old);
            assertThat(restarted.router.readShare(SERVICE)).isEqualTo(0.25);
            assertThat(restarted.targets.get(SERVICE).state().candidateFaults().errorRate())
                    .isEqualTo(1);
        }
    }

    @Test
    @Tag("M1.2")
    void the_load_measures_errors_and_latency_of_the_candidate_and_of_nobody_else() throws IOException {
        sandbox.targets.get(SERVICE).suffer(new Faults(0.2, 150, 0, 0, null), false);
        deploy();
        sandbox.router.setShare(SERVICE, 0.5);
        sandbox.startLoad();
        Instant from = Instant.now();
        await().atMost(Duration.ofSeconds(20)).until(() -> requests(from, NEW) >= 100 && requests(from, old) >= 100);
        List<Sample> samples = sandbox.measurements.requests(SERVICE, from, Instant.now());
        long errors = sum(samples, NEW, Sample::errors);
        assertThat(errors / (double) sum(samples, NEW, Sample::requests)).isBetween(0.17, 0.23);
        assertThat(sum(samples, old, Sample::errors)).isZero();
        assertThat(samples)
                .filteredOn(sample -> sample.version().equals(NEW))
                .allSatisfy(sample -> assertThat(sample.latencyP50Ms()).isGreaterThanOrEqualTo(150));
        assertThat(samples)
                .allSatisfy(sample -> assertThat(sample.latencies().total()).isEqualTo(sample.requests()))
                .allSatisfy(sample -> assertThat(sample.end()).isBeforeOrEqualTo(Instant.now()));
    }

    @Test
    @Tag("M6.1")
    void the_stable_version_deployed_anew_takes_the_place_of_everything() throws IOException, InterruptedException {
        deploy();
        sandbox.router.setShare(SERVICE, 0.5);
        int before = sandbox.targets.get(SERVICE).stablePort();
        sandbox.deployer.redeployStable(SERVICE, old);
        assertThat(sandbox.targets.get(SERVICE).stablePort())
                .as("another process")
                .isNotEqualTo(before);
        assertThat(sandbox.deployer.stableDigest(SERVICE)).contains(old);
        assertThat(sandbox.deployer.candidateDigest(SERVICE)).isEmpty();
        assertThat(sandbox.router.readShare(SERVICE)).isZero();
        assertThat(call(10)).containsOnlyKeys(old);
        assertThatThrownBy(() -> sandbox.deployer.redeployStable(SERVICE, NEW))
                .hasMessageContaining("served before was");
    }

    @Test
    @Tag("M2.6")
    void staging_is_a_second_target_that_runs_what_production_runs_and_touches_none_of_it()
            throws IOException, InterruptedException {
        String place = SERVICE + "@staging";
        assertThat(sandbox.deployer.stableDigest(place)).contains(old);
        sandbox.deployer.deployCandidate(place, "2.0.0", NEW);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> sandbox.deployer.candidateDigest(place).isPresent());
        sandbox.router.setShare(place, 1);
        assertThat(sandbox.router.readShare(place)).isEqualTo(1);
        assertThat(sandbox.deployer.candidateDigest(SERVICE)).isEmpty();
        assertThat(call(10)).containsOnlyKeys(old);
        assertThat(sandbox.deployer.serves("unknown@staging")).isFalse();
    }

    @Test
    @Tag("M6.2")
    void a_script_runs_once_by_the_digest_that_stands_there_and_never_from_elsewhere() throws Exception {
        String place = "inventory";
        var staged = sandbox.deployer.script(place, "rollback.sql").orElseThrow();
        assertThat(staged.executable()).isTrue();
        assertThat(sandbox.deployer.script(place, "../inventory@staging/rollback.sql"))
                .isEmpty();
        assertThat(sandbox.deployer.script(place, "missing.sql")).isEmpty();
        assertThatThrownBy(() -> sandbox.deployer.runScript(
                        place, new Deployer.ScriptRun("r1", "rollback.sql", "sha256:other", List.of())))
                .hasMessageContaining("nobody registered");
        var run = new Deployer.ScriptRun("r1", "rollback.sql", staged.digest(), List.of());
        sandbox.deployer.runScript(place, run);
        sandbox.deployer.runScript(place, run);
        assertThatThrownBy(() -> sandbox.deployer.runScript(
                        place,
                        new Deployer.ScriptRun(
                                "r2",
                                "rollback.sql",
                                staged.digest(),
                                List.of(new Deployer.ScriptFile("rollback.sql", "sha256:other")))))
                .hasMessageContaining("is another one here");
    }

    @Test
    @Tag("M3.4")
    void an_interval_without_measurement_is_absent() {
        assertThat(sandbox.measurements.requests(SERVICE, Instant.EPOCH, Instant.now()))
                .isEmpty();
    }

    @Test
    @Tag("M5.6")
    void orders_and_layout_shift_are_served_so_that_they_can_be_measured() throws IOException, InterruptedException {
        sandbox.targets.get(SERVICE).suffer(new Faults(0, 0, 0.5, 0.3, "buy"), true);
        int orders = 0;
        for (int i = 0; i < 100; i++) {
            JsonNode page = new ObjectMapper().readTree(get("/checkout/").body());
            orders += page.get("orderPlaced").asBoolean() ? 1 : 0;
            assertThat(page.at("/vitals/cls").asDouble()).isCloseTo(0.34, within(1e-9));
        }
        assertThat(orders).isEqualTo(15);
        assertThat(get("/checkout/journeys/buy").statusCode()).isEqualTo(500);
        assertThat(get("/checkout/journeys/search").statusCode()).isEqualTo(200);
    }

    private void deploy() throws IOException {
        sandbox.deployer.deployCandidate(SERVICE, "2.0.0", NEW);
        sandbox.deployer.deployCandidate(SERVICE, "2.0.0", NEW);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> sandbox.deployer.candidateDigest(SERVICE), digest -> digest.filter(NEW::equals)
                        .isPresent());
    }

    private Map<String, Integer> call(int times) throws IOException, InterruptedException {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            answers.merge(
                    get("/checkout/")
                            .headers()
                            .firstValue(TargetVersion.DIGEST_HEADER)
                            .orElseThrow(),
                    1,
                    Integer::sum);
        }
        return answers;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI address = sandbox.targets.proxy().address(path);
        return HTTP.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private long sentTo(String digest) throws IOException {
        return sandbox.router.report(SERVICE).get("sent").path(digest).asLong();
    }

    private long requests(Instant from, String version) {
        return sum(sandbox.measurements.requests(SERVICE, from, Instant.now()), version, Sample::requests);
    }

    private static long sum(List<Sample> samples, String version, java.util.function.ToLongFunction<Sample> what) {
        return samples.stream()
                .filter(sample -> sample.version().equals(version))
                .mapToLong(what)
                .sum();
    }
}
