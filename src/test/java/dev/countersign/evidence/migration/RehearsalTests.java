package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.evidence.migration.Databases.Of;
import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationProperties.Database;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import dev.countersign.evidence.migration.Rehearsal.Report;
import dev.countersign.evidence.migration.Rehearsal.Step;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M6.2")
class RehearsalTests {
    private static final IntegrityChecks CHECKS = new IntegrityChecks(
            "order-data",
            "orders",
            "orders",
            "sha256:" + "a".repeat(64),
            List.of(CheckRunTests.checksum("orders", List.of("total"), List.of("id"))));

    /** Target and scratch database of one product, both where production stands now. */
    record Pair(Of target, Of scratch) {
        @Override
        public String toString() {
            return target.product();
        }

        Database database() {
            return new Database(target.reader(), scratch.builder(), "public");
        }

        String[] layout() {
            String more = target.product().equals("H2")
                    ? "alter table orders add constraint positive check (total >= 0)"
                    : "alter table orders add constraint positive check (total >= 0), alter column total set storage main";
            return new String[] {
                "create table customer (id integer primary key, name varchar(50) not null)",
                "create table orders (id integer primary key, customer_id integer references customer (id), total numeric(10,2) default 0)",
                more,
                "create index orders_by_customer on orders (customer_id)",
                "insert into customer values (1, 'a')",
                "insert into orders values (1, 1, 10), (2, 1, 20)"
            };
        }
    }

    private static final String[][] WAYS = {
        {"create index by_total on orders (total)", "select 1", "failed the structure comes back", "by_total"},
        {"alter table orders drop constraint positive", "select 1", "failed the structure comes back", "positive"},
        {"alter table orders alter column total set default 1", "select 1", "failed the structure comes back", "total"},
        {"alter table customer add column x integer", "drop table not_there", "failed down U2__change.sql", "not_there"
        },
        {"create nonsense", "select 1", "failed up V2__change.sql", "nonsense"}
    };

    static List<Pair> pairs() throws SQLException {
        List<Pair> pairs = List.of(
                new Pair(Databases.h2(), Databases.h2()), new Pair(Databases.postgresql(), Databases.postgresql()));
        for (Pair pair : pairs) {
            pair.target().run(pair.layout());
            pair.scratch().run(pair.layout());
            if (pair.scratch().product().equals("PostgreSQL")) {
                pair.scratch().run("alter table orders owner to builder", "alter table customer owner to builder");
            }
        }
        return pairs;
    }

    private static Report rehearse(Database database, String up, String down) {
        MigrationProperties properties = Databases.properties(Map.of());
        ReadOnlyConnections reading = new ReadOnlyConnections(properties);
        TargetDatabases databases = new TargetDatabases(properties, reading, Clock.systemUTC());
        MigrationScripts scripts = MigrationScripts.of(
                Stream.of(new Named("V2__change.sql", up), down == null ? null : new Named("U2__change.sql", down))
                        .filter(java.util.Objects::nonNull)
                        .toList(),
                Product.H2);
        return new Rehearsal(properties, reading, databases).run(database, scripts, List.of(CHECKS));
    }

    private static List<String> notPassed(Report report) {
        return report.steps().stream()
                .filter(step -> !step.result().equals("passed"))
                .map(step -> step.result() + " " + step.id())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_way_back_that_brings_structure_and_data_back_is_proved(Pair pair) throws SQLException {
        Report report = rehearse(
                pair.database(),
                "create table note (id integer primary key, text varchar(100)); alter table orders add column note_id integer;"
                        + " create index orders_by_note on orders (note_id);",
                "drop index orders_by_note; alter table orders drop column note_id; drop table note;");
        assertThat(report.steps())
                .as(report.toString())
                .extracting(Step::id, Step::result)
                .containsExactly(
                        tuple("the scratch database is not the target", "passed"),
                        tuple("the scratch database stands where the target stands", "passed"),
                        tuple("up V2__change.sql", "passed"),
                        tuple("order-data/a after the migration", "passed"),
                        tuple("down U2__change.sql", "passed"),
                        tuple("the structure comes back", "passed"),
                        tuple("order-data/a after the way back", "passed"));
        assertThat(report.schema().get("before"))
                .isEqualTo(report.schema().get("restored"))
                .isNotEqualTo(report.schema().get("migrated"));
        assertThat(report.schema().get("changes").toString()).containsIgnoringCase("new: table note");
        assertThat(pair.target().value("select count(*) from orders")).isEqualTo("2");
    }

    /** Each with databases of its own: most leave something behind. */
    static List<Arguments> ways() throws SQLException {
        List<Arguments> ways = new ArrayList<>();
        for (String[] way : WAYS) {
            for (Pair pair : pairs()) {
                ways.add(Arguments.of(pair, way[0], way[1], way[2], way[3]));
            }
        }
        return ways;
    }

    @ParameterizedTest(name = "{0}: {1}, back by {2}")
    @MethodSource("ways")
    void a_way_back_that_leaves_something_behind_fails(
            Pair pair, String up, String down, String expected, String named) {
        Report report = rehearse(pair.database(), up, down);
        assertThat(notPassed(report)).containsExactly(expected);
        assertThat(report.steps().stream()
                        .filter(step -> step.result().equals("failed"))
                        .findFirst()
                        .orElseThrow()
                        .message())
                .containsIgnoringCase(named);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_migration_that_loses_data_fails_both_ways(Pair pair) {
        Report report = rehearse(
                pair.database(),
                "alter table orders drop column total",
                "alter table orders add column total numeric(10,2) default 0");
        assertThat(notPassed(report))
                .contains("error order-data/a after the migration", "failed order-data/a after the way back");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void the_target_itself_is_never_rehearsed_on(Pair pair) throws SQLException {
        Database same = new Database(pair.scratch().reader(), pair.scratch().builder(), "public");
        Report report = rehearse(same, "drop table orders", "select 1");
        assertThat(notPassed(report)).containsExactly("error the scratch database is not the target");
        assertThat(pair.scratch().value("select count(*) from orders")).isEqualTo("2");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_scratch_database_that_stands_elsewhere_proves_nothing(Pair pair) throws SQLException {
        pair.target().run("alter table customer add column since_ date");
        Report report = rehearse(pair.database(), "drop table orders", "select 1");
        assertThat(notPassed(report)).containsExactly("error the scratch database stands where the target stands");
        assertThat(pair.scratch().value("select count(*) from orders")).isEqualTo("2");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void scripts_of_an_administrator_are_not_run(Pair pair) {
        Of scratch = pair.scratch();
        Database database = new Database(
                pair.target().reader(),
                new MigrationProperties.Login(scratch.url(), scratch.admin(), scratch.adminPassword(), null),
                "public");
        assertThat(notPassed(rehearse(database, "drop table orders", "select 1")))
                .containsExactly("error the databases answer");
    }

    @Test
    void scripts_on_h2_load_no_classes_and_read_no_files() throws SQLException {
        Pair pair = pairs().get(0);
        for (String script : List.of(
                "create alias run for 'java.lang.Runtime.exec(java.lang.String[])'",
                "create trigger t before insert on orders call 'no.such.Class'",
                "runscript from '/etc/hostname'",
                "create table f as select * from csvread('/etc/hostname')",
                "create linked table l (null, 'jdbc:h2:mem:', 'sa', '', 'x')")) {
            assertThat(notPassed(rehearse(pair.database(), script, "select 1")))
                    .as(script)
                    .containsExactly("failed up V2__change.sql");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void what_has_no_way_back_is_named_and_not_run(Pair pair) throws SQLException {
        Report report = rehearse(pair.database(), "drop table orders", null);
        assertThat(notPassed(report)).containsExactly("irreversible V2__change.sql");
        assertThat(pair.scratch().value("select count(*) from orders")).isEqualTo("2");
    }

    /** The same change in Liquibase's three forms, written for the product: what it changes comes back. */
    @ParameterizedTest
    @MethodSource("pairs")
    void liquibases_changelogs_run_forward_and_back(Pair pair) throws SQLException {
        MigrationProperties properties = Databases.properties(Map.of());
        ReadOnlyConnections reading = new ReadOnlyConnections(properties);
        TargetDatabases databases = new TargetDatabases(properties, reading, Clock.systemUTC());
        for (Named changelog : ChangelogTests.forms()) {
            MigrationScripts scripts = MigrationScripts.of(
                    List.of(changelog, new Named("db/fill.sql", "insert into note (text) values ('a;b');")),
                    pair.database().target().address().product());
            assertThat(scripts.irreversible()).isEmpty();
            Report report =
                    new Rehearsal(properties, reading, databases).run(pair.database(), scripts, List.of(CHECKS));
            // Its precondition is not asked, and that is said.
            assertThat(notPassed(report))
                    .as("%s %s", changelog.name(), report)
                    .isEqualTo(
                            changelog.name().endsWith("xml")
                                    ? List.of("skipped precondition of db/changelog.xml#ann:1")
                                    : List.of());
            assertThat(report.schema().get("migrated"))
                    .isNotEqualTo(report.schema().get("before"));
            assertThat(report.schema().get("restored"))
                    .isEqualTo(report.schema().get("before"));
        }
    }

    private static MigrationScripts scripts(String... files) {
        return MigrationScripts.of(
                Arrays.stream(files).map(file -> new Named(file, "select 1")).toList(), Product.H2);
    }

    @Test
    void flyways_versions_run_as_numbers_and_back_the_other_way_round() {
        MigrationScripts scripts = scripts("V10__b.sql", "V9__a.sql", "U9__a.sql", "U10__b.sql", "V10.1__c.sql");
        assertThat(scripts.up()).extracting(Script::name).containsExactly("V9__a.sql", "V10__b.sql", "V10.1__c.sql");
        assertThat(scripts.down()).extracting(Script::name).containsExactly("U10__b.sql", "U9__a.sql");
        assertThat(scripts.irreversible()).containsExactly("V10.1__c.sql");
        assertThat(MigrationScripts.stored(scripts.all())).isEqualTo(scripts);
    }

    @Test
    void plain_scripts_are_pairs() {
        MigrationScripts scripts = scripts("1-a.up.sql", "1-a.down.sql", "2-b.up.sql");
        assertThat(scripts.down()).extracting(Script::name).containsExactly("1-a.down.sql");
        assertThat(scripts.irreversible()).containsExactly("2-b.up.sql");
        assertThat(MigrationScripts.stored(scripts.all())).isEqualTo(scripts);
    }

    @Test
    void liquibases_changes_come_with_their_rollbacks() {
        MigrationScripts scripts = MigrationScripts.of(
                List.of(
                        new Named(
                                "changes.sql",
                                """
                --liquibase formatted sql

                --changeset ann:1
                create table a (id integer);
                -- a comment
                create table b (id integer);
                --rollback drop table b;
                --rollback drop table a;

                --changeset ann:2
                drop table old;
                """)),
                Product.H2);
        assertThat(scripts.up())
                .extracting(Script::name, script -> script.content().strip())
                .containsExactly(
                        tuple("changes.sql#ann:1", "create table a (id integer);\ncreate table b (id integer);"),
                        tuple("changes.sql#ann:2", "drop table old;"));
        assertThat(scripts.down()).extracting(Script::content).containsExactly("drop table b;\ndrop table a;\n");
        assertThat(scripts.irreversible()).containsExactly("changes.sql#ann:2");
        assertThat(MigrationScripts.stored(scripts.all())).isEqualTo(scripts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "U1__a.sql",
                "V1__a.sql,U2__b.sql",
                "V1__a.sql,V1__b.sql",
                "V1__a.sql,1-a.down.sql",
                "a.sql",
                "../V1__a.sql",
                "V1__a.sql,V1__a.sql"
            })
    void scripts_that_cannot_be_understood_are_refused(String names) {
        assertThatThrownBy(() -> scripts(names.split(","))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void every_byte_name_and_order_is_in_the_digest() {
        String digest = scripts("V1__a.sql", "U1__a.sql").digest();
        assertThat(digest).matches("sha256:[0-9a-f]{64}");
        assertThat(scripts("V1__a.sql").digest()).isNotEqualTo(digest);
        assertThat(scripts("V1__b.sql", "U1__a.sql").digest()).isNotEqualTo(digest);
        assertThat(scripts("U1__a.sql", "V1__a.sql").digest()).isEqualTo(digest);
    }
}
