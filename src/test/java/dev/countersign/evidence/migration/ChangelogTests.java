package dev.countersign.evidence.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M2.6")
class ChangelogTests {
    private static final String XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
              <property name="length" value="100" dbms="h2,postgresql"/>
            %s
            </databaseChangeLog>
            """;

    private static final String NOTE =
            """
              <changeSet id="1" author="ann">
                <preConditions onFail="MARK_RAN"><not><tableExists tableName="note"/></not></preConditions>
                <createTable tableName="note">
                  <column name="id" type="bigint" autoIncrement="true"><constraints primaryKey="true" nullable="false"/></column>
                  <column name="text" type="varchar(${length})"/>
                </createTable>
                <addColumn tableName="orders"><column name="note_id" type="bigint"/></addColumn>
                <createIndex tableName="orders" indexName="orders_by_note"><column name="note_id"/></createIndex>
              </changeSet>
              <changeSet id="2" author="ann">
                <sqlFile path="fill.sql" relativeToChangelogFile="true"/>
                <rollback>delete from note</rollback>
              </changeSet>
              <changeSet id="3" author="ann" dbms="oracle"><sql>this is for another product</sql></changeSet>
            """;

    private static final String YAML =
            """
            databaseChangeLog:
              - property: {name: length, value: 100}
              - changeSet:
                  id: 1
                  author: ann
                  changes:
                    - createTable:
                        tableName: note
                        columns:
                          - column: {name: id, type: bigint, autoIncrement: true, constraints: {primaryKey: true, nullable: false}}
                          - column: {name: text, type: "varchar(${length})"}
                    - addColumn: {tableName: orders, columns: [{column: {name: note_id, type: bigint}}]}
                    - createIndex: {tableName: orders, indexName: orders_by_note, columns: [{column: {name: note_id}}]}
              - changeSet:
                  id: 2
                  author: ann
                  changes:
                    - sqlFile: {path: db/fill.sql}
                  rollback:
                    - sql: {sql: delete from note}
            """;

    private static final String JSON =
            """
            {"databaseChangeLog": [
              {"changeSet": {"id": "1", "author": "ann", "changes": [
                {"createTable": {"tableName": "note", "columns": [
                  {"column": {"name": "id", "type": "bigint", "autoIncrement": true, "constraints": {"primaryKey": true, "nullable": false}}},
                  {"column": {"name": "text", "type": "varchar(100)"}}]}},
                {"addColumn": {"tableName": "orders", "columns": [{"column": {"name": "note_id", "type": "bigint"}}]}},
                {"createIndex": {"tableName": "orders", "indexName": "orders_by_note", "columns": [{"column": {"name": "note_id"}}]}}]}},
              {"changeSet": {"id": "2", "author": "ann", "changes": [{"sqlFile": {"path": "db/fill.sql"}}],
                "rollback": [{"delete": {"tableName": "note"}}]}}]}
            """;

    static List<Named> forms() {
        return List.of(
                new Named("db/changelog.xml", XML.formatted(NOTE)),
                new Named("db/changelog.yaml", YAML),
                new Named("db/changelog.json", JSON));
    }

    private static MigrationScripts read(String... namesAndContents) {
        return MigrationScripts.of(
                Stream.iterate(0, i -> i < namesAndContents.length, i -> i + 2)
                        .map(i -> new Named(namesAndContents[i], namesAndContents[i + 1]))
                        .toList(),
                Product.POSTGRESQL);
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void the_three_forms_are_the_same_sql(Product product) {
        List<MigrationScripts> read = forms().stream()
                .map(form -> MigrationScripts.of(
                        List.of(form, new Named("db/fill.sql", "insert into note (text) values ('a;b');")), product))
                .toList();
        assertThat(read).allSatisfy(scripts -> {
            assertThat(scripts.irreversible()).isEmpty();
            assertThat(scripts.up().stream().map(Script::content).toList())
                    .isEqualTo(read.get(0).up().stream().map(Script::content).toList());
            assertThat(scripts.down()).hasSize(2);
        });
        assertThat(read.get(0).up().get(0).name()).isEqualTo("db/changelog.xml#ann:1");
        assertThat(read.get(0).up().get(0).content()).containsIgnoringCase("varchar(100)");
    }

    @Test
    void a_change_that_cannot_be_undone_has_no_way_back() {
        assertThat(read(
                                "a.xml",
                                XML.formatted(
                                        """
                                <changeSet id="1" author="a"><dropTable tableName="old"/></changeSet>
                                <changeSet id="2" author="a"><sql>update t set x = 1</sql><rollback/></changeSet>
                                <changeSet id="3" author="a"><tagDatabase tag="v1"/></changeSet>
                                """))
                        .irreversible())
                .containsExactly("a.xml#a:1", "a.xml#a:2");
    }

    @Test
    void what_is_included_runs_once_and_where_it_is_included() {
        MigrationScripts scripts = read(
                "db/a-late.sql",
                        "--liquibase formatted sql\n--changeset b:2\ncreate table late (id int);\n--rollback drop table late;",
                "db/root.yml",
                        "databaseChangeLog:\n  - include: {file: one.xml, relativeToChangelogFile: true}\n  - include: {file: db/a-late.sql}",
                "db/one.xml",
                        XML.formatted(
                                "<changeSet id='1' author='a'><createTable tableName='one'><column name='id' type='int'/></createTable></changeSet>"));
        assertThat(scripts.up()).extracting(Script::name).containsExactly("db/one.xml#a:1", "db/a-late.sql#b:2");
        assertThat(scripts.down()).extracting(Script::name).containsExactly("db/a-late.sql#b:2", "db/one.xml#a:1");
    }

    /** Nothing of it runs, reads or loads anything while it is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <changeSet id="1" author="a"><executeCommand executable="id"/></changeSet> | a.xml line 5: executeCommand is not read
                    <changeSet id="1" author="a"><customChange class="java.lang.Runtime"/></changeSet> | a.xml line 5: customChange is not read
                    <preConditions><customPrecondition className="x.Y"/></preConditions> | a.xml line 5: customPrecondition is not read
                    <changeSet id="1" author="a"><loadData tableName="t" file="t.csv"/></changeSet> | a.xml line 5: loadData is not read
                    <changeSet id="1" author="a"><rollback><executeCommand executable="id"/></rollback></changeSet> | a.xml line 5: executeCommand is not read
                    <includeAll path="db" filter="x.Y"/> | a.xml line 5: filter is not read
                    <include file="db/elsewhere.xml"/> | elsewhere.xml
                    <include file="../../etc/passwd.xml"/> | passwd.xml
                    <include file="file:///etc/hosts.xml"/> | hosts.xml
                    <include file="https://example.org/x.xml"/> | example.org/x.xml
                    <changeSet id="1" author="a"><sqlFile path="/etc/passwd"/></changeSet> | etc/passwd
                    <changeSet id="1" author="a"><sqlFile path="application.yaml"/></changeSet> | application.yaml
                    <changeSet id="1" author="a"><sql>select '${java.home}'</sql></changeSet> | ${java.home}
                    <changeSet id="1" author="a"><sql>select '${PATH}'</sql></changeSet> | ${PATH}
                    <changeSet id="1" author="a"><sql>select '${nobody.knows}'</sql></changeSet> | a parameter that no property
                    <changeSet id="1" author="a"><insert tableName="t"><column name="c" valueClobFile="/etc/passwd"/></insert></changeSet> | a.xml line 5: valueClobFile is not read
                    <changeSet id="1" author="a"><notAChange/></changeSet> | notAChange
                    '' | no change leads forward
                    """)
    void what_reaches_outside_is_refused_with_its_place(String element, String message) {
        assertThatThrownBy(() -> read("a.xml", XML.formatted(element)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void what_is_no_changelog_is_refused() {
        for (String[] broken : new String[][] {
            {"a.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><databaseChangeLog>&e;</databaseChangeLog>"
            },
            {"a.xml", "<databaseChangeLog"},
            {"a.yaml", "databaseChangeLog: [changeSet: {id: !!java.lang.Runtime x}]"},
            {
                "a.yaml",
                "a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c]\ndatabaseChangeLog: [*d,*d,*d,*d,*d,*d]"
            },
            {"a.yaml", "[".repeat(100_000)},
            {
                "a.json",
                "{\"databaseChangeLog\": [{\"changeSet\": {\"id\": \"1\", \"author\": \"a\", \"changes\": [{\"\\u0063ustomChange\": {\"class\": \"x\"}}]}}]}"
            },
            {"a.json", "{}"},
        }) {
            assertThatThrownBy(() -> read(broken))
                    .as(broken[1].substring(0, Math.min(60, broken[1].length())))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void one_that_would_keep_the_platform_busy_is_refused() {
        StringBuilder doubling = new StringBuilder("<property name=\"p0\" value=\"0123456789\"/>");
        for (int i = 1; i < 40; i++) {
            doubling.append("<property name=\"p%d\" value=\"${p%d}${p%d}\"/>".formatted(i, i - 1, i - 1));
        }
        doubling.append("<changeSet id='1' author='a'><sql>select '${p39}'</sql></changeSet>");
        String many = "<property name=\"p\" value=\"%s\"/><changeSet id='1' author='a'><sql>%s</sql></changeSet>"
                .formatted("0".repeat(10_000), "${p}".repeat(10_000));
        String deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
        for (String changelog : List.of(doubling.toString(), many, deep)) {
            assertThatThrownBy(() -> read("a.xml", XML.formatted(changelog)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> read(
                        "a.xml", XML.formatted("<include file='b.xml'/>"),
                        "b.xml", XML.formatted("<include file='a.xml'/>")))
                .hasMessageContaining("includes itself");
    }
}
