package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Migrations of other projects, for the test over all samples. */
public final class MigrationSamples {
    private MigrationSamples() {}

    /** Its name is a script's of that version, and nothing leads back. */
    public static void flyway(Path file, JsonNode expected) throws IOException {
        String name = file.getFileName().toString().replaceFirst("^flyway__", "");
        String content = Files.readString(file);
        assertThat(expected.get("valid_flyway_name").asBoolean()).isTrue();
        MigrationScripts alone = MigrationScripts.of(List.of(new Named(name, content)));
        assertThat(alone.up()).extracting(MigrationScripts.Script::content).containsExactly(content);
        assertThat(alone.irreversible()).containsExactly(name);
        String back = "U" + expected.get("version").asText() + "__back.sql";
        MigrationScripts both = MigrationScripts.of(List.of(new Named(back, "select 1"), new Named(name, content)));
        assertThat(both.irreversible()).isEmpty();
        assertThat(both.down()).extracting(MigrationScripts.Script::name).containsExactly(back);
    }

    /** A changelog in XML or YAML is refused by what would be taken: only formatted SQL is read. */
    public static void liquibase(Path file) throws IOException {
        String content = Files.readString(file);
        assertThatThrownBy(() ->
                        MigrationScripts.of(List.of(new Named(file.getFileName().toString(), content))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begin with --liquibase formatted sql");
    }
}
