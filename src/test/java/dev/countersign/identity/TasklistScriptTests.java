package dev.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("D1")
class TasklistScriptTests {
    @Test
    void the_mistake_of_the_bundled_script_is_mended_once() throws IOException {
        String served = new String(new TasklistScript().script().getBody(), StandardCharsets.UTF_8);

        assertThat(served).doesNotContain(TasklistScript.WRONG).containsOnlyOnce("Object.values(e.errors).some(");
    }
}
