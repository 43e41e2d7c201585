package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.story.Parts.Part;
import dev.countersign.story.TargetVersion.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Releases of real services under real load, steered by HAProxy, measured by Prometheus, Zipkin and OpenSearch, warned of by Alertmanager. Each story has a service of its
 * own, so that they go on side by side.
 */
class RealServersIT {
    private static final String VERSION = "2.0.0";
    private static final String ALERT = "page alert QueueIsFull, found by its version";
    /** By the limit, or compared with the version beside it: whichever has seen enough first. */
    private static final String ERRORS =
            "Error rate .* is over the limit of 5 %.*|Errors .* of the baseline, evidence .*over 2 times as often.*";

    private static final String BACK = "Traffic was taken back: ";
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    static Path data;

    private static RealServers real;
    private static ExecutorService people;
    private static final Map<String, Future<Story>> STORIES = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() throws IOException {
        RehearsalPolicy.in(data);
        real = new RealServers(data);
        real.with("good", Program.SOUND)
                .with("failing", Program.failing(5))
                .with("slow", Program.slow(300))
                .with("broken", Program.withBrokenJourney())
                .with("earning", Program.losingOrders())
                .with("crowded", Program.lettingWait(30))
                .with("alerted", Program.SOUND)
                .with("unseen", Program.SOUND)
                .with("killed", Program.SOUND)
                .with("unwatched", Program.SOUND)
                .with("unrouted", Program.SOUND);
        real.withTraces("orders", Program.spoiling(), "stock");
        real.withLogs("ledger", Program.losingInSilence());
        for (String stable : List.of("good", "killed")) {
            real.catalog().objectives(stable);
        }
        real.catalog().journey("broken");
        real.catalog().kpi("earning");
        for (String own : List.of("crowded", "good")) {
            real.catalog().canary(own);
        }
        real.start();
        for (String stable : List.of("good", "killed")) {
            awaitBudget(stable);
        }
        people = Executors.newCachedThreadPool();
        tell("good", story -> ended("good", story.until(isIn("STABLE"))));
        tell("alerted", story -> {
            story.until(RealServersIT::hasUsers);
            real.service("alerted").fillQueueOfCandidate();
            return ended("alerted", story.until(isIn("ROLLED_BACK")));
        });
        for (String bad : List.of("failing", "slow", "broken", "earning", "crowded", "orders", "ledger")) {
            tell(bad, story -> ended(bad, story.until(isIn("ROLLED_BACK"))));
        }
        // What stops a server would stop the stories above too: these wait before their rollout.
        for (String later : List.of("unseen", "killed", "unwatched", "unrouted")) {
            tell(
                    later,
                    story -> story.until(RealServersIT::waitsForWatch, (task, part) -> {
                        if (!isWatch(task)) {
                            story.answerByRest(task, part);
                        }
                    }));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (people != null) {
            people.shutdownNow();
        }
        if (real != null) {
            real.close();
        }
    }

    /** Until its objectives have been counted back: nobody is cleared on a budget that is not known. */
    private static void awaitBudget(String service) {
        AtomicReference<JsonNode> states = new AtomicReference<>();
        try {
            // Objectives are counted in whole minutes, after the first minute with users.
            await().atMost(Duration.ofMinutes(8))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        states.set(new Api(real.platform(), "auditor")
                                .get("/api/services/" + service)
                                .body()
                                .path("sloStates"));
                        return !states.get().isEmpty()
                                && states.get().findValues("budgetRemaining").stream()
                                        .noneMatch(JsonNode::isNull);
                    });
        } catch (ConditionTimeoutException unknown) {
            throw new AssertionError("The error budget of " + service + " is not known: " + states.get(), unknown);
        }
    }

    private interface Told {
        Story to(Story story) throws Exception;
    }

    private static void tell(String service, Told told) {
        STORIES.put(service, people.submit(() -> {
            Story story = Story.open(real.platform(), service, VERSION);
            story.upload("cyclonedx", "docs/tour/bom.json");
            return told.to(story);
        }));
    }

    /** Its users go: what follows has the machine for itself. */
    private static Story ended(String service, Story story) throws Exception {
        real.load().end(real.service(service));
        return story;
    }

    private static Story of(String service) throws Exception {
        return STORIES.get(service).get();
    }

    /** That waits for its rollout, when nothing else is rolled out. */
    private static Story alone(String service) throws Exception {
        for (Future<Story> story : STORIES.values()) {
            story.get();
        }
        return of(service).until(RealServersIT::hasUsers);
    }

    private static Predicate<Story> isIn(String state) {
        return story -> story.state().equals(state);
    }

    private static boolean isWatch(JsonNode task) {
        return task.path("taskDefinitionKey").asText().equals("acknowledgeWatch");
    }

    private static boolean waitsForWatch(Story story) {
        return story.openTasks().stream().anyMatch(RealServersIT::isWatch);
    }

    private static boolean hasUsers(Story story) {
        return share(story) > 0;
    }

    private static double share(Story story) {
        return story.release().path("rollout").path("split").path("actual").asDouble();
    }

    private static JsonNode rollout(Story story) {
        return story.as("auditor")
                .get("/api/releases/" + story.key() + "/rollout")
                .body();
    }

    @Test
    @Tag("M3.4")
    @Tag("M3.2")
    void a_good_release_serves_everybody_at_the_end() throws Exception {
        becameStable(of("good"));
        TargetService good = real.service("good");
        assertThat(good.stableDigest()).isEqualTo(Story.digestOf(VERSION));
        assertThat(real.load().answeredBy(good)).isEqualTo(Story.digestOf(VERSION));
    }

    private static void becameStable(Story story) {
        assertThat(story.state()).isEqualTo("STABLE");
        assertThat(rollout(story).path("steps"))
                .isNotEmpty()
                .filteredOn(step -> step.path("verdict").asText().equals("PASS"))
                .extracting(step -> step.path("step").asInt())
                .contains(1, 2, 3, 4);
    }

    @Test
    @Tag("M1.1")
    @Tag("M6.1")
    void one_of_five_requests_failing_rolls_back_for_the_error_rate() throws Exception {
        Story story = rolledBack("failing");
        assertThat(reason(story)).matches(ERRORS);
        assertThat(verdict(story, "step")).isEqualTo("FAIL");
    }

    @Test
    @Tag("M1.1")
    @Tag("M6.1")
    void answers_that_take_300_ms_longer_roll_back_for_their_latency() throws Exception {
        assertThat(reason(rolledBack("slow")))
                .startsWith("p95 latency ")
                .contains("over the baseline's", "over the limit of +200 ms in 2 of 3 windows");
    }

    @Test
    @Tag("M5.1")
    void a_journey_that_only_the_canary_fails_rolls_back_for_that_journey() throws Exception {
        assertThat(reason(rolledBack("broken")))
                .contains("Journey buy failed on the canary at 'open': answered 500", "passed on the stable version");
    }

    @Test
    @Tag("M5.6")
    void losing_half_of_the_orders_rolls_back_for_that_figure() throws Exception {
        assertThat(reason(rolledBack("earning")))
                .contains("Kpi orders of the candidate is", "less than the baseline's beside it", "over 10 %");
    }

    @Test
    @Tag("M3.4")
    void what_only_the_teams_own_canary_configuration_watches_rolls_back_for_that_metric() throws Exception {
        assertThat(reason(rolledBack("crowded"))).contains("waiting");
        assertThat(scores("crowded")).isNotEmpty().last().satisfies(score -> assertThat(
                        score.path("value").asDouble(-1))
                .isZero());
        assertThat(scores("good"))
                .isNotEmpty()
                .allSatisfy(score -> assertThat(score.path("value").asDouble()).isEqualTo(100));
    }

    private static List<JsonNode> scores(String service) throws Exception {
        return rollout(of(service)).path("verdicts").findValues("score").stream()
                .filter(JsonNode::isObject)
                .toList();
    }

    @Test
    @Tag("M5.2")
    void a_candidate_on_whose_requests_another_service_fails_rolls_back_as_the_root() throws Exception {
        Story story = rolledBack("orders");
        assertThat(reason(story)).startsWith("The release of orders is the root: errors in stock");
        JsonNode found = rollout(story).path("correlation");
        assertThat(found.path("outcome").asText()).isEqualTo("ROOT");
        assertThat(found.path("service").asText()).isEqualTo("stock");
        assertThat(found.toString()).doesNotContain("There are no", "No source has");
        assertThat(real.telemetry().isSending()).isTrue();
    }

    @Test
    @Tag("M5.2")
    void a_candidate_that_only_its_log_accuses_rolls_back_as_the_root() throws Exception {
        Story story = rolledBack("ledger");
        assertThat(reason(story))
                .startsWith("The release of ledger is the root: errors in the log in ledger come to 100 % of the lines")
                .contains("0.0 % of the lines with the stable version");
        // The judge saw nothing, metrics and traces were asked and show no errors.
        assertThat(verdict(story, "step")).isNotEqualTo("FAIL");
        JsonNode found = rollout(story).path("correlation");
        assertThat(found.path("outcome").asText()).isEqualTo("ROOT");
        assertThat(found.toString()).doesNotContain("There are no", "No source has");
        assertThat(found.findPath("carried"))
                .extracting(carried -> carried.at("/split/source").asText())
                .contains("logs", "traces");
        assertThat(found.findPath("carried"))
                .filteredOn(carried -> carried.at("/split/kind").asText().equals("ERRORS"))
                .isNotEmpty()
                .allSatisfy(carried -> assertThat(
                                carried.at("/split/candidateEvents").asDouble())
                        .isZero());
    }

    @Test
    @Tag("M3.5")
    void an_alert_on_the_candidate_rolls_back_for_that_alert() throws Exception {
        Story story = rolledBack("alerted");
        assertThat(reason(story)).isEqualTo(ALERT);
        assertThat(story.timeline("alert.received")).containsExactly(ALERT + " (ROLLED_BACK)");
    }

    private static Story rolledBack(String service) throws Exception {
        Story story = of(service);
        assertThat(story.state()).isEqualTo("ROLLED_BACK");
        assertThat(share(story)).isZero();
        assertThat(story.timeline("rollout.promoted")).isEmpty();
        TargetService target = real.service(service);
        assertThat(target.candidateDigest()).isNull();
        assertThat(target.stableDigest()).isEqualTo(TargetService.FIRST);
        assertThat(real.load().answeredBy(target)).isEqualTo(TargetService.FIRST);
        return story;
    }

    private static String reason(Story story) {
        List<String> tripped = story.timeline("breaker.tripped");
        assertThat(tripped).singleElement().asString().startsWith(BACK);
        return tripped.get(0).substring(BACK.length());
    }

    private static String verdict(Story story, String kind) {
        String last = "";
        for (JsonNode verdict : rollout(story).path("verdicts")) {
            if (verdict.path("kind").asText().equals(kind)) {
                last = verdict.path("latest").path("verdict").asText();
            }
        }
        return last;
    }

    @Test
    @Tag("M3.4")
    @Tag("M3.3")
    void without_prometheus_a_release_is_held_and_goes_on_when_it_is_back() throws Exception {
        Story story = alone("unseen");
        real.stopPrometheus();
        double share = share(story);
        await("the source is an error").atMost(SOON).until(() -> verdict(story, "step")
                .equals("ERROR"));
        assertThat(rollout(story).path("verdicts").toString()).contains("Prometheus does not answer");
        // Longer than the window that a step takes to pass.
        await("it is held")
                .during(Duration.ofSeconds(15))
                .atMost(SOON)
                .until(() -> share(story) == share && verdict(story, "step").equals("ERROR"));
        real.startPrometheus();
        story.until(going -> share(going) > share);
        assertThat(rollout(story).path("steps").path(0).path("verdict").asText())
                .isEqualTo("PASS");
    }

    @Test
    @Tag("M3.4")
    void a_platform_that_is_killed_in_a_rollout_loses_nothing() throws Exception {
        Story story = alone("killed");
        Story unwatched = alone("unwatched");
        List<String> before = story.timeline("rollout.step-started");
        real.platform().killHard();
        real.service("unwatched").failCandidate();
        real.platform().start();
        assertThat(story.timeline("rollout.step-started")).startsWith(before.toArray(String[]::new));
        story.until(isIn("STABLE"));
        becameStable(story);
        assertThat(story.timeline("rollout.planned")).hasSize(1);
        assertThat(story.timeline("rollout.promoted")).hasSize(1);
        assertThat(real.service("killed").deployed()).isEqualTo(1);
        // What went wrong while nobody looked is seen at the first look.
        assertThat(unwatched.until(isIn("ROLLED_BACK")).state()).isEqualTo("ROLLED_BACK");
        assertThat(reason(unwatched)).matches(ERRORS);
        // Those that had ended stay as they ended.
        assertThat(of("good").state()).isEqualTo("STABLE");
        assertThat(of("failing").state()).isEqualTo("ROLLED_BACK");
    }

    @Test
    @Tag("M6.2")
    void without_haproxy_a_rollback_goes_up_the_ladder_to_a_person() throws Exception {
        Story story = alone("unrouted");
        JsonNode byHand;
        real.killHaproxy();
        try {
            real.service("unrouted").fillQueueOfCandidate();
            byHand = await("a person is asked")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> task(story, "rollBackByHand"), task -> task != null);
        } finally {
            real.startHaproxy();
        }
        assertThat(story.timeline("breaker.tripped"))
                .containsExactly("The candidate was stopped, its traffic is not proven to be back: " + ALERT);
        assertThat(story.state()).isEqualTo("ROLLBACK_FAILED");
        assertThat(story.timeline("rollback.rung-failed"))
                .first()
                .asString()
                .startsWith("'move traffic back' failed: HAProxy at ");
        assertThat(story.timeline("rollback.redeployed")).hasSize(1);
        assertThat(story.timeline("rollback.hands-summoned")).hasSize(1);

        story.answerByRest(
                byHand, new Part("operations", Map.of("done", true, "what", "Started HAProxy again."), Map.of()));
        story.until(isIn("ROLLED_BACK"));
        assertThat(share(story)).isZero();
        assertThat(story.timeline("incident.opened")).hasSize(1);
    }

    private static JsonNode task(Story story, String key) {
        return story.openTasks().stream()
                .filter(task -> task.path("taskDefinitionKey").asText().equals(key))
                .findFirst()
                .orElse(null);
    }
}
