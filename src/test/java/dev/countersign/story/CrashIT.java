package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The platform is killed as by a power failure, started again on the same database, and goes on. */
@Tag("M3.4")
@Tag("M6.1")
class CrashIT {
    @TempDir
    Path data;

    @Test
    void a_rollout_and_a_rollback_survive_the_death_of_the_platform() throws IOException, InterruptedException {
        // The candidate takes its time to stop, so that the second death falls into the middle of the rollback.
        try (Platform platform = new Platform(data, "--countersign.sandbox.shutdown=PT4S").start()) {
            Story good = Story.open(platform, "4.0.0").until(story -> share(story) > 0);
            platform.killHard();
            platform.start();
            good.until(story -> story.state().equals("STABLE"));
            assertThat(count(good, "rollout.promoted")).isEqualTo(1);
            assertThat(count(good, "rollout.planned")).isEqualTo(1);
            assertThat(count(good, "state.entered", "STABLE")).isEqualTo(1);

            Story bad = Story.open(platform, "4.1.0").until(story -> share(story) > 0);
            bad.as("sre").put("/api/sandbox/checkout/faults", Map.of("errorRate", 0.3));
            bad.until(story -> story.state().equals("ROLLING_BACK"));
            platform.killHard();
            platform.start();
            bad.until(story -> story.state().equals("ROLLED_BACK"));
            assertThat(bad.release()
                            .path("rollout")
                            .path("split")
                            .path("actual")
                            .asDouble())
                    .isZero();
            assertThat(count(bad, "breaker.tripped")).isEqualTo(1);
            // Beside the rollback: what the dead node had begun of it another begins anew once it is missed.
            bad.until(story -> count(story, "incident.opened") == 1, (task, part) -> {});
            assertThat(count(bad, "rollback.finished")).isEqualTo(1);
            JsonNode sandbox = bad.as("auditor").get("/api/sandbox").body();
            assertThat(sandbox.toString()).contains(Story.digestOf("4.0.0"));
        }
    }

    private static double share(Story story) {
        return story.release().path("rollout").path("split").path("wanted").asDouble();
    }

    private static long count(Story story, String type, String... words) {
        JsonNode timeline = story.as("auditor")
                .get("/api/releases/" + story.key() + "/timeline")
                .body();
        return StreamSupport.stream(timeline.spliterator(), false)
                .filter(entry -> type.equals(entry.path("type").asText()))
                .filter(entry ->
                        List.of(words).stream().allMatch(entry.path("text").asText()::endsWith))
                .count();
    }
}
