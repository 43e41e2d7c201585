package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.ProcessEngine;

/** Migrations of other projects, for the test over all samples. */
public final class MigrationSamples {
    private MigrationSamples() {}

    /** Its name is a script's of that version, and nothing leads back. */
    public static void flyway(Path file, JsonNode expected) throws IOException {
        String name = file.getFileName().toString().replaceFirst("^flyway__", "");
        String content = Files.readString(file);
        assertThat(expected.get("valid_flyway_name").asBoolean()).isTrue();
        MigrationScripts alone = MigrationScripts.of(List.of(new Named(name, content)), Product.H2);
        assertThat(alone.up()).extracting(MigrationScripts.Script::content).containsExactly(content);
        assertThat(alone.irreversible()).containsExactly(name);
        String back = "U" + expected.get("version").asText() + "__back.sql";
        MigrationScripts both =
                MigrationScripts.of(List.of(new Named(back, "select 1"), new Named(name, content)), Product.H2);
        assertThat(both.irreversible()).isEmpty();
        assertThat(both.down()).extracting(MigrationScripts.Script::name).containsExactly(back);
    }

    /** Each changeset that has SQL leads forward, and back where its manifest says so. */
    public static void liquibase(Path file, JsonNode expected) throws IOException {
        List<Named> files = new ArrayList<>(List.of(new Named("db/" + file.getFileName(), Files.readString(file))));
        if (expected.has("tags")) {
            // Its scripts come with the engine.
            assertThatThrownBy(() -> MigrationScripts.of(files, Product.H2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("baseline/liquibase.h2.create.engine.sql");
            Matcher path =
                    Pattern.compile("path=\"([^\"]+)\"").matcher(files.get(0).content());
            while (path.find()) {
                String name = path.group(1).replace("${db.name}", "h2");
                try (InputStream script = ProcessEngine.class.getResourceAsStream("db/liquibase/" + name)) {
                    if (script != null
                            && files.stream().noneMatch(one -> one.name().equals("db/" + name))) {
                        files.add(new Named("db/" + name, new String(script.readAllBytes(), StandardCharsets.UTF_8)));
                    }
                }
            }
        }
        MigrationScripts scripts = MigrationScripts.of(files, Product.H2);
        int tags = expected.path("tags").size();
        assertThat(scripts.up()).hasSize(expected.get("changeSets").asInt() - tags);
        assertThat(scripts.irreversible())
                .hasSize(
                        tags == 0
                                ? expected.get("without_rollback").size()
                                : scripts.up().size()
                                        - expected.get("with_rollback").asInt());
        assertThat(MigrationScripts.stored(scripts.all())).isEqualTo(scripts);
    }
}
