package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two stories of the tour against the packaged jar, with people answering through Camunda's REST API. */
class ReleaseStoriesIT {
    @TempDir
    static Path data;

    private static Platform platform;

    @BeforeAll
    static void start() throws IOException {
        platform = new Platform(data).start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        platform.close();
    }

    @Test
    @Tag("M3.4")
    @Tag("M1.1")
    @Tag("D6")
    void a_good_release_becomes_stable() throws IOException {
        Story story = Story.open(platform, "2.0.0")
                .until(s -> s.release().path("closed").asBoolean());

        assertThat(story.state())
                .as(() -> String.valueOf(story.timeline("breaker.tripped")))
                .isEqualTo("STABLE");
        JsonNode rollout = story.as("auditor")
                .get("/api/releases/" + story.key() + "/rollout")
                .body();
        assertThat(rollout.path("steps"))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.path("verdict").asText()).isEqualTo("PASS"));
    }

    @Test
    @Tag("M2.2")
    @Tag("D1")
    void an_answer_beyond_the_form_and_of_another_person_is_refused_and_told() throws IOException {
        Story story = Story.open(platform, "2.3.0").until(s -> !s.openTasks().isEmpty());
        JsonNode task = story.openTasks().stream()
                .filter(open -> story.groupOf(open).equals("product"))
                .findFirst()
                .orElseThrow();
        String path = "/engine-rest/task/" + task.path("id").asText();
        Map<String, Object> more = Map.of(
                "variables", Map.of("answer", Map.of("value", "agree"), "criteriaAgreed", Map.of("value", true)));

        for (String way : List.of("/complete", "/submit-form")) {
            Api.Answer beyond = story.as("product").post(path + way, more);
            assertThat(beyond.status()).as(way + " " + beyond.text()).isEqualTo(400);
            assertThat(beyond.text()).contains("criteriaAgreed");
            assertThat(story.as("qa").post(path + way, Map.of()).status())
                    .as(way)
                    .isGreaterThanOrEqualTo(400);
        }

        assertThat(story.openTasks())
                .anySatisfy(open -> assertThat(open.path("id")).isEqualTo(task.path("id")));
        JsonNode timeline = story.as("auditor")
                .get("/api/releases/" + story.key() + "/timeline")
                .body();
        assertThat(timeline)
                .filteredOn(entry -> entry.path("type").asText().equals("task.refused"))
                .extracting(entry -> entry.path("actor").asText())
                .containsExactlyInAnyOrder("product", "qa", "product", "qa");
    }

    @Test
    @Tag("M3.4")
    void a_halted_release_is_resumed_under_a_new_clearance() throws IOException {
        Story story = Story.open(platform, "2.2.0").until(s -> split(s, "actual") > 0);
        Api.Answer halted = story.as("sre")
                .post("/api/releases/" + story.key() + "/rollout/halt", Map.of("reason", "A look at the logs"));
        assertThat(halted.status()).as(halted.text()).isEqualTo(200);
        assertThat(split(story, "actual")).isZero();

        story.until(s -> s.state().equals("STABLE"));
        assertThat(story.timeline("clearance.revoked")).hasSize(1);
        assertThat(story.timeline("clearance.granted")).hasSize(2);
    }

    private static double split(Story story, String which) {
        return story.release().path("rollout").path("split").path(which).asDouble();
    }

    @Test
    @Tag("M6.1")
    @Tag("M1.2")
    @Tag("M3.5")
    @Tag("M6.6")
    void a_release_with_errors_in_its_canary_is_rolled_back() throws IOException {
        Story story = Story.open(platform, "2.1.0").until(s -> s.state().equals("ROLLING_OUT"));
        Api.Answer faults = story.as("sre").put("/api/sandbox/checkout/faults", Map.of("errorRate", 0.2));
        assertThat(faults.status()).as(faults.text()).isEqualTo(200);

        story.until(s -> s.release().path("closed").asBoolean());

        JsonNode release = story.release();
        assertThat(release.path("state").asText()).isEqualTo("ROLLED_BACK");
        assertThat(release.path("rollback").path("took").asText()).startsWith("PT");
        assertThat(release.path("rollout").path("split").path("actual").asDouble())
                .isZero();
    }

    @Test
    @Tag("M5.1")
    @Tag("M6.3")
    void a_release_whose_canary_fails_a_journey_is_rolled_back_for_it_and_the_journey_passes_again()
            throws IOException {
        Story story = rolledBackBy("2.4.0", Map.of("failingJourney", "buy"));
        assertThat(story.timeline("breaker.tripped"))
                .singleElement()
                .asString()
                .contains("Journey buy failed on the canary at 'basket': answered 500", "passed on the stable version");
        assertThat(story.as("auditor")
                        .get("/api/releases/" + story.key() + "/rollout")
                        .body()
                        .path("journeys"))
                .extracting(walk ->
                        walk.path("phase").asText() + " " + walk.path("side").asText() + " "
                                + walk.path("verdict").asText())
                .containsExactly("step CANARY FAIL", "step STABLE PASS", "rollback STABLE PASS");
        assertThat(story.timeline("rollback.validated"))
                .singleElement()
                .asString()
                .contains("Journeys pass on the stable version: buy");
    }

    @Test
    @Tag("M5.6")
    void a_release_that_loses_orders_is_rolled_back_for_it() throws IOException {
        Story story = rolledBackBy("2.5.0", Map.of("kpiDrop", 0.5));
        assertThat(story.timeline("breaker.tripped"))
                .singleElement()
                .asString()
                .contains("Kpi orders of the candidate is", "less than the baseline's beside it, 10 % tolerated");
    }

    /** The sample's orders have no season: once nothing serves beside the candidate, what the baseline had last only holds. */
    @Test
    @Tag("M5.6")
    @Tag("M1.1")
    void a_release_that_loses_its_orders_once_everybody_is_on_it_is_not_promoted() throws IOException {
        Story story = Story.open(platform, "2.6.0").until(s -> s.state().equals("STABILISING"));
        Api.Answer set = story.as("sre").put("/api/sandbox/checkout/faults", Map.of("kpiDrop", 1.0));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        story.until(s -> judged(s, "Held back: Kpi orders") || !s.state().equals("STABILISING"));
        assertThat(story.state()).as(story.told()).isEqualTo("STABILISING");
        assertThat(story.timeline("observation.judged"))
                .filteredOn(line -> line.contains("Held back: Kpi orders"))
                .first()
                .asString()
                .contains("less than what the baseline had last (", "so the hours differ), 10 % tolerated");
        assertThat(story.timeline("breaker.tripped"))
                .as("other hours roll nothing back")
                .isEmpty();
        assertThat(story.timeline("rollout.promoted")).isEmpty();

        Api.Answer asked =
                story.as("sre").post("/api/releases/" + story.key() + "/rollback", Map.of("reason", "No orders come"));
        assertThat(asked.status()).as(asked.text()).isBetween(200, 202);
        story.until(s -> s.state().equals("ROLLED_BACK"));
        assertThat(story.timeline("rollout.promoted")).isEmpty();
    }

    private static boolean judged(Story story, String words) {
        return story.timeline("observation.judged").stream().anyMatch(line -> line.contains(words));
    }

    private static Story rolledBackBy(String version, Map<String, Object> faults) throws IOException {
        Story story = Story.open(platform, version).until(s -> s.state().equals("ROLLING_OUT"));
        Api.Answer set = story.as("sre").put("/api/sandbox/checkout/faults", faults);
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        story.until(s -> s.state().equals("ROLLED_BACK"));
        return story;
    }
}
