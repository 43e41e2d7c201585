package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
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

        assertThat(story.state()).isEqualTo("STABLE");
        JsonNode rollout = story.as("auditor")
                .get("/api/releases/" + story.key() + "/rollout")
                .body();
        assertThat(rollout.path("steps"))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.path("verdict").asText()).isEqualTo("PASS"));
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
}
