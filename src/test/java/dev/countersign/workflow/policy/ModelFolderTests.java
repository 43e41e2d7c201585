package dev.countersign.workflow.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.ServletContextResourcePatternResolver;

@Tag("D2")
class ModelFolderTests {
    /** The one that the running application has. */
    private final ServletContextResourcePatternResolver resources =
            new ServletContextResourcePatternResolver(new MockServletContext());

    @TempDir
    Path folder;

    @Test
    void folders_are_named_by_plain_paths_or_by_urls() throws IOException {
        Path processes = Files.createDirectories(folder.resolve("our processes"));
        Path forms = Files.createDirectories(folder.resolve("forms"));
        Files.writeString(processes.resolve("ours.bpmn"), "<x/>");
        Files.writeString(forms.resolve("ours.form"), "{}");

        assertThat(new ModelFolder(resources, processes.toString(), forms.toString()).read())
                .containsKeys("ours.bpmn", "ours.form", "floor.yaml")
                .hasSize(3);
        assertThat(new ModelFolder(resources, "file:" + processes, forms.toUri().toString()).read())
                .containsKeys("ours.bpmn", "ours.form");
        assertThat(new ModelFolder(resources, "classpath:/processes", "classpath:/forms").read())
                .containsKeys("release.bpmn", "openRelease.form");
    }

    @Test
    void a_relative_path_begins_where_the_application_was_started() {
        assertThat(new ModelFolder(resources, "processes", "forms/").read())
                .containsKeys("release.bpmn", "risk-tier.dmn", "openRelease.form");
    }
}
