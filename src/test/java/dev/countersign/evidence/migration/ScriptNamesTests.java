package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts as they lie in a repository: in folders, with repeatable ones beside them. */
@Tag("M2.6")
class ScriptNamesTests {
    private static MigrationScripts flyway(String... names) {
        return MigrationScripts.of(
                Arrays.stream(names).map(name -> new Named(name, "select 1;")).toList(), Product.H2);
    }

    private static MigrationScripts liquibase(String text) {
        return MigrationScripts.of(java.util.List.of(new Named("a.sql", text)), Product.H2);
    }

    @Test
    void scripts_may_stand_in_folders() {
        MigrationScripts scripts = flyway("db/migration/V7__x.sql", "db/undo/U7__x.sql", "db/migration/V6__y.sql");
        assertThat(scripts.up())
                .extracting(Script::name)
                .containsExactly("db/migration/V6__y.sql", "db/migration/V7__x.sql");
        assertThat(scripts.irreversible()).containsExactly("db/migration/V6__y.sql");
        assertThat(MigrationScripts.stored(scripts.all()).irreversible()).isEqualTo(scripts.irreversible());
        assertThat(flyway("db/1-x.up.sql", "db/1-x.down.sql").irreversible()).isEmpty();
    }

    @Test
    void repeatable_scripts_run_behind_the_others_and_have_no_way_back() {
        MigrationScripts scripts = flyway("R__view.sql", "V7__x.sql", "U7__x.sql", "R__a.sql");
        assertThat(scripts.up()).extracting(Script::name).containsExactly("V7__x.sql", "R__a.sql", "R__view.sql");
        assertThat(scripts.irreversible()).containsExactly("R__a.sql", "R__view.sql");
        assertThat(MigrationScripts.stored(scripts.all()).irreversible()).isEqualTo(scripts.irreversible());
        assertThat(flyway("R__view.sql").up()).hasSize(1);
        assertThatThrownBy(() -> flyway("a/R__view.sql", "b/R__view.sql")).hasMessageContaining("same step");
    }

    @Test
    void a_script_of_one_line_that_reads_as_a_condition_is_one() {
        assertThat(new Script("V7__x.sql", "up", "-- precondition not asked: x").condition())
                .isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--liquibase formatted sql", "-- liquibase formatted sql", "--  Liquibase formatted SQL"})
    void the_first_line_of_formatted_sql_may_have_spaces(String first) {
        assertThat(liquibase(first + "\n--changeset a:1\ncreate table t (id int);\n--rollback drop table t;")
                        .irreversible())
                .isEmpty();
    }

    @Test
    void a_way_back_may_be_a_block_of_lines() {
        MigrationScripts scripts = liquibase(
                """
                --liquibase formatted sql
                --changeset a:1
                create table t (id int);
                /* liquibase rollback
                drop
                table t;
                */
                --changeset a:2
                create table s (id int);
                /* liquibase rollback drop table s; */
                """);
        assertThat(scripts.irreversible()).isEmpty();
        assertThat(scripts.down()).extracting(Script::content).containsExactly("drop table s;\n", "drop\ntable t;\n");
        assertThat(scripts.up())
                .extracting(Script::content)
                .containsExactly("create table t (id int);\n", "create table s (id int);\n");
    }

    @Test
    void a_block_without_an_end_is_refused() {
        assertThatThrownBy(() -> liquibase(
                        "--liquibase formatted sql\n--changeset a:1\nselect 1;\n/* liquibase rollback\nselect 2;"))
                .hasMessageContaining("no end");
    }
}
