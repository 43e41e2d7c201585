package dev.countersign.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

/** Whom a service is asked of that runs in production, whereas the sample services run in the sandbox. */
@Tag("M1.4")
@Tag("M2.5")
class ProductionPreparationTests extends PreparationCase {
    @TempDir
    static Path catalog;

    @DynamicPropertySource
    static void inventoryRunsInProduction(DynamicPropertyRegistry registry) throws IOException {
        FileSystemUtils.copyRecursively(Path.of("src/main/resources/sample/catalog"), catalog);
        try (Stream<Path> files = Files.walk(catalog)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<String> lines = Files.readAllLines(file).stream()
                        .filter(line -> !line.contains("countersign.dev/target: sandbox"))
                        .toList();
                Files.write(file, lines);
            }
        }
        registry.add("countersign.catalog.folder", () -> catalog.toString());
    }

    @Test
    void an_author_may_tick_what_developers_answer_for() throws Exception {
        release("inventory", "standard", "developer");
        start();
        assertThat(open())
                .as("every role of the checklist is asked")
                .containsExactly(
                        "planCommunication",
                        "tickChecklist/developer",
                        "tickChecklist/operations",
                        "tickChecklist/product",
                        "tickChecklist/qa",
                        "tickChecklist/release-manager");
        tick("developer", "developer", "");
        assertThat(open()).doesNotContain("tickChecklist/developer");
    }

    @Test
    void a_hotfix_asks_fewer_people_and_for_no_plan() {
        release("inventory", "hotfix", "developer");
        start();
        assertThat(open()).containsExactly("tickChecklist/operations", "tickChecklist/qa");
    }
}
