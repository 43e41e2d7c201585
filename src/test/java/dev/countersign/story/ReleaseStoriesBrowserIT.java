package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two stories of the tour in a real browser, every task answered in Tasklist by a person of its own. */
@Tag("D1")
class ReleaseStoriesBrowserIT {
    @TempDir
    static Path data;

    private static Platform platform;
    private static Tasklist tasklist;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                Tasklist.chromium() != null,
                "no Chromium on this machine: install the package chromium to run the browser tests");
        platform = new Platform(data).start();
        tasklist = new Tasklist(platform, Path.of("target", "pictures"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (platform != null) {
            tasklist.close();
            platform.close();
        }
    }

    @Test
    void a_good_release_becomes_stable() throws IOException {
        Story story = Story.open(platform, "3.0.0")
                .until(s -> s.release().path("closed").asBoolean(), tasklist::answer);

        assertThat(story.state()).isEqualTo("STABLE");
        var page = tasklist.page("release-manager");
        page.navigate(platform.url("/releases/" + story.key()));
        assertThat(page.content()).contains("STABLE");
        tasklist.picture(page, "release-stable");
    }

    @Test
    void a_release_with_errors_in_its_canary_is_rolled_back() throws IOException {
        Story story = Story.open(platform, "3.1.0").until(s -> s.state().equals("ROLLING_OUT"), tasklist::answer);
        story.as("sre").put("/api/sandbox/checkout/faults", Map.of("errorRate", 0.2));

        story.until(s -> s.release().path("closed").asBoolean(), tasklist::answer);

        assertThat(story.state()).isEqualTo("ROLLED_BACK");
        var page = tasklist.page("release-manager");
        page.navigate(platform.url("/releases/" + story.key()));
        assertThat(page.content()).contains("ROLLED_BACK");
        tasklist.picture(page, "release-rolled-back");
    }
}
