package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.catalog.IntegrityChecks.Deviation;
import dev.countersign.catalog.IntegrityChecks.Kind;
import dev.countersign.catalog.IntegrityChecks.Orphans;
import java.math.BigDecimal;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M1.6")
class IntegrityCheckTests {
    private static final String TEXT =
            """
            integrityChecks: order-data
            service: orders
            database: orders
            checks:
              - id: rows
                kind: row-count
                table: shop.orders
                difference: {absolute: 5, relative: 0.01}
              - id: totals
                kind: checksum
                table: orders
                columns: [total]
                key: [id]
              - id: no-orphans
                kind: constraint
                orphans: {table: line, column: order_id, references: orders, key: id}
              - id: average
                kind: sql
                sql: select avg(total) from orders
                expected: 42.5
                tolerance: {absolute: 0.5}
                run: after
            """;

    private static Declaration.Read<IntegrityChecks> read(String text) {
        return IntegrityCheckReader.read(Texts.file("orders.yaml", text));
    }

    @Test
    void checks_are_read_with_the_digest_of_the_exact_bytes() {
        IntegrityChecks checks = read(TEXT).said().orElseThrow();
        assertThat(checks.service()).isEqualTo("orders");
        assertThat(checks.database()).isEqualTo("orders");
        assertThat(checks.digest())
                .isNotEqualTo(read(TEXT + "# a comment\n").said().orElseThrow().digest());
        assertThat(checks.checks()).extracting(Check::id).containsExactly("rows", "totals", "no-orphans", "average");
        Check rows = checks.checks().get(0);
        assertThat(rows.allowed()).isEqualTo(new Deviation(new BigDecimal("5"), new BigDecimal("0.01")));
        assertThat(rows.before() && rows.after()).isTrue();
        assertThat(checks.checks().get(1).columns()).containsExactly("total");
        assertThat(checks.checks().get(2).orphans()).isEqualTo(new Orphans("line", "order_id", "orders", "id"));
        Check average = checks.checks().get(3);
        assertThat(average.kind()).isEqualTo(Kind.SQL);
        assertThat(average.expected()).isEqualTo("42.5");
        assertThat(average.before()).isFalse();
        assertThat(average.after()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1000, 10", "100, 5", "-2000, 20", "0, 5"})
    void the_wider_of_two_deviations_counts(BigDecimal value, BigDecimal allowed) {
        Deviation deviation = new Deviation(new BigDecimal("5"), new BigDecimal("0.01"));
        assertThat(deviation.around(value)).isEqualByComparingTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: row-count | kind: rows | 6 | 5",
                "table: shop.orders | table: 'orders; drop table orders' | 7 | 5",
                "columns: [total] | columns: ['total) from x --'] | 12 | 15",
                "columns: [total] | colums: [total] | 9 | 5",
                "key: [id] | run: after | 9 | 5",
                "column: order_id | column: 'order id' | 16 | 28",
                "id: totals | id: rows | 9 | 5",
                "expected: 42.5 | expected: [] | 20 | 5",
                "tolerance: {absolute: 0.5} | difference: {absolute: 0.5} | 21 | 5",
                "tolerance: {absolute: 0.5} | tolerance: {absolute: -1} | 21 | 17",
                "expected: 42.5 | expected: many | 21 | 5",
                "difference: {absolute: 5, relative: 0.01} | tolerance: {absolute: 5} | 8 | 5",
                "difference: {absolute: 5, relative: 0.01} | run: before | 8 | 5",
                "service: orders | servise: orders | 1 | 1"
            })
    void what_breaks_the_rules_is_named_with_its_place(String part, String instead, int line, int column) {
        Declaration.Read<IntegrityChecks> read = read(TEXT.replace(part, instead));
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).extracting(Problem::line, Problem::column).contains(Tuple.tuple(line, column));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!!javax.script.ScriptEngineManager [x]",
                "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b, {<<: *a}]",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                "# nothing",
                "a: 1\n---\nb: 2"
            })
    void hostile_files_are_refused_and_nothing_else(String text) {
        Declaration.Read<IntegrityChecks> read = read(text);
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).isNotEmpty();
    }

    @Test
    void of_two_files_with_one_name_the_first_counts() {
        DeclaredFiles files = DeclaredFiles.read(
                Declaration.INTEGRITY, List.of(Texts.file("a.yaml", TEXT), Texts.file("b.yaml", TEXT)), List.of());
        assertThat(files.proposed()).extracting(SourceFile::name).containsExactly("a.yaml");
        assertThat(files.broken()).containsExactly("b.yaml");
    }
}
